"""The audit: lines that are only ever appended, and that nobody takes away before their time."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import BigKey, Instant

revision = "0024_audit"
down_revision = "0023_conditions"

# Six months by rule (field guide, Cybersecurity Law art. 21): the database holds it, by its own
# clock, whatever the program asks for.
_DAYS = 183
_SAID = "the audit is only ever appended"
_YOUNG = "the audit is kept for six months"
_SQLITE_NOW = "CAST(strftime('%s', 'now') AS INTEGER)"
_LOCK = {
    "sqlite": (
        (
            "CREATE TRIGGER audit_line_update BEFORE UPDATE ON audit_line "
            f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
        ),
        (
            "CREATE TRIGGER audit_line_delete BEFORE DELETE ON audit_line "
            f"WHEN OLD.at > ({_SQLITE_NOW} - {_DAYS} * 86400) * 1000000 "
            f"BEGIN SELECT RAISE(ABORT, '{_YOUNG}'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE FUNCTION audit_lines_stay() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF TG_OP = 'UPDATE' THEN RAISE EXCEPTION '{_SAID}'; END IF; "
            f"IF OLD.at > now() - interval '{_DAYS} days' THEN RAISE EXCEPTION '{_YOUNG}'; "
            "END IF; RETURN OLD; END $$"
        ),
        (
            "CREATE TRIGGER audit_line_stays BEFORE UPDATE OR DELETE ON audit_line "
            "FOR EACH ROW EXECUTE FUNCTION audit_lines_stay()"
        ),
        (
            "CREATE FUNCTION audit_is_not_emptied() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_SAID}'; END $$"
        ),
        (
            "CREATE TRIGGER audit_line_not_emptied BEFORE TRUNCATE ON audit_line "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_not_emptied()"
        ),
    ),
}


def upgrade() -> None:
    op.create_table(
        "audit_line",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("lane", sa.String(length=16), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("post", sa.String(length=120), nullable=False),
        sa.Column("door", sa.String(length=10), nullable=False),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("session", sa.String(length=40), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_line")),
        sa.UniqueConstraint("lane", "seq", name=op.f("uq_audit_line_lane_seq")),
    )
    op.create_index("ix_audit_line_person_id_id", "audit_line", ["person_id", "id"])
    op.create_index("ix_audit_line_act_id", "audit_line", ["act", "id"])
    for statement in _LOCK[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("audit_line")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_lines_stay()")
        op.execute("DROP FUNCTION audit_is_not_emptied()")
