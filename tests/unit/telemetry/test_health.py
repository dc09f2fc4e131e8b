"""What a role says it lacks: its start only as long as nothing else is known to be missing."""

from __future__ import annotations

from hub.telemetry.health import Health


def test_a_role_that_starts_says_so_until_it_knows_what_it_lacks() -> None:
    health = Health()
    assert health.report() == {"ready": False, "missing": {"start": "the role is starting"}}
    health.missing("ownership", "another owns the topics")
    assert health.report() == {"ready": False, "missing": {"ownership": "another owns the topics"}}
    assert health.is_starting
    health.found("ownership")
    assert health.report()["missing"] == {"start": "the role is starting"}
    health.started()
    assert health.report() == {"ready": True, "missing": {}}
