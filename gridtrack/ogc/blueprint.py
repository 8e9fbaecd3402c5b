"""OGC API - Features, part 1: core, GeoJSON and OpenAPI 3.0, so that a GIS opens us directly."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.errors import GridtrackError, Invalid
from gridtrack.grids.features import as_text
from gridtrack.http.context import locale, look
from gridtrack.http.errors import status_of
from gridtrack.http.guard import public
from gridtrack.http.headers import unless_same
from gridtrack.i18n.sentences import sentence
from gridtrack.ogc.asked import PLAIN, items_asked, known_only
from gridtrack.ogc.document import GEOJSON, JSON, OPENAPI, document
from gridtrack.queries.collections import (
    INCIDENTS,
    Collection,
    collection,
    collections,
    feature,
    features,
)

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_CLASS = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
CONFORMS = tuple(_CLASS + name for name in ("core", "geojson", "oas30"))

blueprint = Blueprint("ogc", __name__, url_prefix="/ogc")


def _link(rel: str, endpoint: str, media: str = JSON, **values: Any) -> dict[str, str]:
    href = url_for(f"ogc.{endpoint}", _external=True, **values)
    return {"rel": rel, "href": href, "type": media}


@public
def landing() -> AnyResponse:
    """What there is, and where."""
    known_only(request.args, PLAIN)
    links = [
        _link("self", "landing"),
        _link("service-desc", "api", OPENAPI),
        _link("conformance", "conformance"),
        _link("data", "list_collections"),
    ]
    return jsonify({"title": sentence("ogc-title", locale()), "links": links})


@public
def api() -> AnyResponse:
    """The OpenAPI document."""
    known_only(request.args, PLAIN)
    server = url_for("ogc.landing", _external=True).rstrip("/")
    response = jsonify(document(server, sentence("ogc-title", locale())))
    response.headers["Content-Type"] = OPENAPI
    return response


@public
def conformance() -> AnyResponse:
    """What is implemented."""
    known_only(request.args, PLAIN)
    return jsonify({"conformsTo": CONFORMS})


@public
def list_collections() -> AnyResponse:
    """What this reader may open."""
    known_only(request.args, PLAIN)
    with look() as unit:
        found = [_described(one) for one in collections(unit)]
    return jsonify({"links": [_link("self", "list_collections")], "collections": found})


@public
def one_collection(collection_id: str) -> AnyResponse:
    """A collection."""
    known_only(request.args, PLAIN)
    with look() as unit:
        return jsonify(_described(collection(unit, collection_id)))


@public
def items(collection_id: str) -> AnyResponse:
    """A page of features, with the way to the next one."""
    asked = items_asked(request.args)
    with look() as unit:
        known = collection(unit, collection_id)
        page = features(unit, collection_id, asked)
        at = unit.now
    here = {"collection_id": collection_id}
    links = [
        _link("self", "items", GEOJSON, **here, **request.args),
        _link("collection", "one_collection", **here),
    ]
    if page.next_after is not None:
        given = {**request.args, "after": page.next_after}
        links.append(_link("next", "items", GEOJSON, **here, **given))
    said: dict[str, Any] = {"type": "FeatureCollection", "numberReturned": len(page.features)}
    if page.matched is not None:
        said["numberMatched"] = page.matched
    said |= {"timeStamp": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "links": links}
    text = f'{as_text(said)[:-1]},"features":[{",".join(page.features)}]}}'
    response = Response(text, mimetype=GEOJSON)
    if known.id == INCIDENTS:
        return response
    return unless_same(response, f"{known.edition_id}:{known.revision}:{request.full_path}")


@public
def item(collection_id: str, feature_id: str) -> AnyResponse:
    """One feature."""
    known_only(request.args, PLAIN)
    with look() as unit:
        text = feature(unit, collection_id, feature_id)
    here = {"collection_id": collection_id}
    links = [
        _link("self", "item", GEOJSON, **here, feature_id=feature_id),
        _link("collection", "one_collection", **here),
    ]
    return Response(f'{text[:-1]},"links":{as_text(links)}}}', mimetype=GEOJSON)


def _described(one: Collection) -> dict[str, Any]:
    here = {"collection_id": one.id}
    extent: dict[str, Any] = {}
    if one.extent:
        extent["spatial"] = {"bbox": [list(one.extent)], "crs": CRS84}
    if one.id == INCIDENTS:
        extent["temporal"] = {"interval": [[None, None]]}
    return {
        "id": one.id,
        "title": _title(one),
        "itemType": "feature",
        "crs": [CRS84],
        "extent": extent,
        "links": [
            _link("self", "one_collection", **here),
            _link("items", "items", GEOJSON, **here),
        ],
    }


def _title(one: Collection) -> str:
    if one.id == INCIDENTS:
        return sentence("ogc-incidents", locale())
    code = "ogc-grids" if one.id.startswith("grids-") else "ogc-edition"
    known: Mapping[str, object] = {"level": one.level, "name": one.edition_name}
    return sentence(code, locale(), id=one.edition_id, **known)


@blueprint.errorhandler(GridtrackError)
def refused(error: GridtrackError) -> AnyResponse:
    """Errors as the standard wants them: `code` and `description`, 400 for a bad query."""
    status = 400 if isinstance(error, Invalid) else status_of(error)
    said = sentence(error.code, locale(), **error.params)
    response = jsonify({"code": error.code, "description": said})
    response.status_code = status
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


_ADDRESSES = (
    ("/", "landing", landing),
    ("/api", "api", api),
    ("/conformance", "conformance", conformance),
    ("/collections", "list_collections", list_collections),
    ("/collections/<collection_id>", "one_collection", one_collection),
    ("/collections/<collection_id>/items", "items", items),
    ("/collections/<collection_id>/items/<feature_id>", "item", item),
)
for _rule, _name, _view in _ADDRESSES:
    blueprint.add_url_rule(_rule, _name, _view, methods=["GET"], strict_slashes=False)
