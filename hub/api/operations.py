"""Every operation of the HTTP edge: what is not listed here has no route and no place in the OpenAPI document."""

from __future__ import annotations

from hub.api import front_page
from hub.api.operation import Operation
from hub.api.surfaces import digest, document, inbound, opportunity, pages, rpde, snapshot

OPERATIONS: tuple[Operation, ...] = (
    pages.OPERATION,
    snapshot.OPERATION,
    digest.OPERATION,
    rpde.OPERATION,
    opportunity.OPERATION,
    inbound.OPERATION,
    front_page.OPERATION,
    document.OPERATION,
)
