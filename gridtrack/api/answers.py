"""What the API answers, as pydantic models made from what queries and use cases give.

A field that is not here does not leave the house: the models choose, the queries withhold.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from gridtrack.access import Permission, Role
from gridtrack.addresses.rules import Found
from gridtrack.deadlines.offline import Doubt
from gridtrack.incidents.intake import Source
from gridtrack.incidents.rules import Action, State
from gridtrack.orders.rules import Level, Step
from gridtrack.orders.rules import State as OrderState

Outcome = Literal["done", "noted"]


class Answer(BaseModel):
    """Read from the attributes of a frozen dataclass or given by name."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Fault(Answer):
    """One thing that was wrong with what was sent."""

    code: str
    field: str
    value: Any = None
    message: str


class Problem(Answer):
    """RFC 9457 problem details. `code` is stable; `title` is for people, in their language."""

    type: str
    code: str
    status: int
    title: str
    errors: list[Fault] | None = None
    retry_after_s: int | None = None


class ReceiptOut(Answer):
    """What became of a report. `code` opens the progress page; only where a reporter was given."""

    id: int
    number: Annotated[str, Field(description="the number people say aloud")]
    state: State
    code: str | None
    created: Annotated[bool, Field(description="false: this is the answer of the first time")]


class Acted(Answer):
    """The incident after an action."""

    id: int
    version: int
    state: State
    outcome: Annotated[
        Outcome, Field(description="noted: it came late, the step was no more to be taken")
    ] = "done"
    doubt: Annotated[
        Doubt | None, Field(description="why the time of receipt counts, not of making")
    ] = None


class UrgedOut(Answer):
    """The incident after a reminder."""

    id: int
    version: int
    urges: Annotated[int, Field(description="how often it has been urged by now")]


class SaidOut(Answer):
    """One part of an order's course: `kind` is that of the event on the timeline."""

    kind: str
    at: datetime
    name: str
    text: str
    due_at: datetime | None
    photos: list[str]


class OrderOut(Answer):
    """A written order about an incident, with everything said about it."""

    id: int
    incident_id: int
    number: str
    level: Level
    state: OrderState
    overdue: bool
    to_name: str
    to_role: str
    issuer_name: str
    issued_at: datetime
    due_at: datetime
    round: Annotated[int, Field(description="rises when an answer is sent back")]
    text: str
    said: list[SaidOut]
    steps: Annotated[list[Step], Field(description="what you may do to it now")]


class PressedOut(Answer):
    """What was done to hurry an incident: reminders, and written orders, newest first."""

    urges: int
    may_urge: bool
    urge_again_at: datetime | None
    orders: list[OrderOut]
    addressees: Annotated[list[str], Field(description="`to` of an order that you may give now")]


class PhotoKept(Answer):
    """A photo after it was cleaned and stored."""

    incident_id: int
    name: str
    stage: str


class LineOut(Answer):
    """An incident in a list; sealed matters have neither summary, address nor position."""

    id: int
    number: str
    version: int
    state: State
    category: str
    category_name: str
    sensitivity: int
    summary: str
    grid_code: str | None
    grid_name: str
    address: str
    handler_id: int | None
    handler_name: str
    rung: str | None
    reported_at: datetime
    due_at: datetime | None
    clock: Annotated[str | None, Field(description="which clock `due_at` is of")]
    light: Annotated[str | None, Field(description="of that clock: green, yellow, red")]
    lon: float | None
    lat: float | None


class IncidentsOut(Answer):
    """A page of incidents; `next` is the address of the following page, null on the last."""

    incidents: list[LineOut]
    next: str | None


class MomentOut(Answer):
    """One line of the timeline. `at` is when it happened, `recorded_at` when we heard."""

    seq: int
    kind: str
    at: datetime
    recorded_at: datetime
    actor_name: str
    data: Mapping[str, Any]


class WhyOut(Answer):
    """A reason for the present handler: a code and its values."""

    code: str
    params: Mapping[str, Any]


class PromiseOut(Answer):
    """The newest promise of one clock: acknowledge, arrive, resolve or supervise."""

    clock: str
    cycle: int
    state: Annotated[str, Field(description="running, paused, met or cancelled")]
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    breached_at: datetime | None
    next_fire_at: datetime | None
    policy_version: int
    light: Annotated[str, Field(description="green, yellow, red; idle: it rests or has ended")]
    left_s: Annotated[int | None, Field(description="working time that a resting clock has left")]
    paused_s: Annotated[int, Field(description="all its pauses so far")]
    extended: Annotated[int, Field(description="how often it was extended")]
    wish_at: Annotated[datetime | None, Field(description="until when more time is asked for")]


class ReporterOut(Answer):
    """That there is somebody whom you may have shown to you: see the operation `reporter`."""

    choice: str
    named: bool
    reachable: bool


class ReporterShownOut(Answer):
    """Who reported; this reading is in the audit."""

    name: str
    contact: str
    choice: str


class QuestionOut(Answer):
    """A question to the reporter, and the answer where there is one."""

    id: int
    at: datetime
    by: str
    text: str
    answered_at: datetime | None
    answer: str


class MarkedOut(Answer):
    """The incident after a mark; where you are no party yourself you may go on reading it."""

    id: int
    version: int


class QuestionKept(Answer):
    """The question is on the reporter's page."""

    id: int


class PhotoOut(Answer):
    """A photo of an incident."""

    name: str
    stage: str
    width: int
    height: int
    added_at: datetime


class IncidentOut(LineOut):
    """An incident as this actor may see it."""

    description: str
    source: Source
    occurred_at: datetime
    outcome: Annotated[str, Field(description="inside, snapped, outside or unplaced")]
    border_distance_m: float | None
    neighbour_code: str | None
    zone: str | None
    datum: str | None
    accuracy_m: float | None
    co_handler_name: str
    duplicate_of: int | None
    address_id: Annotated[int | None, Field(description="the door plate it was reported by")]
    timeline: list[MomentOut]
    why: list[WhyOut]
    promise: Annotated[PromiseOut | None, Field(description="the newest to acknowledge")]
    clocks: Annotated[list[PromiseOut], Field(description="the newest of each clock")]
    actions: Annotated[list[Action], Field(description="what you may do with it now")]
    required: Annotated[list[str], Field(description="what its category asks for on resolving")]
    outcomes: list[str]
    condition: Annotated[str, Field(description="its filing condition, empty: none known")]
    reporter: Annotated[ReporterOut | None, Field(description="null: not for you, or nobody")]
    questions: list[QuestionOut]
    photos: list[PhotoOut]
    pressed: PressedOut


class PostOut(Answer):
    """A role over a grid path ("" is everywhere) or over an estate."""

    role: Role
    scope: str
    zone: str | None


class MeOut(Answer):
    """Who a token acts for, and what it may do."""

    id: int | None
    name: str
    locale: str
    posts: list[PostOut]
    permissions: list[Permission]


class ConditionOut(Answer):
    """A filing condition of a category: limits before its own, and when it may be closed."""

    code: str
    zh: str
    en: str
    acknowledge: str | None
    arrive: str | None
    resolve: str | None
    done_zh: str
    done_en: str


class CategoryOut(Answer):
    """A category that a report may name."""

    code: str
    group: str
    zh: str
    en: str
    sensitivity: int
    public: Annotated[bool, Field(description="a resident may choose it")]
    reportable: Annotated[bool, Field(description="false: plans and logs, not matters")]
    acknowledge: Annotated[str | None, Field(description="time to acknowledge, such as 5min")]
    required: list[str]
    outcomes: list[str]
    conditions: Annotated[list[ConditionOut], Field(description="filing conditions")]
    call_first: Annotated[str | None, Field(description="the number to call before reporting")]


class GroupOut(Answer):
    """A heading of the tree."""

    code: str
    zh: str
    en: str


class CategoriesOut(Answer):
    """The matter tree in force."""

    version: int
    groups: list[GroupOut]
    categories: list[CategoryOut]


class GridOut(Answer):
    """A grid on the way from the community down to the leaf."""

    code: str
    name: str


class GridAtOut(Answer):
    """Where a point goes: the leaf with its way down the tree, or that no grid owns it."""

    outcome: str
    lon: Annotated[float, Field(description="WGS-84 degrees")]
    lat: float
    edition_id: int | None
    grid_code: str | None
    grid_path: str
    grids: list[GridOut]
    border_distance_m: Annotated[float | None, Field(description="only where it is near")]
    neighbour_code: str | None
    zone: str | None


class DoorOut(Answer):
    """A door plate that a text may mean. `why`: exact, alias, prefix or fuzzy."""

    id: int
    text: str
    score: Annotated[float, Field(description="up to 1; a person confirms what is below")]
    why: Found
    lon: Annotated[float | None, Field(description="WGS-84 degrees; null: no point yet")]
    lat: float | None
    grid_code: str | None
    grid_name: str


class DoorsOut(Answer):
    """Candidates, surest first."""

    doors: list[DoorOut]
