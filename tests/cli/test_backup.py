"""`gridtrack backup` and `gridtrack restore` as a shell calls them."""

import errno
import json
from pathlib import Path

import pytest

from gridtrack.backups.folder import backups_in
from gridtrack.backups.manifest import DATA
from gridtrack.cli.doctor import examine
from gridtrack.usecases import back_up
from tests.builders import Site
from tests.cli.conftest import Run


def test_out_and_back_with_the_key_in_a_file_of_its_own(
    lite: Site, run: Run, tmp_path: Path
) -> None:
    lite.report()
    store, keys = tmp_path / "store", tmp_path / "keys.json"
    out = tmp_path / "told.json"
    made = run("backup", store, "--keys", keys, "--json", out)
    assert made.exit_code == 0, made.output
    told = json.loads(out.read_text())
    assert told["rows"]["event"] == told["last_event"] == 2
    assert keys.stat().st_mode & 0o777 == 0o600
    assert str(keys) in made.stderr
    assert lite.runtime.secret not in made.output

    listed = run("backup", "list", store)
    assert listed.stdout.startswith(told["path"])
    checked = run("backup", "verify", store, "--json", out)
    assert (checked.exit_code, json.loads(out.read_text())["key"]) == (0, "fits")

    there = tmp_path / "there"
    back = run("restore", store, "--into", there, "--keys", keys, "--json", out)
    assert back.exit_code == 0, back.output
    assert json.loads(out.read_text())["last_event"] == 2
    assert (there / "gridtrack.sqlite").is_file()
    assert (there / "secret_key").read_text() == lite.runtime.secret
    again = run("restore", store, "--into", there)
    assert (again.exit_code, "--replace" in again.stderr) == (2, True)


def test_a_backup_that_was_tampered_with_is_exit_1_and_names_the_part(
    lite: Site, run: Run, tmp_path: Path
) -> None:
    lite.report()
    assert run("backup", tmp_path / "s").exit_code == 0
    (path,) = backups_in(tmp_path / "s")
    with (path / DATA).open("r+b") as file:
        file.seek(5000)
        file.write(b"x")
    checked = run("backup", "verify", path)
    assert checked.exit_code == 1
    assert f"{DATA} of the backup is not what was written" in checked.stderr
    back = run("restore", path, "--into", tmp_path / "there")
    assert back.exit_code == 2
    assert f"{DATA} of the backup is not what was written" in back.stderr


def test_the_key_does_not_go_beside_the_backup_nor_over_another(run: Run, tmp_path: Path) -> None:
    beside = run("backup", tmp_path / "s", "--keys", tmp_path / "s" / "keys.json")
    assert (beside.exit_code, (tmp_path / "s").exists()) == (2, False)
    taken = tmp_path / "keys.json"
    taken.write_text('{"format": "gridtrack-keys-1", "secret_key": "of another house"}')
    assert run("backup", tmp_path / "s", "--keys", taken).exit_code == 2
    assert "of another house" in taken.read_text()


def test_a_full_disk_is_told_and_leaves_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, _data: bytes, *, mode: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path), mode)

    monkeypatch.setattr(back_up, "write_whole", full)
    found = run("backup", tmp_path / "s")
    assert found.exit_code == 2
    assert "ENOSPC No space left on device" in found.stderr
    assert [path.name for path in (tmp_path / "s").iterdir()] == [".lock"]


def test_interrupted_it_says_so(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*_: object, **_more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(back_up, "back_up", pressed)
    found = run("backup", tmp_path / "s")
    assert (found.exit_code, "nothing half done" in found.stderr) == (130, True)


def test_the_doctor_tells_how_old_the_last_backup_is(lite: Site, run: Run, tmp_path: Path) -> None:
    def seen() -> tuple[str, str]:
        (found,) = [one for one in examine(lite.runtime) if one.name == "backup"]
        return found.verdict, found.seen

    assert seen() == ("warn", "never")
    assert run("backup", tmp_path / "s").exit_code == 0
    assert seen() == ("ok", "0.0 hours ago")
    lite.clock.advance(days=3, minutes=6)
    assert seen() == ("warn", "72.1 hours ago")
