"""A field that an operator wants shown otherwise: the model says whether there is one, and which values it takes. Pure.

What is written to the override topic is shown as it stands on every surface, past mapping and cleaning, so it is held to the
same form here: a title that is no `{"text": …}` would be no title to any reader.
"""

from __future__ import annotations

from typing import Annotated, Any, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from hub.domain.model import Model
from hub.domain.posting import EnrichedPosting
from hub.enrich.safe_html import sanitise
from hub.errors import HubError
from hub.matching.golden_fields import FIELDS

SHOWN = ("title", "description", *FIELDS)


def check_shown(path: str, value: Any) -> Any:
    """The value to show at `path` (`title.nl.text`), its HTML sanitised; null leaves the field out. Raises HubError."""
    names = path.split(".")
    if names[0] not in SHOWN:
        raise HubError(f"there is no field {names[0]!r} to show; there are {', '.join(sorted(SHOWN))}")
    annotation: Any = EnrichedPosting
    for number, name in enumerate(names):
        model = _model_in(annotation)
        if model is None or name not in model.model_fields:
            above = ".".join(names[:number])
            held = f"it has {', '.join(model.model_fields)}" if model is not None else "it is set as a whole"
            raise HubError(f"{above} has no field {name!r}; {held}")
        info = model.model_fields[name]
        annotation = Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
    if value is None:
        return None
    try:
        TypeAdapter(annotation).validate_python(value)
    except ValidationError as error:
        raise HubError(_say(path, annotation, error)) from error
    return _sanitised(names[-1], value)


def _model_in(annotation: Any) -> type[Model] | None:
    """The model that a field holds, also where it may be absent; None where it holds a plain value or a list."""
    for one in (annotation, *(get_args(annotation) if get_origin(annotation) is not list else ())):
        if isinstance(one, type) and issubclass(one, Model):
            return one
    return None


def _say(path: str, annotation: Any, error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join([path, *(str(part) for part in first["loc"])])
    model = _model_in(annotation)
    parts = f"; set one of {', '.join(f'{path}.{name}' for name in model.model_fields)}" if model is not None else ""
    return f"{where} cannot be shown so: {first['msg'].lower()}{parts}"


def _sanitised(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sanitised(key, part) for key, part in value.items()}
    return sanitise(value) if name == "html" and isinstance(value, str) else value
