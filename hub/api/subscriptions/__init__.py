"""`/v1/subscriptions`: webhooks as their subscriber sees and manages them."""
