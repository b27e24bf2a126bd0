"""How it goes on, and how sure: members, pool, what turns on which claim, and the record of being right or wrong."""
