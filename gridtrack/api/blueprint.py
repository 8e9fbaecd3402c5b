"""The API as Flask sees it: the routes of the table, and the document that describes them."""

from typing import Any

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from gridtrack.api.document import document
from gridtrack.api.out import PREFIX
from gridtrack.api.routes import ROUTES
from gridtrack.categories import store as categories
from gridtrack.http.context import runtime
from gridtrack.http.guard import public

# The name is the one `app.create_app` imports. Not an APIBlueprint: see `document`.
blueprint = Blueprint("api", __name__, url_prefix=PREFIX)

for _route in ROUTES:
    blueprint.add_url_rule(_route.rule, _route.name, _route.view, methods=[_route.method])


def _describe(_made: dict[str, Any]) -> dict[str, Any]:
    here = runtime()
    return document(categories.tree(here.memo, here.settings.instance))


@blueprint.record_once
def _serve_document(state: BlueprintSetupState) -> None:
    """APIFlask serves the document at the application's `spec_path`; anybody may read it."""
    app: Any = state.app
    app.spec_callback = _describe
    public(app.view_functions["openapi.spec"])
