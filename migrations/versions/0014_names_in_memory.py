"""Names of roads and estates are told apart in memory: their pairs are not stored any more."""

from itertools import islice

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import PathText

revision = "0014_names_in_memory"
down_revision = "0013_duty"

_PLACE = "p:"


def upgrade() -> None:
    op.drop_table("address_pair")


def downgrade() -> None:
    table = op.create_table(
        "address_pair",
        sa.Column("pair", PathText, nullable=False),
        sa.Column("name", PathText, nullable=False),
        sa.PrimaryKeyConstraint("pair", "name", name=op.f("pk_address_pair")),
        sqlite_with_rowid=False,
    )
    marks = op.get_bind().execute(sa.text("SELECT mark FROM address_name")).scalars().all()
    names = [mark.removeprefix(_PLACE) for mark in marks if mark.startswith(_PLACE)]
    rows = ({"pair": pair, "name": name} for name in names for pair in sorted(_pairs(name)))
    while some := list(islice(rows, 1000)):
        op.bulk_insert(table, some)


def _pairs(name: str) -> set[str]:
    near = {name[n : n + 2] for n in range(len(name) - 1)}
    return near | {name[n] + name[n + 2] for n in range(len(name) - 2)}
