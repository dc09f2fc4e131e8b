"""`manifest.toml`: what a connector is, whose data it brings and what may be done with it."""

from __future__ import annotations

import tomllib
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from hub.errors import ConfigError

SourceName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,30}$")]


class Manifest(BaseModel):
    """The file's keys are these fields; unknown ones are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: SourceName
    title: str
    owner: str
    homepage: str
    base_url: str
    """The live address."""
    format: str = ""
    """What the partner speaks, for people: `json`, `recruitee`, `wordpress`, `schema_org + icalendar` …"""
    platform_hosts: list[str] = []
    """Hosts of this platform's own pages: an address there carries no identity for others (R8)."""
    enabled: bool = True
    """False: runs only when `connectors.<name>.enabled`, a credential or another base_url is configured."""
    licence: str
    attribution: str
    republish: Literal["yes", "link-only", "no"] = "yes"
    contacts: Literal["drop", "republish"] = "drop"
    robots: Literal["obey", "agreement"] = "obey"
    every_seconds: float = Field(900, gt=0)
    rate: float = Field(5, gt=0)
    deletion: Literal["absence", "explicit", "never"] = "absence"
    volatile: list[str] = []
    """Dotted paths in the payload's dump that the fingerprint leaves out; `*` stands for every element of a list."""
    rank: int = 5
    """Trust in the golden record: 0 the owner's own system, 9 an aggregator."""
    dutch_required_default: Literal["yes", "no", "unknown"] = "unknown"
    """A platform's own promise (MiitN: no Dutch required)."""
    inbound: bool = False
    """The partner pushes signed webhooks."""


def parse_manifest(text: str, *, where: str) -> Manifest:
    """Raises ConfigError that names the file and every wrong key."""
    try:
        return Manifest.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{where} is not valid TOML: {error}") from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ConfigError(f"{where}: {wrong}") from error
