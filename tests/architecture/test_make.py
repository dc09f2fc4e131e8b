"""What `make` names stays what is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_test_that_needs_a_broker_stands_where_make_integration_looks() -> None:
    (line,) = re.findall(r"^INTEGRATION = (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    marked = [
        path for path in (ROOT / "tests").rglob("*.py") if "pytest.mark." + "integration" in path.read_text(encoding="utf-8")
    ]
    assert {path.relative_to(ROOT).parts[:2] for path in marked} == {tuple(folder.split("/")) for folder in line.split()}
