"""The audit from the command line."""

import json

from tests.builders import Site
from tests.cli.conftest import Run


def test_a_command_leaves_a_line_under_its_own_name(run: Run, lite: Site) -> None:
    run("tokens", "issue", "street", "--name", "x", "--may", "report")
    out = run("audit", "export", "--format", "jsonl").stdout
    (line,) = [json.loads(one) for one in out.splitlines()]
    assert (line["act"], line["door"], line["post"]) == ("tokens issue", "console", "engine")
    assert line["session"].startswith("os:")
    again = run("audit", "export").stdout
    assert "audit-export" in again


def test_verify_says_what_fits_and_what_does_not(run: Run, lite: Site) -> None:
    lite.report()
    assert run("audit", "verify").exit_code == 0
    with lite.runtime.engine.connect() as here:
        for down in ("DROP TRIGGER audit_line_update", "UPDATE audit_line SET subject = 'x'"):
            here.exec_driver_sql(down)
        here.commit()
    answer = run("audit", "verify")
    assert (answer.exit_code, answer.stdout[:18]) == (1, "inserted: row 1, l")


def test_an_anchor_that_is_none_is_told(run: Run) -> None:
    answer = run("audit", "verify", "--expect", "yesterday")
    assert (answer.exit_code, "is no anchor" in answer.stderr) == (2, True)


def test_purge_keeps_six_months(run: Run) -> None:
    answer = run("audit", "purge", "--older-than", "30")
    assert (answer.exit_code, "at least 183 days" in answer.stderr) == (2, True)
