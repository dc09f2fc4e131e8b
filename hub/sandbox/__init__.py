"""The simulated partners: four platforms over HTTP, one seeded region behind them, and the truth about it."""
