"""`hub backup` and `hub restore`: the whole state of a hub on one machine in one file, taken while it runs, and back again."""
