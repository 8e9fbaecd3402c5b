"""Reminders and written orders with a required answer."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import BigKey, Instant, PathText

revision = "0017_orders"
down_revision = "0016_acts"

_OPEN = sa.text("state IN ('issued', 'answered')")


def upgrade() -> None:
    op.create_table(
        "urge",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("incident_id", BigKey, nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("to_id", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_urge_incident_id_incident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urge")),
    )
    op.create_index("ix_urge_incident", "urge", ["incident_id", "by_id", "at"])
    op.create_table(
        "supervise_order",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("incident_id", BigKey, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("to_kind", sa.String(length=10), nullable=False),
        sa.Column("to_id", sa.BigInteger(), nullable=False),
        sa.Column("to_name", sa.String(length=80), nullable=False),
        sa.Column("to_role", sa.String(length=20), nullable=False),
        sa.Column("to_scope", PathText, nullable=False),
        sa.Column("issued_by", sa.BigInteger(), nullable=False),
        sa.Column("issuer_name", sa.String(length=80), nullable=False),
        sa.Column("issuer_role", sa.String(length=20), nullable=False),
        sa.Column("issuer_scope", PathText, nullable=False),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_supervise_order_incident_id_incident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervise_order")),
        sa.UniqueConstraint("year", "seq", name=op.f("uq_supervise_order_year_seq")),
    )
    open_ones = {"postgresql_where": _OPEN, "sqlite_where": _OPEN}
    op.create_index("ix_order_open", "supervise_order", ["due_at", "id"], **open_ones)
    op.create_index(
        "ix_order_open_incident", "supervise_order", ["incident_id"], unique=True, **open_ones
    )
    op.create_index("ix_order_incident", "supervise_order", ["incident_id", "id"])


def downgrade() -> None:
    op.drop_table("supervise_order")
    op.drop_table("urge")
