"""The law in words: every rule with its citation and numbers, what changed and what is coming, and cases to try it on."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import Response

from outreach import compliance
from outreach.compliance import cases, law, rules, words
from outreach.reports import trail
from outreach.web.console import forms, frame, guard

router = APIRouter()

#: Longest file of cases decided on the page; longer ones are for the command line.
LONGEST = 100_000
#: How far back and ahead a change of the law is news.
NEWS = timedelta(days=365)
TRY = """cases:
- id: text-at-nine
  given:
    consumer: {addresses: [{kind: residence, zip: "60601", state: IL, status: current}]}
    phones: [{id: P1, e164: "+17735550142", area_code: "773", line: mobile,
              sms_basis: {type: direct_consent, at: "2026-10-01T15:00:00Z"}}]
    message: {channel: sms, to: P1, at: "2026-10-14T02:00:00Z"}
"""


@router.get("/console/rules")
async def page(desk: guard.ReadDesk) -> Response:
    return await _show(desk)


@router.post("/console/rules")
async def check(desk: guard.ReadDesk, written: Annotated[str, Form()] = "") -> Response:
    """Decides the cases somebody wrote, in the form of `outreach compliance check`. Nothing is stored."""
    try:
        if not written.strip() or len(written) > LONGEST:
            raise forms.FormError("Cases: write at least one, at most a hundred thousand letters.")
        results = list(cases.run(written))
    except (compliance.FactsError, forms.FormError) as error:
        return await _show(desk, written=written, problem=str(error), status=422)
    return await _show(desk, written=written, results=[_result(each) for each in results])


async def _show(desk: guard.Desk, *, written: str = TRY, status: int = 200, **tried: Any) -> Response:
    async with desk.context.session() as session:
        versions = await trail.rulesets(session)
    return frame.page(
        desk,
        "rules.html",
        status=status,
        rules=[_rule(rule) for rule in rules.every()],
        worded=[_worded(rule) for rule in words.every()],
        numbers=law.parameters(),
        news=news(desk.now.date()),
        versions=versions,
        ruleset=compliance.ruleset_version(),
        zones=compliance.tz_version(),
        written=written,
        **({"problem": None, "results": None} | tried),
    )


def news(today: date) -> list[dict[str, Any]]:
    """Values that took effect within a year or will within one, newest first; what was before each."""
    found = [
        {"number": number, "value": value.value, "since": value.since, "ahead": value.since > today,
         "before": number.on(value.since - timedelta(days=1))}
        for number in law.parameters() for value in number.values if abs(value.since - today) <= NEWS
    ]  # fmt: skip
    return sorted(found, key=lambda each: each["since"], reverse=True)


def _says(module: str) -> str:
    """A rule in the words its own file begins with."""
    doc = (sys.modules[module].__doc__ or "").strip()
    said = " ".join(doc.partition("\n\n")[0].split())
    return said.partition(": ")[2] or said


def _rule(rule: rules.Rule) -> dict[str, Any]:
    module = sys.modules[rule.judge.__module__]
    return {
        "id": rule.id,
        "says": _says(rule.judge.__module__),
        "citation": rule.citation,
        "also": rule.also,
        "channels": sorted(rule.channels),
        "jurisdictions": sorted(rule.jurisdictions),
        "states": sorted(rule.states),
        "binds": "collectors only" if rule.collectors_only else "creditors too",
        "numbers": [value for value in vars(module).values() if isinstance(value, law.Parameter)],
        "reads": rule.reads,
    }


def _worded(rule: words.WordRule) -> dict[str, Any]:
    media = sorted(rule.media) or ["every medium"]
    return {"id": rule.id, "says": _says(rule.reviewer.__module__), "citation": rule.citation, "media": media}


def _result(result: cases.Result) -> dict[str, Any]:
    decision = result.decision
    return {
        "id": result.id,
        "decision": decision.decision.value,
        "earliest_at": decision.earliest_utc,
        "findings": decision.findings,
        "wrong": result.mistake or result.wrong,
    }
