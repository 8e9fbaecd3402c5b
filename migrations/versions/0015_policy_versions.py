"""Who published a version of the policy and why; drafts; a published version is never edited."""

import sqlalchemy as sa
from alembic import op

from gridtrack.db.types import BigKey, Instant, Json

revision = "0015_policy_versions"
down_revision = "0014_names_in_memory"

_SAID = "a published policy is never edited"
_FIXED = ("version", "digest", "from_at", "body")
_CHANGED = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _FIXED)
_CHANGED_PG = " OR ".join(f"OLD.{name}::text <> NEW.{name}::text" for name in _FIXED)
_LOCK = {
    "sqlite": (
        (
            "CREATE TRIGGER policy_version_update BEFORE UPDATE ON policy_version "
            f"WHEN {_CHANGED} BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
        ),
        (
            "CREATE TRIGGER policy_version_delete BEFORE DELETE ON policy_version "
            f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE FUNCTION policy_versions_stay() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF TG_OP = 'DELETE' OR {_CHANGED_PG} THEN RAISE EXCEPTION '{_SAID}'; "
            "END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER policy_version_stays BEFORE UPDATE OR DELETE ON policy_version "
            "FOR EACH ROW EXECUTE FUNCTION policy_versions_stay()"
        ),
    ),
}
_UNLOCK = {
    "sqlite": ("DROP TRIGGER policy_version_update", "DROP TRIGGER policy_version_delete"),
    "postgresql": (
        "DROP TRIGGER policy_version_stays ON policy_version",
        "DROP FUNCTION policy_versions_stay()",
    ),
}


def _told(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False, server_default="")


def upgrade() -> None:
    with op.batch_alter_table("policy_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recorded_at", Instant(), nullable=True))
        batch_op.add_column(sa.Column("author_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(_told("author_name", 80))
        batch_op.add_column(_told("why", 500))
        batch_op.add_column(sa.Column("withdrawn_at", Instant(), nullable=True))
        batch_op.add_column(_told("withdrawn_by", 80))
        batch_op.add_column(_told("withdrawn_why", 500))
    op.create_table(
        "policy_draft",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("base", sa.BigInteger(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("author_name", sa.String(length=80), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_draft")),
    )
    for statement in _LOCK[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in _UNLOCK[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_table("policy_draft")
    with op.batch_alter_table("policy_version", schema=None) as batch_op:
        for name in (
            "withdrawn_why", "withdrawn_by", "withdrawn_at", "why", "author_name", "author_id",
            "recorded_at",
        ):  # fmt: skip
            batch_op.drop_column(name)
