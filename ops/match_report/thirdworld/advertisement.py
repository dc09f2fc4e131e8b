"""The employer's own advertisement of an opening, as blocks of sentences that boards copy, cut and retell.

What the employer says is settled in the opening; what of it is told (hours, pay, closing day, reference, its own name) is
settled by the listing, so that two boards may show one opening without one fact in common.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ops.match_report.thirdworld.choices import requirements
from ops.match_report.thirdworld.opening import Opening, dated
from ops.match_report.thirdworld.tables import LANGUAGES, NL, Pair, pairs, programme, stable, texts
from ops.match_report.thirdworld.titles import capitalised, occupation_name, plain_title

T = TypeVar("T")
INTRO, TASKS, DETAILS, REQUIREMENTS, OFFER = range(5)
"""Places of the blocks that every advertisement has; about the employer and the procedure come after them."""


@dataclass(frozen=True, slots=True)
class Block:
    heading: str
    """Empty for none."""
    items: list[str]
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """What a listing tells of the opening."""

    hours: bool
    pay: bool
    closing: bool
    reference: bool
    employer: str | None
    """None: the employer stays hidden."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """What differs between a job, an internship and a traineeship."""

    where: str
    tasks: list[str]
    requirements: list[str]
    offer: list[str]
    details: int
    """So many are told."""


def advertisement(opening: Opening, lang: int, telling: Telling) -> list[Block]:
    said = opening.said
    headings: list[str] = _round(texts("texts")["headings"][LANGUAGES[lang]], opening.employer.style % 4)
    parts = _parts(opening, lang, telling)
    offer = parts.offer
    if telling.hours:
        words = _hours_in_words(opening.hours, lang)
        offer = [*offer, (f"een aanstelling voor {words}", f"an appointment of {words}")[lang]]
    hooks = pairs("groups", "hooks", texts("groups")["hooks_of"].get(opening.work.group, "public"))
    week = pairs("texts", "opening", "days")
    blocks = [
        Block("", [_round(hooks, said.hook)[lang], parts.where, *(week[day][lang] for day in said.days)]),
        Block(headings[0], parts.tasks, is_list=True),
        Block("", [detail.text[lang] for detail in said.details[: parts.details]]),
        Block(headings[1], parts.requirements, is_list=True),
        Block(headings[2], offer, is_list=True),
    ]
    if telling.employer is not None:
        about = (programme() if opening.consortium else opening.employer).about[lang]
        team = pairs("texts", "opening", "team")
        people = [team[number][lang] for number in said.team]
        blocks.append(Block(headings[3].format(employer=telling.employer), [*about, *people]))
    return [*blocks, Block(headings[4], _procedure(opening, lang, telling))]


def _round(found: Sequence[T], number: int) -> T:
    """Counted round."""
    return found[number % len(found)]


def _parts(opening: Opening, lang: int, telling: Telling) -> _Parts:
    if opening.kind == "traineeship":
        return _traineeship(opening, lang, telling)
    return _internship(opening, lang, telling) if opening.is_internship else _job(opening, lang, telling)


def _traineeship(opening: Opening, lang: int, telling: Telling) -> _Parts:
    said, topic = opening.said, opening.work.topic[lang]
    assert opening.start is not None
    slots = {"months": said.months, "years": said.years, "duration": opening.duration, "pay": money(said.pay, lang)}
    first = dated(opening.start, lang)
    where = (
        f"Het traineeship {topic} duurt {opening.duration} maanden. Je begint op {first}.",
        f"The {topic} traineeship lasts {opening.duration} months. You start on {first}.",
    )[lang]
    if opening.consortium:
        names = ", ".join(host.names[lang][0] for host in opening.consortium)
        where += (
            f" Talent voor het Noorden is een programma van {names}.",
            f" Talent for the North is a programme of {names}.",
        )[lang]
    tasks, asked, offer = _training("traineeship", opening, lang, telling, slots)
    return _Parts(where, tasks, asked, offer, 2)


def _internship(opening: Opening, lang: int, telling: Telling) -> _Parts:
    said, topic = opening.said, opening.work.topic[lang]
    assert opening.start is not None
    first = dated(opening.start, lang)
    if topic:
        where = (
            f"De opdracht gaat over {topic}; je start rond {first} in {opening.town}.",
            f"The assignment is about {topic}; you start around {first} in {opening.town}.",
        )[lang]
    else:
        name = occupation_name(opening, lang)
        where = (
            f"Je loopt stage als {name} in {opening.town} vanaf {first}.",
            f"You will be an intern ({name}) in {opening.town} from {first}.",
        )[lang]
    slots = {"months": said.months, "pay": said.pay}
    tasks, asked, offer = _training("internship", opening, lang, telling, slots)
    return _Parts(where, tasks, [*asked, f"{('opleiding', 'education')[lang]}: {_education(opening, lang)}"], offer, 2)


def _training(
    kind: str, opening: Opening, lang: int, telling: Telling, slots: Mapping[str, object]
) -> tuple[list[str], list[str], list[str]]:
    """Tasks, requirements and offer of the kind; its pay is the first that it offers."""
    tasks, asked, offered = (pairs("texts", kind, name) for name in ("tasks", "requirements", "offer"))
    told = offered if telling.pay else offered[1:]
    chosen = [tasks[number] for number in opening.said.tasks]
    filled = [[pair[lang].format(**slots) for pair in found] for found in (chosen, asked, told)]
    return filled[0], filled[1], filled[2]


def _job(opening: Opening, lang: int, telling: Telling) -> _Parts:
    name, department = plain_title(opening, lang), opening.department[lang]
    at = (f" bij {department}", f" in {department}")[lang] if department else ""
    where = (f"Als {name} werk je{at} in {opening.town}.", f"As {name} you work{at} in {opening.town}.")[lang]
    tasks = [_task(opening, number, lang) for number in opening.said.tasks]
    return _Parts(where, tasks, _asked(opening, lang), _offered(opening, lang, telling), len(opening.said.details))


def _task(opening: Opening, number: int, lang: int) -> str:
    """Employers word the same work each in their own way."""
    occupation = opening.work.occupation
    assert occupation is not None
    text = occupation.tasks[number][lang]
    habit = stable("suffix", opening.employer.key, occupation.key, number)
    ending = _round(pairs("texts", "opening", "endings"), habit // 100)[lang]
    return f"{text} {ending}" if habit % 100 < 45 else text


def _asked(opening: Opening, lang: int) -> list[str]:
    occupation = opening.work.occupation
    assert occupation is not None
    bank = requirements(opening.work.group)
    asked = [bank[number][lang] for number in opening.said.requirements]
    if opening.level:
        asked.insert(0, texts("texts")["level"][opening.level][lang])
    if opening.education and (lang == NL or stable(opening.key, "edu-en") % 10 < 6):
        asked.insert(0, f"{('werk- en denkniveau', 'education')[lang]}: {_education(opening, lang)}")
    if occupation.tools and stable(opening.key, "tools") % 2:
        asked.append(f"{('ervaring met', 'experience with')[lang]} {_round(occupation.tools, opening.said.hook)}")
    return asked


def _education(opening: Opening, lang: int) -> str:
    words: Pair = texts("groups")["education"]["|".join(opening.education)]
    return words[lang]


def _offered(opening: Opening, lang: int, telling: Telling) -> list[str]:
    kind = texts("sectors")["offers_of"].get(opening.employer.sector, "tech") if opening.work.group != "res" else "res"
    bank = pairs("sectors", "offers", kind)
    offered = dict.fromkeys(_round(bank, number)[lang] for number in opening.said.offer)
    if not (opening.pay and telling.pay):
        return [("een goed salaris dat past bij je ervaring", "a competitive salary")[lang], *offered]
    low, high = (money(amount, lang) for amount in opening.pay)
    pay = (
        f"een salaris tussen € {low} en € {high} bruto per maand",
        f"a salary between € {low} and € {high} gross per month",
    )[lang]
    return [pay, *offered]


def _procedure(opening: Opening, lang: int, telling: Telling) -> list[str]:
    bank: dict[str, list[str]] = texts("texts")["procedure"]
    told = [_round(bank[f"open_{LANGUAGES[lang]}"], opening.said.procedure)]
    if telling.closing:
        closing = _round(bank[f"closing_{LANGUAGES[lang]}"], opening.said.procedure)
        told.insert(0, closing.format(day=dated(opening.closes, lang)))
    if telling.reference and opening.reference:
        told.append(f"{('Vacaturenummer', 'Reference number')[lang]}: {opening.reference}")
    return told


def _hours_in_words(hours: tuple[int, int], lang: int) -> str:
    low, high = hours
    span = str(high) if low == high else f"{low} {('tot', 'to')[lang]} {high}"
    return f"{span} {('uur per week', 'hours per week')[lang]}"


def money(amount: int, lang: int) -> str:
    return f"{amount:,}".replace(",", ".") if lang == NL else f"{amount:,}"


def to_html(blocks: list[Block]) -> str:
    return "".join(_html(block) for block in blocks)


def _html(block: Block) -> str:
    heading = f"<h3>{block.heading}</h3>" if block.heading else ""
    items = [capitalised(item) for item in block.items]
    if block.is_list:
        return f"{heading}<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
    return f"{heading}<p>{' '.join(items)}</p>"


def to_plain(blocks: list[Block], *, headings: bool, joined: bool) -> str:
    """Lines; `joined`: lists as one sentence."""
    lines: list[str] = []
    for block in blocks:
        if block.heading and headings:
            lines.append(block.heading)
        if block.is_list and not joined:
            lines += [f"• {capitalised(item)}" for item in block.items]
        else:
            lines.append("; ".join(block.items) + "." if block.is_list else " ".join(map(capitalised, block.items)))
    return "\n".join(lines)
