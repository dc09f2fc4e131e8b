"""Vonk: traineeships and talent programmes with several employers, read from its careers site and pushed by webhook."""
