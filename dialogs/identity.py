"""Identity factors as keyed digests: the dialog compares them and can show none."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from typing import Any

FACTORS = ("zip", "dob", "account_ref")
_ENOUGH = ({"zip", "dob"}, {"zip", "account_ref"})


def digest(key: str, kind: str, value: str) -> str:
    """HMAC-SHA-256 of a factor. `dob` is an ISO day, `zip` five digits, `account_ref` digits."""
    return hmac.new(key.encode(), f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


def factors(*, key: str, zip_code: str = "", dob: str = "", refs: Iterable[str] = ()) -> dict[str, Any]:
    """What belongs in `Facts.identity`. A reference matches by its digits, its last four, or whole."""
    known: dict[str, Any] = {"key": key}
    if zip_code:
        known["zip"] = [digest(key, "zip", zip_code[:5])]
    if dob:
        known["dob"] = [digest(key, "dob", dob)]
    spelled = {form for ref in refs for form in (re.sub(r"\D", "", ref), re.sub(r"\D", "", ref)[-4:]) if len(form) >= 4}
    if spelled:
        known["account_ref"] = [digest(key, "account_ref", s) for s in sorted(spelled)]
    return known


def matches(known: Mapping[str, Any], kind: str, value: str) -> bool:
    """In constant time per candidate; a factor that is not on file never matches."""
    given = digest(str(known.get("key", "")), kind, value)
    return any([hmac.compare_digest(given, candidate) for candidate in known.get(kind, ())])


def enough(right: Iterable[str]) -> bool:
    return any(needed <= set(right) for needed in _ENOUGH)
