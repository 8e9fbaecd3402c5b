"""How long a forecast takes, and whether it is linear: four times the matters, four times the time.

    ./dev bench forecast [--matters N] [--draws N] [--instance FOLDER] [--json OUT]

The rule alone over made-up matters (a quarter of N, then N: the ratio is what counts). With an
instance, such as one that `./dev bench replay --keep` left, the whole of `replay --recorded`: what
is read, what is forecast under two policies, how far the forecast is off; and the same out of
sample: reactions learned from the first half, the second half forecast by them.
"""

import argparse
import json
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from gridtrack.analytics.forecast import Draw, Forecast, Matter, Someone, Start, course
from gridtrack.analytics.load import LocalTime
from gridtrack.analytics.reactions import DESK, Reactions
from gridtrack.analytics.record import Span, choose_matters, happened, lived
from gridtrack.clock import SystemClock
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.policy_parts import OwnLimit, Policy
from gridtrack.deadlines.rules import Kind, Ladder, Rung
from gridtrack.limits import Limit, Unit
from gridtrack.queries.duty_over import DutyOver
from gridtrack.settings import Settings
from gridtrack.usecases.forecast import BEYOND, Asked, counted, forecast
from gridtrack.usecases.forecast_rules import RulesOver, roles_of
from gridtrack.usecases.forecast_told import error
from gridtrack.work import Runtime, Work, make_runtime

MOST_RATIO = 6.0  # of four times the matters
MINUTE = timedelta(minutes=1)
BEGIN = datetime(2026, 6, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Street:
    """Rules over a thousand grids, each with its own people."""

    ladder: Ladder

    def start(self, matter: Matter) -> Start:
        """Five minutes, the worker of the grid first."""
        return Start(matter.at + 5 * MINUTE, self.ladder, Someone(matter.id % 1000, "worker"))

    def holder(self, matter: Matter, rung: Rung, _at: datetime) -> Someone | None:
        """One deputy in three posts is vacant."""
        if rung.code == "deputy" and matter.id % 3 == 0:
            return None
        return Someone(1000 + matter.id % 100, rung.role)

    def desk(self, _matter: Matter, _at: datetime) -> list[Someone]:
        """One desk."""
        return [Someone(9999, DESK)]


def rule_alone(count: int, draws: int) -> float:
    """Seconds of this process for so many matters."""
    codes = ("deputy", "leader", "secretary", "street")
    rungs = tuple(Rung(code, code, 5 * MINUTE * n) for n, code in enumerate(codes))
    rules, when = Street(Ladder("standard", rungs, 20 * MINUTE, 3)), LocalTime(ZoneInfo("UTC"))
    found, reactions = Forecast.of(1, draws), Reactions()
    began = time.process_time()
    for n in range(count):
        matter = Matter(n, BEGIN + n * MINUTE, "0601", 0, "A/A1/A11")
        found.add(course(matter, rules, reactions, when))
    return time.process_time() - began


def of_instance(runtime: Runtime, draws: int) -> dict[str, float | int | None]:
    """The whole of a forecast over what is recorded there."""
    with runtime.look() as work:
        policy = deadlines.policy_at(work.session, work.memo, work.now)
        ten = OwnLimit(Kind.ACKNOWLEDGE, Limit(10, Unit.MINUTE))
        other = replace(policy, version=0, limits=(ten, *policy.limits))
        began = time.process_time()
        found = forecast(work, Asked(Span(None, None), policy=other, draws=draws))
        took_s = time.process_time() - began
        return {
            "matters": found.matters,
            "cpu_s": round(took_s, 2),
            "us_per_matter_and_draw": round(took_s * 1e6 / found.matters / draws / 2, 1),
            "error": error(found),
            "error_out_of_sample": out_of_sample(work, policy, draws),
        }


def out_of_sample(work: Work, policy: Policy, draws: int) -> float:
    """Reactions of the first half, the second half forecast by them: share in time, off by."""
    chosen = choose_matters(work, counted(work.actor), Span(None, None))
    known = [one for one in lived(work, chosen.ids, roles_of([policy])) if not one.set_aside]
    known.sort(key=lambda one: one.matter.at)
    first, second = known[: len(known) // 2], known[len(known) // 2 :]
    reactions = Reactions(heard for one in first for heard in one.heard)
    duty = DutyOver(work, second[0].matter.at, second[-1].matter.at + BEYOND)
    rules, when = RulesOver(work, policy, duty), LocalTime(ZoneInfo(work.settings.timezone))
    guess, real = Forecast.of(1, draws), Draw()
    for one in second:
        guess.add(course(one.matter, rules, reactions, when))
        happened(real, one, when)
    mean = sum(draw.in_time for draw in guess.draws) / len(guess.draws)
    return round((mean - real.in_time) / len(second), 4)


def main() -> int:
    """Run and print; 1 where it is not linear."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--matters", type=int, default=20_000)
    parser.add_argument("--draws", type=int, default=9)
    parser.add_argument("--instance", type=Path)
    parser.add_argument("--timezone", default="Asia/Shanghai")
    parser.add_argument("--json", type=Path, dest="out")
    given = parser.parse_args()
    rule_alone(500, given.draws)  # warm
    small, large = (rule_alone(n, given.draws) for n in (given.matters // 4, given.matters))
    found: dict[str, object] = {
        "matters": given.matters, "draws": given.draws, "cpu_s": round(large, 2),
        "ratio": round(large / small, 2), "most_ratio": MOST_RATIO,
    }  # fmt: skip
    if given.instance:
        settings = Settings(instance=given.instance, timezone=given.timezone)
        found["instance"] = of_instance(make_runtime(settings, SystemClock()), given.draws)
    print(json.dumps(found, indent=1))
    if given.out:
        given.out.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    return 0 if large / small <= MOST_RATIO else 1


if __name__ == "__main__":
    raise SystemExit(main())
