"""What `hub up` runs, from the settings: roles in order, what each waits for, ports and environment. Pure.

Against the sandbox every connector it plays gets its address there, is switched on and polls quickly, unless the
settings say otherwise for that connector.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from hub.broker.embedded import LOG_FILE
from hub.errors import ConfigError
from hub.settings import Settings, authority
from hub.store.state_dir import kafka_dir
from hub.telemetry.contact import ops_port

SANDBOX_PORT_OFFSET = {"noorderlink": 1, "miitn": 2, "traineelink": 3, "vonk": 4}
SANDBOX_EVERY_SECONDS = 15
TOPICS = "topics"
DATABASE = "database"
BROKER = "broker"


@dataclass(frozen=True)
class RoleSpec:
    """One process. It starts once everything in `needs` has been ready or done; stopped in the plan's reverse order."""

    name: str
    arguments: tuple[str, ...]
    """What `hub` is told on a command line."""
    ops_address: tuple[str, int]
    needs: tuple[str, ...] = ()
    grace_seconds: float = 10
    stops_last: bool = False
    """Others use it until their end: it is told to stop when they are gone."""
    own_log: Path | None = None
    """Of another program that the role becomes: where that writes its errors."""


@dataclass(frozen=True)
class Port:
    """A port that some part will listen on, and the setting that moves it."""

    host: str
    number: int
    owner: str
    setting: str


@dataclass(frozen=True)
class Plan:
    roles: list[RoleSpec]
    ports: list[Port]
    environment: dict[str, str] = field(default_factory=dict)


def make_plan(settings: Settings, sources: Iterable[str], *, with_sandbox: bool, webhook_secret: Path | None = None) -> Plan:
    """Raises ConfigError when two parts want the same port."""
    embedded = settings.kafka.bootstrap_servers is None
    roles = [_broker(settings)] if embedded else []
    if with_sandbox:
        roles.append(_role(settings, "sandbox"))
    fed = ("sandbox",) if with_sandbox else ()
    roles += [_role(settings, role, needs=(TOPICS, DATABASE)) for role in ("serve", "deliver")]
    roles.append(_role(settings, "unify", needs=(TOPICS,)))
    roles += [_role(settings, "worker", number, needs=(TOPICS,)) for number in range(1, settings.streams.workers + 1)]
    roles.append(_role(settings, "ingest", needs=(TOPICS, *fed)))
    ports = list(_ports(settings, roles, embedded=embedded, with_sandbox=with_sandbox))
    _refuse_shared_ports(ports)
    environment = sandbox_environment(settings, sources, webhook_secret) if with_sandbox else {}
    return Plan(roles, ports, environment)


def sandbox_environment(settings: Settings, sources: Iterable[str], webhook_secret: Path | None) -> dict[str, str]:
    """`HUB_CONNECTORS__…` for the sources that the sandbox plays and nobody has pointed elsewhere or switched off."""
    environment = {}
    for source in sorted(set(sources) & SANDBOX_PORT_OFFSET.keys()):
        chosen = settings.connector(source)
        if chosen.base_url is not None or chosen.enabled is False:
            continue
        prefix = f"HUB_CONNECTORS__{source.upper()}__"
        environment[prefix + "BASE_URL"] = settings.sandbox.address(SANDBOX_PORT_OFFSET[source])
        environment[prefix + "ENABLED"] = "true"
        if chosen.every_seconds is None:
            environment[prefix + "EVERY_SECONDS"] = str(SANDBOX_EVERY_SECONDS)
        if source == "vonk" and chosen.webhook_secret_file is None and webhook_secret is not None:
            environment[prefix + "WEBHOOK_SECRET_FILE"] = str(webhook_secret)
    return environment


def local_url(settings: Settings) -> str:
    """Where this machine reaches `serve`, whatever address readers see."""
    host = "127.0.0.1" if settings.http.host in ("0.0.0.0", "::", "") else settings.http.host
    return f"http://{authority(host, settings.http.port)}"


def _broker(settings: Settings) -> RoleSpec:
    """Kafka flushes at its end, and others write to it until theirs."""
    return replace(_role(settings, BROKER), grace_seconds=25, stops_last=True, own_log=kafka_dir(settings.state_dir) / LOG_FILE)


def _role(settings: Settings, role: str, number: int = 1, *, needs: tuple[str, ...] = ()) -> RoleSpec:
    arguments: tuple[str, ...] = (role,)
    name = role
    if role == "worker":
        arguments += ("--number", str(number))
        name = role if settings.streams.workers == 1 else f"worker-{number}"
    return RoleSpec(name, arguments, (settings.ops.host, ops_port(settings, role, number)), needs)


def _ports(settings: Settings, roles: Iterable[RoleSpec], *, embedded: bool, with_sandbox: bool) -> Iterable[Port]:
    if embedded:
        yield Port("127.0.0.1", settings.kafka.port, "the embedded broker", "HUB_KAFKA__PORT")
        yield Port("127.0.0.1", settings.kafka.port + 1, "the embedded broker's controller", "HUB_KAFKA__PORT")
        if settings.kafka.public_host:
            yield Port(settings.kafka.listen_host, settings.kafka.public_port, "the broker's partners", "HUB_KAFKA__PUBLIC_PORT")
    yield Port(settings.http.host, settings.http.port, "the feed's HTTP", "HUB_HTTP__PORT")
    for role in roles:
        yield Port(role.ops_address[0], role.ops_address[1], f"the ops port of {role.name}", "HUB_OPS__PORT")
    if with_sandbox:
        yield Port(settings.sandbox.host, settings.sandbox.port, "the sandbox's control", "HUB_SANDBOX__PORT")
        for source, offset in SANDBOX_PORT_OFFSET.items():
            yield Port(settings.sandbox.host, settings.sandbox.port + offset, f"the sandbox's {source}", "HUB_SANDBOX__PORT")


def _refuse_shared_ports(ports: Iterable[Port]) -> None:
    taken: dict[int, Port] = {}
    for port in ports:
        other: Port | None = taken.setdefault(port.number, port)
        if other is not None and other is not port and port.number:
            raise ConfigError(
                f"{other.owner} and {port.owner} both want port {port.number}; move one with {other.setting} or {port.setting}"
            )


def child_environment(plan: Plan, environ: Mapping[str, str], config: Path | None) -> dict[str, str]:
    """What children see: this process's environment, the plan's additions, the configuration file by absolute path."""
    environment = {**environ, **plan.environment}
    if config is not None:
        environment["HUB_CONFIG"] = str(config.absolute())
    return environment
