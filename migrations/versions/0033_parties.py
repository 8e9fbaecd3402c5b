"""Whom a matter is about."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import BigKey, Instant

revision = "0033_parties"
down_revision = "0032_retention"


def upgrade() -> None:
    op.create_table(
        "party",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("incident_id", BigKey, nullable=False),
        sa.Column("person_id", BigKey, nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("marked_by", BigKey, nullable=True),
        sa.Column("marked_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_party_incident_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_party_person_id")),
        sa.ForeignKeyConstraint(["marked_by"], ["person.id"], name=op.f("fk_party_marked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        sa.UniqueConstraint(
            "incident_id", "person_id", "zone", name=op.f("uq_party_incident_id_person_id_zone")
        ),
    )
    for column in ("person_id", "zone"):
        op.create_index(op.f(f"ix_party_{column}"), "party", [column])


def downgrade() -> None:
    op.drop_table("party")
