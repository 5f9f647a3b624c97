"""DKIM signatures (RFC 6376, 8301, 8463) over the exact bytes that are sent. `cryptography` signs 25 times faster
than dkimpy, which checks us in the tests."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

SIGNED = (
    b"from to subject date message-id mime-version content-type content-transfer-encoding reply-to in-reply-to "
    b"references auto-submitted list-unsubscribe list-unsubscribe-post"
).split()
#: listed once more than they occur, so that nobody can add another one
OVERSIGNED = (b"from", b"subject")
SMALLEST_RSA = 2048

FOLD = re.compile(rb"\r\n[ \t]")
#: white space that is not one space already; matching every single space would cost more than the signature
SPACES = re.compile(rb"[ \t]{2,}|\t")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    domain: str
    selector: str
    key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey

    @classmethod
    def load(cls, path: Path, *, domain: str, selector: str) -> Signer:
        """From an unencrypted PEM file. Raises ValueError with one sentence."""
        try:
            key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        except (OSError, ValueError, TypeError) as error:
            raise ValueError(f"The DKIM key {path} cannot be read: {error}") from error
        if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= SMALLEST_RSA:
            return cls(domain=domain, selector=selector, key=key)
        if isinstance(key, ed25519.Ed25519PrivateKey):
            return cls(domain=domain, selector=selector, key=key)
        raise ValueError(f"The DKIM key {path} must be RSA of at least {SMALLEST_RSA} bits, or Ed25519.")

    def sign(self, mail: bytes, *, at: datetime) -> bytes:
        """The mail with its DKIM-Signature in front. `mail` has CRLF line ends."""
        head, _, body = mail.partition(b"\r\n\r\n")
        fields = _fields(head + b"\r\n")
        present: dict[bytes, list[bytes]] = {}
        for name, value in fields:
            present.setdefault(name, []).append(value)
        names = [name for name in SIGNED for _ in range(len(present.get(name, ())) + (name in OVERSIGNED))]
        unsigned = self._unsigned(b":".join(names), base64.b64encode(hashlib.sha256(_body(body)).digest()), at)
        # each repetition of a name takes the next header of that name from below; one too many takes nothing
        covered = [_relaxed(n, present[n].pop()) for n in names if present.get(n)]
        covered.append(_relaxed(b"dkim-signature", unsigned).removesuffix(b"\r\n"))
        signature = base64.b64encode(self._signature(b"".join(covered)))
        lines = b"\r\n ".join(signature[i : i + 72] for i in range(0, len(signature), 72))
        return b"DKIM-Signature:" + unsigned.removesuffix(b"\r\n") + lines + b"\r\n" + mail

    def _unsigned(self, names: bytes, body_hash: bytes, at: datetime) -> bytes:
        algorithm = "rsa-sha256" if isinstance(self.key, rsa.RSAPrivateKey) else "ed25519-sha256"
        listed = names.replace(b":list-", b":\r\n list-").replace(b":mime", b":\r\n mime").decode()
        return (
            f" v=1; a={algorithm}; c=relaxed/relaxed; d={self.domain};\r\n"
            f" s={self.selector}; t={int(at.timestamp())};\r\n"
            f" h={listed};\r\n bh={body_hash.decode()};\r\n b=\r\n"
        ).encode("ascii")

    def _signature(self, data: bytes) -> bytes:
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(hashlib.sha256(data).digest())


def _fields(head: bytes) -> list[tuple[bytes, bytes]]:
    """Name in lower case and value, folds kept, in the order of the mail."""
    lines = re.split(rb"\r\n(?![ \t])", head)
    return [(name.strip().lower(), value) for name, _, value in (line.partition(b":") for line in lines) if name]


def _relaxed(name: bytes, value: bytes) -> bytes:
    flat = SPACES.sub(b" ", value.replace(b"\r\n", b"")).strip(b" \t")
    return name + b":" + flat + b"\r\n"


def _body(body: bytes) -> bytes:
    """Relaxed: runs of white space are one space, none at line ends, no empty lines at the end."""
    whole = body + (b"" if body.endswith(b"\r\n") or not body else b"\r\n")
    if b"  " in whole or b"\t" in whole:
        whole = SPACES.sub(b" ", whole)
    text = whole.replace(b" \r\n", b"\r\n")
    return text.rstrip(b"\r\n") + b"\r\n" if text.strip(b"\r\n") else b""
