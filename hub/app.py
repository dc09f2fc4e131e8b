"""Composition root: builds each role from Settings. The only file that knows all parts.

Every role is one function `run_<role>(settings) -> exit code`; its parts are imported inside, so that a role loads
only what it uses.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hub.settings import Settings


def run_broker(settings: Settings) -> int:
    from hub.supervisor.broker import run_broker
    from hub.telemetry.role import run_role

    return run_role("broker", settings, run_broker, _no_audit)


def run_sandbox(settings: Settings, truth_file: str | None = None) -> int:
    raise NotImplementedError


def run_ingest(settings: Settings) -> int:
    raise NotImplementedError


def run_worker(settings: Settings, number: int = 1) -> int:
    raise NotImplementedError


def run_unify(settings: Settings) -> int:
    raise NotImplementedError


def run_serve(settings: Settings) -> int:
    raise NotImplementedError


def run_up(settings: Settings, *, with_sandbox: bool = True, config: Path | None = None) -> int:
    from hub.supervisor.up import run_up

    return run_up(settings, with_sandbox=with_sandbox, config=config)


async def _no_audit(who: str, what: str, why: str, arguments: Mapping[str, Any]) -> None:
    """For roles without commands."""
