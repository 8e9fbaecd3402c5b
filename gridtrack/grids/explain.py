"""Findings in words, and as the JSON that other programs read."""

from typing import Any

from gridtrack.grids.findings import outline_json, weight_of
from gridtrack.grids.rules import Fault, FaultCode
from gridtrack.i18n.sentences import TEXTS, sentence

_MOST_GRIDS = 6


def explain(fault: Fault, locale: str) -> str:
    """One finding as a sentence: what, which grids, how much, and what to do."""
    values: dict[str, object] = {**fault.params, "level": fault.level, "size": shown_size(fault)}
    values["grids"] = fault.grids[:_MOST_GRIDS] + (("…",) if fault.grids[_MOST_GRIDS:] else ())
    key = f"grid-{fault.code.value}"
    if fault.code == FaultCode.GAP:
        key += f"-{fault.params['kind']}"
    elif fault.code == FaultCode.MISSING_PARENT:
        key += f"-{fault.params['reason']}"
    elif fault.code == FaultCode.INVALID_POLYGON:
        values["reason"] = _reason(str(fault.params["reason"]), locale)
    return sentence(key, locale, **values)


def shown_size(fault: Fault) -> str:
    """The size with its unit: 1,687,504 m², 3.2 m², 0.0004 m²."""
    size = f"{fault.size:,.0f}" if fault.size >= 1000 else f"{fault.size:.3g}"
    return f"{size} {fault.unit.replace('m2', 'm²')}"


def _reason(reason: str, locale: str) -> str:
    key = "grid-reason-" + "-".join(reason.lower().split())
    return sentence(key if key in TEXTS else "grid-reason-other", locale)


def as_json(fault: Fault, locale: str) -> dict[str, Any]:
    """One finding as JSON values; `place` is [lon, lat] or null, `size` in `unit`."""
    return {
        "code": fault.code.value,
        "level": fault.level,
        "grids": list(fault.grids),
        "size": fault.size,
        "unit": fault.unit,
        "place": None if fault.place is None else [round(edge, 7) for edge in fault.place],
        "message": explain(fault, locale),
        "params": dict(fault.params),
        "weight": weight_of(fault).value,
        "outline": outline_json(fault),
    }
