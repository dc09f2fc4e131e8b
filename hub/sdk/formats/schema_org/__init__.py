"""schema.org in JSON-LD: `jsonld` reads it out of pages, `job_posting`, `event` and `course` map it, `pages` walks a sitemap."""
