"""What flows from the reader to an agent: a run of records of one partition, done as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol


class Incoming(Protocol):
    """A record as a step sees it; aiokafka's ConsumerRecord is one, tests make their own."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Sequence[tuple[str, bytes]]: ...


@dataclass(slots=True)
class Batch:
    """`done()` says that everything derived from the records is acknowledged; only then may the offset be committed.

    It lets go of the records too: Faust's stream holds its last batch until the next one comes, perhaps for hours.
    """

    topic: str
    partition: int
    records: Sequence[Incoming]
    arrived: float
    is_done: bool = False
    is_forgotten: bool = False
    """Its records are read again, here or by another process: what is still written of it could follow what is newer."""
    on_done: Callable[[Batch], None] | None = field(default=None, repr=False)
    require: Callable[[], None] = field(default=lambda: None, repr=False)
    """Raises when the records may be another process's by now; asked before each output."""
    next_offset: int = field(init=False)

    def __post_init__(self) -> None:
        self.next_offset = self.records[-1].offset + 1

    def done(self) -> None:
        self.is_done = True
        self.records = ()
        if self.on_done is not None:
            self.on_done(self)
