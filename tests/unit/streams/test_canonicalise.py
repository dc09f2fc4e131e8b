"""raw → canonical: what maps goes on cleaned and stamped, what does not is parked, what is withdrawn never is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest

from hub import topics
from hub.broker.headers import Stamp
from hub.broker.outbox import OutRecord
from hub.domain.posting import EnrichedPosting, Posting, Status
from hub.domain.records import Rejection
from hub.sdk.connector import load_connectors
from hub.streams import canonicalise, enrich
from hub.streams.stage import SLICE_BYTES, SLICE_RECORDS, park_or_apply, slices

CONNECTORS = load_connectors()
STAGE = canonicalise.create_stage(CONNECTORS)
ITEM: dict[str, Any] = {
    "id": 7,
    "slug": "verpleegkundige",
    "title": "Verpleegkundige <script>alert(1)</script>",
    "text": "<p>Mail naar jan.jansen@ziekenhuis.example of bel 06-12345678.</p><script>x()</script>",
    "organisation": {"title": "Ziekenhuis Noord", "city": "Assen"},
    "apply_method": "url",
    "apply": "https://werkenbij.ziekenhuis.example/vacatures/verpleegkundige-4711",
}


@dataclass
class Record:
    """A record as the reader hands it out."""

    value: bytes | None
    key: bytes | None = b"noorderlink:7"
    headers: list[tuple[str, bytes]] = field(
        default_factory=lambda: Stamp("upsert", 20, 10, "f", url="https://n.example/7").to_headers()
    )
    topic: str = "hub.raw.noorderlink.v1"
    partition: int = 0
    offset: int = 3
    timestamp: int = 1_790_000_000_000


def raw(op: Any = "upsert", seq: int = 20, **item: Any) -> Record:
    return Record(
        orjson.dumps({"item": {**ITEM, **item}}), headers=Stamp(op, seq, 10, "f", url="https://n.example/7").to_headers()
    )


def canonical(record: Record) -> Posting:
    (output,) = park_or_apply(STAGE, [record])
    assert (output.topic, output.key) == (topics.CANONICAL, record.key)
    return Posting.model_validate_json(output.value)


def enriched(posting: Posting) -> EnrichedPosting:
    headers = Stamp("upsert", posting.seq, posting.first_seen).to_headers()
    stage = enrich.create_stage(CONNECTORS)
    (output,) = park_or_apply(stage, [Record(posting.to_bytes(), headers=headers, topic=topics.CANONICAL)])
    return EnrichedPosting.model_validate_json(output.value)


def letter(outputs: Any) -> Rejection:
    (output,) = outputs
    assert output.topic == topics.REJECTED
    return Rejection.model_validate_json(output.value)


def test_a_posting_carries_the_stamps_of_ingest() -> None:
    posting = canonical(raw())
    assert (posting.source_key, posting.seq, posting.first_seen) == ("noorderlink:7", 20, 10)


def test_markup_and_personal_data_are_gone_after_this_hop() -> None:
    text = canonical(raw()).to_bytes().decode()
    assert not re.search(r"<script|alert|jan\.jansen|12345678", text)


def test_equal_input_makes_equal_bytes() -> None:
    first, second = park_or_apply(STAGE, [raw(), raw()])
    assert first.value == second.value


def test_a_wrong_type_is_parked_with_its_field_and_its_raw_record() -> None:
    parked = letter(park_or_apply(STAGE, [raw(title=["x"])]))
    assert (parked.reason, parked.field, parked.source_key) == ("wrong_type", "item.title", "noorderlink:7")
    assert "werkenbij" in parked.raw
    assert parked.origin is not None
    assert parked.origin.offset == 3


def test_an_exception_in_a_mapping_is_parked_as_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    connector = CONNECTORS["noorderlink"]
    monkeypatch.setitem(connector.__dict__, "to_posting", lambda *_: 1 / 0)
    parked = letter(park_or_apply(canonicalise.create_stage(CONNECTORS), [raw()]))
    assert (parked.reason, parked.detail) == ("bug", "ZeroDivisionError: division by zero")


def test_a_record_without_a_usable_key_is_parked() -> None:
    assert letter(park_or_apply(STAGE, [Record(b"{}", key=None)])).reason == "missing_id"


def test_a_large_record_is_parked_cut_with_length_and_hash() -> None:
    parked = letter(park_or_apply(STAGE, [raw(text="x" * 300_000)]))
    assert (parked.reason, len(parked.raw), parked.raw_length > 300_000) == ("too_large", 64 * 1024, True)


def test_a_record_without_stamps_is_parked() -> None:
    assert letter(park_or_apply(STAGE, [Record(b"{}", headers=[])])).field == "headers"


def test_a_withdrawn_record_keeps_its_posting_without_contact() -> None:
    posting = canonical(raw(op="withdrawn"))
    assert (posting.status, posting.contact, posting.title.nl is not None) == (Status.WITHDRAWN, None, True)


def test_a_withdrawn_record_that_does_not_map_goes_on_bare() -> None:
    posting = canonical(raw(op="withdrawn", title=["x"]))
    assert (posting.status, posting.seq, posting.title.nl) == (Status.WITHDRAWN, 20, None)


def test_an_erased_record_is_bare() -> None:
    posting = canonical(Record(b"{}", headers=Stamp("erased", 30, 10).to_headers()))
    assert (posting.status, posting.organisation) == (Status.ERASED, None)


def test_a_ghost_keeps_features_and_codes_and_loses_its_texts() -> None:
    ghost = enriched(canonical(raw(op="withdrawn")))
    assert (ghost.status, ghost.title.nl, ghost.description.nl, ghost.apply) == (Status.WITHDRAWN, None, None, None)
    assert ghost.features is not None
    assert ghost.features.job_keys == ["werkenbij.ziekenhuis.example/vacatures/verpleegkundige-4711"]
    assert [place.municipality for place in ghost.locations] == ["GM0106"]


def test_a_ghost_of_a_withdrawn_posting_links_as_the_posting_did() -> None:
    assert enriched(canonical(raw(op="withdrawn"))).features == enriched(canonical(raw())).features


def test_an_output_that_is_too_large_is_parked_instead_of_stopping_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OutRecord, "is_too_large", property(lambda self: self.topic == topics.CANONICAL))
    assert letter(park_or_apply(STAGE, [raw()])).reason == "too_large"


def test_an_unknown_source_is_parked() -> None:
    parked = letter(park_or_apply(STAGE, [Record(b"{}", key=b"gone:1")]))
    assert (parked.reason, parked.detail.startswith("no connector is called gone")) == ("unknown_source", True)


def test_neighbours_in_a_slice_keep_their_order_around_one_that_is_parked() -> None:
    records = [raw(seq=21), raw(seq=22, title=["x"]), raw(seq=23, text="y" * 300_000), raw(seq=24)]
    outputs = park_or_apply(STAGE, records)
    assert [output.topic for output in outputs] == [topics.CANONICAL, topics.REJECTED, topics.REJECTED, topics.CANONICAL]
    assert [Posting.model_validate_json(output.value).seq for output in (outputs[0], outputs[3])] == [21, 24]


def test_a_slice_ends_at_a_number_of_records_or_of_bytes() -> None:
    small, large = Record(b"{}"), Record(b"x" * SLICE_BYTES)
    records = [*[small] * (SLICE_RECORDS + 1), large, large, small]
    assert [len(part) for part in slices(records)] == [SLICE_RECORDS, 2, 1, 1]
