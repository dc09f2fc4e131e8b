"""`hub posting`: the operator's word on one posting. It survives rebuilds, and undo restores what was before."""

from __future__ import annotations

from typing import Any

import click
import orjson

from hub.cli.options import call_role, json_option, say, settings_of, why_option


@click.group()
def posting() -> None:
    """The operator's word on one posting (a source key such as noorderlink:123) or opportunity (opp-…)."""


@posting.command()
@click.argument("name")
@why_option
@json_option
@click.pass_context
def hide(ctx: click.Context, name: str, why: str, as_json: bool) -> None:
    """Take NAME off the feed: for a scam, within a minute."""
    _say_word(call_role(settings_of(ctx), "unify", "posting.hide", {"posting": name}, why=why), as_json)


@posting.command("set")
@click.argument("name")
@click.argument("field")
@click.argument("value")
@why_option
@json_option
@click.pass_context
def set_(ctx: click.Context, name: str, field: str, value: str, why: str, as_json: bool) -> None:
    """Show VALUE in FIELD of NAME. VALUE is JSON, else text; FIELD is dotted (title.nl.text). Matching does not see it."""
    arguments = {"posting": name, "field": field, "value": _value(value)}
    _say_word(call_role(settings_of(ctx), "unify", "posting.set", arguments, why=why), as_json)


@posting.command()
@click.argument("name")
@why_option
@json_option
@click.pass_context
def undo(ctx: click.Context, name: str, why: str, as_json: bool) -> None:
    """Take the last word on NAME back."""
    _say_word(call_role(settings_of(ctx), "unify", "posting.undo", {"posting": name}, why=why), as_json)


@posting.command()
@click.argument("name")
@json_option
@click.pass_context
def show(ctx: click.Context, name: str, as_json: bool) -> None:
    """Show what is known of NAME. What its source states, the operator's word on it, and the opportunity that it is part of."""
    result = call_role(settings_of(ctx), "unify", "posting.show", {"posting": name})
    say(result, as_json, orjson.dumps(result, option=orjson.OPT_INDENT_2).decode())


def _value(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def _say_word(result: dict[str, Any], as_json: bool) -> None:
    shown = ", ".join(f"{field} = {value!r}" for field, value in result["fields"].items()) or "nothing"
    hidden = "hidden" if result["hidden"] else "not hidden"
    say(result, as_json, f"{result['posting']} ({result['opportunity']}): {hidden}; shown instead: {shown}")
