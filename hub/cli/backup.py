"""`hub backup` and `hub restore`: the whole state of a hub on this machine in one file, and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hub.cli.options import json_option, say, settings_of, why_option
from hub.telemetry.contact import user_name

if TYPE_CHECKING:
    from hub.backup.archive import Watcher
    from hub.backup.manifest import Head, Manifest

MIB = 2**20


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--verify", is_flag=True, help="Read the backup FILE and compare every sum; write nothing.")
@click.option("--keep", type=click.IntRange(min=1), help="FILE is a directory: keep so many backups of this hub in it.")
@click.option("--replace", is_flag=True, help="Put the new backup in the place of a FILE that is there.")
@why_option
@json_option
@click.pass_context
def backup(ctx: click.Context, file: Path, verify: bool, keep: int | None, replace: bool, why: str, as_json: bool) -> None:
    """Write the state of this machine's hub to FILE while it runs, or while it is stopped.

    In a directory the file gets a name by its time. What is in it is as secret as the state directory.
    """
    from hub.backup.restore import verify_backup
    from hub.backup.take import take_backup

    if verify:
        if keep is not None or replace:
            raise click.UsageError("--verify writes nothing, so --keep and --replace mean nothing with it")
        _require_file(file)
        with _progress("verifying", quiet=as_json) as watcher:
            manifest = verify_backup(file, watcher=watcher)
        say({"file": str(file), **_told(manifest)}, as_json, f"{file} is whole: {_summary(manifest)}")
        return
    if keep is not None and not file.is_dir():
        raise click.UsageError("--keep wants a directory: backups get a name by their time there")
    settings = settings_of(ctx)
    with _progress("writing", quiet=as_json) as watcher:
        taken = take_backup(settings, file, who=user_name(), why=why, replace=replace, keep=keep, watcher=watcher)
    size = {"bytes": taken.bytes, "seconds": round(taken.seconds, 3), "removed": [str(path) for path in taken.removed]}
    lines = [f"{taken.path}: {taken.bytes / MIB:.1f} MiB in {taken.seconds:.1f} s; {_summary(taken.manifest)}"]
    lines += [f"  not in it: {sentence}" for sentence in taken.manifest.head.not_included]
    lines += [f"  removed: {path}" for path in taken.removed]
    say({"file": str(taken.path), **_told(taken.manifest), **size}, as_json, *lines)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Move what is in the state directory into a folder beside.")
@why_option
@json_option
@click.pass_context
def restore(ctx: click.Context, file: Path, force: bool, why: str, as_json: bool) -> None:
    """Put the backup FILE into the state directory of a hub that is stopped.

    Nothing is touched before all of FILE has been read and compared with its sums.
    """
    from hub.backup.restore import restore_backup

    settings = settings_of(ctx)
    _require_file(file)
    with _progress("reading", quiet=as_json) as watcher:
        restored = restore_backup(settings, file, who=user_name(), why=why, force=force, watcher=watcher)
    head = restored.manifest.head
    result = {
        "state_dir": str(settings.state_dir.absolute()),
        "seconds": round(restored.seconds, 3),
        "aside": str(restored.aside) if restored.aside else None,
        **_told(restored.manifest),
    }
    say(result, as_json, f"{settings.state_dir.absolute()}: {_summary(restored.manifest)}", *_next_steps(head, restored.aside))


def _next_steps(head: Head, aside: Path | None) -> list[str]:
    lines = ["next:"]
    lines += [f"  put in place what is not in a backup: {sentence}" for sentence in head.not_included]
    lines += [
        "  `hub doctor`, then start the hub: it reads from the partners what has changed since",
        f"  operators' words and revoked tokens since {head.created_at} are gone: give them again",
        "  readers with an older cursor are answered 410 and begin anew from the snapshot, by themselves",
    ]
    if aside is not None:
        lines.append(f"  what was there before lies in {aside}: remove it when all is well")
    return lines


def _require_file(file: Path) -> None:
    if not file.is_file():
        raise click.UsageError(f"there is no file {file}")


def _told(manifest: Manifest) -> dict[str, Any]:
    head = manifest.head
    size = sum(entry.size for entry in manifest.files)
    return {**head.model_dump(exclude={"bytes", "files"}), "state_bytes": size, "state_files": len(manifest.files)}


def _summary(manifest: Manifest) -> str:
    head = manifest.head
    size = sum(entry.size for entry in manifest.files)
    kafka = f"Kafka {head.kafka}" if head.kafka else "without Kafka's data"
    return (
        f"{len(manifest.files)} files, {size / MIB:.1f} MiB, taken {head.created_at} of a {head.taken} hub, "
        f"release {head.release}, {kafka}"
    )


@contextmanager
def _progress(what: str, *, quiet: bool) -> Iterator[Watcher]:
    """A bar on the terminal's error output, nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from hub.backup.archive import Watcher

    console = Console(stderr=True)
    columns = (TextColumn(what), BarColumn(), DownloadColumn(binary_units=True), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)

        class Bar(Watcher):
            def begin(self, total: int) -> None:
                bar.update(task, total=total)

            def advance(self, count: int) -> None:
                bar.advance(task, count)

        yield Bar()
