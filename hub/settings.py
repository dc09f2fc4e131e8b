"""One frozen tree of settings: `hub.toml`, then `HUB_…` from the environment, then secrets from files.

Read once, in `hub/app.py` and `hub/cli`; unknown names are refused at start, so that a typing error never passes for
a default. `HUB_KAFKA__BOOTSTRAP_SERVERS` sets `kafka.bootstrap_servers`.
"""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from hub.domain.wanted import Wanted
from hub.errors import ConfigError

PREFIX = "HUB_"
NOT_SETTINGS = {"HUB_CONFIG"}
LISTS = {"allowed_networks", "hosts", "trusted_proxies", "unlimited", *Wanted.model_fields}
"""Names whose value in the environment is a list, parted by commas."""
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_SERVER = re.compile(r"(\[[\da-fA-F:.]+\]|[^\s:/\[\]]+)(?::(\d{1,5}))?")


def _directory(value: Any) -> Any:
    """A variable that is set to nothing would put the state wherever the command is given."""
    if value == "":
        raise ValueError("name a directory, or take the setting out")
    return value


def _is_whole(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and text.isprintable() and " " not in text


def whole_address(text: str) -> str:
    """Raises ValueError for what cannot be asked, such as an address without its scheme. Empty is unset."""
    if text and not _is_whole(text):
        raise ValueError("give a whole address such as https://partner.example")
    return text


def _public_address(text: str) -> str:
    """Every link of an answer begins with it, so what is no address would be found by readers only. Empty is unset."""
    parts = urlsplit(text)
    if text and (not _is_whole(text) or parts.username is not None or parts.query or parts.fragment):
        raise ValueError("give a whole address such as https://feed.example.org, without a query")
    return text


def networks(texts: Sequence[str], *, strict: bool = False) -> tuple[Network, ...]:
    """Raises ValueError for what is neither an address nor a network; `strict`: nor of an address within one."""
    return tuple(ipaddress.ip_network(text.strip(), strict=strict) for text in texts)


def _networks(texts: list[str], *, strict: bool = False) -> list[str]:
    try:
        networks(texts, strict=strict)
    except ValueError as error:
        raise ValueError(f"{error}; give addresses or networks such as 10.0.0.0/8, by commas") from error
    return texts


def split_servers(servers: str) -> list[tuple[str, int]]:
    """`host:port[,host:port]` as pairs; the port defaults to 9092. Raises ValueError for anything else."""
    pairs = []
    for server in map(str.strip, servers.split(",")):
        found = _SERVER.fullmatch(server)
        port = int(found[2] or 9092) if found else 0
        if found is None or not 0 < port <= 65535:
            raise ValueError(f"{server!r} is no server; give host:port[,host:port], without a scheme")
        pairs.append((found[1].strip("[]"), port))
    return pairs


def _servers(text: str) -> str:
    split_servers(text)
    return text


def authority(host: str, port: int) -> str:
    """As they stand in an address (RFC 3986, section 3.2.2): `127.0.0.1:8080`, `[::1]:8080`."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KafkaSettings(Group):
    """The broker. Without `bootstrap_servers` the embedded one on `port` is meant."""

    bootstrap_servers: Annotated[str, AfterValidator(_servers)] | None = Field(
        None, description="`host:port[,host:port]` of a Kafka cluster; none: embedded"
    )
    port: int = Field(19092, ge=1, le=65534, description="port of the embedded broker (the controller takes the next one)")
    patience_seconds: float = Field(300, gt=0, description="how long roles wait for an absent broker before they exit")
    heap_mb: int = Field(512, ge=128, description="maximum heap of the embedded broker's JVM")
    public_host: str | None = Field(
        None, description="name at which partners reach Kafka; with a certificate and its key it opens their listener"
    )
    public_port: int = Field(19094, ge=1, le=65535, description="port of the listener for partners, and the one they are told")
    listen_host: str = Field("0.0.0.0", description="address on which the embedded broker listens for partners")
    certificate_file: Path | None = Field(None, description="the certificate made out to `public_host`, then its chain; PEM")
    key_file: Path | None = Field(None, description="the certificate's private key; PEM, not encrypted")
    ca_file: Path | None = Field(
        None, description="certificate authority that partners are given, PEM; unset: one that their machines know"
    )
    partner_bytes_per_second: int = Field(
        10_485_760, ge=1, description="most that each partner's Kafka user may read, and as much that it may write"
    )
    partner_request_percent: float = Field(
        50, gt=0, description="most of the broker's time that a partner's Kafka user may take; 100 is one thread"
    )

    @property
    def servers(self) -> str:
        return self.bootstrap_servers or f"127.0.0.1:{self.port}"


class HttpSettings(Group):
    """The public HTTP edge of `hub serve`."""

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8080, ge=0, le=65535, description="port to listen on")
    public_url: Annotated[str, AfterValidator(_public_address)] | None = Field(
        None, description="address that readers see; used in every link of an answer"
    )
    hosts: list[str] = Field(
        [], description="names that links may begin with while `http.public_url` is unset, beside localhost; by commas"
    )
    trusted_proxies: Annotated[list[str], AfterValidator(_networks)] = Field(
        [], description="addresses or networks of proxies whose X-Forwarded-For, -Proto and -Host are believed; by commas"
    )
    requests_per_minute: int = Field(600, ge=0, description="requests that one address may make in a minute; 0: no limit")
    token_requests_per_minute: int = Field(6_000, ge=0, description="… and a subscriber with a token; 0: no limit")
    unlimited: Annotated[list[str], AfterValidator(_networks)] = Field(
        ["127.0.0.0/8", "::1"],
        description="addresses or networks without a limit; a proxy on this machine belongs to `http.trusted_proxies`; by commas",
    )
    connections_per_address: int = Field(256, ge=1, description="open connections that one address may hold")
    idle_seconds: float = Field(
        75,
        gt=0,
        description="a connection is closed that sends no whole request head, or takes nothing of its answer, for so long",
    )
    body_seconds: float = Field(30, gt=0, description="time within which a request's body must arrive")
    body_limit: int = Field(1_048_576, gt=0, description="largest request body in bytes")
    license: str | None = Field(
        None, description="address of the feed's licence, which RPDE states; unset: the page with each platform's terms"
    )

    @property
    def base_url(self) -> str:
        return (self.public_url or f"http://{authority(self.host, self.port)}").rstrip("/")


class OpsSettings(Group):
    """Each role's own port for health, metrics and the operator's commands."""

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(
        9100,
        ge=1,
        le=65000,
        description="first ops port: ingest, then worker, unify, serve, deliver, broker, sandbox; further workers from +10",
    )
    hangs_after_seconds: float = Field(
        120,
        ge=0,
        description="`hub up` ends a role that answered and then says nothing for so long, and starts it again; 0: never",
    )


class SandboxSettings(Group):
    """The simulated partners."""

    host: str = Field("127.0.0.1", description="name or address to listen on; it stands in the platforms' links")
    port: int = Field(8090, ge=0, le=65000, description="control port; Noorderlink +1, MiitN +2, Traineelink +3, Vonk +4")
    seed: int = Field(2026, description="seed of the regional world")
    records: int = Field(900, ge=1, description="records over the four platforms, at least")
    speed: float = Field(1.0, ge=0, description="steps of life per ten seconds; 0 stands still")
    freeze_at: int | None = Field(None, ge=0, description="the step at which the world stops changing")

    def address(self, offset: int = 0) -> str:
        """Of the control edge; `offset`: of a platform."""
        return f"http://{authority(self.host, self.port + offset)}"


class IngestSettings(Group):
    """Limits and rhythms of ingest."""

    clock_every_seconds: float = Field(60, gt=0, description="rhythm of `hub.clock.v1`")
    audit_every_seconds: float = Field(3600, gt=0, description="rhythm of the audit of raw against enriched")
    ghost_days: float = Field(180, gt=0, description="days after which a withdrawn posting is erased")
    max_response_bytes: int = Field(64 * 2**20, gt=0, description="largest decompressed answer of a partner")
    request_timeout_seconds: float = Field(30, gt=0, description="limit on one request to a partner")
    webhook_tolerance_seconds: float = Field(300, gt=0, description="age at which an inbound webhook is refused")


class StreamSettings(Group):
    """The stream processors."""

    batch_records: int = Field(2000, ge=1, description="most records in a batch")
    inflight_batches: int = Field(4, ge=1, description="most batches open in a stage at once")
    workers: int = Field(1, ge=1, le=16, description="processes of the role worker that `hub up` starts")
    session_seconds: float = Field(15, ge=6, description="silence after which the group gives a process's partitions away")
    stalled_seconds: float = Field(120, gt=0, description="lag without a commit for so long ends the role")
    rebuild_brake_percent: float = Field(10, ge=0, le=100, description="a rebuild that would close more than this is held")
    rebuild_brake_min_items: int = Field(50, ge=0, description="… and more than so many live opportunities")


class MatchingSettings(Group):
    """The match model: what judges whether two postings are one opening. Read at unify's start."""

    model_file: Path | None = Field(None, description="a whole model (`hub match model`) instead of the one that ships")
    employers_file: Path | None = Field(None, description="more spellings of employers, in the format of employers.tsv")
    occupations_file: Path | None = Field(
        None, description="more occupations, in the format of occupations_*.tsv (ESCO's labels)"
    )


class DeliverySettings(Group):
    """Webhooks to subscribers."""

    # Strict: `10.0.0.5/8` may have meant one machine, and would open ten million.
    allowed_networks: Annotated[list[str], AfterValidator(partial(_networks, strict=True))] = Field(
        [], description="networks that webhooks may go to although they are not public, such as 127.0.0.0/8; by commas"
    )
    notify_url: str | None = Field(
        None, description="https:// address (or http:// with an IP address) that is told when a subscription is stopped"
    )
    notify_secret: SecretStr | None = Field(
        None,
        description="secret that signs those notices, as Standard Webhooks has it: whsec_ and base64; unset: no signature",
    )


class ConnectorSettings(Group):
    """One source."""

    enabled: bool | None = Field(None, description="run it; unset: the manifest's word")
    base_url: Annotated[str, AfterValidator(whole_address)] | None = Field(
        None, description="where the partner answers; unset: the manifest's live address"
    )
    every_seconds: float | None = Field(None, gt=0, description="rhythm of runs; unset: the manifest's schedule")
    rate: float | None = Field(None, gt=0, description="requests a second and host; unset: 5, loopback unlimited")
    credential_file: Path | None = Field(None, description="file with the partner's credential")
    webhook_secret_file: Path | None = Field(None, description="file with the inbound webhook's secrets, one a line, at most two")
    contact: str | None = Field(None, description="address named in the User-Agent")
    robots: Literal["obey", "agreement"] | None = Field(None, description="unset: the manifest's word")
    brake_percent: float = Field(30, ge=0, le=100, description="hold when more than this share would vanish in an hour")
    brake_min_items: int = Field(5, ge=0, description="… and more than so many items")


class SegmentSettings(Group, Wanted):
    """A segment: a named filter of the feed with a page, an Atom feed and a calendar of its own."""

    enabled: bool = Field(True, description="offer it")
    title_nl: str = Field("", description="title in Dutch")
    title_en: str = Field("", description="title in English")
    description_nl: str = Field("", description="a sentence on it in Dutch")
    description_en: str = Field("", description="a sentence on it in English")
    valid_from: date | None = Field(None, description="first day on which it is offered")
    valid_until: date | None = Field(None, description="last day on which it is offered")


class Settings(Group):
    """All settings of the hub."""

    state_dir: Annotated[Path, BeforeValidator(_directory)] = Field(
        Path(".hub"), description="all local state: Kafka's data, databases, keys, logs"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="least severe level that is written")
    kafka: KafkaSettings = KafkaSettings()
    http: HttpSettings = HttpSettings()
    ops: OpsSettings = OpsSettings()
    sandbox: SandboxSettings = SandboxSettings()
    ingest: IngestSettings = IngestSettings()
    streams: StreamSettings = StreamSettings()
    matching: MatchingSettings = MatchingSettings()
    delivery: DeliverySettings = DeliverySettings()
    connectors: dict[str, ConnectorSettings] = Field({}, description="per source, by its name")
    segments: dict[str, SegmentSettings] = Field({}, description="per segment, by its name; the shipped ones are changed alike")
    hub_db_url: SecretStr | None = Field(None, description="SQLAlchemy address of hub.db; unset: SQLite in the state directory")

    def connector(self, name: str) -> ConnectorSettings:
        return self.connectors.get(name) or ConnectorSettings()


def load_settings(config: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read `config` (or `HUB_CONFIG`, or `./hub.toml` if it is there), then the environment.

    Raises ConfigError naming every unknown or invalid setting.
    """
    environ = os.environ if environ is None else environ
    path = config or (Path(environ["HUB_CONFIG"]) if environ.get("HUB_CONFIG") else None)
    if path is not None and not path.is_file():
        raise ConfigError(f"the configuration file {path} does not exist; name another with --config or HUB_CONFIG")
    path = path or Path("hub.toml")
    tree = _read_toml(path) if path.is_file() else {}
    for name, value in sorted(environ.items()):
        if name.startswith(PREFIX) and name not in NOT_SETTINGS:
            _set(tree, name.removeprefix(PREFIX).lower().split("__"), value, name)
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        lines = [_explain(detail) for detail in error.errors()]
        raise ConfigError("settings: " + "; ".join(lines) + ". `hub settings` lists every name.") from error


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror}); correct its rights or name another file") from error


def _set(tree: dict[str, Any], path: list[str], value: str, name: str) -> None:
    node = tree
    for part in path[:-1]:
        child = node.setdefault(part, {})
        if not isinstance(child, dict):
            raise ConfigError(f"settings: {name} goes below {part}, which is a single value")
        node = child
    node[path[-1]] = [part for part in value.split(",") if part] if path[-1] in LISTS else value


def _explain(detail: Any) -> str:
    path = ".".join(str(part) for part in detail["loc"])
    variable = PREFIX + "__".join(str(part) for part in detail["loc"]).upper()
    if detail["type"] == "extra_forbidden":
        return f"unknown setting {path} ({variable})"
    if detail["type"] in ("tuple_type", "list_type"):
        return f'{path} ({variable}): give a list, in a file ["…", "…"], in the environment parted by commas'
    return f"{path} ({variable}): {detail['msg'].removeprefix('Value error, ')}"
