"""Draw the demo place anew: grids, estates, roads and door plates of a town that does not exist.

    .venv/bin/python scripts/make_place.py [--out FOLDER]

The same bytes come out every time; what they mean stands in `data/README.md`.
"""

import argparse
from pathlib import Path

from place.town import make_town
from place.written import files

DATA = Path(__file__).resolve().parent.parent / "data"


def main() -> None:
    """Write the four files and say what is in them."""
    parser = argparse.ArgumentParser(description="Draw the demo place anew.")
    parser.add_argument("--out", type=Path, default=DATA, help="folder to write into")
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    town = make_town()
    for name, text in files(town).items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    levels = [sum(grid.level == level for grid in town.grids) for level in (1, 2, 3)]
    print(f"grids {levels}, door plates {len(town.plates)}, estates {len(town.estates)}")


if __name__ == "__main__":
    main()
