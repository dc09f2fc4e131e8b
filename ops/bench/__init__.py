"""`make bench`: how fast and how large the hub is, each figure with its spread and beside a reference of the same run."""
