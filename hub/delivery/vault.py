"""Secrets of subscriptions at rest: AES-256-GCM under a key that the hub makes, in a file beside hub.db.

The key's file is part of every backup. A line is a key; the first one encrypts, all of them decrypt, so that a key is
changed by putting a new line before the others (`rotate`) and encrypting anew at leisure. The file is made once, by
whichever process is first, and never again while secrets exist that another key has encrypted.
"""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncEngine

from hub.errors import ConfigError
from hub.settings import Settings
from hub.store import subscriptions
from hub.store.subscriptions import Subscription

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FILE = "delivery.key"
MOST_FORMER = 3
"""Secrets from before a rotation that sign beside the new one."""
_NONCE = 12
_KEY = 32


class Vault:
    """Raises ConfigError when the key's file cannot be read, holds no key, or is missing and must not be made (`may_make`)."""

    def __init__(self, path: Path, *, may_make: bool = True) -> None:
        self._path = path
        if not path.exists():
            if not may_make:
                raise ConfigError(
                    f"{path} is missing, and webhook subscriptions have secrets that it encrypted: restore it from a backup, or "
                    "remove the subscriptions (`hub subscriber remove NAME`) and have them made anew"
                )
            _make(path)
        self._read()

    def encrypt(self, text: str, about: str) -> bytes:
        """`about`: whose it is; what was encrypted for one subscription cannot be used for another."""
        nonce = os.urandom(_NONCE)
        return nonce + _cipher(self._keys[0]).encrypt(nonce, text.encode(), about.encode())

    def decrypt(self, stored: bytes, about: str) -> str:
        found = self._try(stored, about)
        if found is None:
            self._read()  # another process may have put a new key before the others
            found = self._try(stored, about)
        if found is not None:
            return found
        raise ConfigError(f"a subscription's secret cannot be decrypted: {self._path} is not the key it was encrypted with")

    def secrets_of(self, one: Subscription, now_ms: int) -> list[str]:
        """Those that sign for a subscription now, the newest first."""
        found = [self.decrypt(one.secret, one.id)]
        if one.former_secret is not None and (one.former_until or 0) > now_ms:
            found += self.decrypt(one.former_secret, one.id).split()
        return found

    def encrypt_former(self, one: Subscription, now_ms: int) -> bytes:
        """The secrets that sign now, to go on signing beside a new one. An answer with a secret may be lost on its way, and who
        then asks for another must not lose the one that its receiver still has. The oldest go when there are too many.
        """
        return self.encrypt(" ".join(self.secrets_of(one, now_ms)[:MOST_FORMER]), one.id)

    def rotate(self) -> None:
        """From now on another key encrypts; the former ones go on decrypting."""
        scratch = _write(self._path, [secrets.token_bytes(_KEY), *_load(self._path)])
        scratch.replace(self._path)
        self._read()

    def _read(self) -> None:
        self._keys = _load(self._path)

    def _try(self, stored: bytes, about: str) -> str | None:
        from cryptography.exceptions import InvalidTag

        for key in self._keys:
            try:
                return _cipher(key).decrypt(stored[:_NONCE], stored[_NONCE:], about.encode()).decode()
            except (InvalidTag, ValueError):  # ValueError: too short to be anything
                continue
        return None


async def open_vault(settings: Settings, hub_db: AsyncEngine) -> Vault:
    """The vault of a state directory. Raises ConfigError as `Vault`; a key is made only where nothing is encrypted yet."""
    has_secrets = bool(await subscriptions.load_subscriptions(hub_db))
    return Vault(settings.state_dir / FILE, may_make=not has_secrets)


def _cipher(key: bytes) -> AESGCM:
    # Here: cryptography is six megabytes of two roles, and a hub without subscriptions encrypts nothing.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def _load(path: Path) -> list[bytes]:
    try:
        keys = [base64.b64decode(line, validate=True) for line in path.read_text(encoding="ascii").split()]
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read: restore it from a backup") from error
    if not keys or any(len(key) != _KEY for key in keys):
        raise ConfigError(f"{path} holds no key: restore it from a backup")
    return keys


def _make(path: Path) -> None:
    """Whoever links first has made the key; another process that is as early takes that one."""
    scratch = _write(path, [secrets.token_bytes(_KEY)])
    try:
        os.link(scratch, path)
    except FileExistsError:
        pass
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        scratch.unlink()


def _write(path: Path, keys: list[bytes]) -> Path:
    """A file beside it, readable by its owner only, that is whole on the disk."""
    scratch = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(b"".join(base64.b64encode(key) + b"\n" for key in keys))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}") from error
    return scratch
