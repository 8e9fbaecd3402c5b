"""Six digits from a telephone (TOTP, RFC 6238), and what to do without it."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete
from sqlalchemy.orm import Session

from gridtrack.accounts.tables import SecondFactorKey
from gridtrack.db.sql import run, table_of

STEP_S = 30
AROUND = (0, -1, 1)  # a telephone's clock may be half a minute off
RECOVERY_CODES = 8
ISSUER = "gridtrack"
_NONCE = 12


def get(session: Session, person_id: int) -> SecondFactorKey | None:
    """What somebody has, confirmed or not."""
    return session.get(SecondFactorKey, person_id)


def begin(session: Session, person_id: int, sealing: str, at: datetime) -> SecondFactorKey:
    """A new key for somebody; what was begun and not confirmed before is gone."""
    forget(session, person_id)
    row = SecondFactorKey(
        person_id=person_id,
        secret=_sealed(pyotp.random_base32(), sealing),
        made_at=at,
        confirmed_at=None,
        last_step=0,
        recovery=[],
    )
    session.add(row)
    session.flush()
    return row


def forget(session: Session, person_id: int) -> None:
    """Take away what somebody has; they have to begin anew."""
    known = get(session, person_id)
    if known is not None:
        session.expunge(known)
    mine = table_of(SecondFactorKey)
    run(session, delete(mine).where(mine.c.person_id == person_id))


def uri(row: SecondFactorKey, login: str, sealing: str) -> str:
    """What the picture says to the telephone."""
    return pyotp.TOTP(opened(row, sealing)).provisioning_uri(name=login, issuer_name=ISSUER)


def fits(row: SecondFactorKey, code: str, sealing: str, at: datetime) -> bool:
    """True for the digits of now, once: the same are not taken again."""
    digits = "".join(code.split())
    secret = opened(row, sealing)
    now = int(at.timestamp()) // STEP_S
    for step in (now + one for one in AROUND):
        right = hmac.compare_digest(pyotp.TOTP(secret).generate_otp(step), digits)
        if right and step > row.last_step:
            row.last_step = step
            return True
    return False


def new_codes(row: SecondFactorKey, sealing: str) -> tuple[str, ...]:
    """Codes for a day without the telephone, shown once; those of before are gone."""
    codes = tuple(_code() for _ in range(RECOVERY_CODES))
    row.recovery = [_digest(code, sealing) for code in codes]
    return codes


def used_code(row: SecondFactorKey, code: str, sealing: str) -> bool:
    """True for one of the codes, which is gone then."""
    digest = _digest(code, sealing)
    kept = [one for one in row.recovery if not hmac.compare_digest(one, digest)]
    found = len(kept) < len(row.recovery)
    if found:
        row.recovery = kept
    return found


def opened(row: SecondFactorKey, sealing: str) -> str:
    """The secret in the clear; raises InvalidTag where the instance's secret is another."""
    raw = base64.b64decode(row.secret)
    plain = AESGCM(_key(sealing)).decrypt(raw[:_NONCE], raw[_NONCE:], None)
    return plain.decode()


def is_readable(row: SecondFactorKey, sealing: str) -> bool:
    """False after the instance's secret was changed: the second factor has to be set up anew."""
    try:
        opened(row, sealing)
    except InvalidTag:
        return False
    return True


def _sealed(secret: str, sealing: str) -> str:
    nonce = secrets.token_bytes(_NONCE)
    sealed = nonce + AESGCM(_key(sealing)).encrypt(nonce, secret.encode(), None)
    return base64.b64encode(sealed).decode()


def _key(sealing: str) -> bytes:
    return hmac.new(sealing.encode(), b"gridtrack second factor", hashlib.sha256).digest()


def _code() -> str:
    letters = "23456789abcdefghjkmnpqrstuvwxyz"  # none that looks like another
    text = "".join(secrets.choice(letters) for _ in range(10))
    return f"{text[:5]}-{text[5:]}"


def _digest(code: str, sealing: str) -> str:
    plain = code.strip().casefold().replace("-", "").replace(" ", "")
    return hmac.new(_key(sealing), plain.encode(), hashlib.sha256).hexdigest()


def digests(codes: Sequence[str], sealing: str) -> list[str]:
    """What is kept of codes."""
    return [_digest(code, sealing) for code in codes]
