"""Questions to reporters with their answers, and who read who reported."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import BigKey, Instant

revision = "0025_contact"
down_revision = "0024_audit"


def _columns(table: str) -> tuple[sa.Column | sa.Constraint, ...]:  # type: ignore[type-arg]
    return (
        sa.Column("id", BigKey, nullable=False),
        sa.Column("incident_id", BigKey, nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f(f"fk_{table}_incident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    op.create_table(
        "question",
        *_columns("question"),
        sa.Column("asked_by", BigKey, nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_question_asked_by")),
    )
    op.create_table(
        "reading",
        *_columns("reading"),
        sa.Column("person_id", BigKey, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reading_person_id")),
    )
    for table in ("question", "reading"):
        op.create_index(op.f(f"ix_{table}_incident_id"), table, ["incident_id"])


def downgrade() -> None:
    op.drop_table("reading")
    op.drop_table("question")
