"""Documentation is under test: what code has, the documents name, and the other way round."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from gridtrack.__main__ import cli
from gridtrack.i18n.sentences import TEXTS
from gridtrack.settings import PREFIX, Settings
from gridtrack.usecases.handle import HANDLING
from tests.structure.codes import Codes

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
PAGES = (*READMES, ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md")))
OPERATIONS = (DOCS / "operations.md").read_text("utf-8")
NAMED = ("state-", "role-", "rung-", "action-", "source-")  # texts that are names of code words
COMMAND = re.compile(r"(?:ExecStart(?:Pre)?=)?(?:/\S*/|\./)?(dev|gridtrack)(?: ([^|;&]*))?")
CHINESE = re.compile(r"[一-鿿]")


def lines_of_code(page: Path) -> Iterator[str]:
    """What a page says to type: lines of sh and ini, whole where broken, and words in backticks."""
    text = page.read_text("utf-8")
    for block in re.findall(r"^```(?:sh|ini)\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        yield from block.replace("\\\n", " ").splitlines()
    prose = re.sub(r"^```[a-z]*\n.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    yield from re.findall(r"`([^`\n]+)`", prose)


def commands_in(page: Path) -> list[tuple[str, ...]]:
    """Every command of ours on a page, as words: ("dev", "run", "serve"), ("gridtrack", …)."""
    found = []
    for line in lines_of_code(page):
        match = COMMAND.fullmatch(line.partition(" #")[0].strip())
        words = shlex.split((match.group(2) or "").replace("…", " ")) if match else []
        if match and words:
            found.append((match.group(1), *words))
    return found


def all_commands() -> dict[str, click.Command]:
    """Every leaf command by its whole name, such as `gridtrack grids check`."""
    found = {}
    waiting: list[tuple[str, click.Command]] = [("gridtrack", cli)]
    while waiting:
        name, command = waiting.pop()
        if isinstance(command, click.Group):
            waiting += [(f"{name} {word}", one) for word, one in command.commands.items()]
        else:
            found[name] = command
    return found


def fault_of(words: tuple[str, ...], commands: dict[str, click.Command]) -> str:
    """Why nobody could type this; empty where they can."""
    name, *rest = words
    if name == "dev":
        if rest[0] not in dev_commands():
            return f"./dev has no {rest[0]}"
        if rest[0] not in ("run", "demo"):
            return ""
        rest = rest[1:] if rest[0] == "run" else rest
    if rest in ([], ["--help"]):
        return ""
    depth = next((n for n in (3, 2, 1) if " ".join(("gridtrack", *rest[:n])) in commands), 0)
    if not depth:
        group = " ".join(("gridtrack", *rest))
        is_group = any(one.startswith(f"{group} ") for one in commands)
        return "" if is_group else f"no command {' '.join(words)}"
    command = commands[" ".join(("gridtrack", *rest[:depth]))]
    known = {word for one in command.params for word in one.opts} | {"-h", "--help"}
    strange = [w for w in rest if w.startswith("--") and w.partition("=")[0] not in known]
    return f"{command.name} has no {', '.join(strange)}" if strange else ""


def dev_commands() -> set[str]:
    """The words after ./dev."""
    for node in ast.parse((ROOT / "dev").read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "COMMANDS":
            return set(ast.literal_eval(ast.unparse(ast.List(node.value.keys))))
    raise AssertionError("dev has no COMMANDS")


# --- settings ------------------------------------------------------------------------------------


def shown_default(value: object) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value:_}`" if isinstance(value, int) else f"`{value}`" if str(value) else "empty"


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_stands_in_the_table_with_its_default(name: str) -> None:
    default = Settings.model_fields[name].default
    row = f"| `{PREFIX}{name.upper()}` | {shown_default(default)} | "
    assert row in OPERATIONS


def test_no_page_names_a_setting_that_there_is_not() -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    named = {
        (page.name, word)
        for page in PAGES
        for word in re.findall(r"GRIDTRACK_[A-Z_]*[A-Z]", page.read_text("utf-8"))
        if not word.startswith(f"{PREFIX}TEST_")
    }
    assert {one for one in named if one[1] not in known} == set()


# --- commands ------------------------------------------------------------------------------------


def test_every_command_is_described() -> None:
    assert [name for name in sorted(all_commands()) if f"`{name}" not in OPERATIONS] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_says_to_type_can_be_typed(page: Path) -> None:
    commands = all_commands()
    faults = [fault_of(words, commands) for words in commands_in(page)]
    assert [fault for fault in faults if fault] == []


def test_both_readmes_name_the_same_commands() -> None:
    english, chinese = (commands_in(page) for page in READMES)
    assert english == chinese


def test_both_readmes_have_the_same_parts() -> None:
    def shape(page: Path) -> list[str]:
        return re.findall(r"^(#+|!\[|\| \S)", page.read_text("utf-8"), re.MULTILINE)

    english, chinese = ([mark.strip()[:2] for mark in shape(page)] for page in READMES)
    assert english == chinese


# --- errors and events ---------------------------------------------------------------------------

# First arguments that are made while the program runs, and where their codes come from.
MADE_LATER = {"gridtrack/http/errors.py": "numbers of the framework: http-404 and the like"}


@pytest.fixture(scope="module")
def codes() -> Codes:
    return Codes.of(ROOT / "gridtrack")


def test_every_error_has_a_sentence_in_both_languages(codes: Codes) -> None:
    silent = {
        code: where for code, where in codes.found.items() if not all(TEXTS.get(code, ("", "")))
    }
    assert silent == {}


def test_every_error_code_can_be_followed(codes: Codes) -> None:
    assert {place.partition(":")[0] for place in codes.lost} <= set(MADE_LATER)


def test_the_codes_found_are_those_one_knows(codes: Codes) -> None:
    direct, by_choice, handed_on = "client-id-reused", "lonlat-zero", "geojson-root"
    assert {direct, by_choice, handed_on} <= set(codes.found)


def test_chinese_sentences_are_chinese(codes: Codes) -> None:
    told = [code for code in codes.found if code in TEXTS]
    assert [code for code in told if not CHINESE.search(TEXTS[code][0])] == []


def event_kinds() -> set[str]:
    """Kinds that use cases write: literals, choices between two, and the plain steps' own names."""
    kinds = {action.value for action in HANDLING}
    for path in sorted((ROOT / "gridtrack/usecases").glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Happening":
                kind = node.args[0] if node.args else node.keywords[0].value
                kinds |= set(literals(kind, tree)) - {"value"}
    return kinds


def literals(node: ast.expr, tree: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        for one in ast.walk(tree):
            if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == node.id:
                yield from literals(one.value, tree)
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body, tree)
        yield from literals(node.orelse, tree)
    elif isinstance(node, ast.Constant):
        yield str(node.value)


def test_every_kind_of_event_is_explained() -> None:
    words = (DOCS / "escalation.md").read_text("utf-8") + (DOCS / "glossary.md").read_text("utf-8")
    assert [kind for kind in sorted(event_kinds()) if f"`{kind}`" not in words] == []


def test_every_kind_of_event_is_told_on_the_page() -> None:
    assert [kind for kind in sorted(event_kinds()) if f"event-{kind}" not in TEXTS] == []


def test_the_kinds_found_are_those_one_knows() -> None:
    assert {"reported", "reopened", "rung-skipped", "hand_back", "photo"} <= event_kinds()


# --- pages that belong together ------------------------------------------------------------------


def test_the_glossary_has_every_name_as_it_is_on_screen() -> None:
    rows = (DOCS / "glossary.md").read_text("utf-8").splitlines()
    wrong = []
    for text, (chinese, english) in TEXTS.items():
        for prefix in NAMED:
            if text.startswith(prefix) and "{" not in chinese:
                start = f"| `{text.removeprefix(prefix)}` | {chinese} | {english} |"
                wrong += [] if any(row.startswith(start) for row in rows) else [start]
    assert wrong == []


def test_every_decision_is_in_the_index_and_every_entry_is_there() -> None:
    index = (DOCS / "adr/README.md").read_text("utf-8")
    listed = set(re.findall(r"\]\((\d{4}-[a-z0-9-]+\.md)\)", index))
    there = {path.name for path in (DOCS / "adr").glob("[0-9]*.md")}
    assert listed == there


def test_every_decision_has_the_number_of_its_file() -> None:
    paths = sorted((DOCS / "adr").glob("[0-9]*.md"))
    numbers = [int(path.name[:4]) for path in paths]
    titles = [int(path.read_text("utf-8").split(".")[0].lstrip("# ")) for path in paths]
    assert titles == numbers
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8"))
    near = [link for link in links if "://" not in link]
    assert [link for link in near if not (page.parent / link).exists()] == []


FOLDERS = "benchmarks|data|docs|frontend|gridtrack|migrations|scripts|tests"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_a_page_names_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    paths = re.findall(rf"`((?:{FOLDERS})/[\w./-]*)`", text)
    tests = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    # What begins with an underscore is only there in a wheel.
    missing = [path for path in paths if not (ROOT / path).exists() and "/_" not in path]
    assert missing + [t for t in re.findall(r"`(test_\w+\.py)`", text) if t not in tests] == []
