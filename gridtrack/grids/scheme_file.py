"""The code scheme of this deployment: its own file, else the shipped one."""

from importlib.resources import files
from pathlib import Path

from gridtrack.grids.code_schemes import Scheme, scheme_of

OWN_FILE = "codes.toml"


def scheme_in(instance: Path) -> Scheme:
    """The scheme of `codes.toml` in the instance folder, where there is one; raises Invalid."""
    own = instance / OWN_FILE
    if own.is_file():
        return scheme_of(own.read_text("utf-8"))
    return scheme_of((files("gridtrack.grids") / OWN_FILE).read_text("utf-8"))
