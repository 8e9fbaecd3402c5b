"""The demo's rosters: nights, weekends, a residents' day, a leave with a deputy, one hole."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gridtrack.access import Role
from gridtrack.accounts import store as accounts
from gridtrack.accounts.store import Colleague
from gridtrack.duty.rules import Dated, Days, Hours, Roster, RosterKind, Shift, Turn
from gridtrack.duty.tables import HandoverNote, SwapRow
from gridtrack.usecases.leave import LeaveGiven, enter_leave
from gridtrack.usecases.rosters import bring_rosters
from gridtrack.work import Work

NIGHT, DAY, MORNING = Hours(18 * 60, 32 * 60), Hours(8 * 60, 18 * 60), Hours(9 * 60, 11 * 60)
TEAM = 5  # so many take turns
NOTE = "3号楼水泵已报修，师傅明早八点到；东门道闸间歇失灵，夜里请留意。"


def make_rosters(work: Work, visitor_path: str) -> None:
    """Write the rosters of the visitor's community, and the night shift of the one beside it."""
    zone = ZoneInfo(work.settings.timezone)
    today = work.now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    roles = (Role.GRIDWORKER.value, Role.LEADER.value)
    people = [one for one in accounts.colleagues(work.session, roles, work.now) if not one.deputy]
    home = visitor_path.split("/", maxsplit=1)[0]
    beside = next(one.scope.split("/")[0] for one in people if not one.scope.startswith(home))
    leaders = _of(people, Role.LEADER, home)
    leaders.sort(key=lambda one: one.login != "leader")  # whom a visitor may be is asked
    workers = _of(people, Role.GRIDWORKER, home)
    workers.sort(key=lambda one: one.scope != visitor_path)
    others = _of(people, Role.GRIDWORKER, beside)
    given = [_sessions(home, monday, workers), _nights(beside, monday, others)]
    if len(leaders) > 1:
        given.append(_leaders(home, monday, leaders))
    done = {one.code: one.roster_id for one in bring_rosters(work, given)}
    _leave(work, others[1], others[2], _next_turn(monday, 1, today), zone)
    if "leaders-home" in done:
        _swap_and_note(work, done["leaders-home"], leaders, monday)


def _of(people: Sequence[Colleague], role: Role, community: str) -> list[Colleague]:
    return [
        one for one in people if one.role == role.value and one.scope.startswith(f"{community}/")
    ]


def _turns(people: Sequence[Colleague]) -> tuple[tuple[str, ...], ...]:
    return tuple((one.login,) for one in people[:TEAM])


def _sessions(community: str, monday: date, workers: Sequence[Colleague]) -> Roster[str]:
    shift = Shift(MORNING, _turns(workers), Days("weekdays", (1, 4)))
    return Roster(
        "talk-home", "居民说事日", Role.GRIDWORKER.value, monday, scope=community,
        kind=RosterKind.SESSION, shifts=(shift,), place="城东社区近邻红色驿站", public=True,
    )  # fmt: skip


def _nights(community: str, monday: date, workers: Sequence[Colleague]) -> Roster[str]:
    shift = Shift(NIGHT, _turns(workers), name="夜班")
    return Roster(
        "nights-beside", "网格员夜班", Role.GRIDWORKER.value, monday, scope=community,
        shifts=(shift,), approval=True,
    )  # fmt: skip


def _leaders(community: str, monday: date, leaders: Sequence[Colleague]) -> Roster[str]:
    """Nights by the week, days off in turns; a night of next week on which nobody is put yet."""
    nights = Shift(NIGHT, _turns(leaders), turn=Turn.WEEK, name="夜班")
    weekends = Shift(DAY, _turns(leaders)[::-1], Days("holidays"), name="休息日")
    hole: Dated[str] = Dated(monday + timedelta(days=10), NIGHT)
    return Roster(
        "leaders-home", "片区长值班", Role.LEADER.value, monday, scope=community,
        shifts=(nights, weekends), dated=(hole,),
    )  # fmt: skip


def _next_turn(monday: date, turn: int, today: date) -> date:
    """The first night after today of whoever has that turn."""
    day = monday + timedelta(days=turn)
    while day <= today:
        day += timedelta(days=TEAM)
    return day


def _leave(work: Work, who: Colleague, deputy: Colleague, day: date, zone: ZoneInfo) -> None:
    begin = datetime.combine(day, time(8), zone)
    end = begin + timedelta(days=2)
    enter_leave(work, LeaveGiven(who.person_id, begin, end, "探亲", deputy.person_id))


def _swap_and_note(work: Work, roster_id: int, leaders: Sequence[Colleague], monday: date) -> None:
    """The one who has next week's nights asks the one who has this week's; and leaves a note."""
    visitor, other = leaders[0], leaders[1]
    asked = SwapRow(
        roster_id=roster_id,
        date=monday + timedelta(days=8),
        begin=NIGHT.begin,
        giver_id=other.person_id,
        taker_id=visitor.person_id,
        state="asked",
        reason="孩子家长会",
        asked_at=work.now,
    )
    note = HandoverNote(
        roster_id=roster_id, author_id=other.person_id, written_at=work.now, text=NOTE
    )
    work.session.add_all((asked, note))
