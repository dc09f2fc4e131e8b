"""Partitions are those of Kafka's own clients."""

import random

from aiokafka.partitioner import murmur2

from hub.broker import partition


def test_our_murmur2_is_the_clients_for_keys_of_every_length():
    keys = [random.Random(length).randbytes(length) for length in range(64)]
    assert [partition.murmur2(key) for key in keys] == [murmur2(key) & 0xFFFFFFFF for key in keys]
