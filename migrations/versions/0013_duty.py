"""Rosters with their swaps, notes and record; a leave names who stands in."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import BigKey, Instant, Json, PathText

revision = "0013_duty"
down_revision = "0012_zones"


def upgrade() -> None:
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("deputy_id", BigKey, nullable=True))
        batch_op.create_foreign_key(op.f("fk_absence_deputy_id"), "person", ["deputy_id"], ["id"])
    op.create_table(
        "roster",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("scope", PathText, nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("outside", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("approval", sa.Boolean(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster")),
        sa.UniqueConstraint("code", name=op.f("uq_roster_code")),
    )
    op.create_index("ix_roster_scope", "roster", ["scope"])
    op.create_table(
        "shift_swap",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("roster_id", BigKey, nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("begin", sa.Integer(), nullable=False),
        sa.Column("giver_id", BigKey, nullable=False),
        sa.Column("taker_id", BigKey, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["roster_id"], ["roster.id"], name=op.f("fk_shift_swap_roster_id")),
        sa.ForeignKeyConstraint(["giver_id"], ["person.id"], name=op.f("fk_shift_swap_giver_id")),
        sa.ForeignKeyConstraint(["taker_id"], ["person.id"], name=op.f("fk_shift_swap_taker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_swap")),
    )
    op.create_index("ix_shift_swap_roster_id", "shift_swap", ["roster_id"])
    op.create_index(op.f("ix_shift_swap_taker_id"), "shift_swap", ["taker_id"])
    op.create_table(
        "handover_note",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("roster_id", BigKey, nullable=False),
        sa.Column("author_id", BigKey, nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("seen_by", sa.BigInteger(), nullable=True),
        sa.Column("seen_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["roster_id"], ["roster.id"], name=op.f("fk_handover_note_roster_id")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_handover_note_author_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_note")),
    )
    op.create_index("ix_handover_note_roster_id", "handover_note", ["roster_id", "id"])
    op.create_table(
        "duty_change",
        sa.Column("rev", BigKey, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("roster_id", sa.BigInteger(), nullable=True),
        sa.Column("data", Json, nullable=False),
        sa.PrimaryKeyConstraint("rev", name=op.f("pk_duty_change")),
    )
    op.create_index("ix_duty_change_roster_id", "duty_change", ["roster_id", "rev"])


def downgrade() -> None:
    for table in ("duty_change", "handover_note", "shift_swap", "roster"):
        op.drop_table(table)
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_absence_deputy_id"), type_="foreignkey")
        batch_op.drop_column("deputy_id")
