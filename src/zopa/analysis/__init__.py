"""One question a file: a case in, a frozen result out. Analyses do not import each other."""
