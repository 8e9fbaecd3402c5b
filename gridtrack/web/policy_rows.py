"""Rows of a form without scripts: they come, go and move, and nothing typed is lost. Pure."""

from collections.abc import Mapping

Typed = dict[str, str]

_LIMIT_FIELDS = ("clock", "category", "scope", "condition", "limit", "limit.unit")
_RUNG_FIELDS = ("code", "role", "deputy", "after", "after.unit", "takes_over")


def rows(typed: Mapping[str, str], prefix: str) -> list[int]:
    """The numbers of the rows that are in a form, in order."""
    found = {
        int(name.removeprefix(prefix).split(".")[0])
        for name in typed
        if name.startswith(prefix) and name.removeprefix(prefix).split(".")[0].isdecimal()
    }
    return sorted(found)[:200]


def moved(typed: Typed, prefix: str, act: str, fields: tuple[str, ...]) -> tuple[Typed, int]:
    """The form after `add`, `remove:N`, `up:N` or `down:N`, and the row to go on with.

    Rows are counted anew from 1; everything else stays as typed.
    """
    verb, _, number = act.partition(":")
    kept = [{name: typed.get(f"{prefix}{n}.{name}", "") for name in fields}
            for n in rows(typed, prefix)]  # fmt: skip
    place = int(number) - 1 if number.isdecimal() else len(kept)
    if verb == "add":
        kept.append(dict.fromkeys(fields, ""))
        place = len(kept) - 1
    elif verb == "remove" and 0 <= place < len(kept):
        del kept[place]
        place = min(place, len(kept) - 1)
    elif verb in ("up", "down"):
        other = place + (1 if verb == "down" else -1)
        if min(place, other) >= 0 and max(place, other) < len(kept):
            kept[place], kept[other] = kept[other], kept[place]
            place = other
    rest = {name: value for name, value in typed.items() if not name.startswith(prefix)}
    for n, row in enumerate(kept, 1):
        rest |= {f"{prefix}{n}.{name}": value for name, value in row.items()}
    return rest, place + 1


def limits_moved(typed: Typed, act: str) -> tuple[Typed, int]:
    """`moved` for the rows of the limits."""
    return moved(typed, "limit.", act, _LIMIT_FIELDS)


def rungs_moved(typed: Typed, act: str) -> tuple[Typed, int]:
    """`moved` for the rungs of a ladder."""
    return moved(typed, "rung.", act, _RUNG_FIELDS)
