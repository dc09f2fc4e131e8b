"""Errors by what the runtime does about them, not by where they arise.

    HubError
    ├── ConfigError           stop at start; the message says what to change
    ├── RetryableError        back off and try again; may carry `retry_after_seconds`
    │   └── SourceError       a partner did not answer as its format says: the run fails, nothing is withdrawn
    ├── RecordRejectedError   dead letter for this one record; its neighbours go on
    └── FatalError            stop the role loudly; state is in doubt

Only ingest and the stream agents catch; everybody else lets an error pass.
"""

from __future__ import annotations


class HubError(Exception):
    """Base of every error that the hub raises on purpose."""


class ConfigError(HubError):
    """Something a person must change before the role can start. Exit code 2."""


class RetryableError(HubError):
    """A passing fault. `retry_after_seconds` is what the other side asked for, if it asked."""

    def __init__(self, message: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class SourceError(RetryableError):
    """A partner's answer that cannot be trusted: status, content type, truncation, size, totals.

    `cause` is a short code of a bounded set (it becomes a metric label): `status`, `timeout`, `connection`,
    `content_type`, `syntax`, `too_large`, `redirect`, `total`, `duplicate`, `throttled`, `robots`, `credential`,
    `charset`, `bug`.
    """

    def __init__(self, cause: str, message: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message, retry_after_seconds=retry_after_seconds)
        self.cause = cause


class RecordRejectedError(HubError):
    """One record cannot be used. `field` is its dotted path, `reason` a short code, the message the detail."""

    def __init__(self, reason: str, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.field = field


class FatalError(HubError):
    """State is in doubt or a disk fails: the process ends with a non-zero code and the supervisor starts it again."""
