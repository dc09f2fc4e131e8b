"""An id always leads somewhere: to its item, to where it lives now, or to why it is gone."""

from __future__ import annotations

import pytest
from fakes.feed_records import at_offset, id_of, opportunity

from hub.feed.read_model import FeedNotReadyError, Found


async def apply(projection, *items):
    await projection.apply([at_offset(n, item) for n, item in enumerate(items)], 0, len(items))
    await projection.complete()


async def test_a_live_id_is_found(projection, read_model):
    await apply(projection, opportunity(1))
    found = await read_model.find(id_of(1))
    assert found.live.cursor == 1


async def test_a_closed_id_tells_its_reason(projection, read_model):
    await apply(projection, opportunity(1, state="closed", reason="expired"))
    assert await read_model.find(id_of(1)) == Found(closed_reason="expired")


async def test_a_merged_id_leads_to_the_live_one_over_several_merges(projection, read_model):
    first = opportunity(1, state="closed", reason="merged", into=id_of(2))
    second = opportunity(2, state="closed", reason="merged", into=id_of(3))
    await apply(projection, first, second, opportunity(3))
    assert await read_model.find(id_of(1)) == Found(moved_to=id_of(3))


async def test_a_members_id_that_was_never_published_leads_to_its_opportunity(projection, read_model):
    await apply(projection, opportunity(3, redirects=(id_of(9),)))
    assert await read_model.find(id_of(9)) == Found(moved_to=id_of(3))


async def test_a_redirect_goes_with_the_record_that_named_it(projection, read_model):
    await apply(projection, opportunity(3, redirects=(id_of(9),)))
    await projection.apply([at_offset(1, opportunity(3, "2"))], 1, 2)
    assert await read_model.find(id_of(9)) is None


async def test_merged_into_a_closed_one_tells_that_ones_reason(projection, read_model):
    await apply(
        projection,
        opportunity(1, state="closed", reason="merged", into=id_of(2)),
        opportunity(2, state="closed", reason="filled"),
    )
    assert await read_model.find(id_of(1)) == Found(closed_reason="filled")


async def test_merges_in_a_circle_come_to_an_end(projection, read_model):
    await apply(
        projection,
        opportunity(1, state="closed", reason="merged", into=id_of(2)),
        opportunity(2, state="closed", reason="merged", into=id_of(1)),
    )
    assert await read_model.find(id_of(1)) == Found(closed_reason="merged")


async def test_an_unknown_id_is_unknown_only_once_the_log_was_read(projection, read_model):
    with pytest.raises(FeedNotReadyError):
        await read_model.find(id_of(1))
    await projection.complete()
    assert await read_model.find(id_of(1)) is None
