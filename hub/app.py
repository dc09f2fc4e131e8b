"""Composition root: builds each role from Settings. The only file that knows all parts.

Every role is one function `run_<role>(settings) -> exit code`; its parts are imported inside, so that a role loads
only what it uses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hub.store.plain_sqlalchemy
import hub.telemetry.plain_structlog  # noqa: F401 - before any role imports structlog
from hub.settings import Settings

if TYPE_CHECKING:
    from hub.matching import MatchModel
    from hub.sdk.connector import Connector
    from hub.telemetry.ops_server import Audit


def run_broker(settings: Settings) -> int:
    from hub.supervisor.broker import run_broker
    from hub.telemetry.ops_server import no_audit
    from hub.telemetry.role import run_role

    return run_role("broker", settings, run_broker, no_audit)


def run_sandbox(settings: Settings, truth_file: str | None = None) -> int:
    from hub.sandbox.run import run_sandbox
    from hub.telemetry.ops_server import no_audit
    from hub.telemetry.role import run_role

    return run_role("sandbox", settings, lambda context: run_sandbox(context, truth_file), no_audit)


def run_ingest(settings: Settings) -> int:
    from hub.ingest.run import run_ingest
    from hub.sdk.connector import load_connectors
    from hub.telemetry.role import run_role

    connectors = load_connectors()
    return run_role("ingest", settings, lambda context: run_ingest(context, connectors), _audit_of(settings))


def run_connector_once(settings: Settings, name: str) -> int:
    """One run of one source; its report goes to standard output as a line of JSON. 1 when the run failed."""
    import asyncio
    import sys

    import orjson

    from hub.ingest.once import run_once
    from hub.sdk.connector import load_connectors

    report = asyncio.run(run_once(settings, name, load_connectors()))
    sys.stdout.write(orjson.dumps(report).decode() + "\n")
    return 1 if report["outcome"] in ("failed", "throttled") else 0


def run_worker(settings: Settings, number: int = 1) -> int:
    from hub.sdk.connector import load_connectors
    from hub.streams.worker_role import run_worker
    from hub.telemetry.role import run_role

    connectors = load_connectors()
    return run_role("worker", settings, lambda context: run_worker(context, connectors), _audit_of(settings), number)


def run_unify(settings: Settings) -> int:
    from hub.sdk.connector import load_connectors
    from hub.streams.unify_role import UnifyRole
    from hub.telemetry.role import run_role

    connectors = load_connectors()
    hosts = platform_hosts(settings, connectors)
    model = match_model(settings)
    keep_match_model(settings, model)
    return run_role("unify", settings, lambda context: UnifyRole(context, connectors, hosts, model).run(), _audit_of(settings))


def run_serve(settings: Settings) -> int:
    from hub.api.run import run_serve
    from hub.telemetry.role import run_role

    return run_role("serve", settings, run_serve, _audit_of(settings))


def run_deliver(settings: Settings) -> int:
    from hub.delivery.run import run_deliver
    from hub.telemetry.role import run_role

    return run_role("deliver", settings, run_deliver, _audit_of(settings))


def run_up(
    settings: Settings, main: Callable[[Sequence[str]], None], *, with_sandbox: bool = True, config: Path | None = None
) -> int:
    """`main`: what a role's process does with its arguments, as `hub` on a command line."""
    from hub.supervisor.up import run_up

    return run_up(settings, main, with_sandbox=with_sandbox, config=config)


def match_model(settings: Settings) -> MatchModel:
    """The model that the settings name. Raises ConfigError when a file is missing or cannot be read."""
    from hub.errors import ConfigError
    from hub.matching import MatchModel, default_parts, stored_parts

    matching = settings.matching
    try:
        parts = stored_parts(matching.model_file.read_bytes()) if matching.model_file else default_parts()
        if matching.employers_file:
            parts["more_employers"] = matching.employers_file.read_text(encoding="utf-8")
        if matching.occupations_file:
            parts["occupations_more"] = matching.occupations_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"settings: matching: {error}; correct the path or take the setting out") from error
    return MatchModel(parts)


def match_model_named(settings: Settings, name: str) -> MatchModel:
    """`current`, a file, or the hash of a model that ran here before. Raises ConfigError when there is none."""
    from hub.errors import ConfigError
    from hub.matching import MatchModel

    if name == "current":
        return match_model(settings)
    path = Path(name) if Path(name).is_file() else match_model_dir(settings) / f"{name}.json"
    try:
        return MatchModel.from_bytes(path.read_bytes())
    except FileNotFoundError as error:
        known = sorted(one.stem for one in match_model_dir(settings).glob("*.json"))
        raise ConfigError(f"{name} is neither a file nor a model that ran here; known: {', '.join(known) or 'none'}") from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error


def match_model_dir(settings: Settings) -> Path:
    """Where every model that unify ran with is kept, by its hash."""
    return settings.state_dir / "models"


def keep_match_model(settings: Settings, model: MatchModel) -> None:
    """So that its hash, which stands in each opportunity's provenance, leads back to what judged."""
    path = match_model_dir(settings) / f"{model.hash}.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_suffix(".new")
        scratch.write_bytes(model.to_bytes())
        scratch.replace(path)


def platform_hosts(settings: Settings, connectors: Mapping[str, Connector]) -> dict[str, str]:
    """Authority of each platform's own pages → source: from its manifest, and where it is configured to answer."""
    from hub.matching.addresses import authority

    hosts: dict[str, str] = {}
    for name, connector in sorted(connectors.items()):
        addresses = [connector.manifest.base_url, settings.connector(name).base_url or ""]
        addresses += [f"https://{host}" for host in connector.manifest.platform_hosts]
        hosts.update({host: name for address in addresses if (host := authority(address))})
    return hosts


def _audit_of(settings: Settings) -> Audit:
    """The audit in hub.db, whose libraries (17 MB) are loaded at its first line and not at a role's start."""

    async def write(who: str, what: str, why: str, arguments: Mapping[str, Any]) -> None:
        from hub.store.audit import audit_writer

        await audit_writer(settings)(who, what, why, arguments)

    return write
