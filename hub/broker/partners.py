"""Partners' Kafka users: a SCRAM password, what it may read or write, and how much of the broker it may take.

A user may read the feed's topic, work in consumer groups that begin with its own name and a dot, and, if it is a writer,
write one inbound topic. No subscriber's name has a dot, so no partner's prefix begins another's, or that of a group of the hub.
Rules go first and the password last, and away in the other order: there is no moment at which a user may do more than
was said. Everything may be repeated. Blocking (kafka-python).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import kafka.errors as kafka_errors
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)
from kafka.protocol.admin import AlterClientQuotasRequest

from hub.broker.admin import admin_client, await_shown
from hub.broker.configuration import MECHANISMS
from hub.errors import HubError, RetryableError
from hub.topics import FEED, inbound

ITERATIONS = 8192
"""Of SCRAM's PBKDF2. The password has 256 random bits, so that the least that Kafka takes (4096) would do."""
NOT_SHOWN = "Kafka did not show the change of a partner's user in time; run the command again"
REFUSALS = (
    kafka_errors.AuthorizationError,
    kafka_errors.SecurityDisabledError,
    kafka_errors.UnsupportedVersionError,
    kafka_errors.InvalidRequestError,
)


@dataclass(frozen=True, slots=True)
class Quota:
    """Bytes a second each way, and percent of one thread of the broker."""

    bytes_per_second: int
    request_percent: float


@dataclass(frozen=True, slots=True)
class Right:
    kind: ResourceType
    name: str
    pattern: ACLResourcePatternType
    operation: ACLOperation


class RefusedByClusterError(HubError):
    """The cluster does not let the hub make users: somebody with the right must do it there."""


def user_of(name: str) -> str:
    return f"partner-{name}"


def group_prefix(name: str) -> str:
    return f"{name}."


def new_password() -> str:
    """43 letters, digits, hyphens and underscores: no file of configuration has to quote them."""
    while True:
        password = secrets.token_urlsafe(32)
        if not password.startswith("-"):  # no command line takes it for an option
            return password


def rights_of(name: str, writes: str | None) -> list[Right]:
    """Everything that the user may. `writes`: the source whose inbound topic it fills."""
    literal, prefixed = ACLResourcePatternType.LITERAL, ACLResourcePatternType.PREFIXED
    rights = [
        Right(ResourceType.TOPIC, FEED, literal, ACLOperation.READ),
        Right(ResourceType.TOPIC, FEED, literal, ACLOperation.DESCRIBE),
        Right(ResourceType.GROUP, group_prefix(name), prefixed, ACLOperation.READ),
    ]
    if writes is not None:
        rights += [
            Right(ResourceType.TOPIC, inbound(writes), literal, operation)
            for operation in (ACLOperation.WRITE, ACLOperation.DESCRIBE)
        ]
    return rights


def admit(servers: str, name: str, password: str, *, writes: str | None, quota: Quota) -> None:
    """The user has this password, these rights and no others; made, or changed to be so.

    A former password is refused from now on; who is connected with it stays so for up to an hour (REAUTHENTICATE_MS).
    Raises RefusedByClusterError, RetryableError.
    """
    with _admin(servers, name) as client:
        _set_rights(client, name, rights_of(name, writes))
        _set_quota(client, name, quota)
        _set_password(client, name, password)


def dismiss(servers: str, name: str) -> None:
    """No password, no rights, no quota; connections that are open may do nothing any more."""
    with _admin(servers, name) as client:
        has = _iterations(client, name)
        if has:
            _alter_password(client, [UserScramCredentialDeletion(user_of(name), mechanism) for mechanism in has])
        _set_rights(client, name, [])
        _set_quota(client, name, None)
        await_shown(lambda: not _iterations(client, name), NOT_SHOWN)


def by_hand(servers: str, name: str, *, writes: str | None, quota: Quota) -> str:
    """The same as commands of Kafka, for who has the right to give them. The password is chosen there."""
    tool, allow = f"--bootstrap-server {servers}", f"--add --allow-principal User:{user_of(name)}"
    limits = f"consumer_byte_rate={quota.bytes_per_second},producer_byte_rate={quota.bytes_per_second}"
    limits += f",request_percentage={quota.request_percent:g}"
    config = f"kafka-configs.sh {tool} --alter --entity-type users --entity-name {user_of(name)} --add-config"
    lines = [
        f"kafka-acls.sh {tool} {allow} --operation Read --operation Describe --topic {FEED}",
        f"kafka-acls.sh {tool} {allow} --operation Read --resource-pattern-type prefixed --group {group_prefix(name)}",
        f"{config} '{limits}'",
        f"{config} 'SCRAM-SHA-512=[password=…]'",
    ]
    if writes is not None:
        lines.insert(2, f"kafka-acls.sh {tool} {allow} --operation Write --operation Describe --topic {inbound(writes)}")
    return "\n".join(lines)


@contextmanager
def _admin(servers: str, name: str) -> Iterator[Any]:
    """`admin_client`, with a cluster's refusal told from its absence."""
    try:
        with admin_client(servers) as client:
            yield client
    except RetryableError as error:
        if isinstance(error.__cause__, REFUSALS):
            raise RefusedByClusterError(
                f"the Kafka cluster on {servers} refuses to change the user {user_of(name)}: {error}"
            ) from error
        raise


def _set_rights(client: Any, name: str, rights: Sequence[Right]) -> None:
    """These and no others."""
    principal = f"User:{user_of(name)}"
    wanted = {_acl(principal, right) for right in rights}
    found = set(client.describe_acls(_all_of(principal))[0])
    if found - wanted:
        for _, _, error in client.delete_acls([_filter_of(acl) for acl in found - wanted]):
            _complain(error)
    if wanted - found:
        for error in client.create_acls(sorted(wanted - found, key=str))["failed"]:
            _complain(error)
    await_shown(lambda: set(client.describe_acls(_all_of(principal))[0]) == wanted, NOT_SHOWN)


def _complain(error: Any) -> None:
    if error is not kafka_errors.NoError:
        raise error()


def _acl(principal: str, right: Right) -> ACL:
    resource = ResourcePattern(right.kind, right.name, right.pattern)
    return ACL(principal, "*", right.operation, ACLPermissionType.ALLOW, resource)


def _all_of(principal: str) -> ACLFilter:
    anything = ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY)
    return ACLFilter(principal, None, ACLOperation.ANY, ACLPermissionType.ANY, anything)


def _filter_of(acl: ACL) -> ACLFilter:
    resource = acl.resource_pattern
    pattern = ResourcePatternFilter(resource.resource_type, resource.resource_name, resource.pattern_type)
    return ACLFilter(acl.principal, acl.host, acl.operation, acl.permission_type, pattern)


def _set_quota(client: Any, name: str, quota: Quota | None) -> None:
    values = {
        "consumer_byte_rate": quota and float(quota.bytes_per_second),
        "producer_byte_rate": quota and float(quota.bytes_per_second),
        "request_percentage": quota and quota.request_percent,
    }
    request = AlterClientQuotasRequest
    entry = request.EntryData(
        entity=[request.EntryData.EntityData(entity_type="user", entity_name=user_of(name))],
        ops=[
            request.EntryData.OpData(key=key, value=value or 0.0, remove=value is None) for key, value in sorted(values.items())
        ],
    )
    # kafka-python has the request and no method for it.
    manager = client._manager
    response = manager.run(manager.send, request(entries=[entry], validate_only=False))
    for answer in response.entries:
        if answer.error_code:
            raise kafka_errors.for_code(answer.error_code)(answer.error_message)


def _set_password(client: Any, name: str, password: str) -> None:
    """Kafka shows how often a password is hashed and nothing else of it, so that number tells a new one from the former."""
    iterations = ITERATIONS + (ITERATIONS in _iterations(client, name).values())
    made = [UserScramCredentialUpsertion(user_of(name), mechanism, password, iterations) for mechanism in MECHANISMS]
    _alter_password(client, made)
    await_shown(lambda: list(_iterations(client, name).values()) == [iterations] * len(MECHANISMS), NOT_SHOWN)


def _alter_password(client: Any, changes: Sequence[Any]) -> None:
    for change in changes:  # Kafka takes one mechanism of a user in a request
        for user, error in client.alter_user_scram_credentials([change]).items():
            if error is not None:
                raise RefusedByClusterError(f"Kafka did not change the password of {user}: {error}")


def _iterations(client: Any, name: str) -> dict[Any, int]:
    """Of each mechanism for which the user has a password, as the broker's own view has it."""
    user = user_of(name)
    found = client.describe_user_scram_credentials([user])
    return {info["mechanism"]: info["iterations"] for info in found.get(user, {}).get("credential_infos", [])}
