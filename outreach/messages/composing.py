"""Which words a draft gets: a template's with the values of this person, or final ones with what the law adds. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from outreach.compliance import facts as law
from outreach.messages import phrases, wording
from outreach.messages.drafts import Draft
from outreach.messages.people import Person
from outreach.settings import Settings


def values(person: Person, accounts: Sequence[Mapping[str, Any]], settings: Settings) -> dict[str, Any]:
    """What every template may say. Figures come from the ledger as it stands now (12 CFR 1006.18(c))."""
    first = accounts[0] if accounts else None
    return {
        "first_name": person["first_name"],
        "company": settings.company_name,
        "phone": settings.company_phone,
        "address": settings.company_address,
        "email": settings.company_email,
        "web": settings.company_web,
        "creditor": first["creditor"] if first else "",
        "reference": first["ref"][-4:] if first else "",
        "balance": phrases.money(sum(a["balance"] for a in accounts)),
        "link": settings.base_url,
    }


def word(
    person: Person,
    draft: Draft,
    accounts: Sequence[Mapping[str, Any]],
    medium: str,
    known: Mapping[str, Any],
    settings: Settings,
    now: datetime,
    planned: wording.Planned | None = None,
) -> wording.Rendition:
    """`known`: values by name. Raises WordingError and UnknownTemplateError."""
    language = draft.language or person["language"]
    if not draft.template:
        return _final(person, draft, accounts, medium, language, settings, planned)
    return wording.render(
        draft.template,
        medium="sms" if medium == "web" else medium,
        language=language,
        values=known,
        initial=is_initial(person, accounts),
        licence=settings.licences().get(person["state"] or "", ""),
        time_barred=any(a["limitation"] and a["limitation"] <= now.date().isoformat() for a in accounts),
        collector=any(a["relationship"] != "first_party" for a in accounts),
        reach=reach(person, settings),
        planned=planned,
    )


def reach(person: Person, settings: Settings) -> str:
    """In the District of Columbia every demand names us, our address, telephone number and mailbox (D.C. Code 28-3814(f)(4))."""
    if person["state"] != "DC":
        return ""
    return f"{settings.company_name}, {settings.company_address}, {settings.company_phone}, {settings.company_email}."


def is_initial(person: Person, accounts: Sequence[Mapping[str, Any]]) -> bool:
    """DISC-01, derived from history: nothing was ever communicated about one of these debts, or nothing at all to the person.

    In the District of Columbia every written communication carries the initial statement (D.C. Code 28-3814(f)(2)).
    """
    return (
        person["state"] == "DC"
        or any(a["initial_at"] is None for a in accounts)
        or not (accounts or person["contacted"])
    )


def _final(
    person: Person,
    draft: Draft,
    accounts: Sequence[Mapping[str, Any]],
    medium: str,
    language: str,
    settings: Settings,
    planned: wording.Planned | None,
) -> wording.Rendition:
    """A text worded elsewhere: a dialog's approved reply, a case manager's own. What law demands and it lacks is added."""
    language = language if language in wording.LANGUAGES else "en"
    confirms = draft.purpose == "opt_out_confirmation" or draft.crisis
    collector = any(a["relationship"] != "first_party" for a in accounts)
    said = "D1" if "D1" in draft.notices else "D2" if "D2" in draft.notices else ""
    added: list[str] = []
    if not said and draft.staff_id is not None and draft.about_debt and collector:
        said = "D1" if is_initial(person, accounts) else "D2"
        added.append(phrases.disclosure(language, initial=said == "D1"))
    if said and (ours := reach(person, settings)):
        added.append(ours)
    licence = settings.licences().get(person["state"] or "", "")
    if licence and licence not in draft.text and not confirms:
        added.append(phrases.licence(language, licence))
    electronic = medium in {"sms", "email"}
    stops = "D3" in draft.notices or bool(phrases.SAYS_STOP.search(draft.text))
    if electronic and not stops and not confirms:
        added.append(phrases.stop_line(language, medium))
        stops = True
    joint = "\n\n" if medium == "email" else " "
    text = joint.join([draft.text.strip(), *added])
    return wording.Rendition(
        subject=draft.subject,
        text=text,
        html=wording.page(text, language, draft.subject, planned=planned) if medium == "email" else "",
        language=language,
        template=draft.template,
        template_version="",
        disclosure={"D1": "initial", "D2": "subsequent"}.get(said, "none"),
        stop_line=stops,
        licence=bool(licence) and licence in text,
    )


def content(rendition: wording.Rendition, draft: Draft) -> law.Content:
    """What the rules ask of the words."""
    language = (rendition.language,)
    return law.Content(
        opt_out_notice=rendition.stop_line,
        opt_out_method="reply_stop_or_link" if rendition.stop_line else None,
        disclosure_18e=rendition.disclosure,  # type: ignore[arg-type]
        languages=language,  # type: ignore[arg-type]
        disclosure_languages=language if rendition.disclosure != "none" else (),  # type: ignore[arg-type]
        license_number=rendition.licence,
        conveys_debt_information=draft.about_debt,
        acknowledgement=draft.acknowledgement,
        crisis=draft.crisis,
    )
