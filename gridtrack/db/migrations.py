"""Where the revisions are: beside the package in the source tree, inside it in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def script_location(package: Path = _PACKAGE) -> Path:
    """Alembic's folder: `gridtrack/_migrations` of a wheel, else `migrations/` beside the package.

    The packed one goes first: only a wheel has it, while beside an installed package there may lie
    somebody else's `migrations`.
    """
    packed = package / "_migrations"
    return packed if packed.is_dir() else package.parent / "migrations"
