"""Code schemes: how the code of a grid is made, read from a file that people can read. Pure."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from gridtrack.errors import Invalid

WIDTHS = {"county": 6, "street": 3, "community": 3, "serial": 3}
SERIAL, PARENT = "serial", "parent"
MOST_WIDTH = 12
_FIELD = re.compile(r"\{([a-z]+)(?::0?(\d{1,2}))?\}")
_LITERAL = re.compile(r"[A-Za-z0-9_.\-]*")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a pattern: a field with its digits, or (`width` 0) text that stands as it is."""

    name: str
    width: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """The pattern of one level."""

    text: str
    parts: tuple[Part, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of its fields."""
        return tuple(part.name for part in self.parts if part.width or part.name == PARENT)

    @property
    def serial_width(self) -> int:
        """How many digits its running number has; 0 where it has none."""
        return next((p.width for p in self.parts if p.name == SERIAL and p.width), 0)

    @property
    def is_under_parent(self) -> bool:
        """True where it is made of the code of the grid above."""
        return any(part.name == PARENT and not part.width for part in self.parts)

    def length(self, parent: str = "") -> int:
        """How long a code of this pattern is."""
        return len(self.code({}, parent, 0)) if self.is_under_parent else sum(
            part.width or len(part.name) for part in self.parts
        )  # fmt: skip

    def code(self, values: Mapping[str, str], parent: str, serial: int) -> str:
        """The code of these values."""
        return "".join(self._said(part, values, parent, serial) for part in self.parts)

    def prefix(self, values: Mapping[str, str], parent: str) -> str:
        """What stands before the running number: grids with the same are numbered together."""
        said = []
        for part in self.parts:
            if part.name == SERIAL and part.width:
                break
            said.append(self._said(part, values, parent, 0))
        return "".join(said)

    def read(self, code: str, parent: str = "") -> dict[str, str] | None:
        """The fields of a code, or None where it does not fit."""
        found = re.fullmatch("".join(_expression(part, parent) for part in self.parts), code)
        return None if found is None else found.groupdict()

    @staticmethod
    def _said(part: Part, values: Mapping[str, str], parent: str, serial: int) -> str:
        if part.name == PARENT and not part.width:
            return parent
        if part.name == SERIAL and part.width:
            return f"{serial:0{part.width}d}"
        return values.get(part.name, "0" * part.width) if part.width else part.name


@dataclass(frozen=True, slots=True)
class Scheme:
    """The patterns of a deployment's levels."""

    name: str
    levels: Mapping[int, Pattern]


def scheme_of(text: str) -> Scheme:
    """The scheme in a TOML text; raises Invalid: "bad-toml", "code-pattern" or "code-level"."""
    try:
        body = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid("bad-toml", field="codes", value=str(error)) from error
    levels = body.get("levels")
    if not isinstance(levels, dict) or not levels:
        raise Invalid("code-level", field="levels", value=levels)
    patterns = {}
    for number, pattern in levels.items():
        if number not in tuple("123456789"):
            raise Invalid("code-level", field="levels", value=number)
        patterns[int(number)] = pattern_of(str(pattern))
    return Scheme(str(body.get("name", ""))[:120], dict(sorted(patterns.items())))


def pattern_of(text: str) -> Pattern:
    """The pattern that a text means; Invalid("code-pattern") naming the part that is wrong."""
    parts: list[Part] = []
    at = 0
    for match in _FIELD.finditer(text):
        _add_literal(parts, text[at : match.start()], text)
        name, width = match[1], match[2]
        if name == PARENT and width is None:
            parts.append(Part(PARENT, 0))
        elif name in WIDTHS and 1 <= int(width or WIDTHS[name]) <= MOST_WIDTH:
            parts.append(Part(name, int(width or WIDTHS[name])))
        else:
            raise Invalid("code-pattern", field="levels", value=text, part=match[0])
        at = match.end()
    _add_literal(parts, text[at:], text)
    names = [part.name for part in parts if part.width]
    if not parts or len(names) != len(set(names)):
        raise Invalid("code-pattern", field="levels", value=text, part=text)
    return Pattern(text, tuple(parts))


def _add_literal(parts: list[Part], literal: str, text: str) -> None:
    if not _LITERAL.fullmatch(literal) or literal == PARENT:
        raise Invalid("code-pattern", field="levels", value=text, part=literal)
    if literal:
        parts.append(Part(literal, 0))


def _expression(part: Part, parent: str) -> str:
    if part.name == PARENT and not part.width:
        return re.escape(parent)
    return rf"(?P<{part.name}>[0-9]{{{part.width}}})" if part.width else re.escape(part.name)
