"""Finds the codes of errors by reading the source: every first argument that can be followed.

A helper that hands its own argument on as the code counts like an error class: what it is called
with is a code too.
"""

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

ROOT_CLASS = "GridtrackError"
OUTSIDE = {"PydanticCustomError"}  # its type becomes our code
SHAPE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Codes:
    """`found`: code -> a place that raises it; `lost`: places whose code is made at run time."""

    found: dict[str, str] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, package: Path) -> Self:
        """The codes of a package."""
        trees = {
            f"{package.name}/{path.relative_to(package).as_posix()}": ast.parse(path.read_text())
            for path in sorted(package.rglob("*.py"))
        }
        takers = dict.fromkeys(error_classes(trees) | OUTSIDE, 0)
        while (more := {**takers, **helpers(trees, takers)}) != takers:
            takers = more
        codes = cls()
        for name, tree in trees.items():
            codes.read(name, tree, takers)
        return codes

    def read(self, name: str, tree: ast.Module, takers: dict[str, int]) -> None:
        """Take the codes of one module."""
        for scope, call, given in calls(name, tree, takers):
            if handed_on(given, scope):
                continue
            told = values(given, scope or tree, tree)
            place = f"{name}:{call.lineno}"
            if not told:
                self.lost.append(place)
            for code in filter(SHAPE.fullmatch, told):
                self.found.setdefault(code, place)


def error_classes(trees: dict[str, ast.Module]) -> set[str]:
    """GridtrackError and all that is made from it."""
    classes = [n for tree in trees.values() for n in ast.walk(tree) if isinstance(n, ast.ClassDef)]
    known = {ROOT_CLASS}
    while True:
        more = {c.name for c in classes if known & {ast.unparse(base) for base in c.bases}} | known
        if more == known:
            return known - {"Rejected"}  # it takes faults, each of which has its own code
        known = more


def helpers(trees: dict[str, ast.Module], takers: dict[str, int]) -> dict[str, int]:
    """Functions that hand an argument on as a code, and which; private ones by their module."""
    found = {}
    for name, tree in trees.items():
        for scope, _call, given in calls(name, tree, takers):
            if scope is not None and isinstance(given, ast.Name) and given.id in parameters(scope):
                own = scope.name if not scope.name.startswith("_") else f"{name}:{scope.name}"
                found[own] = parameters(scope).index(given.id)
    return found


def calls(
    name: str, tree: ast.Module, takers: dict[str, int]
) -> list[tuple[Function | None, ast.Call, ast.expr]]:
    """Every call that takes a code: the function around it, the call, the argument."""
    found = []
    for scope, node in inside(tree, None):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func).rpartition(".")[2]
        at = takers.get(f"{name}:{called}", takers.get(called))
        if at is not None and len(node.args) > at and not isinstance(node.args[at], ast.Starred):
            found.append((scope, node, node.args[at]))
    return found


def inside(node: ast.AST, scope: Function | None) -> list[tuple[Function | None, ast.AST]]:
    """Every node below, each with the innermost function around it."""
    found: list[tuple[Function | None, ast.AST]] = []
    for child in ast.iter_child_nodes(node):
        found.append((scope, child))
        inner = child if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else scope
        found += inside(child, inner)
    return found


def parameters(function: Function) -> list[str]:
    names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    return names[1:] if names[:1] in (["self"], ["cls"]) else names


def handed_on(given: ast.expr, scope: Function | None) -> bool:
    """True for a helper's own argument, and for the code of an error raised elsewhere."""
    if isinstance(given, ast.Attribute):
        return given.attr == "code"
    return isinstance(given, ast.Name) and scope is not None and given.id in parameters(scope)


def values(given: ast.expr | None, scope: ast.AST, tree: ast.Module) -> set[str]:
    """The texts an expression can be, as far as they stand in the source."""
    if isinstance(given, ast.Constant):
        return {given.value} if isinstance(given.value, str) else set()
    if isinstance(given, ast.IfExp):
        return values(given.body, scope, tree) | values(given.orelse, scope, tree)
    if isinstance(given, ast.Dict):
        return {text for value in given.values for text in values(first(value), scope, tree)}
    if isinstance(given, ast.Call | ast.Subscript):  # CODES[kind], CODES.get(kind, ...)
        table = given.func if isinstance(given, ast.Call) else given
        return values(getattr(table, "value", None), scope, tree)
    if isinstance(given, ast.Name):
        return {
            text
            for place in {scope, tree}
            for value in assigned(given.id, place)
            if given.id not in {n.id for n in ast.walk(value) if isinstance(n, ast.Name)}
            for text in values(value, scope, tree)
        }
    return set()


def first(value: ast.expr) -> ast.expr:
    return value.elts[0] if isinstance(value, ast.Tuple) else value


def assigned(name: str, place: ast.AST) -> list[ast.expr]:
    """What a name is set to: by itself, with a type, or as the first of several."""
    found = []
    for node in place.body if isinstance(place, ast.Module) else ast.walk(place):
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == name and node.value:
            found.append(node.value)
        if isinstance(node, ast.Assign) and ast.unparse(first(node.targets[0])) == name:
            found.append(node.value)
    return found
