"""Mail addresses: whom we may write to, and our own addresses that carry a signed reference."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

#: addresses of a function, not of a person (RFC 2142)
ROLES = frozenset(
    """abuse admin billing bounce bounces daemon ftp helpdesk hostmaster info list mailer-daemon marketing news nobody
    no-reply no_reply noc noreply office postmaster root sales security spam support sysadmin usenet uucp webmaster
    www""".split()  # readable, and checked by eye
)
#: names that never carry mail (RFC 2606, RFC 6761)
RESERVED = re.compile(r"(^|\.)(example(\.(com|net|org))?|test|invalid|localhost|local)$")
VERP = re.compile(r"(?:bounces?)\+([0-9a-f]{32})\.(\d{1,5})\.([0-9a-f]{20})@", re.IGNORECASE)
TOKEN = re.compile(r"(reply|unsub)\+([A-Za-z0-9_-]{8,64})@", re.IGNORECASE)


def normalize(address: str, *, production: bool = False) -> str:
    """Syntax and IDNA by the library, no DNS; the local part keeps its case. Raises ValueError with one sentence.

    `production` also refuses role addresses and the names reserved for documentation and tests.
    """
    shown = address.strip()[:80]
    try:
        found = validate_email(address.strip(), check_deliverability=False, test_environment=True, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise ValueError(f"{shown!r} is not a mail address: {error}") from error
    domain = (found.ascii_domain or found.domain).lower()
    if "." not in domain and domain != "test":
        raise ValueError(f"{shown!r} is not a mail address: its domain has no dot.")
    if production and found.local_part.lower() in ROLES:
        raise ValueError(f"{shown!r} belongs to a function, not to a person.")
    if production and RESERVED.search(domain):
        raise ValueError(f"{shown!r} is in a domain reserved for examples and tests.")
    return f"{found.local_part}@{domain}"


@dataclass(frozen=True, slots=True)
class Bounced:
    """Whom a bounce address speaks of."""

    message_id: UUID
    attempt: int


def bounce_address(*, secret: str, message_id: UUID, attempt: int, domain: str) -> str:
    """VERP: the envelope sender of one attempt. Whoever cannot sign it cannot make us believe in a bounce."""
    return f"bounce+{message_id.hex}.{attempt}.{_mac(secret, message_id.hex, attempt)}@{domain}"


def read_bounce_address(address: str, *, secret: str) -> Bounced | None:
    """The attempt an address of ours names; None when it names none or the signature is wrong."""
    found = VERP.search(address)
    if not found or not secret:
        return None
    reference, attempt, mac = found[1].lower(), int(found[2]), found[3].lower()
    if not hmac.compare_digest(mac, _mac(secret, reference, attempt)):
        return None
    return Bounced(UUID(reference), attempt)


def read_token(address: str) -> tuple[str, str]:
    """(`reply` or `unsub`, token) of an address of ours, ("", "") for any other."""
    found = TOKEN.search(address)
    return (found[1].lower(), found[2]) if found else ("", "")


def _mac(secret: str, reference: str, attempt: int) -> str:
    return hmac.new(secret.encode(), f"verp:{reference}:{attempt}".encode(), hashlib.sha256).hexdigest()[:20]
