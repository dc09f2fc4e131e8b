"""Fail unless every required test ran and passed: `require_tests.py REQUIRED JUNIT_XML…`.

REQUIRED has one test a line, `tests/…/test_x.py::test_name` (`::Class::test_name`); a parametrised test stands there
once and must have passed with every parameter. A test that was skipped, deselected or renamed has not run.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

FAULTS = {"failure": "failed", "error": "had an error", "skipped": "was skipped"}


def outcomes(reports: Iterable[Path]) -> dict[tuple[str, str], set[str]]:
    """(dotted class name, test name without parameters) → the outcomes of its runs."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for report in reports:
        for case in ElementTree.parse(report).iter("testcase"):
            key = (case.get("classname", ""), case.get("name", "").partition("[")[0])
            faults = {FAULTS[child.tag] for child in case if child.tag in FAULTS}
            found[key] |= faults or {"passed"}
    return found


def missing(required: Iterable[str], found: dict[tuple[str, str], set[str]]) -> list[str]:
    """One sentence for each required test that did not run and pass."""
    sentences = []
    for line in required:
        name = line.partition("#")[0].strip()
        if not name:
            continue
        file, *rest = name.split("::")
        dotted = ".".join([file.removesuffix(".py").replace("/", "."), *rest[:-1]])
        wrong = found.get((dotted, rest[-1]), {"did not run"}) - {"passed"}
        if wrong:
            sentences.append(f"{name} {' and '.join(sorted(wrong))}")
    return sentences


def main() -> int:
    required, *reports = map(Path, sys.argv[1:])
    lines = required.read_text(encoding="utf-8").splitlines()
    faults = missing(lines, outcomes(report for report in reports if report.is_file()))
    for fault in faults:
        print(f"required: {fault}", file=sys.stderr)
    if not faults:
        print(f"all {sum(1 for line in lines if line.partition('#')[0].strip())} required tests ran and passed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
