"""Random references and signed values. Secrets leave the process once; the database keeps only their hash."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import time
from uuid import UUID

from outreach.settings import Settings


def new_token() -> str:
    """256 random bits, URL-safe: for links, sessions and keys."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """What is stored of a token. SHA-256 is enough at 256 bits of entropy (ASVS 6.5.2)."""
    return hashlib.sha256(token.encode()).digest()


def new_id() -> UUID:
    """A UUID version 7 (RFC 9562): time-ordered, so that indexes grow at one end. Not a secret."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | (0x7 << 76) | (secrets.randbits(12) << 64) | (0b10 << 62) | secrets.randbits(62)
    return UUID(int=value)


def first_id(at: float) -> UUID:
    """The smallest id `new_id` can make at a moment (seconds since 1970): where a range of time begins."""
    return UUID(int=(int(at * 1000) << 80) | (0x7 << 76) | (0b10 << 62))


def secret_key(settings: Settings) -> bytes:
    """The configured key, or one made once under DATA_DIR with mode 0600."""
    configured = settings.secret_key.get_secret_value()
    if configured:
        return configured.encode()
    path = settings.data_dir / "secret.key"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        key = secrets.token_bytes(32)
        file.write(key)
    return key


def sign(key: bytes, *parts: str) -> str:
    """A short HMAC over parts, for callback URLs: 128 bits, hex."""
    return hmac.digest(key, "\x1f".join(parts).encode(), "sha256")[:16].hex()


def signed(key: bytes, mac: str, *parts: str) -> bool:
    return hmac.compare_digest(sign(key, *parts), mac)
