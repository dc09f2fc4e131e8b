"""The report on matching quality: labelled corpora, the simple matchers to better, and what the engine makes of them."""
