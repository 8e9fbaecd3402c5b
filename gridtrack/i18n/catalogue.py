"""Where the gettext catalogues of the pages lie."""

from importlib.resources import files
from pathlib import Path

LOCALES = ("zh", "en")
LOCALE_FOLDER = Path(str(files("gridtrack.i18n") / "locale"))
