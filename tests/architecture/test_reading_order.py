"""The package's own docstring leads through it: every room and file of `hub` stands in it once."""

from __future__ import annotations

import re
from pathlib import Path

import hub

ROOT = Path(hub.__file__).parent


def test_the_reading_order_names_everything_in_the_package_once() -> None:
    assert hub.__doc__ is not None
    told = re.findall(r"\w+", hub.__doc__.partition("Reading order:")[2])
    rooms = {path.name for path in ROOT.iterdir() if path.is_dir() and (path / "__init__.py").is_file()}
    files = {path.stem for path in ROOT.glob("*.py") if not path.stem.startswith("__")}
    assert sorted(told) == sorted(rooms | files)
