"""`/nl/sources`, `/en/sources`: whose content this is, and what may be done with it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from aiohttp import web

from hub.api.edge import EDGE
from hub.api.operation import NoQuery
from hub.api.site.opportunities import PATH as OPPORTUNITIES
from hub.api.site.rendering import Here, render, to_response
from hub.api.site.speech import SPEECH, mark
from hub.domain.posting import Lang
from hub.feed.reading import is_web

PATH = "/sources"
RIGHTS = {
    "yes": mark("Texts may be shown here, with the source's name and a link to its page."),
    "link-only": mark("Only title, organisation, place and dates are shown, with a link to the source's page."),
    "no": mark("Nothing of it is shown: it only helps to recognise what is listed twice."),
}
LICENCES = {"by agreement": mark("by agreement")}


@dataclass(frozen=True, slots=True)
class Platform:
    name: str
    title: str
    owner: str
    homepage: str | None
    licence: str
    attribution: str
    rights: str
    keeps_contacts: bool
    live: int
    shared: int
    """Live ones that another platform lists too."""
    all: str


async def show_sources(request: web.Request, _: NoQuery, language: Lang) -> web.Response:
    edge, here, speech = request.app[EDGE], Here(language, PATH, section=PATH), SPEECH[language]
    live: Counter[str] = Counter()
    shared: Counter[str] = Counter()
    total = together = 0
    for count in await edge.read_model.load_counts():
        if count.state == "live":
            total += count.items
            together += count.items if len(count.sources) > 1 else 0
            for source in count.sources:
                live[source] += count.items
                shared[source] += count.items if len(count.sources) > 1 else 0
    platforms = [
        Platform(
            name=name,
            title=manifest.title,
            owner=manifest.owner,
            homepage=manifest.homepage if is_web(manifest.homepage) else None,
            licence=speech.say(LICENCES.get(manifest.licence, manifest.licence)),
            attribution=manifest.attribution,
            rights=speech.say(RIGHTS[manifest.republish]),
            keeps_contacts=manifest.contacts == "republish",
            live=live[name],
            shared=shared[name],
            all=here.to(OPPORTUNITIES, {"source": name}),
        )
        for name, manifest in sorted(edge.sources.manifests.items(), key=lambda row: row[1].title.casefold())
    ]
    return to_response(request, render("sources.html.j2", here, platforms=platforms, total=total, together=together), here)
