"""Where one applies: the job's page in the employer's own system, a page that all its jobs share, or the board's own form."""

from __future__ import annotations

import random
import re

from hub.domain.posting import Apply
from ops.match_report.thirdworld.boards import GATHERED, Board
from ops.match_report.thirdworld.opening import Opening
from ops.match_report.thirdworld.tables import EN, NL
from ops.match_report.thirdworld.titles import title

_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")


def apply_of(opening: Opening, board: Board, lang: int, native: str, page: str, rng: random.Random) -> Apply | None:
    own_form = Apply(method="form", url=page) if rng.random() < 0.5 else None
    if rng.random() < board.job_address:
        return Apply(method="url", url=_job_address(opening, board, lang, rng))
    if board is GATHERED:
        return Apply(method="url", url=f"https://{board.host}/solliciteer/{native}")
    return own_form


def _job_address(opening: Opening, board: Board, lang: int, rng: random.Random) -> str:
    """In the manner of the employer's system, with the board's tracking; some lead to its front page after all."""
    employer, style = opening.employer, opening.employer.style % 5
    if employer.is_small and style < 2:
        return f"https://www.{employer.domain}/vacatures"
    slug = _NOT_IN_SLUG.sub("-", title(opening, NL, random.Random(opening.key)).lower()).strip("-")
    if style < 2:
        folder = "en/jobs" if lang == EN and rng.random() < 0.5 else "vacature"
        address = f"https://werkenbij.{employer.domain}/{folder}/{opening.job}/{slug}"
    elif style == 2:
        address = f"https://{employer.domain.split('.')[0]}.recruitee.com/o/{slug}-{opening.job[-2:]}"
    elif style == 3:
        address = f"https://www.{employer.domain}/werken-bij/vacatures/{slug}-{opening.job}"
    else:
        address = f"https://jobs.{employer.domain}/apply?jobId={opening.job}{'&lang=en' if lang == EN else ''}"
    if rng.random() < 0.55:
        joint = "&" if "?" in address else "?"
        address += f"{joint}utm_source={board.source}&utm_medium={rng.choice(('jobboard', 'cpc', 'feed'))}"
    return f"https://werkenbij.{employer.domain}/" if rng.random() < 0.08 else address
