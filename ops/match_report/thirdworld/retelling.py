"""What a board makes of the employer's advertisement: a copy, running text in its own order, or lines cut short."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from ops.match_report.thirdworld.advertisement import DETAILS, INTRO, OFFER, REQUIREMENTS, TASKS, Block, to_html, to_plain
from ops.match_report.thirdworld.boards import AGENCY, CAMPUS, GATHERED, JOBS, NORTH, START, Board
from ops.match_report.thirdworld.tables import LANGUAGES, texts


@dataclass(frozen=True, slots=True)
class Told:
    """What the board starts from."""

    blocks: list[Block]
    lang: int
    slots: dict[str, str]
    """`title`, `employer`, `town` and `kind`, for its own sentences."""
    agency: str | None
    is_hidden: bool


def retold(rng: random.Random, board: Board, told: Told) -> str:
    """HTML."""
    return _BY_BOARD[board](rng, told)


def _copied(_: random.Random, told: Told) -> str:
    return to_html(told.blocks)


def _english(rng: random.Random, told: Told) -> str:
    """Four in five: shorter, in running text, in the editors' own order."""
    if rng.random() >= 0.8:
        return to_html(told.blocks)
    own, blocks = texts("boards")["northjobs"], told.blocks
    tasks = _some_tasks(rng, blocks, 4)
    lead = rng.choice(own["intro"]).format(**told.slots)
    parts = [lead] if lead else []
    intro = blocks[INTRO].items
    parts.append(" ".join(intro[1:3] if rng.random() < 0.65 else intro))
    parts.append(rng.choice(own["tasks"]).format("; ".join(tasks)))
    details, asked = blocks[DETAILS].items, blocks[REQUIREMENTS].items
    if rng.random() < 0.75:
        parts.append(" ".join(rng.sample(details, min(len(details), rng.randint(1, 3)))))
    if rng.random() < 0.7:
        parts.append(rng.choice(own["requirements"]).format("; ".join(asked[: rng.randint(1, 3)])))
    if rng.random() < 0.7:
        parts.append(f"Offer: {'; '.join(blocks[OFFER].items)}.")
    parts += [" ".join(block.items) for block in blocks[OFFER + 1 :] if rng.random() < 0.6]
    foot = rng.choice(own["foot"])
    return "".join(f"<p>{part}</p>" for part in [*parts, *([foot] if foot else [])])


def _some_tasks(rng: random.Random, blocks: list[Block], most: int) -> list[str]:
    """Two at least, in another order."""
    tasks = list(blocks[TASKS].items)
    rng.shuffle(tasks)
    return tasks[: rng.randint(2, most)]


def _by_agency(rng: random.Random, told: Told) -> str:
    own, blocks = texts("boards")["flexmatch"], told.blocks
    intro = rng.choice(own["hidden" if told.is_hidden else "on_behalf"]).format(**told.slots)
    tasks = _some_tasks(rng, blocks, 5)
    done = f"{rng.choice(own['tasks'])}{', '.join(tasks)}."
    details, asked, offer = (blocks[place].items for place in (DETAILS, REQUIREMENTS, OFFER))
    particular = " ".join(rng.sample(details, max(1, len(details) - 1)))
    wanted = rng.sample(asked, max(1, len(asked) - rng.randint(0, 2)))
    profile = rng.choice(own["requirements"]).format(", ".join(wanted))
    given = f"{rng.choice(own['offer'])}{', '.join(offer[:3] + offer[-1:])}."
    parts = (intro, done, particular, profile, given, rng.choice(own["foot"]))
    return "".join(f"<p>{part}</p>" for part in parts)


def _gathered(rng: random.Random, told: Told) -> str:
    """Plain lines between sentences of its own; five in seven are cut if they are long."""
    own = texts("boards")["drieprovincies"]
    text = to_plain(told.blocks, headings=rng.random() < 0.6, joined=rng.random() < 0.35)
    limit = rng.choice((450, 700, 1000, 1500, 2000, None, None))
    if limit and len(text) > limit:
        text = text[: text.rfind(" ", 0, limit)] + "…"
    intro = rng.choice(own["intro"]).format(**told.slots) if rng.random() < 0.7 else ""
    foot = rng.choice(own["foot"]).format(**told.slots)
    if told.agency and told.is_hidden:
        intro = rng.choice(texts("boards")["flexmatch"]["hidden"]).format(**told.slots)
    return "<br>".join(part.replace("\n", "<br>") for part in (intro, text, foot) if part)


def _for_starters(rng: random.Random, told: Told) -> str:
    blocks = told.blocks
    if rng.random() < 0.5:
        blocks = [*blocks[:DETAILS], *blocks[DETAILS + 1 :]]
    return f"<p>{rng.choice(texts('boards')['startlijn']['intro'])}</p>{to_html(blocks)}"


def _for_students(rng: random.Random, told: Told) -> str:
    """Half of them end early, but with how to apply."""
    intro = rng.choice(texts("boards")["campusnoord"][f"intro_{LANGUAGES[told.lang]}"])
    blocks = told.blocks
    if rng.random() < 0.5:
        blocks = [*blocks[: rng.choice((2, 3, 4))], blocks[-1]]
    return f"<p>{intro}</p>{to_html(blocks)}"


_BY_BOARD: dict[Board, Callable[[random.Random, Told], str]] = {
    JOBS: _copied,
    NORTH: _english,
    GATHERED: _gathered,
    START: _for_starters,
    AGENCY: _by_agency,
    CAMPUS: _for_students,
}
