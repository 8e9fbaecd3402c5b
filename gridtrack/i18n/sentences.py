"""Code and values in, a sentence in the reader's language out; never an error.

Each module in `texts` owns the sentences of one subject, (zh, en) by code. Values are shown as they
are, made harmless for reading; escaping for HTML is the template's.
"""

import string
from collections.abc import Mapping, Sequence
from typing import Any

from gridtrack.i18n.texts import (
    audit,
    backups,
    board,
    climbed,
    clocks,
    codes,
    doors,
    drawing,
    duty,
    editions,
    errors,
    figures,
    findings,
    forecast,
    grid_files,
    grids,
    imports,
    machines,
    messages,
    offline,
    orders,
    phone,
    policies,
    residents,
    retention,
    rights,
    sealing,
    setup,
    simulation,
    tasks,
    timeline,
    words,
    zones,
)

MODULES = (
    audit,
    backups,
    board,
    climbed,
    clocks,
    codes,
    doors,
    drawing,
    duty,
    editions,
    errors,
    figures,
    findings,
    forecast,
    grid_files,
    grids,
    imports,
    machines,
    messages,
    offline,
    orders,
    phone,
    policies,
    residents,
    retention,
    rights,
    sealing,
    setup,
    simulation,
    tasks,
    timeline,
    words,
    zones,
)
TEXTS: Mapping[str, tuple[str, str]] = {
    code: text for module in MODULES for code, text in module.TEXTS.items()
}

# Values that are codes themselves: they are shown by their own name where it has one.
_NAMED = ("field", "state", "action", "role", "rung", "level", "held", "order_state", "step")
_CALLED = {"held": "role"}
_MILLIONS = {"MB": ("MB", "MB"), "MP": ("百万像素", "megapixels")}
_EMPTY = ("（空）", "(empty)")
_MISSING = "—"
_LONGEST = 400


def is_chinese(locale: str) -> bool:
    """True for every Chinese locale: zh, zh-CN, zh_Hans_CN."""
    return locale.lower().startswith("zh")


def sentence(code: str, locale: str, /, **params: object) -> str:
    """The sentence of `code` in Chinese for Chinese locales, else in English.

    An unknown code comes back as it is, with its values; a missing value as a dash.
    """
    chinese = is_chinese(locale)
    texts = TEXTS.get(code)
    if texts is None:
        values = ", ".join(f"{k}={_shown(k, v, chinese=chinese)}" for k, v in params.items())
        return f"{code} ({values})" if values else code
    return _Filler(chinese=chinese).vformat(texts[0 if chinese else 1], (), params)


class _Filler(string.Formatter):
    """Fills what it can; looks up plain names only, so no value is ever called or walked into."""

    def __init__(self, *, chinese: bool) -> None:
        self.chinese = chinese

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """The value with its name, or a dash; sentences have no numbered places, so no `args`."""
        assert not args
        return (field_name, kwargs.get(field_name, _MISSING)), field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        """The value as people read it; MB and MP count millions."""
        name, given = value
        if format_spec in _MILLIONS and isinstance(given, int | float):
            unit = _MILLIONS[format_spec][0 if self.chinese else 1]
            return f"{given / 1_000_000:.1f} {unit}"
        return _shown(name, given, chinese=self.chinese)


def _shown(name: str, value: object, *, chinese: bool) -> str:
    """A value for people: named where it is a code, one line, no invisible characters, not long."""
    if value is None:
        return _EMPTY[0 if chinese else 1]
    if isinstance(value, list | tuple):
        parts = [_shown(name, one, chinese=chinese) for one in value]
        return ("、" if chinese else ", ").join(parts)
    text = str(value)
    named = f"{_CALLED.get(name, name)}-{text}"
    if name in _NAMED and named in TEXTS:
        return TEXTS[named][0 if chinese else 1]
    clean = "".join(c if c.isprintable() else " " if c.isspace() else "�" for c in text)
    return clean if len(clean) <= _LONGEST else clean[: _LONGEST - 1] + "…"
