"""The ciphers that values may be sealed with: authenticated, named in what they made. Pure.

Both are GCM: 12 bytes of nonce, made anew for every value, and 16 bytes of tag. With random nonces
one key should seal no more than 2^32 values; a city writes some millions a year.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
_TAG_BYTES = 16


class Tampered(ValueError):
    """The value was changed, stands in another place, or the key is another one."""


class Encrypt(Protocol):
    """Seals or opens bytes under a key and a nonce, bound to `bound`."""

    def __call__(self, key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        """The other form of `data`; opening raises Tampered."""
        ...


@dataclass(frozen=True, slots=True)
class Algorithm:
    """One cipher by its name."""

    name: str
    key_bytes: int
    encrypt: Encrypt
    decrypt: Encrypt


@lru_cache(maxsize=64)  # setting up the key costs more than sealing a name
def _aes(key: bytes) -> AESGCM:
    return AESGCM(key)


def _aes_encrypt(key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes:
    return _aes(key).encrypt(nonce, data, bound)


def _aes_decrypt(key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes:
    try:
        return _aes(key).decrypt(nonce, data, bound)
    except InvalidTag as error:
        raise Tampered from error


def _sm4_encrypt(key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes:
    made = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    made.authenticate_additional_data(bound)
    return made.update(data) + made.finalize() + made.tag


def _sm4_decrypt(key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes:
    if len(data) < _TAG_BYTES:
        raise Tampered
    body, tag = data[:-_TAG_BYTES], data[-_TAG_BYTES:]
    made = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    made.authenticate_additional_data(bound)
    try:
        return made.update(body) + made.finalize()
    except InvalidTag as error:
        raise Tampered from error


AES, SM4 = "aes-256-gcm", "sm4-gcm"
ALGORITHMS: Mapping[str, Algorithm] = {
    AES: Algorithm(AES, 32, _aes_encrypt, _aes_decrypt),
    SM4: Algorithm(SM4, 16, _sm4_encrypt, _sm4_decrypt),
}
