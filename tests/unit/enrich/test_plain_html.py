"""The short way of sanitising says what the long one would: an HTML5 parser writes plain HTML back as it stands."""

from __future__ import annotations

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.enrich.plain_html import as_clean

_WORDS = st.sampled_from(["woord", "Een zin. ", "a  b", "x\n", "é", "\u00a0", "&amp;", "&nbsp;", "&euro;", "&#8217;", '"', "😀"])
_TEXT = st.lists(_WORDS, min_size=1, max_size=3).map(lambda words: "w" + "".join(words))
_MARKED = st.tuples(st.sampled_from(["strong", "em", "b", "i"]), _TEXT).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>")
_INLINE = st.lists(_TEXT | _MARKED | _TEXT.map("<br>{}".format), max_size=3).map(lambda parts: "w" + "".join(parts))
_BLOCK = st.tuples(st.sampled_from(["p", "h2", "h3", "h4"]), _INLINE).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>")
_LIST = st.lists(_INLINE.map("<li>{}</li>".format), min_size=1, max_size=3).map(lambda items: f"<ul>{''.join(items)}</ul>\n")
_DOCUMENT = st.lists(_BLOCK | _LIST, min_size=1, max_size=4).map("".join)


@given(_DOCUMENT)
def test_plain_html_is_what_the_parser_writes(html: str) -> None:
    assert as_clean(html) == nh3.clean(html).replace("&nbsp;", " ").strip()


@pytest.mark.parametrize(
    "html",
    [
        "tekst zonder blok",
        "<p>a<p>b",
        "<p class='x'>a</p>",
        "<p></p>",
        "<p><br>a</p>",
        "<ul>los<li>a</li></ul>",
        "<strong>a</strong>",
        "<p>a & b</p>",
        "<p>a&shy;b</p>",
        "<p><strong>a<em>b</em></strong></p>",
        "<script>x</script>",
        '<p><a href="https://x.example">x</a></p>',
    ],
)
def test_anything_else_goes_the_long_way(html: str) -> None:
    assert as_clean(html) is None
