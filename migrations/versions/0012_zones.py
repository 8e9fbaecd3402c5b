"""Zones by date: a code may be drawn anew while the outline it had stays readable."""

import sqlalchemy as sa
from alembic import op

revision = "0012_zones"
down_revision = "0011_grid_import"

_LASTING = sa.text("until_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("zone", schema=None) as batch_op:
        batch_op.drop_constraint("uq_zone_code", type_="unique")
        for name in ("made_by", "ended_by"):
            column = sa.Column(name, sa.String(length=80), nullable=False, server_default="")
            batch_op.add_column(column)
        batch_op.create_index(
            "ix_zone_code", ["code"], unique=True, postgresql_where=_LASTING, sqlite_where=_LASTING
        )


def downgrade() -> None:
    # Of a code that was drawn anew only the last outline fits into the table as it was.
    op.execute(
        "DELETE FROM zone WHERE id NOT IN (SELECT last FROM (SELECT max(id) AS last FROM zone "
        "GROUP BY code) AS newest)"
    )
    with op.batch_alter_table("zone", schema=None) as batch_op:
        batch_op.drop_index("ix_zone_code")
        batch_op.drop_column("ended_by")
        batch_op.drop_column("made_by")
        batch_op.create_unique_constraint("uq_zone_code", ["code"])
