"""The certificate that partners are shown at Kafka's listener, as one of their clients sees it.

Not the file: the broker reads that when it starts, so what was renewed since is not shown yet.
"""

from __future__ import annotations

import asyncio
import ssl
from datetime import datetime

from hub.settings import KafkaSettings

ANSWER_SECONDS = 5.0
CERTIFICATE_DAYS = 10
"""A certificate with less left is told: what programs renew has more, a third of its life, or of a short one two weeks."""


def door_of(kafka: KafkaSettings) -> tuple[str, int] | None:
    """Where this machine reaches the listener for partners; None: there is none. A cluster has it at its public name."""
    if kafka.public_host is None:
        return None
    if kafka.bootstrap_servers is not None:
        return kafka.public_host, kafka.public_port
    listens_everywhere = kafka.listen_host in ("0.0.0.0", "::")
    return "127.0.0.1" if listens_everywhere else kafka.listen_host, kafka.public_port


async def fetch_end(host: str, port: int, name: str) -> datetime | None:
    """When the certificate ends that is shown there to who asks for `name`; None when nobody answers by TLS."""
    from cryptography import x509  # here: without partners nobody needs its eight megabytes

    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # it is to be looked at, whatever it is
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            _, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=name)
            shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
            writer.close()
    except (OSError, TimeoutError):
        return None
    return x509.load_der_x509_certificate(shown).not_valid_after_utc if shown else None
