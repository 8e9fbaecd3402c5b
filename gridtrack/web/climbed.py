"""The story of a missed promise, in words: why it came up, since when, what was tried."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gridtrack.queries.climbed import Step, Story, Told
from gridtrack.web import words
from gridtrack.web.stories import say


@dataclass(frozen=True, slots=True)
class TriedLine:
    """One thing that was tried, and what became of each message about it."""

    at: datetime
    what: str
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CameUp:
    """A story ready to be shown."""

    why: str
    used_up: bool
    steps: tuple[TriedLine, ...]


def told(story: Story) -> CameUp:
    """The whole story, for the matter's page."""
    steps = tuple(_tried(step, story) for step in story.steps)
    return CameUp(why(story), story.used_up, steps)


def why(story: Story) -> str:
    """In one line: what was missed and by whom, which rungs were passed over, where it is now."""
    since = words.exactly(story.since)
    code = f"came-{story.clock}" if story.missed_by else f"came-{story.clock}-nobody"
    parts = [say(code, name=story.missed_by, since=since), *(_passed(one) for one in story.passed)]
    if story.vacant:
        parts.append(say("came-vacant"))
    elif story.rung:
        parts.append(say("came-rung", rung=story.rung))
    return _joined(parts)


def _joined(parts: Sequence[str]) -> str:
    return say("came-join").join(dict.fromkeys(parts)) + say("came-end")


def _tried(step: Step, story: Story) -> TriedLine:
    sent = tuple(_sent(one) for one in step.told)
    return TriedLine(step.at, _what(step, story), sent)


def _what(step: Step, story: Story) -> str:
    if step.kind == "passed":
        return _passed(step)
    if step.kind == "given":
        return say("tried-given" if step.name else "tried-given-desk", name=step.name)
    if step.kind == "top":
        if not step.told:
            return say("tried-top-nobody")
        return say("tried-top-vacant" if story.vacant else "tried-top")
    return say(f"tried-{step.kind}", rung=step.rung, name=step.name)


def _passed(step: Step) -> str:
    why_passed = step.why or "unsaid"
    return say(f"passed-{why_passed}", rung=step.rung, names=list(step.names))


def _sent(one: Told) -> str:
    name = say("told-group") if one.name is None else one.name
    channel = say(f"channel-{one.channel}")
    at = words.ago(one.at)
    return say(f"told-{one.state}", name=name, channel=channel, at=at, error=_error(one.error))


def _error(error: str | None) -> str:
    """Why a message was given up, in words; the stored reason is a code and a detail."""
    code, _, detail = (error or "").partition(":")
    return say(f"delivery-{code.strip()}", detail=detail.strip()) if code else ""
