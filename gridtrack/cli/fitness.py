"""Is a deployment fit for the public? Asked by doctor, and before a start in production."""

import stat
from collections.abc import Iterator
from pathlib import Path

from gridtrack.errors import Invalid, Rejected
from gridtrack.settings import PREFIX, Settings

SHORTEST = 32  # characters of a key that was given: less can be guessed at
# What examples and tutorials call their keys.
WEAK = ("secret", "changeme", "change-me", "password", "default", "dev", "test", "example")
KEYS = ("secret_key", "sealing_keys")
_OTHERS = stat.S_IRGRP | stat.S_IROTH


def unfit(settings: Settings) -> list[Invalid]:
    """Everything that a deployment for the public must not have, each with its setting."""
    return [*_addresses(settings), *_secrets(settings), *_files(settings)]


def refuse_unfit(settings: Settings) -> None:
    """Raise Rejected with every fault where the deployment says that it is in production."""
    faults = unfit(settings) if settings.production else []
    if faults:
        raise Rejected(faults)


def _addresses(settings: Settings) -> Iterator[Invalid]:
    if not settings.https:
        yield Invalid("unfit-https", field=f"{PREFIX}HTTPS", value="false")
    if not settings.public_url.startswith("https://"):
        yield Invalid("unfit-url", field=f"{PREFIX}PUBLIC_URL", value=settings.public_url)


def _secrets(settings: Settings) -> Iterator[Invalid]:
    given = settings.secret_key
    guessed = any(word in given.lower() for word in WEAK)
    if given and (len(given) < SHORTEST or guessed or len(set(given)) < SHORTEST // 4):
        # The key itself is told to nobody, not even in its own fault.
        yield Invalid("unfit-key", field=f"{PREFIX}SECRET_KEY", value="***", least=SHORTEST)


def _files(settings: Settings) -> Iterator[Invalid]:
    for name in KEYS:
        path = settings.instance / name
        if path.exists() and readable_by_others(path):
            yield Invalid("unfit-readable", field=str(path), value=_mode(path))
    if settings.instance.exists() and settings.instance.stat().st_mode & stat.S_IWOTH:
        yield Invalid(
            "unfit-writable", field=str(settings.instance), value=_mode(settings.instance)
        )


def readable_by_others(path: Path) -> bool:
    """True where the group or everybody may read a file."""
    return bool(path.stat().st_mode & _OTHERS)


def _mode(path: Path) -> str:
    return f"{stat.S_IMODE(path.stat().st_mode):o}"
