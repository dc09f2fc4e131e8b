"""SQL: what is configured (hub.db) and the read model of the feed (feed.db); and the locks and files beside them."""
