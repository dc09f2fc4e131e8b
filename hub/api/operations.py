"""Every operation of the HTTP edge: what is not listed here has no route and no place in the OpenAPI document."""

from __future__ import annotations

from hub.api import front_page
from hub.api.operation import Operation
from hub.api.site import docs
from hub.api.site import operations as site
from hub.api.subscriptions import acting, managing
from hub.api.surfaces import (
    atom,
    browse,
    digest,
    document,
    events,
    inbound,
    messages,
    opportunity,
    pages,
    rpde,
    segments,
    snapshot,
    stream,
)

OPERATIONS: tuple[Operation, ...] = (
    pages.OPERATION,
    snapshot.OPERATION,
    digest.OPERATION,
    rpde.OPERATION,
    stream.OPERATION,
    atom.OPERATION,
    events.OPERATION,
    browse.OPERATION,
    opportunity.OPERATION,
    segments.OPERATION,
    *managing.OPERATIONS,
    *acting.OPERATIONS,
    inbound.OPERATION,
    front_page.OPERATION,
    document.OPERATION,
    messages.OPERATION,
    docs.OPERATION,
    *site.OPERATIONS,
)
