"""Noorderlink: the vacancy board of large northern employers, a paged JSON list without dates of change."""
