"""The checker decides which photos of a matter its reporter may see."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.http.context import work
from gridtrack.http.guard import may
from gridtrack.usecases.show_photo import show_photo


@may(Permission.CLOSE)
def photo_shown(incident_id: int) -> AnyResponse:
    """Show a photo to the reporter, or take it back."""
    with work() as unit:
        show_photo(
            unit, incident_id, request.form.get("name", ""), shown=bool(request.form.get("shown"))
        )
    return redirect(url_for("web.incident", incident_id=incident_id) + "#h-shown", code=303)
