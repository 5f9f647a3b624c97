"""Amazon's notifications of bounces, complaints and deliveries: JSON in the body of a mail."""

from __future__ import annotations

import json
import re
from typing import Any

from channels.email.read import verdict
from channels.email.read.evidence import LONGEST, REPLY, failure
from channels.email.read.mail import Failure

#: how sendmail breaks a line that is too long
BROKEN = re.compile(r"!\n\s?|\n")


def bounces(text: str) -> list[Failure]:
    told = _told(text, "bounce")
    dead = told.get("bounceType") == "Permanent"
    failures = []
    for row in _rows(told, "bouncedRecipients"):
        said, status = str(row.get("diagnosticCode", "")), str(row.get("status", ""))
        hard = dead and verdict.classify(status=status, reply=0, said=said)[0]
        failures.append(failure(str(row["emailAddress"]), hard, status, REPLY.search(said), said))
    return failures


def complaints(text: str) -> list[str]:
    return [str(row["emailAddress"]) for row in _rows(_told(text, "complaint"), "complainedRecipients")]


def delivered(text: str) -> bool:
    return bool(_told(text, "delivery").get("recipients"))


def _told(text: str, name: str) -> dict[str, Any]:
    start, end = text.find('{"'), text.rfind("}")
    if not 0 <= start < end or "otificationType" not in text or end - start > LONGEST * 5:
        return {}
    try:
        told = json.loads(BROKEN.sub("", text[start : end + 1]))
        found = told.get(name) or json.loads(told.get("Message", "{}")).get(name)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _rows(told: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = told.get(name)
    return [row for row in rows if isinstance(row, dict) and "emailAddress" in row] if isinstance(rows, list) else []
