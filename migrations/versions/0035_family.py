"""Which matter is part of which, and the index by which duplicates of a matter are found."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import BigKey, Instant

revision = "0035_family"
down_revision = "0034_patrols"

_REPEATS = sa.text("duplicate_of IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "matter_parent",
        sa.Column("incident_id", BigKey, nullable=False),
        sa.Column("parent_id", BigKey, nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_matter_parent_incident_id_incident")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["incident.id"], name=op.f("fk_matter_parent_parent_id_incident")
        ),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_matter_parent")),
    )
    op.create_index(op.f("ix_matter_parent_parent_id"), "matter_parent", ["parent_id"])
    repeats = {"postgresql_where": _REPEATS, "sqlite_where": _REPEATS}
    op.create_index("ix_incident_duplicate", "incident", ["duplicate_of", "id"], **repeats)


def downgrade() -> None:
    op.drop_index("ix_incident_duplicate", "incident")
    op.drop_table("matter_parent")
