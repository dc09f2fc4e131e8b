"""Noorderzorg, an invented board of care employers: a fifth partner, of a format that the hub knows."""
