"""The keys of screens on walls."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import BigKey, Instant, PathText

revision = "0036_walls"
down_revision = "0035_family"


def upgrade() -> None:
    op.create_table(
        "wall",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("scope", PathText, nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall")),
        sa.UniqueConstraint("digest", name=op.f("uq_wall_digest")),
    )


def downgrade() -> None:
    op.drop_table("wall")
