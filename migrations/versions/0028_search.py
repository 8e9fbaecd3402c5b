"""The index by which matters are found by words, and saved views of the board."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db import pairs
from gridtrack.db.types import BigKey, Instant

revision = "0028_search"
down_revision = "0027_residents"


def upgrade() -> None:
    pairs.make(op.get_bind())
    op.create_table(
        "saved_view",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("person_id", BigKey, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("query", sa.String(length=600), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_saved_view_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("person_id", "name", name=op.f("uq_saved_view_person_id_name")),
    )


def downgrade() -> None:
    op.drop_table("saved_view")
    pairs.unmake(op.get_bind())
