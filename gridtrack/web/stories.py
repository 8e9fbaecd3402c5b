"""The timeline and the reasons of an incident, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gridtrack.access import RESIDENT
from gridtrack.http.context import locale
from gridtrack.i18n.sentences import sentence
from gridtrack.queries.incident import Moment, Why
from gridtrack.web import words

# Kind of event: tone and sign. Colour is never alone: the sign and the words go with it.
LOOKS: Mapping[str, tuple[str, str]] = {
    "reported": ("info", "plus"),
    "triaged": ("up", "question"),
    "assigned": ("info", "person"),
    "reopened": ("soon", "reply"),
    "acknowledged": ("ok", "check"),
    "escalated": ("late", "up"),
    "rung-skipped": ("idle", "next"),
    "start": ("info", "play"),
    "hold": ("idle", "pause"),
    "resume": ("info", "play"),
    "resolve": ("ok", "done"),
    "hand_back": ("soon", "reply"),
    "note": ("idle", "note"),
    "reject": ("idle", "cross"),
    "closed": ("ok", "lock"),
    "merged": ("idle", "copy"),
    "merged-in": ("info", "copy"),
    "split": ("soon", "reply"),
    "split-off": ("idle", "reply"),
    "parent-set": ("info", "layers"),
    "child-added": ("info", "layers"),
    "parent-dropped": ("idle", "layers"),
    "child-dropped": ("idle", "layers"),
    "photo": ("idle", "camera"),
    "followed": ("info", "person"),
    "voice": ("idle", "note"),
    "rated": ("info", "done"),
    "photo-shown": ("idle", "camera"),
    "photo-hidden": ("idle", "lock"),
    "rerouted": ("soon", "layers"),
    "late-act": ("soon", "note"),
    "filed": ("info", "layers"),
    "urged": ("soon", "bell"),
    "called": ("soon", "person"),
    "asked": ("info", "question"),
    "answered": ("info", "reply"),
    "ordered": ("late", "note"),
    "order-answered": ("info", "reply"),
    "order-accepted": ("ok", "done"),
    "order-returned": ("soon", "reply"),
    "order-withdrawn": ("idle", "cross"),
}
BY_RULE = ("escalated", "rung-skipped", "triaged", "rerouted")
SAID = ("text", "result", "reason", "comment")


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One line of a timeline, ready to be shown."""

    tone: str
    sign: str
    what: str
    at: datetime
    who: str = ""
    said: str = ""
    more: tuple[str, ...] = ()


def say(code: str, **params: object) -> str:
    """The sentence of `code` in the reader's language."""
    return sentence(code, locale(), **params)


def timeline(moments: Iterable[Moment], places: Mapping[str, str]) -> tuple[TimelineLine, ...]:
    """What happened, newest first; `places` names the codes of grids and estates."""
    return tuple(_line(moment, places) for moment in reversed(list(moments)))


def _line(moment: Moment, places: Mapping[str, str]) -> TimelineLine:
    tone, sign = LOOKS.get(moment.kind, ("idle", "note"))
    said = "\n".join(str(moment.data[name]) for name in SAID if moment.data.get(name))
    return TimelineLine(
        tone,
        sign,
        _what(moment, places),
        moment.at,
        _who(moment),
        said,
        (*map(reason_of_rating, moment.data.get("reasons", ())), *_more(moment, places)),
    )


def _who(moment: Moment) -> str:
    """Who did it; nobody where the rules did, and never more of a resident than that."""
    by_hand = any(w.get("code") == "assigned-by" for w in moment.data.get("why", ()))
    if moment.kind in BY_RULE or (moment.kind == "assigned" and not by_hand):
        return ""
    return say("source-resident") if moment.actor_name == RESIDENT.name else moment.actor_name


def _what(moment: Moment, places: Mapping[str, str]) -> str:
    kind = moment.kind
    if kind == "acknowledged" and moment.data.get("own"):
        kind = "acknowledged-own"
    named = _named(moment.data)
    passed = moment.data.get("passed")
    if kind == "rung-skipped" and passed:
        return say(f"passed-{passed['code']}", rung=moment.data["rung"], names=passed["names"])
    if kind == "rerouted":
        code = str(moment.data.get("into") or "").rsplit("/", maxsplit=1)[-1]
        named["into"] = places.get(code, code)
        if not moment.data.get("to"):
            kind = "rerouted-stays" if moment.data.get("fate") != "goes" else "rerouted-desk"
    if kind == "escalated" and moment.data.get("clock") not in (None, "acknowledge"):
        kind = "overdue"
    if kind == "rated":
        return rating_of(moment.data)
    return say(f"event-{kind}", **named)


def _named(data: Mapping[str, Any]) -> dict[str, Any]:
    """Event or reason values with codes and instants turned into words."""
    named = dict(data)
    if "rung" in named:
        named["rung"] = say(f"rung-{named['rung']}")
    if "words" in named:
        named["condition"] = named["words"]["zh" if locale().startswith("zh") else "en"]
    if named.get("clock"):
        named["clock"] = say(f"clock-{named['clock']}")
    if "role" in named:
        named["role"] = say(f"role-{named['role']}")
    for instant in ("until", "due_at"):
        if named.get(instant):
            named[instant] = words.exactly(datetime.fromisoformat(named[instant]))
    if named.get("to") is None:
        named["to"] = ""
    named.setdefault("until", "")
    return named


def _more(moment: Moment, places: Mapping[str, str]) -> Iterable[str]:
    data = moment.data
    if moment.kind == "escalated":
        yield say("event-late", seconds=f"{max(data.get('late_ms', 0), 0) / 1000:.1f}")
        if data.get("cause") == "engine-gap":
            yield say("event-gap")
        if data.get("exhausted"):
            yield say("event-exhausted")
    if moment.kind == "rung-skipped" and data.get("exhausted"):
        yield say("event-exhausted-vacant")
    yield from _clocks(data)
    late_s = data.get("late_s")
    if moment.kind == "acknowledged" and late_s is not None:
        code = "event-missed-by" if late_s > 0 else "event-in-time"
        yield say(code, span=words.span(timedelta(seconds=late_s)))
    yield from reasons((Why(w["code"], w) for w in data.get("why", ())), places)
    if data.get("offline"):
        yield from _offline(moment)
    elif abs(moment.recorded_at - moment.at) > timedelta(seconds=1):
        yield say("event-recorded", time=words.exactly(moment.recorded_at))


def _offline(moment: Moment) -> Iterable[str]:
    """Both times of an act made without a signal, which of them counts, and why."""
    told = moment.data["offline"]
    yield both_times(moment.kind, told, moment.recorded_at)
    doubt = told.get("doubt")
    yield say(f"offline-doubt-{doubt}") if doubt else say("offline-counts")
    withdrawn = moment.data.get("withdrawn")
    if withdrawn:
        time = words.exactly(datetime.fromisoformat(withdrawn))
        yield say("offline-withdrawn", time=time)


def both_times(kind: str, told: Mapping[str, Any], received_at: datetime) -> str:
    """When an act was made, when it was received, and by how much the phone's clock was wrong."""
    off = timedelta(seconds=told["offset_s"])
    seconds = round(abs(off).total_seconds())
    by = (
        words.span(off) if seconds >= 10 * words.MINUTE else say("offline-seconds", seconds=seconds)
    )
    side = "right" if not seconds else "slow" if off > timedelta(0) else "fast"
    return say(
        "offline-acknowledged" if kind == "acknowledged" else "offline-act",
        made=words.exactly(datetime.fromisoformat(told["made_at"])),
        received=words.exactly(received_at),
        clock=say(f"offline-clock-{side}", by=by),
    )


def _clocks(data: Mapping[str, Any]) -> Iterable[str]:
    """How far off an event was, and what happened to the clocks with it."""
    if data.get("distance_m") is not None:
        yield say("event-arrived", metres=data["distance_m"], accuracy=data["accuracy_m"])
    for one in data.get("promises", ()):
        yield say("event-promised", clock=_clock(one), time=_instant(one["due_at"]))
    for one in data.get("paused", ()):
        left = words.span(timedelta(seconds=one["left_s"]))
        yield say("event-paused", clock=_clock(one), span=left)
    for one in data.get("resumed", ()):
        rested = words.span(timedelta(seconds=one["paused_s"]))
        yield say("event-resumed", clock=_clock(one), time=_instant(one["due_at"]), span=rested)
    for one in data.get("moved", ()):
        was, time = _instant(one["was"]), _instant(one["due_at"])
        yield say("event-moved", clock=_clock(one), was=was, time=time)


def _clock(one: Mapping[str, Any]) -> str:
    return say(f"clock-{one['clock']}")


def _instant(text: str) -> str:
    return words.exactly(datetime.fromisoformat(text))


def reasons(why: Iterable[Why], places: Mapping[str, str]) -> list[str]:
    """The reasons as sentences, in the order in which they were found."""
    told = []
    for one in why:
        named = {k: v for k, v in _named(one.params).items() if k != "code"}
        for kind in ("grid", "zone"):
            code = str(named.get(kind) or "").rsplit("/", maxsplit=1)[-1]
            named[kind] = places.get(code, code)
        code = one.code
        if code == "escalated" and one.params.get("clock") not in (None, "acknowledge"):
            code = "overdue"
        told.append(say(f"why-{code}", **named))
    # A rung that is told again and again says the same: once is enough as a reason.
    return list(dict.fromkeys(told))


def headline(state: str) -> str:
    """A state in a resident's words."""
    return say(f"headline-{state}")


def when(at: datetime) -> str:
    """An instant as a promise says it: the time alone today, else with its day."""
    return words.ago(at)


def reason_of_rating(code: str) -> str:
    """What was not good, in words."""
    return say(f"rating-{code}")


def rating_of(said: Mapping[str, Any]) -> str:
    """What a reporter said of a round of handling, in a sentence."""
    solved = say(f"solved-{said['solved']}")
    if said.get("stars") is None:
        return say("rated-told-plain", solved=solved)
    return say("rated-told", solved=solved, stars=say(f"stars-{said['stars']}"))


def for_residents(state: str) -> tuple[str, str]:
    """A headline and an explanation of a state in plain words."""
    return headline(state), say(f"explained-{state}")


def kind_word(code: str) -> str:
    """What a kind of fault in grids is called."""
    return say(f"fault-kind-{code}")
