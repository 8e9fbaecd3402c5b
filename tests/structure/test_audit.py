"""The audit cannot be left out: there is one place that commits, and doors go through it."""

import ast
from functools import cache
from pathlib import Path

import gridtrack

PACKAGE = Path(gridtrack.__file__).parent
# The fast and unsafe settings of a demo that is made anew; it holds nobody's act.
COMMITS = {"work.py", "db/relaxed.py"}
# What goes on working by itself, and the process of long work, which is told whose it is.
RUNTIMES = {"app.py", "cli/context.py", "cli/demo.py", "cli/serve.py", "jobs/task_process.py"}


@cache
def calls() -> tuple[tuple[str, str, ast.Call], ...]:
    """Every call in the package: the file, the last name of what is called, the call."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                target = node.func
                name = target.id if isinstance(target, ast.Name) else getattr(target, "attr", "")
                found.append((path.relative_to(PACKAGE).as_posix(), name, node))
    return tuple(found)


def files_that_call(*names: str) -> set[str]:
    return {file for file, name, _ in calls() if name in names}


def test_only_the_unit_of_work_commits() -> None:
    assert files_that_call("commit") == COMMITS


def test_pages_and_api_write_in_no_work_but_the_requests_own() -> None:
    other = {
        file for file, name, c in calls() if name == "work" and isinstance(c.func, ast.Attribute)
    }
    assert {file for file in other if file.startswith(("web/", "api/", "ogc/"))} == set()


def test_a_runtime_without_a_name_for_its_acts_is_made_by_few() -> None:
    assert files_that_call("make_runtime") == RUNTIMES
