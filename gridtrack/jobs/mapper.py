"""Cutting map pieces: one edition at a time, one block per transaction, nothing held in between."""

import structlog

from gridtrack.db.memory import give_memory_back
from gridtrack.usecases.cut_maps import (
    Cutting,
    Plan,
    block_fits,
    block_pieces,
    finish,
    keep_pieces,
    plans,
    take_up,
)
from gridtrack.work import Runtime

log = structlog.get_logger()


def cut_maps(runtime: Runtime) -> int:
    """Cut every edition that was checked and has no pieces yet; how many sets were finished."""
    made = 0
    while True:
        with runtime.work() as work:
            cutting = take_up(work)
        if cutting is None:
            return made
        made += _cut(runtime, cutting)


def _cut(runtime: Runtime, cutting: Cutting) -> bool:
    with runtime.look() as work:
        found = plans(work, cutting)
    levels = {}
    for plan in found:
        fit = _fits(runtime, cutting, plan)
        if not _keep(runtime, cutting, plan, fit=fit):
            log.info("map-set-taken-over", edition=cutting.edition_id)
            return False
        levels[plan.level] = (plan.zooms, fit)
    with runtime.work() as work:
        finish(work, cutting, levels)
    return True


def _fits(runtime: Runtime, cutting: Cutting, plan: Plan) -> bool:
    """One block that does not fit decides for its level: else its rim would not fit the others."""
    for block in plan.blocks:
        with runtime.look() as work:
            if not block_fits(work, cutting, block):
                return False
    return True


def _keep(runtime: Runtime, cutting: Cutting, plan: Plan, *, fit: bool) -> bool:
    for block in plan.blocks:
        with runtime.look() as work:
            rows = block_pieces(work, cutting, block, plan.zooms, fit=fit)
        with runtime.work() as work:
            if not keep_pieces(work, cutting, rows):
                return False
        del rows
        give_memory_back()  # a block is some thousand polygons that nobody needs any more
    return True
