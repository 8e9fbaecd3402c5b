"""Reading what a request carries into a model, every fault named with field and value."""

from collections.abc import Mapping
from typing import Any, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from gridtrack.errors import Invalid, Rejected
from gridtrack.http.errors import HttpError

BODY_MOST = 1_000_000  # bytes: a text of 100,000 characters is still answered by name
FAULTS_MOST = 50

Model = TypeVar("Model", bound=BaseModel)

# What pydantic calls a fault -> our code, and what was expected where the code asks for it.
_CODES: Mapping[str, tuple[str, str | None]] = {
    "missing": ("required", None),
    "extra_forbidden": ("unknown-field", None),
    "float_type": ("wrong-type", "number"),
    "float_parsing": ("wrong-type", "number"),
    "int_type": ("wrong-type", "integer"),
    "int_parsing": ("wrong-type", "integer"),
    "int_parsing_size": ("wrong-type", "integer"),
    "int_from_float": ("wrong-type", "integer"),
    "string_type": ("wrong-type", "string"),
    "model_type": ("wrong-type", "object"),
    "finite_number": ("not-finite", None),
    "not-a-time": ("not-a-time", None),
}


def body(model: type[Model]) -> Model:
    """The JSON body as `model`; none at all is `{}`.

    Raises HttpError (400 no JSON, 413 too large, 415 another type), Rejected naming the fields.
    """
    request.max_content_length = BODY_MOST
    data = request.get_data(cache=False)
    kind = request.mimetype
    if data and kind != "application/json" and not kind.endswith("+json"):
        raise HttpError("not-sent-as-json", status=415, value=kind[:80])
    try:
        return model.model_validate_json(data or b"{}")
    except ValidationError as error:
        raise _refusal(error) from error


def query(model: type[Model]) -> Model:
    """The query string as `model`; a list may be repeated, nothing else. Raises Rejected."""
    found: dict[str, Any] = {}
    faults: list[Invalid] = []
    for name, values in request.args.lists():
        field = model.model_fields.get(name)
        many = field is not None and str(field.annotation).startswith("list")
        if len(values) > 1 and not many:
            faults.append(Invalid("given-twice", field=name, value=values[1]))
        found[name] = values if many else values[0]
    if faults:
        raise Rejected(faults)
    try:
        return model.model_validate(found)
    except ValidationError as error:
        raise _refusal(error) from error


def _refusal(error: ValidationError) -> HttpError | Rejected:
    details = error.errors(include_url=False)
    if details[0]["type"] == "json_invalid":
        reason = details[0].get("ctx", {}).get("error", "")
        return HttpError("body-not-json", status=400, reason=str(reason))
    return Rejected([_fault(detail) for detail in details[:FAULTS_MOST]])


def _fault(detail: ErrorDetails) -> Invalid:
    field = ".".join(str(part) for part in detail["loc"])[:120] or "body"
    kind = detail["type"]
    context = detail.get("ctx", {})
    value = None if kind == "missing" else detail["input"]
    if kind in _CODES:
        code, expected = _CODES[kind]
        if expected is not None:
            return Invalid(code, field=field, value=value, expected=expected)
        return Invalid(code, field=field, value=value)
    if kind in ("enum", "literal_error"):
        return Invalid("not-one-of", field=field, value=value, known=context.get("expected", ""))
    if kind in ("greater_than_equal", "less_than_equal"):
        least, most = context.get("ge"), context.get("le")
        return Invalid("out-of-range", field=field, value=value, least=least, most=most)
    return Invalid("not-usable", field=field, value=value, reason=detail["msg"])
