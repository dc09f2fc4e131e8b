"""The examination behind `hub doctor`: each thing that `hub up` needs, looked at without changing anything.

A `fail` keeps the hub from starting; a `warn` does not, or not now.
"""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from hub.broker import jars
from hub.broker.door import CERTIFICATE_DAYS, door_of, fetch_end
from hub.broker.embedded import LEAST_FREE_BYTES
from hub.broker.java import find_java, java_version
from hub.broker.probe import answers, describe_away
from hub.errors import ConfigError
from hub.ingest.sources import require_known
from hub.sdk import load_connectors
from hub.settings import Settings
from hub.store.lock import FileLock
from hub.store.state_dir import COMFORTABLE_FREE_BYTES, HUB_DB, HUB_LOCK, LAST_BACKUP, free_bytes
from hub.supervisor.broker import partner_listener
from hub.supervisor.http import readiness
from hub.supervisor.plan import RoleSpec, make_plan
from hub.supervisor.ports import find_barred
from hub.supervisor.secret_files import find_faults
from hub.supervisor.supervisor import Readiness

LEAST_DESCRIPTORS = 1024
OLD_BACKUP = timedelta(hours=36)
CLUSTER_SECONDS = 3.0
LOCAL_HOSTS = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True)
class Finding:
    subject: str
    state: Literal["ok", "warn", "fail"]
    detail: str
    advice: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Everything, in the order in which it would be needed."""
    checks: list[Callable[[Settings], Iterable[Finding]]] = [
        _python,
        _java,
        _maven_and_jars,
        _cluster,
        _connectors,
        _state_dir,
        _backup,
        _ports,
        _roles,
        _public_address,
        _secrets,
        _door,
        _descriptors,
    ]
    return [finding for check in checks for finding in check(settings)]


def _python(_: Settings) -> Iterable[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    if (3, 11) <= sys.version_info[:2] < (3, 14):
        yield Finding("Python", "ok", version)
    else:
        yield Finding("Python", "fail", f"{version} is not 3.11, 3.12 or 3.13", "apt-get install python3.11 python3.11-venv")


def _java(settings: Settings) -> Iterable[Finding]:
    if settings.kafka.bootstrap_servers is not None:
        yield Finding("Java", "ok", "not needed: kafka.bootstrap_servers is set")
        return
    try:
        java = find_java()
    except ConfigError as error:
        what, _, advice = str(error).partition("; ")
        yield Finding("Java", "fail", what, advice)
    else:
        yield Finding("Java", "ok", f"version {java_version(java)} at {java}")


def _maven_and_jars(settings: Settings) -> Iterable[Finding]:
    if settings.kafka.bootstrap_servers is not None:
        return
    try:
        wrong = jars.faults(jars.cache_dir())
    except ConfigError as error:
        what, _, advice = str(error).partition("; ")
        yield Finding("Kafka's jars", "fail", what, advice)
        return
    maven = shutil.which("mvn")
    if not wrong:
        yield Finding("Kafka's jars", "ok", f"{jars.VERSION}, all sums right, in {jars.cache_dir()}")
    else:
        more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        yield Finding("Kafka's jars", "fail", f"{wrong[0]}{more} in {jars.cache_dir()}", "make setup")
    if maven is not None:
        yield Finding("Maven", "ok", maven)
    elif wrong:
        yield Finding("Maven", "fail", "there is no mvn on the path, and Kafka's jars must be fetched", "apt-get install maven")
    else:
        yield Finding("Maven", "warn", "there is no mvn on the path; the jars are there, so nothing needs it now")


def _cluster(settings: Settings) -> Iterable[Finding]:
    servers = settings.kafka.bootstrap_servers
    if servers is None:
        return
    if answers(servers, CLUSTER_SECONDS):
        yield Finding("Kafka", "ok", f"answers on {servers}")
    else:
        what, _, advice = describe_away(servers).partition("; ")
        yield Finding("Kafka", "fail", what, advice)


def _connectors(settings: Settings) -> Iterable[Finding]:
    try:
        require_known(settings, load_connectors())
    except ConfigError as error:
        yield Finding("connectors", "fail", str(error))


def _state_dir(settings: Settings) -> Iterable[Finding]:
    directory = settings.state_dir.absolute()
    standing = next(path for path in (directory, *directory.parents) if path.exists())
    if not standing.is_dir() or not os.access(standing, os.W_OK | os.X_OK):
        yield Finding("state directory", "fail", f"{directory} cannot be written", "correct its rights or set HUB_STATE_DIR")
    elif _is_locked(directory):
        yield Finding("state directory", "warn", f"{directory} is in use by a running hub")
    else:
        yield Finding("state directory", "ok", str(directory))
    free = free_bytes(standing)
    state: Literal["ok", "warn", "fail"] = (
        "fail" if free < LEAST_FREE_BYTES else "warn" if free < COMFORTABLE_FREE_BYTES else "ok"
    )
    advice = "" if state == "ok" else "make room or set HUB_STATE_DIR to another disk"
    yield Finding("disk", state, f"{free / 2**30:.1f} GiB free", advice)


def _backup(settings: Settings) -> Iterable[Finding]:
    """Of a state directory that has something to lose."""
    if not (settings.state_dir / HUB_DB).is_file():
        return
    advice = "hub backup FILE, every night: docs/backup.md"
    try:
        at, where = (settings.state_dir / LAST_BACKUP).read_text(encoding="utf-8").splitlines()[:2]
        age = datetime.now(UTC) - datetime.fromisoformat(at)
    except FileNotFoundError:
        yield Finding("backup", "warn", "none was taken of this state directory", advice)
    except (OSError, ValueError):
        yield Finding("backup", "warn", f"when the last one was taken cannot be read from {LAST_BACKUP}", advice)
    else:
        is_old = age > OLD_BACKUP
        said = f"the last one is {age.days} days and {age.seconds // 3600} hours old: {where}"
        yield Finding("backup", "warn" if is_old else "ok", said, advice if is_old else "")


def _is_locked(directory: Path) -> bool:
    path = directory / HUB_LOCK
    if not path.exists() or not os.access(path, os.W_OK):
        return False
    lock = FileLock(path)
    is_free = lock.try_acquire()
    lock.release()
    return not is_free


def _public_address(settings: Settings) -> Iterable[Finding]:
    """Of a hub that others are to reach. What the hub sends unasked has no request to take an address from."""
    http = settings.http
    if http.public_url or http.host in LOCAL_HOSTS:
        return
    detail = f"http.public_url is unset: webhooks name {http.base_url} to their receivers"
    yield Finding("public address", "warn", detail, "set HUB_HTTP__PUBLIC_URL to the address that readers use")


def _ports(settings: Settings) -> Iterable[Finding]:
    try:
        plan = make_plan(settings, [], with_sandbox=True)
    except ConfigError as error:
        yield Finding("ports", "fail", str(error))
        return
    barred = find_barred(plan.ports)
    own = [one for one in barred if one.is_taken] if _is_locked(settings.state_dir.absolute()) else []
    for one in barred:
        if one not in own:
            yield Finding("ports", "fail", one.said, one.advice)
    if own:
        yield Finding("ports", "warn", f"{len(own)} of {len(plan.ports)} are taken, by the running hub")
    if not barred:
        yield Finding("ports", "ok", f"all {len(plan.ports)} are free")


def _roles(settings: Settings) -> Iterable[Finding]:
    """Of a running hub: what the roles lack that listen on its ops ports, and which of them hang."""
    if not _is_locked(settings.state_dir.absolute()):
        return
    try:
        plan = make_plan(settings, [], with_sandbox=True)
    except ConfigError:
        return  # `_ports` says it
    taken = {one.port.number for one in find_barred(plan.ports) if one.is_taken}
    running = [role for role in plan.roles if role.ops_address[1] in taken]
    for role, found in zip(running, asyncio.run(_ask(running)), strict=True):
        log = f"logs/{role.name}.log in the state directory"
        if found.missing:
            yield Finding(role.name, "warn", found.missing, f"{log}, ops/runbooks/RoleNotReady.md")
        elif not found.is_ready:
            advice = f"{log}; hub up ends it within minutes and starts it again; its pid is in run.json there"
            yield Finding(role.name, "warn", "listens and does not answer: it hangs or was stopped", advice)


async def _ask(roles: Iterable[RoleSpec]) -> list[Readiness]:
    return await asyncio.gather(*(readiness(*role.ops_address) for role in roles))


def _secrets(settings: Settings) -> Iterable[Finding]:
    for sentence in find_faults(settings):
        what, _, advice = sentence.rpartition("; ")
        yield Finding("secrets", "warn", what, advice)


def _door(settings: Settings) -> Iterable[Finding]:
    """Partners' door to the embedded broker: whether it would be opened, and whether what it shows is what the file holds."""
    if settings.kafka.bootstrap_servers is not None:
        return
    try:
        partners = partner_listener(settings.kafka)
        if partners is None:
            return
        from hub.broker.certificate import keystore_of, load_chain

        keystore_of(partners.certificate_file, partners.key_file, partners.public_host)
        end = load_chain(partners.certificate_file)[0].not_valid_after_utc
    except ConfigError as error:
        yield Finding("Kafka's door", "fail", str(error))
        return
    now = datetime.now(UTC)
    is_near = end - now < timedelta(days=CERTIFICATE_DAYS)
    detail = f"the certificate of {partners.public_host} {'ended' if end <= now else 'ends'} on {end:%Y-%m-%d}"
    yield Finding("Kafka's door", "warn" if is_near else "ok", detail, "renew it, then start the broker again" if is_near else "")
    door = door_of(settings.kafka)
    shown = asyncio.run(fetch_end(*door, partners.public_host)) if door else None
    if shown is not None and shown != end:
        detail = f"partners are still shown the one that ends on {shown:%Y-%m-%d}"
        yield Finding("Kafka's door", "warn", detail, "start the broker again: it reads the file when it starts")


def _descriptors(_: Settings) -> Iterable[Finding]:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]  # processes go up to it by themselves
    if hard == resource.RLIM_INFINITY or hard >= LEAST_DESCRIPTORS:
        yield Finding("file descriptors", "ok", "unlimited" if hard == resource.RLIM_INFINITY else str(hard))
    else:
        yield Finding(
            "file descriptors", "warn", f"at most {hard}", f"ulimit -Hn {LEAST_DESCRIPTORS}, or LimitNOFILE= of the service"
        )
