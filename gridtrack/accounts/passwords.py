"""What a password must be. Pure."""

from collections.abc import Sequence
from itertools import pairwise

from gridtrack.errors import Invalid

PASSWORD_MIN = 10
PASSWORD_MAX = 200  # hashing takes as long as a text is long
# Of the lists of leaked passwords what is long enough, and what people here think of first.
COMMON = frozenset(
    [
        "1234567890",
        "0123456789",
        "0987654321",
        "9876543210",
        "1q2w3e4r5t",
        "1qaz2wsx3edc",
        "qwertyuiop",
        "qwerty12345",
        "qwerty1234",
        "asdfghjkl1",
        "1234567891",
        "12345678910",
        "11223344556",
        "1122334455",
        "1111111111",
        "0000000000",
        "password12",
        "password123",
        "password1234",
        "passw0rd123",
        "p@ssw0rd123",
        "p@ssword123",
        "admin12345",
        "admin123456",
        "administrator",
        "iloveyou123",
        "woaini1314",
        "5201314520",
        "woaini5201314",
        "a123456789",
        "aa123456789",
        "abc1234567",
        "abc123456789",
        "abcdefghij",
        "qazwsxedcrfv",
        "zxcvbnm123",
        "q1w2e3r4t5",
        "1qazxsw23edc",
        "asd123456789",
        "letmein1234",
        "welcome123",
        "changeme123",
        "gridtrack1",
        "gridtrack123",
        "wangge12345",
        "shequ12345",
        "zhouning123",
        "13415134151",
        "hongshequ123",
    ]
)


def check_password(password: str, known: Sequence[str] = ()) -> None:
    """Raise Invalid for one that somebody would guess; `known` are login, name, telephone."""
    plain = password.casefold()
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX or len(set(password)) < 4:
        raise Invalid("password-weak", field="password", value="", minimum=PASSWORD_MIN)
    if plain in COMMON or _runs(plain):
        raise Invalid("password-common", field="password", value="")
    if any(len(one) >= 3 and one.casefold() in plain for one in known):
        raise Invalid("password-name", field="password", value="")


def _runs(text: str) -> bool:
    """True for one that only counts up or down: 2345678901, hgfedcba98."""
    steps = {(ord(b) - ord(a)) % 10 for a, b in pairwise(text)}
    return steps <= {1} or steps <= {9}
