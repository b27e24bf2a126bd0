"""Files as people have them into texts: which documents there are, and what each of them says."""
