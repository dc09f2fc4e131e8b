"""What a selection is called by people: a segment's own title, or words for the whole and for a filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hub.domain.posting import Lang
from hub.feed.selection import Selection

Label = Callable[[str, str], str]
"""(filter field, code) → what people call it."""

_WHOLE: Mapping[Lang, str] = {
    "nl": "Regionale talenthub: vacatures, traineeships, stages en bijeenkomsten",
    "en": "Regional talent hub: vacancies, traineeships, internships and events",
}
_EVENTS: Mapping[Lang, str] = {"nl": "Regionale talenthub: bijeenkomsten", "en": "Regional talent hub: events"}
_EVENTS_OF: Mapping[Lang, str] = {"nl": "bijeenkomsten", "en": "events"}
_FILTER = "Filter"
_WITHOUT: Mapping[Lang, str] = {"nl": "zonder wat alleen {} heeft", "en": "without what only {} has"}


def entitle(selection: Selection, lang: Lang) -> str:
    return selection.segment.titles[lang] if selection.segment is not None else _WHOLE[lang]


def entitle_events(selection: Selection, lang: Lang) -> str:
    """Of a calendar."""
    if selection.segment is None:
        return _EVENTS[lang]
    return f"{selection.segment.titles[lang]} – {_EVENTS_OF[lang]}"


def describe(selection: Selection, lang: Lang, label: Label) -> str:
    """The segment's sentence, and the filter as it was asked; empty for the whole."""
    segment = selection.segment
    asked = {name: text.split(",") for name, text in selection.asked.items() if name != "segment"}
    words = [", ".join(label(name, code) for code in codes) for name, codes in asked.items() if name != "exclude_source"]
    words += [_WITHOUT[lang].format(label("source", code)) for code in asked.get("exclude_source", ())]
    parts = [segment.descriptions[lang] if segment is not None else "", f"{_FILTER}: {'; '.join(words)}." if words else ""]
    return " ".join(filter(None, parts))


def code_itself(_: str, code: str) -> str:
    return code
