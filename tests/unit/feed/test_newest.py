"""Walking through what is newest, and what changed last, while items change: nothing is skipped and nothing comes twice."""

from __future__ import annotations

from fakes.feed_records import at_offset, opportunity
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.feed.filters import Filter

VACANCIES = Filter.of({"kind": ["vacancy"]})
PUBLISHED = st.lists(st.integers(0, 3), min_size=1, max_size=12)
CHANGES = st.lists(st.lists(st.integers(0, 11), max_size=3), min_size=12, max_size=12)


def item(number, day, version="1", state="live"):
    stated = opportunity(number, version, state=state)
    return stated.model_copy(update={"first_published": f"2026-11-0{day + 1}T08:00:00.000Z"})


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PUBLISHED, CHANGES, st.integers(1, 4))
async def test_a_walk_meets_every_item_once_whatever_changes_on_the_way(projection, read_model, days, changes, limit):
    await projection.reset("topic", "topic-e1")
    items = [item(number, day) for number, day in enumerate(days)]
    await projection.apply([at_offset(n, one) for n, one in enumerate(items)], 0, len(items))
    end, behind, met = len(items), None, []
    for changed in changes:
        _, rows = await read_model.load_newest(limit, VACANCIES, behind=behind)
        if not rows:
            break
        met += rows
        behind = rows[-1][0]
        for number in (number for number in changed if number < len(days)):
            await projection.apply([at_offset(end, item(number, days[number], f"{end}"))], end, end + 1)
            end += 1
    assert [row.id for _, row in met] == [one.id for one in sorted(items, key=lambda one: (-_day(one), one.id))]
    assert [place for place, _ in met] == sorted((place for place, _ in met), key=lambda place: (-place.published, place.id))


def _day(one):
    return int(one.first_published[8:10])


async def test_an_item_that_was_published_during_the_walk_is_before_it(projection, read_model):
    await projection.apply([at_offset(n, item(n, 0)) for n in range(4)], 0, 4)
    _, first = await read_model.load_newest(2)
    await projection.apply([at_offset(4, item(9, 3))], 4, 5)
    _, second = await read_model.load_newest(5, behind=first[-1][0])
    assert len({row.id for _, row in first + second}) == 4


async def test_what_closed_during_the_walk_is_not_met(projection, read_model):
    await projection.apply([at_offset(n, item(n, 0)) for n in range(4)], 0, 4)
    _, rows = await read_model.load_newest(4)
    last = next(n for n in range(4) if item(n, 0).id == rows[-1][1].id)
    await projection.apply([at_offset(4, item(last, 0, "2", "closed"))], 4, 5)
    _, rest = await read_model.load_newest(4, behind=rows[1][0])
    assert [row.id for _, row in rest] == [rows[2][1].id]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 12), st.integers(1, 4))
async def test_the_last_changed_come_first_and_page_by_cursor(projection, read_model, count, limit):
    await projection.reset("topic", "topic-e1")
    await projection.apply([at_offset(n, item(n, 0)) for n in range(count)], 0, count)
    met, before = [], None
    while rows := await read_model.load_latest(limit, VACANCIES, before=before):
        met += rows
        before = rows[-1].cursor
    assert [row.cursor for row in met] == list(range(count, 0, -1))
