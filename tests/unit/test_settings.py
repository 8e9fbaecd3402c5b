"""Settings come from one mapping; every bad name is told at once; the key is made once."""

import stat
import threading
from pathlib import Path

import pytest

from gridtrack.errors import Rejected
from gridtrack.settings import Settings, secret_key


def faults(environ):
    with pytest.raises(Rejected) as caught:
        Settings.from_env(environ)
    return {(fault.code, fault.field) for fault in caught.value.faults}


def test_an_empty_environment_gives_the_embedded_database():
    settings = Settings.from_env({})
    assert settings.url == f"sqlite:///{Path('instance/gridtrack.sqlite').absolute()}"


def test_a_variable_sets_its_field():
    assert Settings.from_env({"GRIDTRACK_SNAP_M": "12.5"}).snap_m == 12.5


def test_the_database_that_is_named_is_used():
    url = "postgresql+psycopg://u:p@h/d"
    assert Settings.from_env({"GRIDTRACK_DATABASE_URL": url}).url == url


def test_other_variables_and_those_of_the_tests_do_not_matter():
    assert Settings.from_env({"PATH": "/bin", "GRIDTRACK_TEST_POSTGRES": "x"}) == Settings()


def test_every_bad_variable_is_told_at_once():
    assert faults(
        {
            "GRIDTRACK_SNAP_M": "near",
            "GRIDTRACK_LOCALE": "fr",
            "GRIDTRACK_PHOTO_MAX_BYTES": "-1",
            "GRIDTRACK_PORT": "80",
        }
    ) == {
        ("bad-setting", "GRIDTRACK_SNAP_M"),
        ("bad-setting", "GRIDTRACK_LOCALE"),
        ("bad-setting", "GRIDTRACK_PHOTO_MAX_BYTES"),
        ("unknown-setting", "GRIDTRACK_PORT"),
    }


def test_a_misspelt_variable_is_told_where_all_else_is_well():
    assert faults({"GRIDTRACK_DATABSE_URL": "x"}) == {("unknown-setting", "GRIDTRACK_DATABSE_URL")}


def test_every_setting_says_what_it_is_for():
    assert all(field.description for field in Settings.model_fields.values())


def test_a_given_key_is_used_and_nothing_is_written(tmp_path):
    assert secret_key(Settings(instance=tmp_path / "x", secret_key="given")) == "given"
    assert not (tmp_path / "x").exists()


def test_a_key_is_made_once_and_kept_for_its_owner_only(tmp_path):
    settings = Settings(instance=tmp_path / "new")
    key = secret_key(settings)
    assert len(key) == 64
    assert secret_key(settings) == key
    mode = (tmp_path / "new" / "secret_key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["secret_key"]


def test_those_who_start_together_agree_on_one_key(tmp_path):
    for attempt in range(20):
        start, keys = threading.Barrier(6), set()

        def ask(instance, start=start, keys=keys):
            start.wait()
            keys.add(secret_key(Settings(instance=instance)))

        threads = [threading.Thread(target=ask, args=(tmp_path / str(attempt),)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(keys) == 1
        assert all(keys)
