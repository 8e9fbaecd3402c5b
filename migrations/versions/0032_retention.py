"""The register of purges; the events of a matter may go while a purge has leave for it."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import BigKey, Instant

revision = "0032_retention"
down_revision = "0031_misjudged"

_UP = {
    "sqlite": (
        "DROP TRIGGER event_delete",
        (
            "CREATE TRIGGER event_delete BEFORE DELETE ON event "
            "WHEN NOT EXISTS (SELECT 1 FROM purge_leave WHERE incident_id = OLD.incident_id) "
            "BEGIN SELECT RAISE(ABORT, 'events are only ever appended'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE OR REPLACE FUNCTION events_are_appended() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN IF TG_OP = 'DELETE' THEN "
            "IF EXISTS (SELECT 1 FROM purge_leave WHERE incident_id = OLD.incident_id) "
            "THEN RETURN OLD; END IF; END IF; "
            "RAISE EXCEPTION 'events are only ever appended'; END $$"
        ),
    ),
}
_DOWN = {
    "sqlite": (
        "DROP TRIGGER event_delete",
        (
            "CREATE TRIGGER event_delete BEFORE DELETE ON event "
            "BEGIN SELECT RAISE(ABORT, 'events are only ever appended'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE OR REPLACE FUNCTION events_are_appended() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'events are only ever appended'; END $$"
        ),
    ),
}


def upgrade() -> None:
    op.create_table(
        "purge_line",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("category", sa.String(length=8), nullable=False),
        sa.Column("ended_at", Instant(), nullable=False),
        sa.Column("rules_version", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purge_line")),
    )
    op.create_index("ix_purge_line_incident", "purge_line", ["incident_id"])
    op.create_table(
        "purge_leave",
        sa.Column("incident_id", BigKey, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_purge_leave")),
    )
    for statement in _UP[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in _DOWN[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_table("purge_leave")
    op.drop_table("purge_line")
