"""The OpenAPI 3.0 document of the features, which the conformance class "oas30" asks for."""

from typing import Any

from gridtrack.ogc.asked import LIMIT, MOST

JSON, GEOJSON = "application/json", "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"


def document(server: str, title: str) -> dict[str, Any]:
    """The whole document; `server` is the address of the landing page."""
    name, one = _path("collectionId"), _path("featureId")
    return {
        "openapi": "3.0.3",
        "info": {"title": title, "version": "1"},
        "servers": [{"url": server}],
        "paths": {
            "/": _get("landingPage", "What there is", JSON),
            "/conformance": _get("conformance", "What is implemented", JSON),
            "/collections": _get("collections", "The collections", JSON),
            "/collections/{collectionId}": _get("collection", "A collection", JSON, name),
            "/collections/{collectionId}/items": _get(
                "features", "Features of a collection", GEOJSON, name, *_ITEMS
            ),
            "/collections/{collectionId}/items/{featureId}": _get(
                "feature", "A feature", GEOJSON, name, one
            ),
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"problem": {"type": "object", "required": ["code"], "properties": {
                "code": {"type": "string"}, "description": {"type": "string"}}}},
        },
        # Without a token one reads the grids in force.
        "security": [{}, {"token": []}],
    }  # fmt: skip


def _query(name: str, schema: dict[str, Any], said: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": said,
            "style": "form", "explode": False}  # fmt: skip


_EDGES = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
_ITEMS = (
    _query("bbox", _EDGES, "west, south, east, north in degrees of CRS84"),
    _query("datetime", {"type": "string"}, "when it was reported: an instant, or two with a slash"),
    _query("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT},
           "at most so many on a page"),
    _query("after", {"type": "integer", "minimum": 0}, "where a page goes on, as its link says"),
)  # fmt: skip


def _path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _get(operation: str, said: str, media: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    problem = {
        "description": "What is wrong",
        "content": {JSON: {"schema": {"$ref": "#/components/schemas/problem"}}},
    }
    found = {"description": said, "content": {media: {"schema": {"type": "object"}}}}
    return {
        "get": {
            "operationId": operation,
            "summary": said,
            "parameters": list(parameters),
            "responses": {"200": found, "default": problem},
        }
    }
