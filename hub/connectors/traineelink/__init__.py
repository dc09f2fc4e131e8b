"""Traineelink: pages with schema.org markup behind a sitemap, and an iCalendar file."""
