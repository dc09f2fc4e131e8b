"""Whether Dutch is required, phrase by phrase."""

import pytest

from hub.domain.posting import Description, LanguageRequirement, Posting, RichText
from hub.enrich import enrich

NOT_REQUIRED = [
    "Dutch is not required.",
    "Dutch language skills are not required",
    "No Dutch required",
    "You don't need to speak Dutch.",
    "You don’t need to speak Dutch.",
    "No knowledge of Dutch is needed",
    "Knowledge of Dutch is not necessary",
    "Non-Dutch speakers are welcome",
    "Dutch isn't a must",
    "Dutch not required, English is",
    "you do not have to speak Dutch",
    "Speaking Dutch is not a requirement",
    "It’s no problem if you don’t speak Dutch",
    "we welcome candidates without Dutch",
    "Fluent in Dutch or English",
    "Dutch is a plus",
    "Knowledge of the Dutch language is an advantage",
    "Fluent Dutch is nice to have",
    "Proficiency in Dutch is preferred",
    "Willingness to learn Dutch",
    "You are willing to learn the Dutch language",
    "English is sufficient",
    "The working language is English",
    "Nederlands is niet vereist",
    "Beheersing van de Nederlandse taal is geen vereiste",
    "Kennis van de Nederlandse taal is niet noodzakelijk",
    "Je hoeft geen Nederlands te spreken",
    "Nederlands spreken is niet nodig",
    "Geen Nederlands? Geen probleem!",
    "Ook zonder kennis van het Nederlands ben je welkom",
    "Je spreekt Nederlands of Engels",
    "Je beheerst het Nederlands en/of Engels",
    "Goede kennis van het Engels volstaat",
    "Engels is voldoende",
    "De voertaal is Engels",
    "Nederlands is een pré",
    "Beheersing van het Nederlands is een pré",
    "Kennis van Nederlands is mooi meegenomen",
    "Bij voorkeur spreek je Nederlands",
    "Bereid om Nederlands te leren",
    "Nederlands mag, maar hoeft niet: Engels is voldoende",
]
REQUIRED = [
    "Nederlandse taalvaardigheid op minimaal niveau 3F",
    "Goede beheersing van de Nederlandse taal in woord en geschrift",
    "Beheersing van de Nederlandse taal",
    "Je spreekt vloeiend Nederlands",
    "Je beheerst de Nederlandse taal uitstekend",
    "Nederlands in woord en geschrift",
    "Je bent Nederlandstalig",
    "Minimaal niveau B2 Nederlands",
    "Uitstekende mondelinge en schriftelijke vaardigheden in het Nederlands",
    "Je hebt een goede beheersing van het Nederlands en Engels",
    "Nederlands (C1)",
    "Nederlands is vereist",
    "Een goede beheersing van Nederlands is een must",
    "Je communiceert makkelijk in het Nederlands",
    "Kennis van het Engels is niet vereist, maar je spreekt goed Nederlands",
    "Voertaal is Nederlands",
    "We zoeken iemand die de Nederlandse taal machtig is",
    "Helaas kunnen we kandidaten die geen Nederlands spreken niet aannemen",
    "Fluent in Dutch",
    "You are fluent in Dutch and English",
    "Excellent command of the Dutch language",
    "Dutch is required",
    "Dutch language skills are required",
    "Good command of Dutch",
    "You speak Dutch at B2 level",
    "Native Dutch speaker",
    "Proficiency in Dutch is a must",
    "Excellent written and verbal Dutch communication skills",
    "Dutch: fluent",
    "A good command of Dutch (B2) is essential",
    "Unfortunately we cannot hire people who do not speak Dutch",
]
NOTHING_SAID = [
    "Wij zijn een Nederlands bedrijf",
    "You will work with Dutch municipalities",
    "Knowledge of the Dutch healthcare system",
    "Docent Nederlands gezocht",
    "We are the largest Dutch bank",
    "Je werkt voor de Nederlandse Spoorwegen",
    "De opleiding Nederlandse taal en cultuur",
    "Dutch courses are offered",
    "Een bekend Nederlands merk",
    "We bieden taallessen Nederlands aan",
    "Je hebt kennis van de Nederlandse wetgeving",
    "You communicate with Dutch clients",
    "Goede kennis van het Engels",
    "You are an excellent communicator in English and enjoy working with people from all over the world.",
]


def posting(text: str, **fields: object) -> Posting:
    return Posting(description=Description(nl=RichText(html=text, text=text)), **fields)


@pytest.mark.parametrize("text", NOT_REQUIRED)
def test_a_negation_a_plus_or_enough_english_means_not_required(text: str) -> None:
    verdict = enrich(posting(text)).dutch_required
    assert verdict.value == "no"
    assert verdict.rule is not None
    assert verdict.evidence


@pytest.mark.parametrize("text", REQUIRED)
def test_a_demand_means_required(text: str) -> None:
    verdict = enrich(posting(text)).dutch_required
    assert verdict.value == "yes"
    assert verdict.rule == "dutch.required"
    assert verdict.evidence


@pytest.mark.parametrize("text", NOTHING_SAID)
def test_dutch_as_an_adjective_and_the_language_of_the_ad_say_nothing(text: str) -> None:
    assert enrich(posting(text)).dutch_required.value == "unknown"


def test_the_sources_promise_holds_where_the_text_is_silent() -> None:
    verdict = enrich(posting("A nice job."), dutch_required_default="no").dutch_required
    assert (verdict.value, verdict.rule) == ("no", "source.default")


def test_the_text_outranks_the_sources_promise() -> None:
    assert enrich(posting("Fluent in Dutch."), dutch_required_default="no").dutch_required.value == "yes"


def test_two_outright_phrases_that_contradict_each_other_are_unknown() -> None:
    verdict = enrich(posting("Dutch is not required. You have an excellent command of Dutch.")).dutch_required
    assert (verdict.value, verdict.rule) == ("unknown", "dutch.contradiction")


def test_the_sources_own_field_outranks_the_text() -> None:
    stated = [LanguageRequirement(lang="nl", level="B1", necessity="required")]
    verdict = enrich(posting("Dutch is not required.", language_requirements=stated)).dutch_required
    assert (verdict.value, verdict.rule) == ("yes", "dutch.language_requirements")


def test_requirements_found_in_the_text_become_language_requirements() -> None:
    found = enrich(posting("Je spreekt Nederlands op B2 niveau. You are fluent in English."))
    assert [(item.lang, item.level, item.necessity) for item in found.language_requirements] == [
        ("nl", "B2", "required"),
        ("en", None, "required"),
    ]
    assert found.field_origins["language_requirements"] == "dutch.requirements"


@pytest.mark.parametrize(
    "text",
    [
        "Ervaring is niet nodig, wel spreek je goed Nederlands.",
        "Je spreekt Nederlands, een diploma is niet vereist.",
        "You speak Dutch, experience is not required.",
        "You don't need experience if you speak Dutch well.",
        "Een diploma is niet vereist, goede beheersing van het Nederlands wel.",
        "Rijbewijs niet vereist, Nederlands wel.",
        "Engels is een pré, Nederlands is een vereiste.",
        "Nederlands vloeiend, Fries is een pré.",
        "You are fluent in Dutch and a driving licence is a plus.",
        "Bij voorkeur heb je ervaring, en je spreekt goed Nederlands.",
        "English is the working language, but you need Dutch for contact with patients.",
    ],
)
def test_a_negation_or_a_plus_of_something_else_leaves_dutch_required(text: str) -> None:
    assert enrich(posting(text)).dutch_required.value == "yes"


@pytest.mark.parametrize(
    "text",
    [
        "Spreek je geen Nederlands? Dan kunnen we je helaas niet aannemen.",
        "You don't speak Dutch? Unfortunately we cannot offer you this job.",
        "Het is niet mogelijk om deze functie uit te oefenen zonder Nederlands te spreken.",
        "Zonder goede beheersing van het Nederlands kun je dit werk niet doen.",
    ],
)
def test_what_cannot_be_done_without_dutch_requires_it(text: str) -> None:
    assert enrich(posting(text)).dutch_required.value == "yes"


@pytest.mark.parametrize(
    "text",
    [
        "De Nederlandse markt is niet nodig om te kennen.",
        "Knowledge of Dutch law is required.",
        "A Dutch driving licence is required.",
        "Je hebt een Nederlands rijbewijs, ervaring is niet vereist.",
        "Een Nederlands diploma is niet vereist.",
        "Bij voorkeur een Nederlandse master.",
        "We help newcomers who do not speak Dutch find their way.",
        "Je geeft les aan cursisten zonder kennis van het Nederlands.",
        "You support clients who speak little or no Dutch.",
        "Leraar Nederlands of Engels gezocht",
        "You translate texts from Dutch or English into German.",
        "Please apply in Dutch or English.",
        "Stuur je cv in het Nederlands of Engels.",
        "For questions (in Dutch or English) contact us.",
        "A Dutch or English bachelor's degree",
        "Perfect Dutch is not required, but you can make yourself understood in Dutch.",
    ],
)
def test_laws_licences_letters_and_other_people_say_nothing_of_the_applicants_dutch(text: str) -> None:
    assert enrich(posting(text)).dutch_required.value == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "Spreek je geen Nederlands? Dan is dat geen probleem.",
        "International students who do not speak Dutch are welcome to apply.",
        "You have a good level of English, Dutch or German.",
        "Two years of leading a shift is required, and Dutch or English.",
        "Taal: Nederlands, Engels of Pools",
        "Kennis van het Nederlands is niet noodzakelijk, wel van het Engels.",
    ],
)
def test_who_has_no_dutch_is_invited(text: str) -> None:
    assert enrich(posting(text)).dutch_required.value == "no"
