"""`gridtrack keys`: what each key has sealed, a new one, and old ones away."""

import json

from gridtrack.usecases import seal_keys
from tests.builders import Site
from tests.cli.conftest import Run


def test_status_rotate_and_forget_from_the_command_line(lite: Site, run: Run) -> None:
    lite.report()
    old = lite.runtime.keys.ring.current
    assert f"{old.id}\tseals\t2 values" in run("keys", "status").stdout
    done = run("keys", "rotate")
    assert (done.exit_code, "1 reporters were sealed anew" in done.stdout) == (0, True)
    assert (run("keys", "forget").exit_code, run("keys", "rotate", "--go-on").exit_code) == (2, 0)
    told = json.loads(run("keys", "status", "--json").stdout)
    assert [(one["id"] == old.id, one["seals"], one["values"]) for one in told] == [
        (False, True, 2),
        (True, False, 0),
    ]
    assert old.secret.hex() not in json.dumps(told)


def test_a_key_that_is_missing_is_exit_1(lite: Site, run: Run) -> None:
    lite.report()
    lost = lite.runtime.keys.ring.current.id
    lite.runtime.keys.change(lambda ring: ring.led_by(seal_keys.new_key("sm4-gcm")))
    lite.runtime.keys.change(lambda ring: ring.without([lost]))
    told = run("keys", "status")
    assert (told.exit_code, f"{lost}\tMISSING" in told.stdout) == (1, True)
    assert f"missing: {lost}" in run("doctor").stdout
