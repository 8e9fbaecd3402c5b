"""Every address of the pages, in one table; each view says itself who may (http/guard.py)."""

from flask import Blueprint, redirect
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.http.context import actor
from gridtrack.http.guard import public
from gridtrack.web import (
    board,
    calendar,
    door,
    door_coverage,
    door_import,
    doors,
    drawing,
    edition,
    edition_codes,
    edition_compare,
    edition_export,
    edition_findings,
    edition_impact,
    edition_map,
    edition_repairs,
    editions,
    engine,
    finding,
    frame,
    fresh,
    import_findings,
    imports,
    inbox,
    incident,
    maps,
    notices,
    places,
    resident,
    sheets,
    tasks,
)

blueprint = Blueprint("web", __name__)
blueprint.record_once(frame.install)
blueprint.after_request(fresh.tell_time)
blueprint.after_app_request(fresh.compress)


@public
def home() -> AnyResponse:
    """To the first page of whoever asks."""
    return redirect(frame.home_of(actor()), code=303)


GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
ADDRESSES = (
    ("/", "report_form", resident.report_form, BOTH),
    ("/reported", "reported", resident.reported, GET),
    ("/track", "track_form", resident.track_form, BOTH),
    ("/track/progress", "progress", resident.progress, GET),
    ("/home", "home", home, GET),
    ("/login", "login", door.login, BOTH),
    ("/logout", "logout", door.logout, POST),
    ("/language/<code>", "language", door.language, GET),
    ("/inbox", "inbox", inbox.inbox, GET),
    ("/inbox/list", "inbox_list", inbox.inbox_list, GET),
    ("/inbox/<int:incident_id>/acknowledge", "inbox_acknowledge", inbox.inbox_acknowledge, POST),
    ("/report", "finding_form", finding.finding_form, BOTH),
    ("/report/<int:incident_id>", "found", finding.found, GET),
    ("/incidents/<int:incident_id>", "incident", incident.incident, GET),
    ("/incidents/<int:incident_id>/live", "incident_live", incident.incident_live, GET),
    ("/incidents/<int:incident_id>/photos/<path:name>", "photo", incident.photo, GET),
    ("/incidents/<int:incident_id>/<action>", "act", incident.act, POST),
    ("/board", "board", board.board, GET),
    ("/board/lists", "board_lists", board.board_lists, GET),
    ("/map", "map_page", maps.map_page, GET),
    ("/map/grids/<int:level>", "map_grids", maps.map_grids, GET),
    ("/map/of/<int:edition_id>/grids/<int:level>", "map_grids_of", maps.map_grids_of, GET),
    ("/map/roads", "map_roads", maps.map_roads, GET),
    ("/map/incidents", "map_incidents", maps.map_incidents, GET),
    ("/grids", "editions", editions.editions, GET),
    ("/grids/<int:edition_id>/export", "edition_export", edition_export.export_page, GET),
    ("/grids/<int:edition_id>/export/<kind>", "edition_file", edition_export.export_file, GET),
    ("/grids/<int:edition_id>/sheets", "edition_sheets", sheets.edition_sheets, GET),
    ("/grids/<int:edition_id>/map/<int:level>", "edition_grids", edition_map.edition_grids, GET),
    ("/grids/<int:edition_id>/draw", "edition_draw", drawing.edition_draw, BOTH),
    ("/grids/<int:edition_id>/draw/preview", "draw_preview", drawing.edition_draw_preview, POST),
    ("/grids/<int:edition_id>/draw/save", "draw_save", drawing.edition_draw_save, POST),
    ("/grids/<int:edition_id>/draw/undo", "draw_undo", drawing.edition_draw_undo, POST),
    ("/grids/<int:edition_id>/draw/state", "draw_state", drawing.edition_draw_state, GET),
    ("/grids/<int:edition_id>", "edition", edition.edition, GET),
    ("/grids/<int:edition_id>/compare", "edition_compare", edition_compare.edition_compare, GET),
    ("/grids/<int:edition_id>/compare/map", "edition_compare_map", edition_compare.on_map, GET),
    ("/grids/<int:edition_id>/impact", "edition_impact", edition_impact.edition_impact, GET),
    (
        "/grids/<int:edition_id>/findings",
        "edition_findings",
        edition_findings.edition_findings,
        GET,
    ),
    (
        "/grids/<int:edition_id>/findings/map",
        "edition_findings_map",
        edition_findings.edition_findings_map,
        GET,
    ),
    (
        "/grids/<int:edition_id>/findings/check",
        "edition_findings_check",
        edition_findings.edition_findings_check,
        POST,
    ),
    (
        "/grids/<int:edition_id>/findings/accept",
        "edition_findings_accept",
        edition_findings.edition_findings_accept,
        POST,
    ),
    ("/grids/<int:edition_id>/repairs", "edition_repairs", edition_repairs.edition_repairs, GET),
    (
        "/grids/<int:edition_id>/repairs/do",
        "edition_repairs_do",
        edition_repairs.edition_repairs_do,
        POST,
    ),
    ("/grids/<int:edition_id>/codes", "edition_codes", edition_codes.edition_codes, GET),
    ("/grids/<int:edition_id>/codes/do", "edition_codes_do", edition_codes.edition_codes_do, POST),
    (
        "/grids/<int:edition_id>/codes/<int:edit_id>.csv",
        "edition_codes_table",
        edition_codes.edition_codes_table,
        GET,
    ),
    ("/grids/<int:edition_id>/copy", "edition_copy", edition.edition_copy, POST),
    ("/grids/<int:edition_id>/do/<act>", "edition_act", edition.edition_act, POST),
    ("/calendar", "calendar", calendar.calendar, GET),
    ("/calendar/day", "calendar_day", calendar.calendar_day, POST),
    ("/calendar/import", "calendar_import", calendar.calendar_import, POST),
    ("/grids/import", "import_start", imports.import_start, BOTH),
    ("/grids/import/<int:import_id>", "import_at", imports.import_at, GET),
    ("/grids/import/<int:import_id>/place", "import_place", imports.import_place, BOTH),
    ("/grids/import/<int:import_id>/look", "import_look", imports.import_look, POST),
    (
        "/grids/import/<int:import_id>/preview/<datum>",
        "import_preview",
        imports.import_preview,
        GET,
    ),
    ("/grids/import/<int:import_id>/fields", "import_fields", imports.import_fields, BOTH),
    (
        "/grids/import/<int:import_id>/findings",
        "import_findings",
        import_findings.import_findings,
        BOTH,
    ),
    ("/grids/import/<int:import_id>/store", "import_store", import_findings.import_store, GET),
    ("/grids/import/<int:import_id>/cancel", "import_cancel", imports.import_cancel, POST),
    ("/tasks", "tasks", tasks.tasks, GET),
    ("/tasks/<int:task_id>", "task", tasks.task, GET),
    ("/tasks/<int:task_id>/live", "task_live", tasks.task_live, GET),
    ("/tasks/<int:task_id>/cancel", "task_cancel", tasks.task_cancel, POST),
    ("/doors", "doors", doors.doors, GET),
    ("/doors/new", "door_new", doors.door_new, BOTH),
    ("/doors/<int:address_id>", "door", doors.door, BOTH),
    ("/doors/<int:address_id>/<act>", "door_act", doors.door_act, POST),
    ("/doors/import", "doors_import", door_import.doors_import, BOTH),
    ("/doors/import/<name>", "doors_confirm", door_import.doors_confirm, POST),
    ("/doors/imported/<int:task_id>", "doors_imported", door_import.doors_imported, GET),
    ("/doors/coverage", "doors_coverage", door_coverage.doors_coverage, GET),
    ("/doors/coverage/<what>.csv", "doors_coverage_file", door_coverage.coverage_file, GET),
    ("/doors/suggest", "doors_suggest", places.doors_suggest, GET),
    ("/health", "health_page", engine.health_page, GET),
    ("/healthz/engine", "healthz", engine.healthz, GET),
    ("/metrics", "metrics", engine.metrics, GET),
    ("/notices", "notices", notices.notices, GET),
    ("/notices/read", "notices_read", notices.notices_read, POST),
)
for address, endpoint, view, methods in ADDRESSES:
    blueprint.add_url_rule(address, endpoint, view, methods=list(methods))
