"""The broker's certificate and key, checked before a JVM starts, and put into the one PEM file that Kafka reads.

Kafka takes the key in PKCS #8 only and says little when something does not fit; many tools write other forms. So the key
is written anew here, and a mismatch or a foreign name is said in words. A past date keeps nothing from starting: it comes by
itself, and readers over HTTP need not miss the hub for it. The page, an alert and `hub doctor` tell of it.
"""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from hub.errors import ConfigError


def keystore_of(certificate_file: Path, key_file: Path, host: str) -> str:
    """The key in PKCS #8 and the chain, its own certificate first. Raises ConfigError when Kafka or a partner's client
    would refuse them for good: unreadable, not a pair, or not made out to `host`."""
    chain = load_chain(certificate_file)
    try:
        key = load_pem_private_key(_read(key_file, "kafka.key_file"), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ConfigError(f"kafka.key_file: {key_file} holds no private key in PEM without a password: {error}") from error
    own = chain[0]
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if own.public_key().public_bytes(*form) != key.public_key().public_bytes(*form):
        raise ConfigError(
            f"kafka.key_file: {key_file} does not belong to the first certificate in {certificate_file}; "
            "the hub's own certificate comes first, then those that signed it"
        )
    if not _names(own, host):
        raise ConfigError(
            f"kafka.certificate_file: {certificate_file} is not made out to {host} (kafka.public_host), so clients refuse it"
        )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return (pem + b"".join(one.public_bytes(Encoding.PEM) for one in chain)).decode("ascii")


def load_chain(certificate_file: Path) -> list[x509.Certificate]:
    """The hub's own certificate first. Raises ConfigError."""
    try:
        return x509.load_pem_x509_certificates(_read(certificate_file, "kafka.certificate_file"))
    except ValueError as error:
        raise ConfigError(f"kafka.certificate_file: {certificate_file} holds no certificate in PEM: {error}") from error


def write_secret(path: Path, text: str) -> None:
    """For this user's eyes alone, from the first byte on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)


def _names(certificate: x509.Certificate, host: str) -> bool:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return False
    try:
        return ipaddress.ip_address(host) in names.get_values_for_type(x509.IPAddress)
    except ValueError:
        wanted = host.lower().rstrip(".")
        known = {name.lower().rstrip(".") for name in names.get_values_for_type(x509.DNSName)}
        return wanted in known or f"*.{wanted.partition('.')[2]}" in known


def _read(path: Path, setting: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{setting}: {path} cannot be read ({error.strerror})") from error
