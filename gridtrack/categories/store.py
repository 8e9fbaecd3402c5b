"""The matter tree a deployment works by: its own file in the instance folder, else the shipped."""

from pathlib import Path

from gridtrack.categories.parse import parse_tree
from gridtrack.categories.rules import Tree
from gridtrack.categories.shipped import shipped_text
from gridtrack.db.memo import Memo

OWN_FILE = "categories.toml"


def tree(memo: Memo, instance: Path) -> Tree:
    """The tree, read once per process; raises Invalid where the deployment's own file is wrong."""

    def load() -> Tree:
        own = instance / OWN_FILE
        return parse_tree(own.read_text(encoding="utf-8") if own.exists() else shipped_text())

    return memo.get("categories", load)
