"""Deny by default, walked: every route says who may, every use case and query asks."""

import ast
from functools import cache
from pathlib import Path

import pytest

import gridtrack
from gridtrack.access import (
    ENGINE,
    RESIDENT,
    ROLES,
    Actor,
    Holding,
    Permission,
    Role,
    covers,
    permits,
    require,
    scopes,
)
from gridtrack.app import create_app
from gridtrack.errors import Forbidden, Unauthenticated
from gridtrack.http.guard import rule_of
from tests.builders import Site

PACKAGE = Path(gridtrack.__file__).parent
ASK = {
    "require",
    "require_anyone",
    "permits",
    "take_up",
    "require_known",
    "take_over",
    "take_order",
    "own_task",
    "may_see",
    "visible",
    "mapped",
    "scopes",
}
# Steps of several verbs: only use cases and queries call them, so they do not ask again.
STEPS = {
    "usecases": {
        "follow_grids",
        "giving",
        "going_on",
        "late_act",
        "note",
        "order_steps",
        "place",
        "promise",
        "tell",
    },
    "queries": {
        "around",
        "duty_words",
        "followed",
        "holding",
        "judging",
        "names",
        "on_duty",
        "ordering",
        "responsible",
        "rostered",
        "scope",
        "shown",
        "standing",
        "wishes",
        "wording",
    },
}


@cache
def public_functions(folder: str) -> list[tuple[str, ast.FunctionDef]]:
    found = []
    for path in sorted((PACKAGE / folder).glob("*.py")):
        if path.stem in STEPS[folder] or path.stem == "__init__":
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                arguments = [a.arg for a in node.args.args]
                if arguments[:1] == ["work"]:
                    found.append((path.stem, node))
    return found


@cache
def called(node: ast.AST) -> frozenset[str]:
    names = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Call):
            target = one.func
            names.add(target.id if isinstance(target, ast.Name) else getattr(target, "attr", ""))
    return frozenset(names)


@cache
def functions_of(path: Path) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(path.read_text("utf-8"))
    return {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef)}


def asks(module: str, folder: str, node: ast.FunctionDef) -> bool:
    """True when the function asks, or hands on to one of this folder that does, or names nobody."""
    local = functions_of(PACKAGE / folder / f"{module}.py")
    asking = {n.name for _, n in public_functions(folder) if called(n) & ASK}
    reached, edge = set(), set(called(node))
    while edge:
        reached |= edge
        edge = {c for name in edge if name in local for c in called(local[name])} - reached
    return bool(reached & (ASK | asking)) or "Unauthenticated" in reached


@pytest.mark.parametrize("folder", ["usecases", "queries"])
def test_every_use_case_and_query_asks_who_is_there(folder: str) -> None:
    # `photo_folder` tells where files lie and reads nothing.
    silent = [
        f"{folder}/{module}.py: {node.name}"
        for module, node in public_functions(folder)
        if not asks(module, folder, node) and node.name != "photo_folder"
    ]
    assert silent == []


def test_every_route_says_who_may(lite: Site) -> None:
    app = create_app(lite.runtime.settings, lite.clock, lite.runtime)
    silent = [
        f"{rule.rule} ({rule.endpoint})"
        for rule in app.url_map.iter_rules()
        if rule_of(app.view_functions[rule.endpoint]) is None and rule.endpoint != "static"
    ]
    assert silent == []


def test_a_view_that_says_nothing_is_refused_to_everybody(lite: Site) -> None:
    app = create_app(lite.runtime.settings, lite.clock, lite.runtime)
    app.add_url_rule("/forgotten", view_func=lambda: "open", endpoint="forgotten")
    answer = app.test_client().get("/forgotten")
    assert answer.status_code in (302, 401, 403)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_its_permissions_written_down(role: Role) -> None:
    assert role in ROLES
    assert Permission.ENGINE not in ROLES[role]


def test_a_scope_covers_itself_and_what_is_below_and_nothing_that_only_begins_alike() -> None:
    assert covers("A/A1", "A/A1")
    assert covers("A/A1", "A/A1/A11")
    assert covers("", "A")
    assert not covers("A/A1", "A/A12")
    assert not covers("A/A1", "A")


def test_nobody_is_told_apart_from_forbidden() -> None:
    with pytest.raises(Unauthenticated):
        require(RESIDENT, Permission.WORK)
    with pytest.raises(Forbidden):
        require(Actor(1, "x"), Permission.WORK)


def test_a_token_narrows_and_never_widens() -> None:
    holder = Actor(1, "x", (Holding(Role.LEADER, "A"),), frozenset({Permission.SEE}))
    assert permits(holder, Permission.SEE, "A/A1")
    assert not permits(holder, Permission.DIRECT, "A/A1")
    wide = Actor(1, "x", (Holding(Role.GRIDWORKER, "A"),), frozenset({Permission.CLOSE}))
    assert not permits(wide, Permission.CLOSE, "A")
    assert scopes(wide, Permission.SEE) == ()


def test_the_engine_may_what_it_needs() -> None:
    require(ENGINE, Permission.ENGINE)
    with pytest.raises(Unauthenticated):
        require(RESIDENT, Permission.ENGINE)
