"""Writes a working connector with its tests, for one of the known formats; the templates lie in `hub/sdk/templates`.

A template is the file that it becomes, with `$name`, `$title`, `$package`, `$base_url` and others to fill in. Two places are
served: the hub's own tree (`hub/connectors/<name>` and `tests/connectors/<name>`), and a package of its own, which the
hub finds by the entry-point group `hub.connectors` once it is installed beside it.
"""

from __future__ import annotations

import json
import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from yarl import URL

from hub.errors import ConfigError

FORMATS = ("json", "recruitee", "wordpress", "schema_org", "icalendar")
SUFFIX = ".txt"
TESTS = "tests"
_VOLATILE = {
    "recruitee": '["offer.updated_at"]',
    "wordpress": '["listing.modified_gmt", "event.modified_utc"]',
    "schema_org": '["jsonld.dateModified"]',
    "icalendar": '["vevent.DTSTAMP", "vevent.LAST-MODIFIED", "vevent.SEQUENCE"]',
}
"""What moves in each format without a change of content."""
_FILES = {"icalendar": "agenda.ics", "schema_org": "sitemap.xml"}
"""The one file at which reading begins, unless the address names another."""
_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}\Z")


def is_name(name: str) -> bool:
    return _NAME.match(name) is not None


def write_connector(
    name: str, format_: str, *, base_url: str, folder: Path | None = None, root: Path | None = None
) -> list[Path]:
    """Write into `folder/<name>` as a package of its own, or into the working tree `root`. Returns the files written.

    Raises ConfigError when a file would be overwritten; then nothing is written.
    """
    if folder:
        code, tests = folder / name, folder / TESTS
    elif root:
        code, tests = root / "hub" / "connectors" / name, root / "tests" / "connectors" / name
    else:
        raise ConfigError("name either a folder or the working tree")
    base_url, file = _parted(base_url.rstrip("/"), _FILES.get(format_, ""))
    values = {
        "name": name,
        "title": name.replace("_", " ").capitalize(),
        "package": name if folder else f"hub.connectors.{name}",
        "base_url": base_url,
        "file": file,
        "path": URL(base_url).path.rstrip("/"),
        "hosts": _hosts_of(base_url),
        "format": format_,
        "volatile": _VOLATILE.get(format_, "[]"),
    }
    planned = {code / path: text for path, text in _templates("shared", values)}
    for path, text in _templates(format_, values):
        planned[tests / path.removeprefix(f"{TESTS}/") if path.startswith(f"{TESTS}/") else code / path] = text
    if folder:
        planned |= {folder / path: text for path, text in _templates("package", values)}
    taken = [target for target in planned if target.exists()]
    if taken:
        more = f"; {folder} holds a package already, so name a folder of its own with --dir" if folder else ""
        raise ConfigError(f"{taken[0]} exists already, and nothing was written{more}")
    for target, text in planned.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return sorted(planned)


def _parted(address: str, file: str) -> tuple[str, str]:
    """(base address, the file below it): "…/public/basic.ics" names a calendar by itself."""
    base, _, last = address.rpartition("/")
    is_named = file and last.endswith(file[file.rindex(".") :])
    return (base, last) if is_named else (address, file)


def _hosts_of(base_url: str) -> str:
    """The address's host with and without `www.`, as a list in TOML: sites lead from one to the other."""
    host = URL(base_url).host or ""
    bare = host.removeprefix("www.")
    names = [bare, f"www.{bare}"] if "." in bare and not bare.rpartition(".")[2].isdigit() else [host] if host else []
    return json.dumps(names)


def _templates(folder: str, values: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (Template(path).substitute(values), Template(source.read_text(encoding="utf-8")).substitute(values))
        for path, source in _files(files("hub.sdk") / "templates" / folder, "")
    ]


def _files(folder: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            found += _files(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(SUFFIX):
            found.append((prefix + entry.name.removesuffix(SUFFIX), entry))
    return found
