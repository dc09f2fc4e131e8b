"""`hub doctor`: what is missing on this machine, and what to install or change."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from hub.cli.options import json_option, say, settings_of

MARK = {"ok": "ok  ", "warn": "note", "fail": "FAIL"}


@click.command()
@json_option
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Say what is missing on this machine and what to install. Exit code 1 when something is."""
    from hub.supervisor.doctor import examine

    findings = examine(settings_of(ctx))
    for finding in findings:
        advice = [f"      {'':16} → {finding.advice}"] if finding.advice else []
        say(asdict(finding), as_json, f"{MARK[finding.state]}  {finding.subject:16} {finding.detail}", *advice)
    sys.exit(1 if any(finding.state == "fail" for finding in findings) else 0)
