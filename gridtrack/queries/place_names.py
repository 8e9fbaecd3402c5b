"""Names for the codes of grids and estates that reasons and timelines mention."""

from collections.abc import Mapping

from sqlalchemy import select

from gridtrack.access import require_anyone
from gridtrack.db.sql import table_of
from gridtrack.grids import store as grids
from gridtrack.grids.tables import ZoneRow
from gridtrack.work import Work

ZONE = table_of(ZoneRow)
_MAX_AGE_S = 5.0


def place_names(work: Work, locale: str = "zh") -> Mapping[str, str]:
    """Code to name for every grid of the edition in force and every estate."""
    require_anyone(work.actor)
    edition = grids.edition_at(work.session, work.now)

    def load() -> Mapping[str, str]:
        zones = work.session.execute(select(ZONE.c.code, ZONE.c.name).order_by(ZONE.c.id))
        named = {row.code: row.name for row in zones}
        if edition is not None:
            named |= grids.names(work.session, work.memo, edition.id, locale)
        return named

    return work.memo.get(("place-names", edition and edition.id, locale), load, _MAX_AGE_S)
