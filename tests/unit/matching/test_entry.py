"""Reading a posting's version: what cannot be read is refused with the path of the field that is wrong."""

from __future__ import annotations

import pytest

from hub.errors import RecordRejectedError
from hub.matching.model import default_model
from hub.matching.reading import to_entry
from hub.matching.version import read_version

HEAD = b'{"source":"a","source_key":"a:1","seq":1,"first_seen":1'


@pytest.mark.parametrize(
    ("value", "reason", "field"),
    [
        (b'{"kind":"ship"}', "wrong_type", "kind"),
        (b"{}", "missing_field", "source"),
        (HEAD + b',"provenance":{"rank":"first"}}', "wrong_type", "provenance.rank"),
        (HEAD + b',"features":{"model":"m","bodies":{"nl":{}}}}', "missing_field", "features.bodies[...].minhash"),
        (HEAD + b',"features":{"model":3}}', "wrong_type", "features.model"),
        (b"nonsense", "wrong_type", None),
    ],
)
def test_a_value_that_cannot_be_read_names_its_field(value: bytes, reason: str, field: str | None) -> None:
    with pytest.raises(RecordRejectedError) as caught:
        to_entry(read_version("a:1", value), default_model())
    assert (caught.value.reason, caught.value.field) == (reason, field)
