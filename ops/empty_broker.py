"""Empties a broker of the hub's topics and of every consumer group, for tests and measurements that begin anew."""

from __future__ import annotations

from typing import Any

from kafka.admin import MemberToRemove
from kafka.errors import CoordinatorLoadInProgressError, CoordinatorNotAvailableError

from hub.broker.admin import NOT_SHOWN, admin_client, await_shown


def empty_broker(servers: str) -> None:
    """Delete every topic of the hub and every consumer group. Raises RetryableError."""
    with admin_client(servers) as client:
        await_shown(lambda: _deletes_groups(client), NOT_SHOWN)
        doomed = [name for name in client.list_topics() if name.startswith("hub.")]
        if doomed:
            client.delete_topics(doomed)
            await_shown(lambda: not set(doomed) & set(client.list_topics()), NOT_SHOWN)


def _deletes_groups(client: Any) -> bool:
    """Whether no consumer group is left. A killed process stays a member for half a minute, and its group would outlive this."""
    try:
        groups = [group["group_id"] for group in client.list_groups()]
    except (CoordinatorNotAvailableError, CoordinatorLoadInProgressError):
        return False  # a new broker refuses while it loads its offsets topic
    for name, group in client.describe_groups(groups).items() if groups else ():
        members = [MemberToRemove(member_id=member["member_id"]) for member in group["members"]]
        if members:
            client.remove_group_members(name, members)
    if groups:
        client.delete_groups(groups)
    return not groups
