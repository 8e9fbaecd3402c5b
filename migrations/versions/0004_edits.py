"""What was drawn in drafts, with every grid before and after."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import BigKey, Instant, Json

revision = "0004_edits"
down_revision = "0003_post_ground"


def upgrade() -> None:
    op.create_table(
        "edition_edit",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("edition_id", BigKey, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", sa.String(length=80), nullable=False),
        sa.Column("operations", Json, nullable=False),
        sa.Column("changes", Json, nullable=False),
        sa.Column("undoes", BigKey, nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_edit_edition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_edit")),
    )
    with op.batch_alter_table("edition_edit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_edition_edit_edition_id"), ["edition_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("edition_edit")
