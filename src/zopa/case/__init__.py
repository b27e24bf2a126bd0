"""The negotiation as immutable data: its sections, its folder on disk, its checks, and the draws made from it."""
