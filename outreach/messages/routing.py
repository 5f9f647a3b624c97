"""Which debts, which channel, which number or mailbox: stated preference, then consent, then what there is (S16). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import channels
from outreach.messages.drafts import Draft
from outreach.messages.people import Person

#: medium -> the kind of contact point it reaches
_KIND = {"sms": "phone", "email": "email"}


def accounts_of(person: Person, draft: Draft) -> list[Mapping[str, Any]]:
    """The debts a draft is about; by default the open ones owed to the first creditor, so that one message names one creditor."""
    accounts = person["accounts"] or []
    if draft.account_ids:
        return [a for a in accounts if a["id"] in draft.account_ids]
    opened = [a for a in accounts if a["status"] == "open"] or accounts
    return [a for a in opened if a["creditor_id"] == opened[0]["creditor_id"]] if opened else []


def route(
    person: Person, draft: Draft, accounts: Sequence[Mapping[str, Any]]
) -> tuple[str, str, Mapping[str, Any] | None]:
    """(channel, medium, contact point or None). The best-founded current address of the channel."""
    channel = _preferred(person, accounts) if draft.channel == "preferred" else draft.channel
    medium = channels.medium_of(channel)
    points = [p for p in person["points"] or [] if p["kind"] == _KIND.get(medium)]
    if draft.contact_point_id is not None:
        return channel, medium, next((p for p in points if p["id"] == draft.contact_point_id), None)
    current = [p for p in points if p["status"] == "current" and (medium != "sms" or p["line"] != "landline")]
    # A wrong or dead address is still named when it is all there is: the gate then says why nothing leaves.
    return channel, medium, max(current or points, key=_standing, default=None)


def stated(person: Person) -> str:
    """The channel a person asked for; "" when they did not."""
    wanted = next((w["value"].get("channel", "") for w in person["wishes"] or [] if w["kind"] == "channel"), "")
    return str(wanted) if wanted in _KIND else ""


def _standing(point: Mapping[str, Any]) -> tuple[bool, bool, str]:
    """Basis before none, confirmed before not, newest basis first."""
    return (point["basis"] != "none", point["verified_at"] is not None, point["basis_at"] or "")


def _preferred(person: Person, accounts: Sequence[Mapping[str, Any]]) -> str:
    if wanted := stated(person):
        return wanted
    wishes = {w["kind"]: w["value"] for w in person["wishes"] or []}
    unwanted = wishes.get("not_channel", {}).get("channels", [])
    refused = _refused(person)
    texts_allowed = all(a["sms_allowed"] or a["relationship"] == "first_party" for a in accounts)
    usable = {
        channel
        for channel, kind in _KIND.items()
        if channel not in unwanted
        and channel not in refused
        and any(p["kind"] == kind and p["status"] == "current" and p["basis"] != "none" for p in person["points"] or [])
    }
    return "sms" if "sms" in usable and texts_allowed else "email" if "email" in usable else "sms"


def _refused(person: Person) -> set[str]:
    """Media whose last word was a refusal: a later START opens them again."""
    last: dict[str, str] = {}
    for event in person["consents"] or []:  # by time
        if event["scope"] == "all_electronic":
            last |= dict.fromkeys(_KIND, event["kind"])
        elif event["scope"] == "medium":
            last[event["medium"]] = event["kind"]
    return {medium for medium, kind in last.items() if kind == "refusal"}
