"""Secrets of subscriptions at rest: AES-256-GCM under a key that the hub makes, in a file beside hub.db.

The key's file is part of every backup. A line is a key; the first one encrypts, all of them decrypt, so that a key is
changed by putting a new line before the others (`rotate`) and encrypting anew at leisure.
"""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.errors import ConfigError
from hub.sdk.webhook import SECRET_PREFIX

FILE = "delivery.key"
_NONCE = 12
_KEY = 32


class Vault:
    """Raises ConfigError when the key's file is missing although something was encrypted, or holds no key."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._ciphers = [AESGCM(key) for key in _load(path)]

    def encrypt(self, text: str, about: str) -> bytes:
        """`about`: whose it is; what was encrypted for one subscription cannot be used for another."""
        nonce = os.urandom(_NONCE)
        return nonce + self._ciphers[0].encrypt(nonce, text.encode(), about.encode())

    def decrypt(self, stored: bytes, about: str) -> str:
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(stored[:_NONCE], stored[_NONCE:], about.encode()).decode()
            except InvalidTag:
                continue
        raise ConfigError(f"a subscription's secret cannot be decrypted: {self._path} is not the key it was encrypted with")

    def rotate(self) -> None:
        """From now on another key encrypts; the former ones go on decrypting."""
        _write(self._path, [secrets.token_bytes(_KEY), *_load(self._path)])
        self._ciphers = [AESGCM(key) for key in _load(self._path)]


def new_secret() -> str:
    """As Standard Webhooks has it: `whsec_` and base64 of 32 random bytes."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def _load(path: Path) -> list[bytes]:
    """Made at first use, readable by its owner only."""
    if not path.exists():
        _write(path, [secrets.token_bytes(_KEY)])
    try:
        keys = [base64.b64decode(line, validate=True) for line in path.read_text(encoding="ascii").split()]
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read: restore it from a backup") from error
    if not keys or any(len(key) != _KEY for key in keys):
        raise ConfigError(f"{path} holds no key: restore it from a backup")
    return keys


def _write(path: Path, keys: list[bytes]) -> None:
    scratch = path.with_suffix(".new")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(b"".join(base64.b64encode(key) + b"\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)
