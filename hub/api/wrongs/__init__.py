"""What is wrong and whose it is, for the page at `/`. Pure.

A fault's owner follows from its cause: an answer that cannot be trusted is the partner's, a brake waits for the
operator's word, and what the hub's own parts lack is the hub's.
"""

from hub.api.wrongs.finding import find_wrongs
from hub.api.wrongs.own import OwnState
from hub.api.wrongs.wrong import Wrong

__all__ = ["OwnState", "Wrong", "find_wrongs"]
