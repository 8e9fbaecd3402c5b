"""Limits that a machine counts (code-style.md §3): small files, open imports, one clock."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 400
# A test file is a list of claims, not something to hold in one's head; migrations are history.
MOST_TEST_LINES = 500
PEOPLE_READ = ("gridtrack", "scripts", "benchmarks")

# What tells the time of day. `clock.monotonic` has no date in it and is asked for by name.
READS = {
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "time.ctime",
    "sqlalchemy.func.now",
    "sqlalchemy.func.current_timestamp",
    "sqlalchemy.func.localtimestamp",
}
IN_SQL = ("current_timestamp", "current_date", "now()", "clock_timestamp", "datetime('now'")


def sources(*folders: str) -> list[Path]:
    return sorted(path for name in folders for path in (ROOT / name).rglob("*.py"))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def too_long(paths: Iterable[Path], most: int) -> list[str]:
    lengths = {named(path): len(path.read_text("utf-8").splitlines()) for path in paths}
    return [f"{name}: {lines} lines" for name, lines in lengths.items() if lines > most]


def imports_inside_functions(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Import | ast.ImportFrom) or hides_an_import(inner):
                    yield inner.lineno


def hides_an_import(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    return ast.unparse(node.func) in ("__import__", "importlib.import_module", "import_module")


def full_names(tree: ast.AST) -> dict[str, str]:
    """What each imported name stands for: `dt` -> `datetime`, `now` -> `datetime.datetime.now`."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                top = one.name.partition(".")[0]
                found[one.asname or top] = one.name if one.asname else top
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for one in node.names:
                found[one.asname or one.name] = f"{node.module}.{one.name}"
    return found


def clock_reads(text: str) -> list[int]:
    """Lines that read the time of day, in Python or in SQL; a mere reference counts as well."""
    tree = ast.parse(text)
    names = full_names(tree)
    prose = docstrings(tree)
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            head, _, rest = ast.unparse(node).partition(".")
            whole = f"{names.get(head, head)}.{rest}" if rest else names.get(head, head)
            if whole in READS:
                found.add(node.lineno)
        elif node not in prose and asks_the_database(node):
            found.add(node.lineno)
    return sorted(found)


def asks_the_database(node: ast.AST) -> bool:
    text = node.value if isinstance(node, ast.Constant) else None
    return isinstance(text, str) and any(word in text.lower() for word in IN_SQL)


def docstrings(tree: ast.AST) -> set[ast.AST]:
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def test_no_module_is_longer_than_one_can_read_at_a_sitting():
    assert too_long([*sources(*PEOPLE_READ), ROOT / "dev"], MOST_LINES) == []


def test_no_test_file_is_a_heap():
    assert too_long(sources("tests"), MOST_TEST_LINES) == []


def test_every_import_stands_at_the_top_of_its_file():
    hidden = [
        f"{named(path)}:{line}"
        for path in sources("gridtrack", "scripts")
        for line in imports_inside_functions(ast.parse(path.read_text("utf-8")))
    ]
    assert hidden == []


def test_nothing_happens_in_an_init_file():
    full = [
        named(path)
        for path in sources("gridtrack", "scripts", "tests", "benchmarks")
        if path.name == "__init__.py" and path.read_text("utf-8").strip()
    ]
    assert full == []


# Beside the clock: a trigger that keeps the audit for six months, whatever the program says it is.
CLOCKS = ("gridtrack/clock.py", "migrations/versions/0024_audit.py")


def test_only_the_clock_reads_the_time_of_day():
    reads = [
        f"{named(path)}:{line}"
        for path in sources("gridtrack", "migrations")
        if named(path) not in CLOCKS
        for line in clock_reads(path.read_text("utf-8"))
    ]
    assert reads == []


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import datetime\nx = datetime.now()",
        "import datetime as dt\nx = dt.datetime.utcnow()",
        "from datetime import date\nx = date.today()",
        "import time\nx = time.time()",
        "from time import time\nx = time()",
        "from datetime import datetime\nx = field(default_factory=datetime.now)",
        "from sqlalchemy import func\nx = Column(server_default=func.now())",
        "x = text('SELECT CURRENT_TIMESTAMP')",
    ],
)
def test_a_clock_read_is_found_however_it_is_spelled(text: str):
    assert clock_reads(text) == [2] or clock_reads(text) == [1]


def test_an_instant_that_was_handed_in_is_no_clock_read():
    text = "from datetime import datetime\nx = datetime.fromisoformat(given)\ny = work.now"
    assert clock_reads(text) == []
