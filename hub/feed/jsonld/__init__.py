"""An opportunity in the words of schema.org: JobPosting, Event or Course, by Google's tables. Pure: record in, document out."""

from hub.feed.jsonld.document import to_document, to_json_ld
from hub.feed.jsonld.embedding import missing_of, to_script

__all__ = ["missing_of", "to_document", "to_json_ld", "to_script"]
