"""Settings are read once, at the door, from a mapping; every bad name is told at once."""

import contextlib
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gridtrack.errors import Invalid, Rejected

PREFIX = "GRIDTRACK_"


class Settings(BaseModel):
    """What a deployment chooses; each field is the variable GRIDTRACK_<FIELD IN CAPITALS>."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    instance: Path = Field(Path("instance"), description="folder for the database, photos and key")
    database_url: str = Field("", description="SQLAlchemy URL; empty: SQLite in the instance")
    secret_key: str = Field("", description="signs sessions; empty: made once in the instance")
    sealing_keys: str = Field("", description="id:algorithm:hex,… that seal reporters; empty: made")
    sealing_algorithm: str = Field(
        "aes-256-gcm",
        pattern="^(aes-256-gcm|sm4-gcm)$",
        description="cipher of keys that are made from now on",
    )
    audit_digest: str = Field("sha256", pattern="^(sha256|sm3)$", description="seals the audit")
    second_factor: str = Field(
        "staff", pattern="^(off|staff|all)$", description="who shows six digits beside a password"
    )
    session_idle_minutes: int = Field(720, ge=5, description="a session unused so long is over")
    session_idle_admin_minutes: int = Field(30, ge=5, description="the same for administrators")
    session_hours: int = Field(168, ge=1, description="no session lasts longer")
    one_session: bool = Field(default=False, description="a new log-in ends the one before")
    timezone: str = Field("Asia/Shanghai", description="zone of calendars and of shown times")
    locale: str = Field("zh", pattern="^(zh|en)$", description="language where none is chosen")
    public_url: str = Field("", description="address that links in messages start with")
    proxies: int = Field(0, ge=0, le=5, description="reverse proxies in front, trusted for address")
    production: bool = Field(default=False, description="start only where fit for the public")
    https: bool = Field(default=False, description="served behind HTTPS: secure cookies, HSTS")
    snap_m: float = Field(30.0, ge=0, le=1000, description="a point this near outside snaps")
    near_border_m: float = Field(20.0, ge=0, le=1000, description="closer to a border is marked")
    triage_scope: str = Field("", description="scope whose desk gets what no grid owns")
    door_prefixes: str = Field("", description="comma list of what addresses may begin with")
    grid_households_min: int = Field(100, ge=0, description="a base grid below this is small")
    grid_households_max: int = Field(500, ge=1, description="a base grid above this is large")
    photo_max_bytes: int = Field(20_000_000, gt=0, description="largest photo taken in")
    photo_max_pixels: int = Field(60_000_000, gt=0, description="most pixels of a photo taken in")
    smtp_url: str = Field("", description="smtp(s)://user:password@host:port/?from=a@b for e-mail")
    outbound_hosts: str = Field("", description="comma list of hosts that webhooks may call")
    deadman_url: str = Field("", description="webhook told each minute that all is well")
    deadman_secret: str = Field("", description="signs what that webhook is told")
    embedded_worker: bool = Field(default=True, description="serve is a worker as well")
    backup_warn_days: int = Field(3, ge=0, description="doctor warns of an older backup; 0: never")
    undo_s: int = Field(10, ge=0, le=30, description="seconds to take back one tap; 0: none")
    patrol_days: int = Field(30, ge=8, le=366, description="days until tracks are deleted")
    map_tiles_url: str = Field("", description="XYZ template of a base map; empty: none")
    supervision_phone: str = Field("", description="telephone that is printed on every sheet")
    map_credit: str = Field("", description="attribution and review number of the base map")

    @property
    def url(self) -> str:
        """The database URL, the embedded SQLite file where none is given."""
        return self.database_url or f"sqlite:///{(self.instance / 'gridtrack.sqlite').absolute()}"

    @property
    def patrol_keep(self) -> timedelta:
        """How long the points of a patrol are kept."""
        return timedelta(days=self.patrol_days)

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Settings from GRIDTRACK_* variables; raises Rejected naming every bad variable."""
        known = set(cls.model_fields)
        given = {
            name.removeprefix(PREFIX).lower(): value
            for name, value in environ.items()
            if name.startswith(PREFIX) and not name.startswith(f"{PREFIX}TEST_")
        }
        strange = [
            Invalid("unknown-setting", field=PREFIX + name.upper(), value=given[name])
            for name in given
            if name not in known
        ]
        try:
            settings = cls.model_validate({k: v for k, v in given.items() if k in known})
        except ValidationError as error:
            bad = [
                Invalid(
                    "bad-setting",
                    field=PREFIX + str(fault["loc"][0]).upper(),
                    value=fault["input"],
                    reason=fault["msg"],
                )
                for fault in error.errors()
            ]
            raise Rejected(strange + bad) from error
        if strange:
            raise Rejected(strange)
        return settings


def given_key(settings: Settings) -> str | None:
    """The session key where there is one already; None where one would have to be made."""
    path = settings.instance / "secret_key"
    return settings.secret_key or (path.read_text().strip() if path.is_file() else None)


def secret_key(settings: Settings) -> str:
    """The session key: the one given, else one made once and kept readable by its owner only."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.instance / "secret_key"
    if not path.exists():
        settings.instance.mkdir(parents=True, exist_ok=True)
        make_once(path, secrets.token_hex(32))
    return path.read_text().strip()


def make_once(path: Path, text: str) -> None:
    """Write a file whole or not at all; of several processes that start together one wins."""
    own = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    own.touch(mode=0o600)
    try:
        own.write_text(text)
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(own)
    finally:
        own.unlink()
