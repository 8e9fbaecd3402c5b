"""The tree file that comes with the product."""

from importlib.resources import files

from gridtrack.categories.parse import parse_tree
from gridtrack.categories.rules import Tree


def shipped_text() -> str:
    """The shipped tree file as text, for a deployment to start its own copy from."""
    return (files("gridtrack.categories") / "tree.toml").read_text(encoding="utf-8")


def shipped_tree() -> Tree:
    """The shipped tree, parsed anew on every call: whoever needs it keeps it."""
    return parse_tree(shipped_text())
