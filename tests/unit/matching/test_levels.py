"""What days and texts say of a pair, before any weight."""

from types import SimpleNamespace
from typing import Any

import pytest

from hub.domain.posting import Kind
from hub.matching import default_model
from hub.matching.bodies import LONG_BODY, Body, read_lines, sketch_of, unpack, vocabulary_in_common
from hub.matching.guards import COMMON_TEXT, guard
from hub.matching.levels import (
    Context,
    closing,
    closing_days,
    contract,
    employer,
    hours,
    kind,
    municipality,
    pay,
    published,
    ranges,
    reference,
)
from hub.matching.marks import packed
from hub.matching.wording import body, figures, names, vocabulary

OWN = " ".join(f"taak{number}" for number in range(LONG_BODY + 40))
OTHER = " ".join(f"plicht{number}" for number in range(LONG_BODY + 40))
NOTE = " ".join(OWN.split()[:24])


EMPLOYER = SimpleNamespace(block_keys=("k:bakkerij hoekstra", "t:hoekstra"))
PARENT = SimpleNamespace(block_keys=("k:hoekstra groep", "t:hoekstra"))
AGENCY = SimpleNamespace(block_keys=("k:flexbureau",))


def posting(employer: Any = EMPLOYER, intermediary: Any = None, **texts: str) -> Any:
    """As much of an entry as its bodies are, and who may have written them."""
    sketches = {lang: sketch_of(text, read_lines(text)) for lang, text in texts.items()}
    return SimpleNamespace(
        employer=employer,
        intermediary=intermediary,
        consortium=(),
        bodies=[Body(lang, unpack(one.minhash), one.shingles, packed(one.sentences)) for lang, one in sketches.items() if one],
    )


@pytest.mark.parametrize(("days", "level"), [(0, "equal"), (1, "near"), (2, "apart"), (30, "apart"), (31, "far")])
def test_only_closing_a_day_apart_is_near(days: int, level: str) -> None:
    assert closing_days(days) == level


@pytest.mark.parametrize(
    ("mine", "other", "level"),
    [
        ("vac7012", "vac7013", "different"),
        ("7012", "20267013", "different"),
        ("vac7012", "uw098124", "other_numbering"),
        ("uw098124", "20267012", "other_numbering"),
        ("rg9167", "rg9167de", "other_numbering"),
        ("rg9167nl", "rg9168de", "different"),
    ],
)
def test_only_numbers_of_one_numbering_differ(mine: str, other: str, level: str) -> None:
    first, second = SimpleNamespace(reference=mine), SimpleNamespace(reference=other)
    assert reference(first, second, "same", Context()) == level  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("days", "level"),
    [
        (0, "same_day"),
        *[(1, "at_once"), (2, "at_once"), (3, "near"), (7, "near"), (8, "fortnight"), (14, "fortnight")],
        *[(15, "apart"), (60, "apart"), (61, "far")],
    ],
)
def test_what_is_published_within_two_days_was_put_up_at_once(days: int, level: str) -> None:
    assert published(days) == level


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        (posting(nl=OWN), posting(nl=OWN), "whole"),
        (posting(nl=OWN), posting(nl=OTHER), "none"),
        (posting(nl=NOTE), posting(nl=NOTE), "short_whole"),
        (posting(nl=NOTE), posting(nl=OTHER), "short_little"),
        (posting(nl=OWN), posting(en=OWN), "missing"),
        (posting(nl=OWN, en=NOTE), posting(nl=OTHER, en=NOTE), "short_whole"),
        (posting(nl=OWN, en=NOTE), posting(nl=OWN, en=NOTE), "whole"),
    ],
)
def test_a_common_text_says_how_long_it_is(a: Any, b: Any, level: str) -> None:
    assert (body(a, b), body(b, a)) == (level, level)


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        (posting(nl=OWN), posting(PARENT, nl=OWN), "whole"),
        (posting(nl=OWN), posting(AGENCY, nl=OWN), "copied_whole"),
        (posting(nl=NOTE), posting(None, AGENCY, nl=NOTE), "copied_short_whole"),
        (posting(None, AGENCY, nl=OWN), posting(None, AGENCY, nl=OWN), "whole"),
        (posting(None, nl=OWN), posting(None, nl=OTHER), "copied_none"),
        (posting(nl=OWN), posting(None, en=OWN), "missing"),
    ],
)
def test_a_text_in_common_is_a_copy_where_no_name_says_that_one_employer_wrote_both(a: Any, b: Any, level: str) -> None:
    assert (body(a, b), body(b, a)) == (level, level)


@pytest.mark.parametrize("text", sorted(COMMON_TEXT))
def test_a_common_text_stands_in_for_the_employers_name(text: str) -> None:
    levels = {"address": "none", "reference": "none", "kind": "same", "employer": "missing", "municipality": "same"}
    assert guard({**levels, "title": "equal", "body": text, "figures": "missing"}) is None
    assert guard({**levels, "title": "equal", "body": "short_half", "figures": "missing"}) is not None


SENTENCES = [f"Je werkt aan zaak {number} met afdeling {number * 7} samen." for number in range(30)]
LONG = posting(nl=" ".join(SENTENCES))


@pytest.mark.parametrize(("copied", "level"), [(4, "short_whole"), (2, "short_half"), (1, "short_little")])
def test_of_a_few_sentences_it_is_told_exactly_how_many_stand_in_a_long_text(copied: int, level: str) -> None:
    own = [f"Bij ons doe je heel iets anders, namelijk {number}." for number in range(4)]
    note = posting(nl=" ".join(SENTENCES[:copied] + own[copied:]))
    assert (body(note, LONG), body(LONG, note)) == (level, level)


@pytest.mark.parametrize(
    ("mine", "level"), [([7], "only"), ([8], "only_none"), ([], "missing"), ([7, 9], "few_all"), ([7, 8], "half")]
)
def test_a_single_number_has_levels_of_its_own(mine: list[int], level: str) -> None:
    first, second = SimpleNamespace(figures=packed(mine)), SimpleNamespace(figures=packed([5, 6, 7, 9]))
    assert (figures(first, second), figures(second, first)) == (level, level)


@pytest.mark.parametrize(
    ("other", "level"),
    [((36, 40), "equal"), ((40, 40), "one_end"), ((32, 36), "overlap"), ((36, 38), "one_end"), ((24, 32), "different")],
)
def test_boards_that_keep_one_end_of_a_range_agree_at_that_end(other: tuple[int, int], level: str) -> None:
    assert (ranges((36, 40), other), ranges(other, (36, 40))) == (level, level)


ASSEN, EMMEN = (52.99, 6.56), (52.78, 6.90)


def placed(code: str | None, at: tuple[float, float], *, is_remote: bool, family: str = "opening") -> Any:
    """As much of an entry as says where the work is."""
    codes = (code,) if code else ()
    return SimpleNamespace(municipalities=codes, lat=at[0], lng=at[1], is_remote=is_remote, family=family)


@pytest.mark.parametrize(
    ("first", "second", "level"),
    [
        (placed("GM0106", ASSEN, is_remote=True), placed("GM0106", ASSEN, is_remote=False), "same"),
        (placed("GM0106", ASSEN, is_remote=False), placed("GM0114", EMMEN, is_remote=False), "different"),
        (placed("GM0106", ASSEN, is_remote=True), placed("GM0114", EMMEN, is_remote=False), "remote_elsewhere"),
        (placed("GM0106", ASSEN, is_remote=True), placed(None, EMMEN, is_remote=False), "remote"),
        (
            placed("GM0106", ASSEN, is_remote=True, family="event"),
            placed("GM0114", EMMEN, is_remote=False, family="event"),
            "remote",
        ),
    ],
)
def test_two_towns_of_work_that_may_be_done_anywhere_say_less_than_two_towns(first: Any, second: Any, level: str) -> None:
    assert (municipality(first, second), municipality(second, first)) == (level, level)


def shown(published: int, closes: int | None) -> Any:
    """As much of an entry as says when it is shown."""
    return SimpleNamespace(published=published, closes=closes)


@pytest.mark.parametrize(
    ("first", "second", "level"),
    [
        (shown(100, 128), shown(102, 128), "equal"),
        (shown(100, 128), shown(102, 140), "apart"),
        (shown(100, 128), shown(102, 162), "own_term"),
        (shown(100, 128), shown(102, 192), "own_term"),
        (shown(100, 128), shown(102, 180), "far"),
        (shown(100, 128), shown(102, None), "missing"),
    ],
)
def test_a_platforms_own_term_says_less_than_another_closing_day(first: Any, second: Any, level: str) -> None:
    assert (closing(first, second), closing(second, first)) == (level, level)


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        ((24, 32), (24, 32), "equal"),
        ((24, 32), (32, 32), "one_end"),
        ((38, 38), (40, 40), "rounded"),
        ((36, 36), (40, 40), "rounded"),
        ((30, 34), (28, 36), "overlap"),
        ((20, 20), (24, 24), "rounded"),
        ((16, 20), (24, 32), "different"),
        ((), (24, 32), "missing"),
    ],
)
def test_hours_that_a_form_may_have_rounded_are_not_quite_different(a: Any, b: Any, level: str) -> None:
    assert (hours(a, b), hours(b, a)) == (level, level)


def offered(kind: Kind, hours: tuple[float, ...] = (), levels: frozenset[str] = frozenset()) -> Any:
    """As much of an entry as says of what kind it is."""
    return SimpleNamespace(kind=kind, hours=hours, titles=(SimpleNamespace(levels=levels),))


@pytest.mark.parametrize(
    ("first", "second", "level"),
    [
        (offered(Kind.VACANCY), offered(Kind.TRAINEESHIP), "alike"),
        (offered(Kind.VACANCY), offered(Kind.INTERNSHIP), "different"),
        (offered(Kind.VACANCY, levels=frozenset({"graduation"})), offered(Kind.INTERNSHIP), "alike"),
        (offered(Kind.VACANCY), offered(Kind.SIDE_JOB), "unsaid"),
        (offered(Kind.VACANCY, (8, 12)), offered(Kind.SIDE_JOB), "alike"),
        (offered(Kind.TRAINEESHIP), offered(Kind.SIDE_JOB), "different"),
    ],
)
def test_a_platform_that_knows_no_side_jobs_calls_them_vacancies(first: Any, second: Any, level: str) -> None:
    assert (kind(first, second), kind(second, first)) == (level, level)


def recruiting(name: str, site: str | None, *titles: str) -> Any:
    form = default_model().employers.form(name)
    read = tuple(default_model().title(title, "nl") for title in titles)
    return SimpleNamespace(employer=form, site=site, consortium=(), intermediary=None, titles=read)


@pytest.mark.parametrize(
    ("first", "second", "level"),
    [
        (recruiting("Waddenkennis", "waddenkennis.example"), recruiting("Sea Research Centre", "waddenkennis.example"), "site"),
        (recruiting("Waddenkennis", "waddenkennis.example"), recruiting("Sea Research Centre", "sea.example"), "different"),
        (recruiting("Waddenkennis", "baanbord.example"), recruiting("Sea Research Centre", "baanbord.example"), "different"),
        (recruiting("Waddenkennis", None), recruiting("Sea Research Centre", None), "different"),
    ],
)
def test_names_that_no_rule_joins_are_one_where_applications_go_to_one_host(first: Any, second: Any, level: str) -> None:
    context = Context()
    context.platforms = frozenset({"baanbord.example"})
    assert (employer(first, second, context), employer(second, first, context)) == (level, level)


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("Traineeship Wadkracht 2027", "titled"),
        ("Traineeship bij Stichting Wadkracht", "titled"),
        ("Traineeship Kracht op het Wad", "different"),
    ],
)
def test_a_programme_that_one_names_as_its_employer_stands_in_the_title_of_the_other(title: str, level: str) -> None:
    first, second = recruiting("Stichting Wadkracht", None, "Traineeship"), recruiting("Gemeente Stadskanaal", None, title)
    assert (employer(first, second, Context()), employer(second, first, Context())) == (level, level)


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        ((2_861, 4_912), (2_900, 4_900), "equal"),
        ((2_861, 4_912), (2_850, 4_900), "equal"),
        ((3_738, 3_738), (3_000, 3_700), "one_end"),
        ((2_861, 4_912), (2_901, 4_951), "overlap"),
        ((2_861, 3_912), (4_000, 4_900), "different"),
        ((2_861, 3_912), (), "missing"),
    ],
)
def test_pay_is_one_where_a_platform_may_have_rounded_it(a: tuple[int, ...], b: tuple[int, ...], level: str) -> None:
    assert (pay(a, b), pay(b, a)) == (level, level)


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        ("permanent", "permanent", "equal"),
        ("permanent", "temporary", "different"),
        ("secondment", "temporary", "missing"),
        ("secondment", "secondment", "equal"),
        (None, "temporary", "missing"),
    ],
)
def test_an_agency_s_secondment_says_nothing_of_the_contract(a: str | None, b: str | None, level: str) -> None:
    assert (contract(a, b), contract(b, a)) == (level, level)


@pytest.mark.parametrize(
    ("first", "second", "in_one_language", "translated"),
    [
        (range(8), range(8), "all", "translated_most"),
        (range(8), range(2, 10), "most", "translated_most"),
        (range(8), range(7, 15), "some", "translated_some"),
        (range(8), range(8, 16), "none", "translated_none"),
        (range(2), range(8), "few_all", "translated_most"),
        (range(2), range(1, 9), "some", "translated_some"),
        (range(2), range(8, 16), "few_none", "translated_few_none"),
        (range(0), range(8), "missing", "missing"),
    ],
)
def test_who_translates_a_text_translates_some_of_its_names(
    first: range, second: range, in_one_language: str, translated: str
) -> None:
    def named(marks: range, language: str) -> Any:
        return SimpleNamespace(names=packed(marks), bodies=(SimpleNamespace(language=language),))

    for language, level in (("nl", in_one_language), ("en", translated)):
        a, b = named(first, "nl"), named(second, language)
        assert (names(a, b), names(b, a)) == (level, level)


RARE = [f"zeldzaam{letter}{other}" for letter in "abcdefghij" for other in "abcdefgh"]


def written(words: list[str]) -> Body:
    text = " ".join(["de taak is het", *words, "en dat doe je met ons team in de regio voor jou"])
    sketch = sketch_of(text, read_lines(text))
    assert sketch is not None
    return Body("nl", unpack(sketch.minhash), sketch.shingles, b"", b"", packed(sketch.vocabulary))


@pytest.mark.parametrize(
    ("first", "second", "level"),
    [
        (RARE[:20], RARE[5:25], "half"),
        (RARE[:20], RARE[12:32], "third"),
        (RARE[:20], RARE[16:36], "some"),
        (RARE[:20], RARE[20:40], "few"),
        (RARE, RARE[:12], "half"),
        (RARE[:2], RARE[:20], "missing"),
    ],
)
def test_texts_told_anew_share_the_words_that_few_use(first: list[str], second: list[str], level: str) -> None:
    a, b = (SimpleNamespace(bodies=(written(words),)) for words in (first, second))
    for body_level in ("little", "copied_none", "short_half"):
        assert (vocabulary(a, b, body_level), vocabulary(b, a, body_level)) == (level, level)
    assert vocabulary(a, b, "most") == vocabulary(a, b, "missing") == "missing"


def test_of_long_texts_the_same_sample_of_words_is_kept() -> None:
    common, fewer = vocabulary_in_common(written(RARE), written(RARE[40:]))
    assert common == fewer > 0
