"""Cleaning holds for any input: it never raises, a repeat changes nothing, no script and no canary is left."""

import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hub.domain.posting import Apply, Description, Event, Location, Organisation, Posting, RichText, Text, Title
from hub.enrich import clean, enrich

EMAIL = "canary.vogel@nest.example"
PHONES = ("06-98765432", "+31 6 9876 5432", "050 987 65 43", "0031698765432", "(0592) 98 76 54")
FRAGMENTS = [
    *(
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<b>",
        "</b>",
        "<a href='https://x.example/?a=1&b=2'>",
        '<a href="javascript:x">',
        "</a>",
        "<ul>",
        "<li>",
    ),
    *(
        "<h2>",
        "<h3>",
        "</h2>",
        "<table><tr><td>",
        "</td></tr></table>",
        "<svg><script>",
        "<script>alert(1)</script>",
        "<scr<b></b>ipt>",
        "<!--",
        "-->",
    ),
    *(
        "&lt;script&gt;",
        "&amp;lt;b&amp;gt;",
        "&nbsp;",
        "&eacute;",
        "<br>",
        "<br/>",
        "\n",
        "\r\n",
        "\t",
        "<junior>",
        "< ",
        " > ",
        "&",
        "Ã©",
        "â€™",
    ),
    *(
        "\x00",
        "\u200b",
        "e\u0301",
        "Neem contact op met ",
        "Jan de Vries",
        ", teamleider, ",
        "mevrouw Bakker",
        "call John Smith on ",
        "06",
        "-",
        "050 ",
    ),
    *(
        "12345678",
        "€ 2.911 - € 4.332",
        "@",
        "nest.example",
        "opp-abcdefghijklmnop",
        "the and of you we are ",
        "de het een en van je ",
        "[contact via the ad]",
    ),
    *(
        "<button><p>",
        "<section><li>",
        "<form><input>",
        "<style>p{}",
        "<title>",
        "<textarea>",
        "<math><mi>",
        "<h1><div><h3>",
        "<p><p>",
        "</ul>",
        "<i><p>",
    ),
]
markup = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=8)), max_size=14).map("".join)
lines = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=8)), max_size=6).map("".join).map(lambda text: text[:500])
contact = st.sampled_from([EMAIL, *PHONES])
around = st.sampled_from([" ", "\n", ": ", "(", "<b>", "</p><p>", "<br>", ", ", "/", "; mail ", " bel "])
relaxed = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def posting(html: str, line: str) -> Posting:
    return Posting(
        title=Title(nl=Text(text=line), en=Text(text=line[::-1])),
        description=Description(nl=RichText(html=html)),
        organisation=Organisation(name=line or "x", description=line),
        locations=[Location(place=line)],
        functions=[line],
        apply=Apply(method="email", email=line[:50]),
        event=Event(start="2027-06-01T09:00:00Z", status_reason=line),  # type: ignore[arg-type]
    )


@relaxed
@given(html=markup, line=lines)
def test_cleaning_twice_is_cleaning_once(html: str, line: str) -> None:
    once = clean(posting(html, line), contacts="drop")
    assert clean(once, contacts="drop") == once
    Posting.model_validate_json(once.to_bytes())


@relaxed
@given(html=markup, line=lines)
def test_no_script_and_no_handler_is_left(html: str, line: str) -> None:
    cleaned = clean(posting(html, line), contacts="drop")
    wire = cleaned.to_bytes().decode().lower()
    assert "<script" not in wire
    assert "<iframe" not in wire
    texts = [text.html for text in (cleaned.description.nl, cleaned.description.en) if text]
    assert all(
        re.fullmatch(r"(?:p|br|ul|ol|li|strong|em|b|i|h[2-4]|a)", tag)
        for text in texts
        for tag in re.findall(r"<([a-z0-9]+)", text)
    )


@relaxed
@example(html="0<nest.example", line="", before="<b>", after=" ", secret=PHONES[0])
@given(html=markup, line=lines, before=around, after=around, secret=contact)
def test_no_contact_canary_is_left_in_any_text(html: str, line: str, before: str, after: str, secret: str) -> None:
    cleaned = clean(posting(f"{html} {before}{secret}{after} {html}", f"{line} {secret} {line}"), contacts="drop")
    wire = cleaned.to_bytes().decode()
    assert "vogel" not in wire
    assert secret not in wire


@relaxed
@given(html=markup, line=lines)
def test_enriching_what_was_cleaned_never_raises_and_repeats(html: str, line: str) -> None:
    cleaned = clean(posting(html, line), contacts="drop")
    assert enrich(cleaned).to_bytes() == enrich(cleaned).to_bytes()


@pytest.mark.parametrize(
    "html",
    ["<" * 3000, "&lt;" * 3000, "<b>" * 2000, "@" * 3000, "0 " * 3000, "<p>" + "a" * 199_000, "A b " * 4000, "contact " * 2000],
)
def test_hostile_lengths_are_cleaned_in_passing(html: str) -> None:
    assert clean(Posting(description=Description(nl=RichText(html=html))), contacts="drop").kind == "vacancy"
