"""Two openings on three platforms, a cook joined by evidence and a nurse, and the operator who speaks of them."""

from __future__ import annotations

import json
import re
from pathlib import Path

from fakes.postings import BASE
from fakes.unify_world import JOB, Process, World, until

from hub.matching import default_parts
from hub.matching.model import FORMAT, RULES

COOK, NURSE, SAME = "a:cook", "b:nurse", "c:cook"
WHY = ("--why", "looked at both")


def meet(world: World) -> None:
    world.write(COOK, title="Kok", employer="Hotel Noord", apply_url=JOB.format(1))
    world.write(SAME, title="Kok", employer="Hotel Noord", apply_url=JOB.format(1), first_seen=BASE + 1)
    world.write(NURSE, first_seen=BASE + 2)
    until(lambda: joined(world) == [[COOK, SAME], [NURSE]], "two opportunities")


def joined(world: World) -> list[list[str]]:
    return sorted(world.live().values())


def run(owner: Process, *arguments: str) -> str:
    ran = owner.hub("match", *arguments)
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


def strict(path: Path) -> Path:
    """A model by which nothing but an operator's word joins."""
    parts = dict(default_parts())
    parts["weights"] = re.sub(r"(?m)^(link|mutual|sole) *=.*$", r"\1 = 90.0", parts["weights"])
    path.write_text(json.dumps({"format": FORMAT, "rules": RULES, "parts": parts}))
    return path
