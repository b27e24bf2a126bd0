"""The local workbench: a case as pages, for one desk. Nothing here computes; it asks, shows, and writes decisions."""
