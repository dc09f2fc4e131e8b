"""What is wrong with files of secrets though the hub runs: told by `hub up` and `hub doctor`, and taken all the same.

One of webhooks that cannot be read is asked for by nothing before a partner pushes. One that everybody on the machine may
read is not refused, as a client of ssh would: where containers mount secrets, they are readable by all of a container that
nobody else is in. A group's right is left alone, since that is how a service's own user reads what root has written.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from hub.settings import Settings


def find_faults(settings: Settings) -> list[str]:
    """A sentence for each; what to do stands behind its last semicolon."""
    exposed = [
        f"{setting}: everybody on this machine can read {path}; chmod o= {path}"
        for setting, path in _secret_files(settings)
        if path is not None and _is_exposed(path)
    ]
    return exposed + [
        f"connectors.{name}.webhook_secret_file: {path} {why}, so what it pushes is refused; put the secret there, or unset it"
        for name, own in sorted(settings.connectors.items())
        if (path := own.webhook_secret_file) is not None and (why := _why_unreadable(path)) is not None
    ]


def _why_unreadable(path: Path) -> str | None:
    try:
        return None if path.read_bytes().strip() else "is empty"
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def _secret_files(settings: Settings) -> Iterator[tuple[str, Path | None]]:
    yield "kafka.key_file", settings.kafka.key_file
    for name, own in sorted(settings.connectors.items()):
        yield f"connectors.{name}.credential_file", own.credential_file
        yield f"connectors.{name}.webhook_secret_file", own.webhook_secret_file


def _is_exposed(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except OSError:
        return False  # that it cannot be read says who needs it
    return stat.S_ISREG(mode) and bool(mode & stat.S_IROTH)  # of a directory named by mistake nobody should take rights away
