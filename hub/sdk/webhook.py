"""Standard Webhooks signatures (standardwebhooks.com, specification 1.0), symmetric scheme `v1`.

Signed are id, time and raw body: HMAC-SHA256 over `id.timestamp.body`. A body is parsed only after this, and headers
other than these three are not covered.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from secrets import token_bytes

from hub.errors import ConfigError, HubError

ID = "webhook-id"
TIMESTAMP = "webhook-timestamp"
SIGNATURE = "webhook-signature"
SECRET_PREFIX = "whsec_"


class SignatureError(HubError):
    """The signature is missing, wrong or too old; the message may be told to the sender."""


def new_secret() -> str:
    """`whsec_` and base64 of 32 random bytes."""
    return SECRET_PREFIX + base64.b64encode(token_bytes(32)).decode()


def sign(secret: str, webhook_id: str, timestamp: int, body: bytes) -> str:
    """`v1,<base64>`; `secret` is `whsec_` and base64, `timestamp` unix seconds. Raises ConfigError for a bad secret."""
    digest = hmac.new(_key(secret), b"%b.%d.%b" % (webhook_id.encode(), timestamp, body), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def verify(secrets: Iterable[str], headers: Mapping[str, str], body: bytes, *, now_ms: int, tolerance_seconds: float) -> str:
    """The webhook id, when one signature is right for one secret and the time is near `now_ms` on either side.

    Raises SignatureError, and ConfigError for a secret that is none. `headers` are found by any case (aiohttp) or lower.
    """
    webhook_id, stamp = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not webhook_id or not webhook_id.isascii() or not webhook_id.isprintable():
        raise SignatureError(f"the header {ID} is missing or not printable ASCII")
    if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
        raise SignatureError(f"the header {TIMESTAMP} is missing or no unix time in seconds")
    given = [part for part in headers.get(SIGNATURE, "").split() if part.startswith("v1,")]
    expected = [sign(secret, webhook_id, int(stamp), body) for secret in secrets]
    # Every pair is compared, so that the time taken does not tell which one was near.
    matches = [hmac.compare_digest(_bytes(ours), _bytes(theirs)) for ours in expected for theirs in given]
    if not any(matches):
        raise SignatureError(f"no signature in {SIGNATURE} is right for this body")
    if abs(now_ms / 1000 - int(stamp)) > tolerance_seconds:
        raise SignatureError(f"{TIMESTAMP} is more than {tolerance_seconds:.0f} s away from now")
    return webhook_id


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ConfigError("a webhook secret must be `whsec_` followed by base64") from error
