"""People the law shields: represented, bankrupt, dead, defrauded, serving, in danger."""

from __future__ import annotations

import re

from dialogs.actions.base import DialogAction
from dialogs.moment import Moment
from dialogs.turn import HasAttorney, HasDied, InBankruptcy, IsServicemember, ReportsFraud
from dialogs.understand import distress

_LAWYER = re.compile(
    r"(?i:attorney|lawyer|counsel|abogad[oa]|licenciad[oa])(?i:'s)?(?:,? (?i:is|es|name is|se llama|named|de nombre))?,? "
    r"((?:[A-Z][\w'.-]+ ){0,2}[A-Z][\w'-]+)"
)


def _lawyer(moment: Moment) -> tuple[str, str]:
    name = _LAWYER.search(moment.heard.text)
    contact = ", ".join(str(moment.slots[k]) for k in ("phone", "email") if moment.slots.get(k))
    return (name[1] if name else "", contact)


class Attorney(DialogAction):
    """Holds and hands off; asks for the lawyer's contact once."""

    label = "action_attorney"

    def act(self, moment: Moment) -> None:
        name, contact = _lawyer(moment)
        moment.want(HasAttorney(name=name, contact=contact))
        moment.hand_off("attorney", "high", note=" ".join(x for x in (name, contact) if x))
        moment.memory["form"] = None
        moment.ask(None)
        if contact or moment.memory.get("attorney_asked"):
            moment.say("attorney_noted")
            return
        moment.memory["attorney_asked"] = True
        moment.ask("attorney_contact")
        moment.say("attorney_ask")


class AttorneyContact(DialogAction):
    """The answer to the one question about the lawyer."""

    label = "action_attorney_contact"

    def act(self, moment: Moment) -> None:
        name, contact = _lawyer(moment)
        moment.want(HasAttorney(name=name, contact=contact or moment.heard.text[:200]))
        moment.ask(None)
        moment.say("attorney_noted")


class Bankruptcy(DialogAction):
    label = "action_bankruptcy"

    def act(self, moment: Moment) -> None:
        chapter, number = moment.slots.get("chapter", ""), moment.slots.get("case_number", "")
        moment.want(InBankruptcy(chapter=chapter, case_number=number))
        moment.hand_off("bankruptcy", "high", note=f"{chapter} {number}".strip())
        moment.memory["form"] = None
        moment.ask(None)
        moment.say("bankruptcy_noted")


class Deceased(DialogAction):
    label = "action_deceased"

    def act(self, moment: Moment) -> None:
        moment.want(HasDied())
        moment.hand_off("deceased", "high")
        moment.memory["form"] = None
        moment.ask(None)
        moment.say("deceased_noted")


class IdentityTheft(DialogAction):
    label = "action_identity_theft"

    def act(self, moment: Moment) -> None:
        moment.want(ReportsFraud())
        moment.hand_off("identity_theft", "high")
        moment.memory["form"] = None
        moment.ask(None)
        moment.say("identity_theft_noted")


class Servicemember(DialogAction):
    label = "action_servicemember"

    def act(self, moment: Moment) -> None:
        moment.want(IsServicemember())
        moment.hand_off("servicemember", "high")
        moment.memory["form"] = None
        moment.ask(None)
        moment.say("servicemember_noted")


class Distress(DialogAction):
    """Self-harm: help first and nothing about money. Threat to others: neutral."""

    label = "action_distress"

    def act(self, moment: Moment) -> None:
        moment.memory["form"] = None
        moment.ask(None)
        threat = distress.aimed_at_others(moment.heard.text)
        harm = distress.aimed_at_self(moment.heard.text) or not threat
        if harm:
            moment.hand_off("self_harm", "urgent")
            moment.say("crisis")
        if threat:
            moment.hand_off("threat", "urgent")
            if not harm:
                moment.say("threat_noted")
