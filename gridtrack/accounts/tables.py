"""People, their posts and sessions, and the tokens of machines that act for them."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from gridtrack.db.base import Base
from gridtrack.db.types import BigKey, Instant, Json, PathText


class Person(Base):
    """Somebody who can log in."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str] = mapped_column(String(40), default="")
    password_hash: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(8), default="zh")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Post(Base):
    """A person's duty: a role over a scope, between two instants (`until_at` is not included)."""

    __tablename__ = "post"
    __table_args__ = (
        # With the zone, which is NULL in nearly all: else SQLite finds them by that, all of them.
        Index("ix_post_scope", "scope", "zone"),
        Index("ix_post_zone", "zone", "role"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    scope: Mapped[str] = mapped_column(PathText, default="")
    zone: Mapped[str | None] = mapped_column(String(64))
    deputy: Mapped[bool] = mapped_column(default=False)
    from_at: Mapped[datetime] = mapped_column(Instant)
    until_at: Mapped[datetime | None] = mapped_column(Instant)


class Absence(Base):
    """A span in which a person cannot be reached for duty; the deputy, if named, stands in."""

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_person_id_until_at", "person_id", "until_at"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    from_at: Mapped[datetime] = mapped_column(Instant)
    until_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(200), default="")
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ApiToken(Base):
    """A machine's right to act for a person, narrowed to `permissions`; only the digest is kept."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    permissions: Mapped[list[str]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class LoginSession(Base):
    """A browser that somebody logged in with; the cookie has the key, only its digest is kept."""

    __tablename__ = "login_session"
    __table_args__ = (Index("ix_login_session_person_id_seen_at", "person_id", "seen_at"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    strong_at: Mapped[datetime | None] = mapped_column(Instant)  # the second factor was shown
    agent: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(45))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_why: Mapped[str] = mapped_column(String(20), default="")


class LoginTry(Base):
    """How often a log-in failed for an account or from an address; names only as digests."""

    __tablename__ = "login_try"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(Instant, index=True)
    until_at: Mapped[datetime | None] = mapped_column(Instant)


class SecondFactorKey(Base):
    """What makes somebody's six digits; the secret is sealed with the instance's own."""

    __tablename__ = "second_factor"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)  # no six digits count twice
    recovery: Mapped[list[str]] = mapped_column(Json)


class Invitation(Base):
    """A link that lets somebody set a password once; only its digest is kept."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
