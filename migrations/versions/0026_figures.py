"""Facts for the figures, one narrow row a matter, and how far the log was read for them."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import BigKey, Instant, PathText

revision = "0026_figures"
down_revision = "0025_contact"


def upgrade() -> None:
    op.create_table(
        "matter_fact",
        sa.Column("incident_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("reported_s", sa.BigInteger(), nullable=False),
        sa.Column("path", PathText, nullable=False),
        sa.Column("edition_id", sa.BigInteger(), nullable=True),
        sa.Column("category", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("sensitivity", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("resolved_s", sa.BigInteger(), nullable=True),
        sa.Column("ended_s", sa.BigInteger(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        *(
            sa.Column(f"{clock}_{what}_s", sa.BigInteger(), nullable=True)
            for clock in ("acknowledge", "arrive", "resolve")
            for what in ("due", "met")
        ),
        sa.Column("paused_s", sa.BigInteger(), nullable=False),
        sa.Column("extended", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("climbed", sa.Integer(), nullable=False),
        sa.Column("above", sa.Boolean(), nullable=False),
        sa.Column("late_ms", sa.BigInteger(), nullable=True),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("ever_resolved", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_matter_fact")),
    )
    op.create_index("ix_matter_fact_day", "matter_fact", ["day", "path"])
    op.create_table(
        "fact_mark",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_fact_mark")),
    )


def downgrade() -> None:
    op.drop_table("fact_mark")
    op.drop_table("matter_fact")
