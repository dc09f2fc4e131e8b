"""A connector as the runtime holds it: found, parsed, mapped, fingerprinted."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.errors import ConfigError, RecordRejectedError
from hub.sdk.connector import Connector, MappingContext, load_connector, load_connectors
from hub.sdk.manifest import parse_manifest

MANIFEST = """
name = "acme"
title = "Acme"
owner = "Acme"
homepage = "https://acme.example"
base_url = "https://acme.example"
licence = "none"
attribution = "Acme"
volatile = ["item.views", "item.blocks.*.seen"]
"""
PAYLOAD = """
from pydantic import BaseModel
class Block(BaseModel):
    text: str
    seen: int = 0
class Item(BaseModel):
    title: str
    pay: float = 0
    place: str = "Assen"
    views: int = 0
    blocks: list[Block] = []
class Payload(BaseModel):
    item: Item
"""
MAPPING = """
from hub.domain.posting import Posting, Salary, Text, Title
def to_posting(payload, context):
    item = payload.item
    return Posting(title=Title(nl=Text(text=item.title)), salary=Salary(min=item.pay), canonical_url=context.url)
"""


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connector]:
    folder = tmp_path / "acme_for_tests"
    folder.mkdir()
    files = {"manifest.toml": MANIFEST, "payload.py": PAYLOAD, "mapping.py": MAPPING, "__init__.py": "", "source.py": ""}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield load_connector("acme_for_tests")
    for name in [name for name in sys.modules if name.startswith("acme_for_tests")]:
        del sys.modules[name]


def context(url: str | None = "https://acme.example/1") -> MappingContext:
    return MappingContext("acme", "1", url, 0)


def test_the_four_partners_are_found() -> None:
    assert {"noorderlink", "miitn", "traineelink", "vonk"} <= set(load_connectors())


def test_folder_without_manifest_is_named() -> None:
    with pytest.raises(ConfigError, match=r"hub\.sdk has no manifest\.toml"):
        load_connector("hub.sdk")


def test_volatile_fields_are_no_change(acme: Connector) -> None:
    before = acme.parse(b'{"item": {"title": "a", "views": 1, "blocks": [{"text": "x", "seen": 1}]}}')
    after = acme.parse(b'{"item": {"title": "a", "views": 9, "blocks": [{"text": "x", "seen": 9}]}, "unknown": 1}')
    assert acme.fingerprint(before) == acme.fingerprint(after)


def test_other_fields_are_a_change(acme: Connector) -> None:
    before = acme.parse(b'{"item": {"title": "a"}}')
    after = acme.parse(b'{"item": {"title": "b"}}')
    assert acme.fingerprint(before) != acme.fingerprint(after)


@pytest.mark.parametrize(
    ("raw", "reason", "field"),
    [
        (b'{"item": {}}', "missing_field", "item.title"),
        (b'{"item": {"title": 1}}', "wrong_type", "item.title"),
        (b'{"item": {"title": "a", "blocks": [{"text": "x"}, {}]}}', "missing_field", "item.blocks.1.text"),
        (b'{"item"', "syntax", None),
    ],
)
def test_payload_that_does_not_fit_names_reason_and_field(acme: Connector, raw: bytes, reason: str, field: str | None) -> None:
    with pytest.raises(RecordRejectedError) as caught:
        acme.parse(raw)
    assert (caught.value.reason, caught.value.field) == (reason, field)


@pytest.mark.parametrize(
    ("raw", "url", "reason", "field"),
    [
        (b'{"item": {"title": "a", "pay": -1}}', None, "wrong_value", "salary.min"),
        (b'{"item": {"title": "a"}}', "ftp://acme.example", "wrong_value", "canonical_url"),
        (b'{"item": {"title": "' + b"a" * 3000 + b'"}}', None, "too_large", "text.text"),
    ],
)
def test_value_that_the_canonical_model_refuses_is_a_rejection(
    acme: Connector, raw: bytes, url: str | None, reason: str, field: str
) -> None:
    with pytest.raises(RecordRejectedError) as caught:
        acme.to_posting(acme.parse(raw), context(url))
    assert (caught.value.reason, caught.value.field) == (reason, field)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", "not valid TOML"),
        (MANIFEST + 'colour = "red"', "colour"),
        (MANIFEST.replace('"acme"', '"Acme Jobs"'), "name"),
        (MANIFEST + 'republish = "maybe"', "republish"),
    ],
)
def test_wrong_manifest_names_file_and_key(text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        parse_manifest(text, where="acme/manifest.toml")
    assert str(caught.value).startswith("acme/manifest.toml")
