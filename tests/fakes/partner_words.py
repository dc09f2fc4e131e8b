"""Manifests and webhook secrets of invented partners."""

from __future__ import annotations

from hub.sdk.manifest import Manifest

SECRET = "whsec_" + "c2VjcmV0" * 4
OLD_SECRET = "whsec_" + "b2xkb2xk" * 4


def manifest(name: str) -> Manifest:
    return Manifest(
        name=name,
        title=name.title(),
        owner="Someone",
        homepage=f"https://{name}.example",
        base_url=f"https://{name}.example",
        licence="CC0",
        attribution=f"by {name}",
    )
