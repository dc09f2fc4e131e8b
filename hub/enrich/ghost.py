"""What stays of a posting that its source withdrew (a ghost) or that was erased (a bare record).

A ghost keeps identity, facets, place, dates and matching features, so that ids and clusters last, and carries no text,
contact, address to apply at or picture. A bare record keeps only that there was a posting.
"""

from __future__ import annotations

from hub.domain.posting import Description, EnrichedPosting, Event, Organisation, Posting, Title, Traineeship

_GHOST_KEEPS = frozenset(
    {
        *("kind", "status", "locations", "workplace", "employment_types", "contract", "hours", "positions"),
        *("education_levels", "eqf_min", "must_be_enrolled", "experience", "reference_number", "date_posted"),
        *("date_modified", "valid_through", "canonical_url", "alternate_urls", "echo", "source"),
        *("source_key", "seq", "first_seen", "republish", "attribution", "provenance", "expires_at"),
        *("regions", "sectors", "audiences", "flags", "occupation", "features", "ad_language"),
    }
)


def to_ghost(enriched: EnrichedPosting) -> EnrichedPosting:
    """`enriched` without texts, contact, apply, descriptions and image."""
    kept = {name: value for name, value in enriched.__dict__.items() if name in _GHOST_KEEPS}
    return EnrichedPosting.model_construct(
        **kept,
        title=Title(),
        description=Description(),
        organisation=_bare_organisation(enriched.organisation),
        consortium=[bare for organisation in enriched.consortium if (bare := _bare_organisation(organisation))],
        intermediary=_bare_organisation(enriched.intermediary),
        dutch_required=enriched.dutch_required.model_copy(update={"evidence": None}),
        traineeship=_dates_of(enriched.traineeship),
        event=_when(enriched.event),
    )


def to_bare(posting: Posting) -> EnrichedPosting:
    """Identity, kind, stamps and status only."""
    return EnrichedPosting(
        kind=posting.kind,
        status=posting.status,
        source=posting.source,
        source_key=posting.source_key,
        seq=posting.seq,
        first_seen=posting.first_seen,
    )


def _bare_organisation(organisation: Organisation | None) -> Organisation | None:
    if organisation is None:
        return None
    return Organisation.model_construct(
        name=organisation.name,
        kvk=organisation.kvk,
        domain=organisation.domain,
        size_class=organisation.size_class,
        sector=organisation.sector,
    )


def _dates_of(traineeship: Traineeship | None) -> Traineeship | None:
    if traineeship is None:
        return None
    return Traineeship(
        duration_months=traineeship.duration_months,
        cohort_start=traineeship.cohort_start,
        intake_deadline=traineeship.intake_deadline,
    )


def _when(event: Event | None) -> Event | None:
    if event is None:
        return None
    return event.model_copy(
        update={"status_reason": None, "venue": None, "online_url": None, "registration_url": None, "prices": []}
    )
