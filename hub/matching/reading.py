"""Reading an entry: a version's features as the match model reads them, names and titles as its forms."""

from __future__ import annotations

import xxhash

from hub.domain.keys import OPPORTUNITY_ID, opportunity_id
from hub.domain.posting import Kind, Status
from hub.matching.addresses import authority
from hub.matching.bodies import Body, fold, unpack
from hub.matching.employers import EmployerForm, EmployerTable
from hub.matching.entry import DAY_MS, Entry, Family, Units
from hub.matching.facts import kept
from hub.matching.marks import packed
from hub.matching.model import MatchModel
from hub.matching.sharing import DAYS, FLOATS, HOURS, LEVELS, PAY, TEXTS, one_of, word
from hub.matching.titles import TitleForm, Wording, names_work, sign_of, told_by_both
from hub.matching.units import SITE
from hub.matching.version import Features, Sketch, Version, read_features, rejected

_UNITS: dict[Units, Units] = {}
_WORDINGS: dict[tuple[Wording, Wording | None], int] = {}
NO_LEVELS: frozenset[str] = frozenset()


def to_entry(version: Version, model: MatchModel) -> Entry:
    """Raises RecordRejectedError when the features are none."""
    head = version.head
    features = read_features(version) or Features(model="")
    try:
        bodies = tuple(_body(language, sketch) for language, sketch in sorted(features.bodies.items()))
    except ValueError as error:
        raise rejected(error, "features") from error
    entry = Entry()
    entry.key = version.key
    entry.id = opportunity_id(version.key)
    entry.source = word(head.source)
    entry.kind = head.kind
    entry.family = family_of(head.kind)
    entry.record = version.record
    entry.evidence = version.evidence
    entry.status = head.status
    entry.stopped_at = None if head.status is Status.ACTIVE else head.seq
    entry.first_seen = head.first_seen
    entry.expires_at = head.expires_at
    entry.turns_at = tuple(head.turns_at)
    entry.canonical_host = _host_of(head.canonical_url) if head.canonical_url else None
    echo = head.echo.opportunity_ids if head.echo else []
    entry.echo_ids = tuple(sorted({found for text in echo for found in OPPORTUNITY_ID.findall(text)})) if echo else ()
    entry.bodies = bodies
    entry.pairs = entry.possible = None
    _read_features(entry, features, model)
    return entry


def _body(language: str, sketch: Sketch) -> Body:
    sentences, slots, vocabulary = map(packed, (sketch.sentences, sketch.slots, sketch.vocabulary))
    return Body(word(language), unpack(sketch.minhash), max(1, sketch.shingles), sentences, slots, vocabulary)


def _read_features(entry: Entry, features: Features, model: MatchModel) -> None:
    """Plain values as they are, names and titles as the model reads them."""
    entry.job_keys = tuple(key for key in features.job_keys if not model.is_generic(key))
    entry.page_keys = tuple(features.page_keys)
    entry.reference = features.reference
    employers = model.employers
    entry.employer = _employer(features, entry.source, employers)
    entry.site = _site(features)
    entry.intermediary = employers.form(features.intermediary) if features.intermediary else None
    entry.consortium = tuple(form for name in features.consortium if (form := employers.form(name)) is not None)
    places = tuple(features.places)
    employer = features.employer or ""
    title_nl = model.title(features.title_nl, "nl", employer, places) if features.title_nl else None
    title_en = model.title(features.title_en, "en", employer, places) if features.title_en else None
    entry.title_nl, entry.title_en = told_by_both(title_nl, title_en) if title_nl and title_en else (title_nl, title_en)
    entry.said_nl, entry.said_en = _said(entry.title_nl), _said(entry.title_en)
    entry.asks, entry.says = sign_of(*entry.titles)
    entry.is_plain = not any(form.levels or form.department or form.numbers for form in entry.titles)
    entry.levels = _levels(features.levels, model) if features.levels else NO_LEVELS
    entry.groups = one_of(TEXTS, tuple(dict.fromkeys(group for form in entry.titles for group in form.groups)))
    entry.municipalities = one_of(TEXTS, tuple(features.municipalities))
    entry.lat, entry.lng = one_of(FLOATS, features.lat), one_of(FLOATS, features.lng)
    entry.is_remote = features.is_remote
    posted = features.posted if features.posted is not None else entry.first_seen // DAY_MS
    entry.published, entry.closes = one_of(DAYS, posted) or 0, one_of(DAYS, features.closes)
    entry.hours, entry.pay = one_of(HOURS, tuple(features.hours)), one_of(PAY, tuple(features.pay))
    entry.contract = features.contract and word(features.contract)
    entry.education = one_of(TEXTS, tuple(features.education))
    entry.figures, entry.names = packed(features.figures), packed(features.names)
    entry.facts = kept((kind, value) for kind, values in features.facts.items() for value in values)
    entry.units = _units(features.units, model) if features.units else None
    entry.occupations = _occupations(features, employer, places, model) if features.occupations else ()
    entry.previous_starts = tuple(features.previous_starts)
    entry.starts, entry.ends, entry.is_all_day = features.starts, features.ends, features.is_all_day
    entry.venue, entry.series, entry.occurrence = features.venue, features.series, features.occurrence
    title = entry.title_nl or entry.title_en
    core = title.core if title else ""
    group = entry.groups[0] if entry.groups else ""
    named = f"{entry.employer.key}\x1f{core}\x1f{entry.source}" if entry.employer and core else None
    entry.template = xxhash.xxh3_64_intdigest(named.encode()) >> 4 if named else None
    # Of an opening not its closing day, which one platform of two leaves out: the two would stand at either end of a block.
    date = features.starts if features.starts is not None else entry.published
    entry.by_date = (date, entry.pay[0] if entry.pay else 0, core, entry.key)
    entry.by_title = (group, core, date, entry.key)


def _levels(words: list[str], model: MatchModel) -> frozenset[str]:
    named = frozenset(level for word in words for language in ("nl", "en") for level in model.title(word, language).levels)
    return one_of(LEVELS, named)


def _units(named: dict[str, list[str]], model: MatchModel) -> Units | None:
    """What the model knows of the names that each text has for a unit."""
    sites = tuple(sorted({fold(name[len(SITE) :]) for names in named.values() for name in names if name.startswith(SITE)}))
    units = Units(sites, _departments(named.get("nl", []), "nl", model), _departments(named.get("en", []), "en", model))
    return one_of(_UNITS, units) if any(units) else None


def _departments(names: list[str], language: str, model: MatchModel) -> tuple[str, ...]:
    found = {model.unit(name, language) for name in names if not name.startswith(SITE)}
    return tuple(sorted(filter(None, found)))


def _occupations(features: Features, employer: str, places: tuple[str, ...], model: MatchModel) -> tuple[Wording, ...]:
    """Phrases that name work by the model's words, each wording once; what an address says is of any language."""
    said = [(language, name) for language, names in sorted(features.occupations.items()) for name in names]
    read = [model.phrase(name, language, employer, places).wording for language, name in said]
    return tuple(dict.fromkeys(wording for wording in read if names_work(wording)))


def _site(features: Features) -> str | None:
    """Of an agency it would be that of all its clients."""
    if features.employer is None or features.is_for_client:
        return None
    return next((word(hint) for hint in features.employer_hints if hint.islower()), None)


def _employer(features: Features, source: str, employers: EmployerTable) -> EmployerForm | None:
    """As stated; in doubt where the text is a recruiter's, unless it names the client, or a board names itself; else whom the
    hints name."""
    stated = employers.form(features.employer, features.employer_domain, features.kvk)
    if stated is None:
        return employers.guess(features.employer_hints)
    if features.is_for_client and (client := employers.guess([hint for hint in features.employer_hints if not hint.islower()])):
        return client
    if features.employer_domain is None and features.employer_hints and features.employer:
        stated = employers.form(
            features.employer, employers.borne_by(features.employer, features.employer_hints[0]), features.kvk
        )
    names_itself = bool(features.employer) and "".join(filter(str.isalnum, features.employer or "")).casefold() == source
    return employers.doubted(stated) if stated is not None and (features.is_for_client or names_itself) else stated


def _host_of(url: str) -> str | None:
    host = authority("/".join(url.split("/", 3)[:3]))  # what follows the host says nothing of it, and no two are alike
    return word(host) if host is not None else None


def _said(title: TitleForm | None) -> int:
    return _WORDINGS.setdefault((title.wording, title.also), len(_WORDINGS) + 1) if title is not None else 0


def family_of(kind: Kind) -> Family:
    """Postings of different families never describe one opening; platforms do differ on vacancy or traineeship."""
    if kind is Kind.EVENT:
        return "event"
    return "course" if kind is Kind.COURSE else "job"
