"""Example 03 runs as its README says, by itself and in the hub's own tool."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[3] / "examples" / "03_write_a_connector"


def test_example_prints_postings_and_the_rejected_record() -> None:
    ran = subprocess.run([sys.executable, str(EXAMPLE / "run.py")], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == [
        "51  vacancy: Verpleegkundige wijkteam (Zorggroep Voorbeeld, Delfzijl)",
        "52  internship: Research internship dementia care (Ziekenhuis Voorbeeld, Groningen)",
        "53  rejected: wrong_type at offer.min_hours",
        "complete: what is absent now may be asked after",
    ]
    assert ran.stderr == ""
