"""Imports under way: what was given, declared and found so far."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import BigKey, Instant, Json

revision = "0011_grid_import"
down_revision = "0010_paces"


def upgrade() -> None:
    op.create_table(
        "grid_import",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("folder", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.Column("touched_at", Instant(), nullable=False),
        sa.Column("files", Json, nullable=False),
        sa.Column("said", Json, nullable=False),
        sa.Column("looked", Json, nullable=True),
        sa.Column("checked", Json, nullable=True),
        sa.Column("task_id", BigKey, nullable=True),
        sa.Column("edition_id", BigKey, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_import")),
    )
    with op.batch_alter_table("grid_import", schema=None) as batch_op:
        batch_op.create_index("ix_grid_import_created_by", ["created_by", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("grid_import")
