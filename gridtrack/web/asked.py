"""What an address or a field asks for, taken only where it is what we hand out ourselves."""

_DIGITS_MOST = 18  # a BIGINT holds no more: the database would refuse the number, not find nothing


def whole(text: str) -> int | None:
    """The number written in ASCII digits, small enough for an id; None for anything else."""
    fits = text.isascii() and text.isdigit() and len(text) <= _DIGITS_MOST
    return int(text) if fits else None


def ours(asked: str) -> str:
    r"""An address of this very site, or nothing.

    Browsers drop tabs and line ends from an address and read `\` as `/`: each would turn a path
    into another site's address.
    """
    local = asked.startswith("/") and not asked.startswith("//")
    return asked if local and asked.isprintable() and "\\" not in asked else ""
