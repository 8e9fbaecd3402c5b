"""Reading a tree document into values; faults are told with their code and field. Pure."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo
from pydantic_core import PydanticCustomError

from gridtrack.categories.rules import (
    Category,
    Condition,
    Emergency,
    Record,
    Sensitivity,
    Side,
    Step,
    Tree,
    Word,
    Words,
)
from gridtrack.errors import Invalid, Rejected
from gridtrack.limits import Limit, parse_limit

REQUIRABLE = ("photo", "outcome")


def _limit(value: object, info: ValidationInfo) -> Limit:
    immediate = (info.context or {}).get("immediate")
    try:
        return parse_limit(immediate if value == "immediate" and immediate else value, "limit")
    except Invalid as fault:
        raise PydanticCustomError(fault.code, "bad limit", fault.params) from fault


def _side(value: object) -> Side:
    if isinstance(value, str) and value in set(Side):
        return Side(value)
    known = [side.value for side in Side]
    raise PydanticCustomError("category-side-unknown", "bad side", {"known": known})


def _record(value: object) -> Record:
    if isinstance(value, str) and value in set(Record):
        return Record(value)
    known = [record.value for record in Record]
    raise PydanticCustomError("category-word-unknown", "bad record", {"known": known})


def _sensitivity(value: object) -> Sensitivity:
    if type(value) is int and value in set(Sensitivity):
        return Sensitivity(value)
    raise PydanticCustomError("category-sensitivity-bad", "bad sensitivity")


_Text = Annotated[str, Field(min_length=1, strict=True)]
_Limit = Annotated[Limit, BeforeValidator(_limit)]
_Side = Annotated[Side, BeforeValidator(_side)]
_Sensitivity = Annotated[Sensitivity, BeforeValidator(_sensitivity)]
_Flag = Annotated[bool, Field(strict=True)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


class _Word(_Table):
    code: _Text
    zh: _Text
    en: _Text


class _Group(_Word):
    code: str = Field(pattern=r"^\d{2}$")


class _Step(_Table):
    code: _Text
    limit: _Limit | None = None


class _Emergency(_Table):
    call: str = Field(pattern=r"^\d{3,12}$")
    zh: _Text
    en: _Text


class _Local(_Table):
    first: str = Field(pattern=r"^\d{2}$")
    last: str = Field(pattern=r"^\d{2}$")
    zh: _Text
    en: _Text


class _Condition(_Word):
    code: str = Field(pattern=r"^[a-z][a-z0-9-]{0,19}$")
    acknowledge: _Limit | None = None
    arrive: _Limit | None = None
    resolve: _Limit | None = None
    done_zh: str = ""
    done_en: str = ""


class _Category(_Table):
    code: str = Field(pattern=r"^\d{2}(\d{2})?$")
    zh: _Text
    en: _Text
    side: _Side
    side_outside: _Side | None = None
    assist: tuple[_Side, ...] = ()
    departments: tuple[_Text, ...] = ()
    sensitivity: _Sensitivity
    health_sensitivity: _Sensitivity | None = None
    acknowledge: _Limit | None = None
    arrive: _Limit | None = None
    resolve: _Limit | None = None
    conditions: tuple[_Condition, ...] = ()
    steps: tuple[_Step, ...] = ()
    required: tuple[_Text, ...] = ()
    outcomes: tuple[_Text, ...] = ()
    second_person: _Flag = False
    property_is_party: _Flag = False
    name_hidden: _Flag = False
    public: _Flag = True
    record: Annotated[Record, BeforeValidator(_record)] = Record.MATTER
    emergency: _Emergency | None = None


class _Document(_Table):
    version: int = Field(ge=1, strict=True)
    immediate: _Text | None = None
    local: _Local | None = None
    side: tuple[_Word, ...]
    department: tuple[_Word, ...] = ()
    step: tuple[_Word, ...] = ()
    outcome: tuple[_Word, ...] = ()
    group: tuple[_Group, ...]
    category: tuple[_Category, ...]


def parse_tree(text: str) -> Tree:
    """The tree in a TOML text; raises Invalid `bad-toml`, or Rejected with every fault found."""
    try:
        body = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid("bad-toml", field="categories", value=str(error)) from error
    try:
        document = _Document.model_validate(body, context={"immediate": body.get("immediate")})
    except ValidationError as error:
        raise Rejected([_fault(body, one) for one in error.errors()]) from error
    found = (_misplaced, _conditions_twice, _incomplete, _strange_words)
    faults = [fault for look in found for fault in look(document)]
    if faults:
        raise Rejected(faults)
    return _tree(document)


def _fault(body: Mapping[str, Any], error: Mapping[str, Any]) -> Invalid:
    """A fault of the reader's in our words: `0101.acknowledge`, not `category[0].acknowledge`."""
    loc: Sequence[str | int] = error["loc"]
    names, params = [str(part) for part in loc], dict(error.get("ctx", {}))
    if len(loc) > 1 and isinstance(loc[1], int):
        table = body[str(loc[0])][loc[1]]
        code = table.get("code", "?") if isinstance(table, Mapping) else "?"
        names = [str(code) if loc[0] == "category" else f"{loc[0]} {code}", *names[2:]]
    codes = {"missing": "required", "extra_forbidden": "category-field-unknown"}
    code = codes.get(error["type"], error["type"])
    if not code.startswith(("category-", "required")):
        code, params = "category-field-bad", {}
    for name in ("field", "value"):
        params.pop(name, None)
    value = None if code == "required" else error["input"]
    return Invalid(code, field=".".join(names), value=value, **params)


def _misplaced(document: _Document) -> Iterator[Invalid]:
    """Codes given twice, and codes whose group is not there."""
    words = (document.side, document.department, document.step, document.outcome)
    matters = [*_codes(document.group), *_codes(document.category)]
    for codes in (*(_codes(each) for each in words), matters):
        for code, times in Counter(codes).items():
            if times > 1:
                yield Invalid("category-duplicate", field=f"{code}.code", value=code)
    groups = set(_codes(document.group))
    for category in document.category:
        parent = category.code[:2]
        if len(category.code) == 4 and parent not in groups:
            field = f"{category.code}.code"
            yield Invalid("category-parent-missing", field=field, value=parent)


def _conditions_twice(document: _Document) -> Iterator[Invalid]:
    for category in document.category:
        for code, times in Counter(_codes(category.conditions)).items():
            if times > 1:
                field = f"{category.code}.conditions"
                yield Invalid("category-duplicate", field=field, value=code)


def _incomplete(document: _Document) -> Iterator[Invalid]:
    """Matters without a clock, which could never be missed; outcomes without their list."""
    for category in document.category:
        if category.record is Record.MATTER:
            for name in ("acknowledge", "resolve"):
                if getattr(category, name) is None:
                    yield Invalid("required", field=f"{category.code}.{name}")
        if ("outcome" in category.required) != bool(category.outcomes):
            yield Invalid("required", field=f"{category.code}.outcomes")


def _strange_words(document: _Document) -> Iterator[Invalid]:
    """Words used by a category and declared nowhere."""
    for category in document.category:
        sides = (category.side, category.side_outside, *category.assist)
        checks: tuple[tuple[str, Iterable[str], Iterable[str]], ...] = (
            ("side", (side for side in sides if side), _codes(document.side)),
            ("departments", category.departments, _codes(document.department)),
            ("steps", _codes(category.steps), _codes(document.step)),
            ("outcomes", category.outcomes, _codes(document.outcome)),
            ("required", category.required, REQUIRABLE),
        )
        for name, used, declared in checks:
            known = list(declared)
            for word in used:
                if word not in known:
                    field = f"{category.code}.{name}"
                    yield Invalid("category-word-unknown", field=field, value=word, known=known)


def _codes(words: Iterable[_Word | _Step | _Category]) -> list[str]:
    return [word.code for word in words]


def _tree(document: _Document) -> Tree:
    categories = {one.code: _category(one, document.local) for one in document.category}
    headings = [Word(one.code, one.zh, one.en) for one in document.group]
    alone = [Word(c.code, c.zh, c.en) for c in categories.values() if len(c.code) == 2]
    groups = {word.code: word for word in sorted([*headings, *alone], key=lambda w: w.code)}
    lists = (document.side, document.department, document.step, document.outcome)
    words = Words(*({one.code: Word(one.code, one.zh, one.en) for one in each} for each in lists))
    return Tree(document.version, groups, categories, words)


def _category(given: _Category, local: _Local | None) -> Category:
    fields = {name: getattr(given, name) for name in type(given).model_fields}
    help_first = given.emergency
    fields["emergency"] = help_first and Emergency(help_first.call, help_first.zh, help_first.en)
    fields["conditions"] = tuple(
        Condition(**{name: getattr(one, name) for name in type(one).model_fields})
        for one in given.conditions
    )
    fields["steps"] = tuple(Step(step.code, step.limit) for step in given.steps)
    group = given.code[:2]
    is_local = local is not None and local.first <= group <= local.last
    return Category(**fields, group=group, local=is_local)
