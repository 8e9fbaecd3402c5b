"""What the auditor finds: a row for each promise, a verdict for each day, how far it has read."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import Instant

revision = "0009_audits"
down_revision = "0008_task_pace"

_COUNTS = ("fired", "late", "missing", "double", "early")


def upgrade() -> None:
    op.create_table(
        "audited_promise",
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.Column("worst_late_ms", sa.BigInteger(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("expected_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("incident_id", "cycle", name=op.f("pk_audited_promise")),
    )
    op.create_index(
        "ix_audited_promise_expected",
        "audited_promise",
        ["expected_at"],
        postgresql_where=sa.text("expected_at IS NOT NULL"),
        sqlite_where=sa.text("expected_at IS NOT NULL"),
    )
    op.create_index(
        "ix_audited_promise_faulty",
        "audited_promise",
        ["made_at"],
        postgresql_where=sa.text("faults > 0"),
        sqlite_where=sa.text("faults > 0"),
    )
    op.create_index("ix_audited_promise_day", "audited_promise", ["day"])
    op.create_table(
        "audit_verdict",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("promises", sa.Integer(), nullable=False),
        sa.Column("on_time", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.Column("worst_late_ms", sa.BigInteger(), nullable=False),
        sa.Column("final_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_audit_verdict")),
    )
    op.create_table(
        "audit_mark",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=True),
        sa.Column("took_ms", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_audit_mark")),
    )


def downgrade() -> None:
    for table in ("audit_mark", "audit_verdict", "audited_promise"):
        op.drop_table(table)
