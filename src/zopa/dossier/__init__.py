"""Documents to candidate claims: who said what, about what, when, through whom, and exactly where it stands."""
