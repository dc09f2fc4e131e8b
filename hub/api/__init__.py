"""The HTTP edge: surfaces of the feed, subscriptions, inbound webhooks, the pages, and who may do how much."""
