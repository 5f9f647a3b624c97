"""Numbers and mailboxes, what allows their use, and what was refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args, get_type_hints

from outreach.compliance import facts as law
from outreach.compliance import reading
from outreach.messages.known import ids

_MEDIUM_OF: dict[str, Literal["sms", "email"]] = {"phone": "sms", "email": "email"}
_SMS_BASES = frozenset(get_args(get_type_hints(law.SmsBasis)["type"]))
_EMAIL_BASES = frozenset(get_args(get_type_hints(law.EmailBasis)["type"]))
_BASIS_FACTS = frozenset(law.EmailBasis.__struct_fields__)


def phone(p: Mapping[str, Any]) -> law.Phone:
    check = None
    if p["checked_at"]:
        # A placement's check is of the basis it stands beside: the database was asked about the time since then.
        asked = ids.instant(p["basis_at"] or p["checked_at"])
        check = law.ReassignedCheck(at=ids.instant(p["checked_at"]), result=p["check"] or "no_data", as_of=asked)
    return law.Phone(
        id=ids.key(p),
        e164=p["address"],
        area_code=p["area_code"],
        line=p["line"],
        status=_status(p),
        sms_basis=law.SmsBasis(
            type=_basis(p, _SMS_BASES), at=ids.instant(p["basis_at"]) if p["basis_at"] else None, reassigned_check=check
        ),
        third_party_disclosure_reported=law.DisclosureReport(at=ids.instant(p["reported_at"]))
        if p["reported_at"]
        else None,
    )


def email(p: Mapping[str, Any]) -> law.Email:
    told = {k: v for k, v in (p["basis_facts"] or {}).items() if k in _BASIS_FACTS}
    return law.Email(
        id=ids.key(p),
        address=p["address"],
        domain_public=p["public"],
        employer_provided=p["employer"],
        status=_status(p),
        email_basis=reading.read(law.EmailBasis, {"type": p["basis"], "at": p["basis_at"], **told})
        if told
        else law.EmailBasis(type=_basis(p, _EMAIL_BASES), at=ids.instant(p["basis_at"]) if p["basis_at"] else None),
    )


def opt_outs(consents: Sequence[Mapping[str, Any]], points: Sequence[Mapping[str, Any]]) -> list[law.OptOut]:
    """The fold of grants and refusals: what is refused now. A refusal is lifted only by a later grant that covers it."""
    found: list[law.OptOut] = []
    for medium in ("sms", "email", "voice", "mail"):
        latest = None
        for event in consents:
            electronic = event["scope"] == "all_electronic" and medium in {"sms", "email"}
            if electronic or (event["scope"] == "medium" and event["medium"] == medium):
                latest = event
        if latest is not None and latest["kind"] == "refusal":
            found.append(law.OptOut(at=ids.instant(latest["at"]), scope="medium", medium=medium))
    for p in points:
        latest = None
        for event in consents:
            if event["address"] == p["address"] and (event["scope"] == "address" or event["kind"] == "grant"):
                latest = event
        if latest is not None and latest["kind"] == "refusal":
            found.append(
                law.OptOut(
                    at=ids.instant(latest["at"]), scope="address", medium=_MEDIUM_OF[p["kind"]], address=ids.key(p)
                )
            )
    return found


def _basis(p: Mapping[str, Any], allowed: frozenset[str]) -> Any:
    """A basis the law knows. Raises `FactsError` for any other word: nothing may leave on it."""
    if p["basis"] not in allowed:
        raise reading.FactsError(f"{ids.key(p)}: {p['basis']!r} is no basis")
    return p["basis"]


def _status(p: Mapping[str, Any]) -> Any:
    """A dead number or mailbox is no longer the person's."""
    return "former" if p["status"] == "dead" else p["status"]
