"""The law in words: every rule with its citation, every number with the day it took effect."""

from __future__ import annotations

import sys
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from outreach import compliance
from outreach.compliance import law, rules
from outreach.web.console import frame, guard

router = APIRouter()


@router.get("/console/rules")
async def page(desk: guard.ReadDesk) -> Response:
    return frame.page(
        desk,
        "rules.html",
        rules=[_rule(rule) for rule in rules.every()],
        numbers=law.parameters(),
        ruleset=compliance.ruleset_version(),
        zones=compliance.tz_version(),
    )


def _rule(rule: rules.Rule) -> dict[str, Any]:
    """A rule in the words its own file begins with."""
    doc = (sys.modules[rule.judge.__module__].__doc__ or "").strip()
    said = " ".join(doc.partition("\n\n")[0].split())
    return {
        "id": rule.id,
        "says": said.partition(": ")[2] or said,
        "citation": rule.citation,
        "also": rule.also,
        "channels": sorted(rule.channels),
        "jurisdictions": sorted(rule.jurisdictions),
        "reads": rule.reads,
    }
