"""The person: place, wishes, and reasons for silence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from outreach.compliance import facts as law
from outreach.compliance import reading
from outreach.messages.known import ids, wishes
from outreach.messages.people import Person

#: our hold reasons -> the engine's, where the word differs
_HOLDS = {
    "original_creditor_request": "validation_request",
    "person": "person_holds_thread",
    "wrong_address": "wrong_person",
    "bounced": "manual",
    "replied": "manual",
}
#: notices of a plan or payment, and the holds that keep everything else away because of that very plan or payment
_OWN_NOTICES = {
    "plan_due": ("plan",),
    "plan_confirmation": ("plan",),
    "payment_received": ("plan", "paid"),
}
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def consumer(person: Person, at: datetime, purpose: str) -> law.Consumer:
    born = person["date_of_birth"]
    stated = person["stated_timezone"]
    said = {w["kind"]: w for w in person["wishes"] or [] if not w["until"] or ids.instant(w["until"]) > at}
    return law.Consumer(
        id=str(person["id"]),
        role=person["role"],
        adult=born is None or _years(born, at.date()) >= 18,
        addresses=_addresses(person),
        stated_location=law.StatedLocation(tz=stated, told_collector_at=person["stated_timezone_at"] or at)
        if stated
        else None,
        inconvenient_times=tuple(wishes.quiet(said)),
        inconvenient_places=("home",) if said.get("place", {}).get("value", {}).get("place") == "home" else (),
        employer_prohibits_contact=said.get("place", {}).get("value", {}).get("place") == "work",
        holds=tuple(_holds(person, purpose)),
        **_law_facts(person["law_facts"]),
    )


def _addresses(person: Person) -> tuple[law.Address, ...]:
    if not (person["zip"] or person["state"]):
        return ()
    return (
        law.Address(
            zip=(person["zip"] or "")[:5] or None,
            state=person["state"],
            country="GB" if person["country"] == "GB" else "US",
        ),
    )


def _law_facts(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Facts kept in the words of the case format: dc, nyc, breathing_space, codebtor_case."""
    shapes: dict[str, type[law.Fact]] = {
        "dc": law.DistrictOfColumbia,
        "nyc": law.NewYorkCity,
        "breathing_space": law.BreathingSpace,
        "codebtor_case": law.CodebtorCase,
    }
    return {name: reading.read(shapes[name], value) for name, value in stored.items() if name in shapes and value}


def _holds(person: Person, purpose: str) -> list[law.Hold]:
    found = [
        law.Hold(
            reason=_HOLDS.get(h["reason"], h["reason"]),
            since=ids.instant(h["since"]),
            until=ids.instant(h["until"]) if h["until"] else None,
            scope=f"D{h['account']}" if h["account"] else _point_scope(h["point"], person) if h["point"] else "person",
        )
        for h in person["holds"] or []
        if h["reason"] not in _OWN_NOTICES.get(purpose, ())
    ]
    if person["held_by"] is not None:
        found.append(law.Hold(reason="person_holds_thread", since=person["held_at"]))
    high = [a for a in person["accounts"] or [] if a["high_value"] is not None and a["balance"] > a["high_value"]]
    found += [law.Hold(reason="owner_route", since=_EPOCH, scope=f"D{a['id']}") for a in high]
    return found


def _point_scope(point_id: int, person: Person) -> str:
    return next((ids.key(p) for p in person["points"] or [] if p["id"] == point_id), "person")


def _years(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
