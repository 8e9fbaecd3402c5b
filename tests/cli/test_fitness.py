"""A deployment that says it is in production starts only where it is fit for the public."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from gridtrack.app import create_app
from gridtrack.cli.context import Doors
from gridtrack.cli.doctor import doctor
from gridtrack.cli.fitness import refuse_unfit, unfit
from gridtrack.cli.serve import serve, worker
from gridtrack.errors import Rejected
from gridtrack.settings import Settings

STRONG = "f3b91c7ae85d42067c4de1a9b85023fe"
FIT = {"https": True, "public_url": "https://wg.example.cn"}


def codes(folder: Path, **given: object) -> list[str]:
    return [fault.code for fault in unfit(Settings(instance=folder, **(FIT | given)))]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"https": False}, "unfit-https"),
        ({"public_url": ""}, "unfit-url"),
        ({"public_url": "http://wg.example.cn"}, "unfit-url"),
        ({"secret_key": "short"}, "unfit-key"),
        ({"secret_key": "changeme" * 8}, "unfit-key"),
        ({"secret_key": "a" * 64}, "unfit-key"),
    ],
)
def test_each_thing_that_is_unfit_is_told(tmp_path, given, code):
    assert codes(tmp_path, **given) == [code]


def test_a_fit_deployment_has_nothing_told_of_it(tmp_path):
    tmp_path.chmod(0o750)
    assert codes(tmp_path, secret_key=STRONG) == []
    assert codes(tmp_path) == []


@pytest.mark.parametrize("name", ["secret_key", "sealing_keys"])
def test_a_key_that_others_can_read_is_unfit(tmp_path, name):
    (tmp_path / name).write_text("x")
    (tmp_path / name).chmod(0o644)
    assert codes(tmp_path) == ["unfit-readable"]
    (tmp_path / name).chmod(0o600)
    assert codes(tmp_path) == []


def test_a_folder_that_everybody_can_write_is_unfit(tmp_path):
    tmp_path.chmod(0o777)
    assert codes(tmp_path) == ["unfit-writable"]


def test_the_key_itself_is_in_no_fault(tmp_path):
    fault = unfit(Settings(instance=tmp_path, **FIT, secret_key="my-dev-key"))[0]
    assert "my-dev-key" not in repr(fault.params)


def test_outside_production_nothing_is_refused(tmp_path):
    refuse_unfit(Settings(instance=tmp_path))
    with pytest.raises(Rejected) as told:
        refuse_unfit(Settings(instance=tmp_path, production=True))
    assert {fault.code for fault in told.value.faults} == {"unfit-https", "unfit-url"}


@pytest.mark.parametrize("command", [serve, worker])
def test_an_unfit_deployment_in_production_does_not_start(tmp_path, command):
    doors = Doors.open(Settings(instance=tmp_path, production=True, locale="en"), create_app)
    ended = CliRunner().invoke(command, [], obj=doors)
    assert ended.exit_code == 2
    assert "GRIDTRACK_HTTPS" in ended.output
    assert not (tmp_path / "gridtrack.sqlite").exists()


def test_doctor_is_not_well_with_it_in_production(tmp_path):
    doors = Doors.open(Settings(instance=tmp_path, production=True), create_app)
    ended = CliRunner().invoke(doctor, ["--json"], obj=doors)
    said = json.loads(ended.output)
    assert not said["well"]
    bad = {one["name"] for one in said["findings"] if one["verdict"] == "bad"}
    assert {"https", "public url"} <= bad
