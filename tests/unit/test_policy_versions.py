"""Two versions beside each other, and a document written as a file again."""

import copy
import tomllib
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest

from gridtrack.categories.shipped import shipped_tree
from gridtrack.deadlines.policy import load, parse
from gridtrack.deadlines.policy_diff import differences
from gridtrack.deadlines.policy_write import toml
from gridtrack.queries.policy_words import PolicyWords

BODY = load((files("gridtrack.deadlines") / "policy.toml").read_text("utf-8"))
WORDS = PolicyWords("en", shipped_tree(), {"24x7": "day and night", "duty": "duty hours"})


def changed(change: Callable[[dict[str, Any]], object]) -> list[str]:
    """What is told of a change to the shipped document."""
    body = copy.deepcopy(BODY)
    change(body)
    return WORDS.changes(differences(parse(BODY, 1), parse(body, 2)))


def test_the_same_document_differs_in_nothing() -> None:
    assert changed(lambda body: body.update(name="another name")) == []


def test_a_limit_of_its_own_goes_before_the_categorys() -> None:
    limit = {"clock": "resolve", "category": "0601", "limit": "1wd"}
    (line,) = changed(lambda body: body.update(limit=[limit]))
    assert line.startswith("resolve of 0601 ")
    assert line.endswith(": as the category says → 1 workday")


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            lambda body: body["acknowledge"].update(default="10min"),
            "acknowledge where nothing else is said: 5 min → 10 min",
        ),
        (
            lambda body: body["calendars"].update(arrive="duty"),
            "calendar of arrive: day and night → duty hours",
        ),
        (
            lambda body: body["ladder"][0]["rungs"][1].update(after="1h"),
            "wait before rung level-2 leader of ladder standard: 5 min → 1 h",
        ),
        (
            lambda body: body["ladder"][0]["rungs"].pop(1),
            "rung level-2 leader of ladder standard: there → none",
        ),
        (
            lambda body: body["ladder"][0]["rungs"].insert(0, body["ladder"][0]["rungs"].pop(2)),
            (
                "order of ladder standard: deputy, leader, secretary, street →"
                " secretary, deputy, leader, street"
            ),
        ),
        (
            lambda body: body["ladder"].append({**body["ladder"][0], "code": "x", "scope": "A"}),
            "ladder x: none → there",
        ),
        (lambda body: body.pop("quiet"), "quiet hours: 22:00 to 07:00 → none"),
        (
            lambda body: body.update(remind={"resolve": ["1d"]}),
            "reminders before resolve is due: 1 workday, 2 h → 1 day",
        ),
        (
            lambda body: body["lights"].update(resolve={"yellow": 0.5}),
            "yellow and red of resolve: 80 % / 100 % → 50 % / 100 %",
        ),
        (
            lambda body: body["extend"]["resolve"].update(times=2),
            "more time for resolve: once by up to 5 workdays → 2 times by up to 5 workdays",
        ),
    ],
)
def test_each_kind_of_change_is_one_line(change: Any, line: str) -> None:
    assert changed(change) == [line]


def test_a_document_written_out_reads_as_it_was() -> None:
    assert tomllib.loads(toml(BODY)) == BODY
    odd = {"name": 'a "b" \\ \n 网格\x7f', "remind": {"arrive": []}, "limit": [{"a b": 1.5}]}
    assert tomllib.loads(toml(odd)) == odd
