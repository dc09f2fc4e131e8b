"""A class-data archive: the JVM's classes as they lie in its memory, which halves the broker's start.

The first JVM that ends tidily writes one into the cache of the jars, and later ones read it. One to which it does not fit
ignores it.
"""

from __future__ import annotations

import uuid
from pathlib import Path


class ClassDataArchive:
    """The archive of one Java and one set of jars, as one data directory's JVM reads and writes it."""

    def __init__(self, jars_dir: Path, java: Path, data_dir: Path) -> None:
        stem = f"{jars_dir.name}-{_name(f'{java.resolve()}:{java.resolve().stat().st_mtime_ns}')}"
        self.path = jars_dir.parent / f"{stem}.jsa"
        self.scratch = jars_dir.parent / f"{stem}.{_name(str(data_dir))}"
        """Where this data directory's JVM writes it: one process may start that JVM and another end it."""

    def reading_flags(self) -> list[str]:
        return [f"-XX:SharedArchiveFile={self.path}"] if self.path.is_file() else []

    def flags(self) -> list[str]:
        """Those that read it, or where there is none those that write it at the JVM's end."""
        if self.path.is_file():
            return self.reading_flags()
        self.scratch.unlink(missing_ok=True)
        return [f"-XX:ArchiveClassesAtExit={self.scratch}", "-Xlog:cds=off", "-Xlog:cds+dynamic=off"]

    def keep(self) -> None:
        """Take up what a JVM wrote at its end. It writes the first bytes last: where they are zero it was killed meanwhile."""
        if not self.scratch.is_file():
            return
        with self.scratch.open("rb") as file:
            is_whole = any(file.read(4))
        if is_whole:
            self.scratch.replace(self.path)


def _name(text: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, text).hex[:12]
