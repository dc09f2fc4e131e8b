"""Reference data beside this package, read once at import, and the hash that names the whole rule set.

`MODEL` changes when a rule file or a table changes, so that a derived value can be traced to what derived it.
"""

from __future__ import annotations

import csv
import hashlib
import tomllib
from importlib.resources import files
from typing import Any

_ROOT = files("hub.enrich")
_CLEANING = frozenset(
    {
        *("cleaning.py", "safe_html.py", "privacy.py", "contact_patterns.py", "lines.py", "language.py", "echo.py"),
        *("contact_names.py", "persons.py", "plain_html.py", "spots.py", "ghost.py", "__init__.py"),
    }
)
"""What cleans rather than derives: a change there is a new canonical record, not a new rule set."""


def load_toml(name: str) -> dict[str, Any]:
    return tomllib.loads((_ROOT / "data" / name).read_text(encoding="utf-8"))


def load_rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((_ROOT / "data" / name).read_text(encoding="utf-8").splitlines()))


def _model() -> str:
    digest = hashlib.sha256()
    parts = [entry for entry in _ROOT.iterdir() if entry.name.endswith(".py") and entry.name not in _CLEANING]
    parts += [entry for entry in (_ROOT / "data").iterdir() if entry.name.endswith((".toml", ".csv"))]
    for entry in sorted(parts, key=lambda entry: entry.name):
        digest.update(entry.name.encode() + b"\0" + entry.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


MODEL = _model()
