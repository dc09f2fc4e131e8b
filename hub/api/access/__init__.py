"""Who may ask for what, and how often: addresses, limits, tokens, scopes, reading from other sites, headers of every answer."""
