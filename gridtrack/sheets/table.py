"""Reading a CSV of rows that are independent: what cannot be read is told and passed over.

UTF-8 with or without a mark, UTF-16 with one, or GB 18030, as spreadsheets in China write; gz too.
"""

import codecs
import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from gridtrack.errors import Invalid
from gridtrack.geo.unpack import unpacked
from gridtrack.sheets.rows import NOTES, BadRow, TableRow

_BLOCK = 1 << 20
_ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(slots=True)
class Table:
    """An open table: its header, and rows one after the other with how far they have come."""

    header: list[str]
    size: int  # bytes, of the file as it is unpacked
    _raw: io.BufferedReader
    _lines: "_Lines"
    _alike: Counter[bytes] = field(default_factory=Counter)

    @property
    def read(self) -> int:
        """Bytes read so far."""
        return self._raw.tell()

    def rows(self) -> Iterator[tuple[TableRow | BadRow, Sequence[str]]]:
        """Every row that is not empty, with its cells as they stand in the file."""
        reader = csv.reader(self._lines, strict=True)
        while True:
            self._lines.begin()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                text = self._lines.give_back()
                fault = Invalid("row-unreadable", field="row", value=text, reason=str(error))
                yield BadRow(self._lines.line, [text], fault), [text]
                continue
            if any(cell.strip() for cell in cells):
                yield self._row(cells), cells

    def _row(self, cells: list[str]) -> TableRow | BadRow:
        line = self._lines.begun
        if len(cells) != len(self.header):
            found, wanted = len(cells), len(self.header)
            fault = Invalid("row-cells", field="row", value=found, wanted=wanted)
            return BadRow(line, cells, fault)
        named = dict(zip(self.header, cells, strict=True))
        own = (f"{k}\x1f{v}" for k, v in named.items() if not k.startswith(NOTES))
        mark = hashlib.blake2b("\x1e".join(own).encode(), digest_size=16).digest()
        self._alike[mark] += 1
        return TableRow(line, named, self._alike[mark])


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """A table to read once. Raises Invalid for a file that is none."""
    with unpacked(path) as plain:
        encoding = _encoding(plain)
        with plain.open("rb") as raw, io.TextIOWrapper(raw, encoding, newline="") as text:
            lines = _Lines(text)
            lines.begin()
            header = _header(lines, path.name)
            yield Table(header, plain.stat().st_size, raw, lines)


def _header(lines: "_Lines", name: str) -> list[str]:
    try:
        header = [cell.strip() for cell in next(csv.reader(lines, strict=True), [])]
    except csv.Error as error:
        raise Invalid("table-broken", field=name, value=str(error)) from error
    if not any(header):
        raise Invalid("table-empty", field=name, value="")
    twice = [column for column, count in Counter(header).items() if count > 1]
    if twice:
        raise Invalid("column-twice", field=name, value=twice[0])
    return header


def _encoding(path: Path) -> str:
    """The first encoding that the whole file is in; raises Invalid where it is in none."""
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
    for encoding in _ENCODINGS:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while block := file.read(_BLOCK):
                    decoder.decode(block)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise Invalid("table-encoding", field=path.name, value=", ".join(_ENCODINGS))


class _Lines:
    """The lines of a file; those a broken row ran away with can be given back."""

    def __init__(self, text: TextIO) -> None:
        """Lines from `text`, none taken yet."""
        self._text = text
        self._back: list[str] = []
        self._taken: list[str] = []
        self.line = 0  # the line last taken, from 1
        self.begun = 1  # the line on which the present row began

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        found = self._back.pop() if self._back else next(self._text)
        self._taken.append(found)
        self.line += 1
        return found

    def begin(self) -> None:
        """A row begins here."""
        self._taken.clear()
        self.begun = self.line + 1

    def give_back(self) -> str:
        """Keep only the first line of the present row; an open quote ran over the others."""
        first, *others = self._taken or [""]
        self._back.extend(reversed(others))
        self.line -= len(others)
        return first.rstrip("\r\n")
