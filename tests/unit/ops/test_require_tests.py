"""A required test counts only when it ran and passed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.require_tests import missing, outcomes

REPORT = """<testsuites><testsuite>
<testcase classname="tests.integration.test_x" name="test_passed" />
<testcase classname="tests.integration.test_x" name="test_many[a]" />
<testcase classname="tests.integration.test_x" name="test_many[b]"><failure message="no" /></testcase>
<testcase classname="tests.integration.test_x" name="test_skipped"><skipped message="no broker" /></testcase>
<testcase classname="tests.integration.test_x.TestGroup" name="test_inside" />
</testsuite></testsuites>"""


@pytest.mark.parametrize(
    ("name", "sentences"),
    [
        ("test_passed", []),
        ("TestGroup::test_inside", []),
        ("test_many", ["tests/integration/test_x.py::test_many failed"]),
        ("test_skipped", ["tests/integration/test_x.py::test_skipped was skipped"]),
        ("test_renamed", ["tests/integration/test_x.py::test_renamed did not run"]),
    ],
)
def test_a_required_test_must_have_run_and_passed(tmp_path: Path, name: str, sentences: list[str]) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    assert missing([f"tests/integration/test_x.py::{name}"], outcomes([report])) == sentences


def test_comments_and_blank_lines_require_nothing() -> None:
    assert missing(["# a comment", "", "  "], {}) == []


def test_every_required_test_names_a_file_that_is_there() -> None:
    root = Path(__file__).resolve().parents[3]
    lines = [line for line in (root / "tests" / "required.txt").read_text().splitlines() if line and not line.startswith("#")]
    assert lines
    names = {line: line.split("::")[-1] for line in lines}
    assert [line for line in lines if f"def {names[line]}(" not in (root / line.split("::")[0]).read_text()] == []
