"""What was said, by whom, how well attested: claims, sources, origins, contradictions, weights."""
