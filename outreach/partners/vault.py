"""Secrets and answers that hold them, at rest: AES-256-GCM under a key derived from the service's own (ASVS 11.3.2)."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from outreach.errors import OutreachError

_NONCE = 12


class SealedElsewhereError(OutreachError):
    """It happened, but the answer was sealed with a key this service no longer has. Read how things stand instead."""

    status = 409


def seal(key: bytes, plain: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(key).encrypt(nonce, plain, None)


def unseal(key: bytes, sealed: bytes) -> bytes:
    """Raises SealedElsewhereError."""
    try:
        return _cipher(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
    except InvalidTag as error:
        raise SealedElsewhereError from error


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=b"outreach partners").derive(key))
