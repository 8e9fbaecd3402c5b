"""Names and contacts of reporters are sealed; digests that could be tried out are taken away.

Both ways need the keys of the deployment wherever somebody is named (docs/operations.md, Keys).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import sqlalchemy as sa
from alembic import op

revision = "0022_sealed_reporters"
down_revision = "0021_reminders"

_PAGE = 2000
_FIELDS = ("name", "contact")
_SEALED = ("sealed_name", "sealed_contact")


class _Keys(Protocol):
    def seal(self, text: str, bound: str) -> str: ...
    def open(self, value: str, bound: str) -> str: ...


def _keys() -> _Keys:
    keys: _Keys | None = op.get_bind().get_execution_options().get("gridtrack_seals")
    if keys is None:
        raise RuntimeError("reporters are in here: this migration needs the keys that seal them")
    return keys


def _table(names: Sequence[str]) -> sa.TableClause:
    return sa.table("reporter", sa.column("incident_id"), *map(sa.column, names))


def _pages(old: sa.TableClause, names: Sequence[str]) -> Iterator[Sequence[Any]]:
    """Every named reporter, a page at a time: a city has more than fit into memory at once."""
    named = sa.or_(*(old.c[name] != "" for name in names))
    asked = sa.select(old).where(old.c.incident_id > sa.bindparam("last"), named)
    last = -1
    while rows := op.get_bind().execute(_first(asked, old), {"last": last}).all():
        yield rows
        last = rows[-1][0]


def _first(asked: sa.Select[Any], old: sa.TableClause) -> sa.Select[Any]:
    return asked.order_by(old.c.incident_id).limit(_PAGE)


def _rewrite(old: Sequence[str], new: Sequence[str], *, seal: bool) -> None:
    given = {name: sa.bindparam(f"b_{name}") for name in new}
    table = _table(new)
    change = table.update().where(table.c.incident_id == sa.bindparam("b_id")).values(given)
    for rows in _pages(_table(old), old):
        step = _keys().seal if seal else _keys().open
        op.get_bind().execute(change, [_row(row, new, step) for row in rows])


def _row(row: Sequence[Any], new: Sequence[str], step: Callable[[str, str], str]) -> dict[str, Any]:
    made = {
        f"b_{name}": step(text, f"reporter/{row[0]}/{field}")
        for name, field, text in zip(new, _FIELDS, row[1:], strict=True)
    }
    return {"b_id": row[0], **made}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "PRAGMA secure_delete = ON"
        )  # what was in clear is written over, not only let go
    for name in _FIELDS:
        op.add_column(
            "reporter", sa.Column(f"sealed_{name}", sa.Text(), nullable=False, server_default="")
        )
    _rewrite(_FIELDS, _SEALED, seal=True)
    # A bare hash over a telephone number: whoever has the row can try all numbers.
    op.execute("UPDATE incident SET content_digest = '' WHERE content_digest NOT LIKE 'k1%'")
    with op.batch_alter_table("reporter", schema=None) as batch_op:
        for name in _FIELDS:
            batch_op.drop_column(name)


def downgrade() -> None:
    for name, length in (("name", 80), ("contact", 120)):
        op.add_column(
            "reporter", sa.Column(name, sa.String(length), nullable=False, server_default="")
        )
    _rewrite(_SEALED, _FIELDS, seal=False)
    with op.batch_alter_table("reporter", schema=None) as batch_op:
        for name in _FIELDS:
            batch_op.drop_column(f"sealed_{name}")
