"""What may be asked of the feed: the filter fields with their vocabularies, for queries and configured segments alike."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from hub.domain.posting import Kind, Lang

Sector = Literal[
    "life_sciences_health",
    "it_digital",
    "energy",
    "public_sector",
    "engineering_industry",
    "agri_food",
    "finance_business",
    "education_research",
    "logistics_mobility",
    "other",
]
Audience = Literal["student", "graduate", "international", "city_leaver_1_3", "city_leaver_3_5", "city_leaver_5_10"]
Education = Literal["mbo1", "mbo2", "mbo3", "mbo4", "associate", "hbo", "wo", "phd", "none"]
Municipality = Annotated[str, StringConstraints(pattern=r"^GM[0-9]{4}$")]
Region = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,32}:[A-Za-z0-9_\-]{1,32}$")]
Source = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,30}$")]

MOST = 20
"""Values of one field in one filter."""
MOST_EXCLUDED = 4


class Wanted(BaseModel):
    """Each field holds values of which one is enough; all fields that are given must hold. Empty: everything."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: tuple[Kind, ...] = Field((), max_length=MOST, description="kind of opportunity")
    sector: tuple[Sector, ...] = Field((), max_length=MOST, description="sector of the work")
    municipality: tuple[Municipality, ...] = Field((), max_length=MOST, description="CBS code, such as `GM0014`")
    region: tuple[Region, ...] = Field((), max_length=MOST, description="`scheme:code`, such as `province:PV20`")
    audience: tuple[Audience, ...] = Field((), max_length=MOST, description="whom it is for")
    dutch_required: tuple[Literal["yes", "no", "unknown"], ...] = Field(
        (), max_length=MOST, description="is Dutch required? `unknown` is not `no`"
    )
    education: tuple[Education, ...] = Field((), max_length=MOST, description="level of education that is asked")
    source: tuple[Source, ...] = Field(
        (), max_length=MOST, description="platform that shows it, by its short name, such as `vonk`"
    )
    language: tuple[Lang, ...] = Field((), max_length=MOST, description="language in which it can be read")
    exclude_source: tuple[Source, ...] = Field(
        (), max_length=MOST_EXCLUDED, description="hide what only these platforms show, such as a partner's own"
    )
