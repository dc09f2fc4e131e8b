"""Pages for people at `/nl/…` and `/en/…`: opportunities, one opportunity, segments, sources.

A page is rendered here, whole, in the reader's language; htmx only spares the reload when filters change, so whatever
works works without scripts. Texts are English in the code and the templates; `locale/` holds the Dutch ones.
"""
