"""The OpenAPI 3.1 document, made from the table of routes and the models they name.

APIFlask serves it; its own generator is left out, because it would wrap every view and knows
neither problem details nor the categories in force.
"""

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from gridtrack.api.answers import Problem
from gridtrack.api.out import PREFIX
from gridtrack.api.routes import ROUTES, Route
from gridtrack.categories.rules import Record, Tree
from gridtrack.http.ids import BIGGEST

REF = "#/components/schemas/{model}"
_CONVERTER = re.compile(r"<int:(\w+)>")
_ID = {"type": "integer", "minimum": 1, "maximum": BIGGEST}

ABOUT = """Reports in, incidents out, with the same rules as the pages.

Send `Authorization: Bearer <token>`; a token acts for a person, narrowed to the permissions it was
issued with (`gridtrack tokens issue`). Every refusal is `application/problem+json` (RFC 9457) with
a stable `code`; refused fields stand in `errors` with name, value and way out. `docs/api.md` tells
the rest."""


def document(tree: Tree) -> dict[str, Any]:
    """The whole document; the categories that a report may name are those of `tree`."""
    schemas = _schemas()
    codes = [c.code for c in tree.leaves()]
    matters = [c.code for c in tree.leaves() if c.record is Record.MATTER]
    schemas["ReportIn"]["properties"]["category"]["enum"] = matters
    _fit_conditions(schemas["ReportIn"], tree)
    asked = schemas["IncidentsAsked"]["properties"]["category"]
    asked["anyOf"][0]["enum"] = list(dict.fromkeys([*tree.groups, *codes]))
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        path = PREFIX + _CONVERTER.sub(r"{\1}", route.rule)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "gridtrack", "version": "1", "description": ABOUT},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": {name: s for name, s in schemas.items() if not name.endswith("Asked")},
            "responses": {status.name: _refusal(status) for status in _statuses()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _fit_conditions(report: dict[str, Any], tree: Tree) -> None:
    """A filing condition goes with its own category; none goes with all of them."""
    fits: list[dict[str, Any]] = [{"properties": {"condition": {"const": ""}}}]
    for one in tree.leaves():
        if one.conditions and one.record is Record.MATTER:
            codes = ["", *(each.code for each in one.conditions)]
            named = {"category": {"const": one.code}, "condition": {"enum": codes}}
            fits.append({"properties": named})
    report["allOf"] = [{"anyOf": report.pop("anyOf")}, {"anyOf": fits}]


def _schemas() -> dict[str, Any]:
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [(Problem, "serialization")]
    for route in ROUTES:
        models += [(model, "validation") for model in (route.body, route.query) if model]
        models += [(model, "serialization") for _status, model in route.answers]
    unique = list(dict.fromkeys(models))
    found: dict[str, Any] = models_json_schema(unique, ref_template=REF)[1]["$defs"]
    return found


def _operation(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "description": (route.view.__doc__ or "").strip(),
        "parameters": [*_path(route), *_query(route, schemas)],
        "responses": {
            **{str(int(status)): _answer(status, model) for status, model in route.answers},
            **{
                str(int(status)): {"$ref": f"#/components/responses/{status.name}"}
                for status in route.problems
            },
        },
    }
    if route.body is not None:
        schema = {"$ref": REF.format(model=route.body.__name__)}
        content = {route.media: {"schema": schema}}
        operation["requestBody"] = {"required": route.body_needed, "content": content}
    return operation


def _path(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _ID}
        for name in _CONVERTER.findall(route.rule)
    ]


def _query(route: Route, schemas: dict[str, Any]) -> Iterable[dict[str, Any]]:
    if route.query is None:
        return []
    schema = schemas[route.query.__name__]
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _present(one)}
        for name, one in schema["properties"].items()
    ]


def _present(schema: dict[str, Any]) -> dict[str, Any]:
    """What a parameter looks like when it is there: a query string has no null."""
    options = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    rest = {k: v for k, v in schema.items() if k not in ("anyOf", "default") or v is not None}
    if len(options) != 1:
        return rest
    rest.pop("anyOf")
    rest.pop("default", None)
    return {**rest, **options[0]}


def _answer(status: HTTPStatus, model: type[BaseModel]) -> dict[str, Any]:
    schema = {"$ref": REF.format(model=model.__name__)}
    found: dict[str, Any] = {
        "description": (model.__doc__ or status.phrase).strip(),
        "content": {"application/json": {"schema": schema}},
    }
    if status is HTTPStatus.CREATED:
        found["headers"] = {"Location": {"schema": {"type": "string"}, "required": True}}
    return found


def _refusal(status: HTTPStatus) -> dict[str, Any]:
    schema = {"$ref": REF.format(model=Problem.__name__)}
    found: dict[str, Any] = {
        "description": status.phrase,
        "content": {"application/problem+json": {"schema": schema}},
    }
    if status is HTTPStatus.TOO_MANY_REQUESTS:
        found["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    if status is HTTPStatus.UNAUTHORIZED:
        found["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    return found


def _statuses() -> list[HTTPStatus]:
    return sorted({status for route in ROUTES for status in route.problems})
