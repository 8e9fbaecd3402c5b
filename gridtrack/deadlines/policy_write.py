"""A policy document as TOML again: to be looked at, taken along, changed and published. Pure."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gridtrack.deadlines.policy import FIELDS, RUNG

# PostgreSQL keeps the keys of a document in an order of its own.
_ORDER = ("name", *FIELDS)


def toml(body: Mapping[str, Any]) -> str:
    """The text of a document; reading it gives the same document."""
    return "\n".join(_lines(body)).strip() + "\n"


def _lines(body: Mapping[str, Any]) -> Iterator[str]:
    for name, value in _in_order(body, _ORDER):
        if not isinstance(value, Mapping) and not _is_tables(value):
            yield f"{name} = {_value(value)}"
    for name, value in _in_order(body, _ORDER):
        for table in value if _is_tables(value) else [value] if isinstance(value, Mapping) else []:
            yield ""
            yield f"[[{name}]]" if _is_tables(value) else f"[{name}]"
            for key, one in _in_order(table, FIELDS.get(name, ())):
                yield f"{_key(key)} = {_value(one)}"


def _in_order(table: Mapping[str, Any], order: Iterable[str]) -> list[tuple[str, Any]]:
    place = {name: n for n, name in enumerate(order)}
    return sorted(table.items(), key=lambda one: (place.get(one[0], len(place)), one[0]))


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(o, Mapping) for o in value)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return (
            "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in _in_order(value, RUNG)) + " }"
        )
    if _is_tables(value):  # one to a line: that is how rungs are read
        return "[\n" + "".join(f"  {_value(one)},\n" for one in value) + "]"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, bool | str):
        # JSON's strings are TOML's basic strings, but for this one character.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)


def _key(key: str) -> str:
    bare = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    return key if bare else json.dumps(key, ensure_ascii=False)
