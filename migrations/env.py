"""Run by Alembic with the connection that gridtrack.db.migrate gives it."""

from alembic import context

from gridtrack.db.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
