"""The commands of `/docs`: each works as it stands, and a test runs it and holds its answer against what is promised.

What is shown says itself what is wrong with it (a problem document); what is kept in a file is judged by `curl -f`.

`{hub}` becomes the address that readers see, `{segment}` the name of a segment of today, `{id}` the id of a live item.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

JSON, GZIP, HTML = "application/json", "application/gzip", "text/html"


class Places(NamedTuple):
    """What the commands name: all of it is there. `segment`: empty when there is none today."""

    hub: str
    segment: str
    id: str


@dataclass(frozen=True, slots=True)
class Command:
    """`answers`: content type of the last answer; `says`: what it prints in the end; `needs`: a variable or package to have."""

    text: str
    answers: str = ""
    says: str = ""
    needs: str = ""

    def at(self, places: Places) -> Command:
        text = self.text if places.segment else self.text.replace("segment={segment}&", "")
        for name, value in places._asdict().items():
            text = text.replace(f"{{{name}}}", value)
        return Command(text, self.answers, self.says, self.needs)


_PROOF = """\
python3 - <<'END'
import gzip, hashlib, json
from urllib.request import urlopen

with urlopen("{hub}/v1/feed/snapshot.ndjson.gz") as answer:
    head, *items = map(json.loads, gzip.decompress(answer.read()).splitlines())
buckets = [0] * 256
for item in items:
    value = hashlib.sha256((item["id"] + item["version"]).encode()).digest()
    buckets[hashlib.sha256(item["id"].encode()).digest()[0]] += int.from_bytes(value, "big")
digest = hashlib.sha256(b"".join((one % 2**256).to_bytes(32, "big") for one in buckets)).hexdigest()
print(len(items), "complete" if digest == head["digest"] else "INCOMPLETE")
END"""

_FOLLOW = """\
next='{hub}/v1/feed/pages?limit=500'
while [ "$next" != None ]; do
  curl -fsS "$next" > page.json
  next=$(python3 -c 'import json; print(json.load(open("page.json"))["next"])')
done
python3 -c 'import json; page = json.load(open("page.json")); print("go on from", page["cursor"], "in", page["feed_id"])'"""

_SNAPSHOT = """\
curl -fsS -o feed.ndjson.gz '{hub}/v1/feed/snapshot.ndjson.gz'
gunzip -c feed.ndjson.gz | sed -n 1p"""

_AGAIN = """\
tag=$(curl -fsSI '{hub}/openapi.json' | tr -d '\\r' | sed -n 's/^[Ee][Tt]ag: //p')
curl -fsS -o same.json -w '%{http_code}\\n' -H "If-None-Match: $tag" '{hub}/openapi.json'"""

_DLT = """\
cat > load.py <<'END'
import dlt
from dlt.sources.rest_api import rest_api_source

source = rest_api_source({
    "client": {"base_url": "{hub}", "paginator": {"type": "json_link", "next_url_path": "next"}},
    "resources": [{
        "name": "opportunities", "primary_key": "id", "write_disposition": "merge", "max_table_nesting": 0,
        "columns": {"is_closed": {"data_type": "bool", "hard_delete": True}, "cursor": {"dedup_sort": "desc"}},
        "endpoint": {
            "path": "/v1/feed/pages", "data_selector": "items", "params": {"limit": 500},
            "incremental": {"start_param": "after", "cursor_path": "cursor", "initial_value": 0},
        },
    }],
}, name="hub")
source.opportunities.add_map(lambda item: {**item, "is_closed": item["state"] == "closed"})
database = dlt.destinations.sqlalchemy("sqlite:///opportunities.db")
pipeline = dlt.pipeline("hub", destination=database, dataset_name="main", pipelines_dir="dlt-state")
pipeline.run(source)
print("loaded", pipeline.last_trace.last_normalize_info.row_counts.get("opportunities", 0))
END
python3 load.py"""

_SUBSCRIBE = """\
hook=https://portal.example.org/hook
curl -sS -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -o subscription.json \\
  -d "{\\"url\\": \\"$hook\\", \\"filter\\": {\\"kind\\": [\\"vacancy\\"]}}" '{hub}/v1/subscriptions'
python3 -c 'import json; made = json.load(open("subscription.json"))
print(made["detail"] if "detail" in made else made["id"] + " " + made["secret"])'"""

_TRIAL = """\
id=$(python3 -c 'import json; print(json.load(open("subscription.json"))["id"])')
curl -sS -X POST -H "Authorization: Bearer $TOKEN" "{hub}/v1/subscriptions/$id/test"\
"""

COMMANDS: dict[str, Command] = {
    "pages": Command("curl -sS '{hub}/v1/feed/pages?limit=5'", JSON),
    "follow": Command(_FOLLOW, JSON, says="go on from"),
    "again": Command(_AGAIN, says="304"),
    "snapshot": Command(_SNAPSHOT, GZIP, says='"cursor"'),
    "digest": Command("curl -sS '{hub}/v1/feed/digest'", JSON),
    "proof": Command(_PROOF, says=" complete"),
    "stream": Command("curl -sSN --max-time 2 '{hub}/v1/feed/stream?after=0' || true", says="event: heartbeat"),
    "rpde": Command("curl -sS '{hub}/v1/feed/rpde'", JSON),
    "browse": Command("curl -sS '{hub}/v1/opportunities?kind=vacancy,traineeship&dutch_required=no&limit=5'", JSON),
    "item": Command("curl -sS '{hub}/v1/opportunities/{id}'", JSON),
    "jsonld": Command("curl -sS -H 'Accept: application/ld+json' '{hub}/v1/opportunities/{id}'", "application/ld+json"),
    "page": Command("curl -sS -H 'Accept: text/html' '{hub}/v1/opportunities/{id}?lang=en'", HTML),
    "atom": Command("curl -sS '{hub}/v1/feed/atom.xml?segment={segment}&lang=en'", "application/atom+xml"),
    "events": Command("curl -sS '{hub}/v1/feed/events.ics?lang=en'", "text/calendar"),
    "segments": Command("curl -sS '{hub}/v1/segments'", JSON),
    "without": Command("curl -sS '{hub}/v1/feed/pages?exclude_source=vonk&limit=5'", JSON),
    "subscribe": Command(_SUBSCRIBE, JSON, says="sub_", needs="TOKEN"),
    "trial": Command(_TRIAL, JSON, says='"delivered"', needs="TOKEN"),
    "subscriptions": Command("curl -sS -H \"Authorization: Bearer $TOKEN\" '{hub}/v1/subscriptions'", JSON, needs="TOKEN"),
    "token": Command("curl -sS -H \"Authorization: Bearer $TOKEN\" '{hub}/v1/feed/pages?limit=1000'", JSON, needs="TOKEN"),
    "kafka": Command(
        "kcat -C -q -e -b \"$KAFKA\" -t hub.opportunity.feed.v1 -p 0 -o beginning -f '%o %k %s\\n' > feed.txt", needs="KAFKA"
    ),
    "dlt": Command(_DLT, says="loaded", needs="dlt"),
    "openapi": Command("curl -sS '{hub}/openapi.json'", JSON),
}
