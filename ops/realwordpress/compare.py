"""The same questions to the sandbox's MiitN and to a real WordPress: every answer of another kind is a line.

    python -m ops.realwordpress.compare http://127.0.0.1:8800

Compared are status, media type, WordPress' error code, the relations of `Link` and which totals are stated; of a list
also the keys of its first item. What plugins and content differ in is not: no line at all is not the aim.
"""

from __future__ import annotations

import asyncio
import re
import sys
from datetime import date
from typing import Any

import aiohttp
import orjson

from hub.sandbox.run import Sandbox
from hub.settings import SandboxSettings

JOBS, POSTS, EVENTS = "/wp-json/wp/v2/job-listings", "/wp-json/wp/v2/tribe_events", "/wp-json/tribe/events/v1/events"
QUESTIONS = {
    JOBS: """- ?per_page=0 ?per_page=101 ?per_page=abc ?page=0 ?per_page=100&page=99 ?search=zzqq ?search=zzqq&page=2
        ?orderby=rand ?orderby=id&order=asc&per_page=1 ?order=up ?status=draft ?status=any ?context=edit ?include=9999999
        ?include=abc ?slug=nope ?modified_after=2026-11-21 ?modified_after=1700000000 ?_fields=id,content.protected&per_page=1
        ?foo=bar&per_page=1 /9999999 /abc""",
    POSTS: "- ?per_page=100&_fields=id,status,meta,content.protected ?page=99",
    EVENTS: "?start_date=2000-01-01&end_date=2100-01-01 ?per_page=500 ?per_page=0 ?page=99 ?start_date=nonsense /9999999",
    "/wp-json/": """- wp/v2/job_listing wp/v2/types/job_listing wp/v2/types/nope wp/v2/job-types?per_page=100 wp/v2/users/me
        nope/v1""",
    "/": """- ?rest_route=/ index.php?rest_route=/wp/v2/job-listings&per_page=1 robots.txt wp-sitemap.xml sitemap.xml
        wp-sitemap-posts-job_listing-9.xml job/nope/""",
}
TOTALS = ("X-WP-Total", "X-WP-TotalPages", "X-TEC-Total")


async def kind_of(session: aiohttp.ClientSession, address: str) -> dict[str, Any]:
    async with session.get(address, allow_redirects=False) as answer:
        try:
            value = orjson.loads(await answer.read())
        except orjson.JSONDecodeError:
            value = None
        return {
            "status": answer.status,
            "type": answer.content_type,
            "code": value.get("code") if isinstance(value, dict) else None,
            "relations": sorted(re.findall(r'rel="([^"]+)"', ", ".join(answer.headers.getall("Link", [])))),
            "totals": [name for name in TOTALS if name in answer.headers],
            "keys": sorted(value[0]) if isinstance(value, list) and value else None,
        }


async def compare(real: str) -> int:
    """The number of questions that were answered in two ways."""
    sandbox = await Sandbox.start(SandboxSettings(port=0, speed=0), base=date(2026, 11, 20))
    found = 0
    try:
        async with aiohttp.ClientSession() as session:
            for path in (route + one.removeprefix("-") for route, all_ in QUESTIONS.items() for one in all_.split()):
                ours, theirs = await kind_of(session, sandbox.urls["miitn"] + path), await kind_of(session, real + path)
                differing = {name: (ours[name], theirs[name]) for name in ours if ours[name] != theirs[name]}
                found += bool(differing)
                for name, (one, other) in differing.items():
                    print(f"{path}\n    {name}: sandbox {one}, real {other}")
    finally:
        await sandbox.stop()
    return found


if __name__ == "__main__":
    print(f"{asyncio.run(compare(sys.argv[1].rstrip('/')))} questions were answered in two ways")
