"""Hand-offs and small talk: a person, a complaint, help, who we are, hello, thanks, what we cannot answer."""

from __future__ import annotations

from dialogs.actions.base import DialogAction
from dialogs.moment import Moment
from dialogs.understand import tone


class Human(DialogAction):
    label = "action_human"

    def act(self, moment: Moment) -> None:
        moment.hand_off("ask_human", note=moment.heard.text[:200])
        moment.ask(None)
        moment.say("human_soon")


class Complaint(DialogAction):
    label = "action_complaint"

    def act(self, moment: Moment) -> None:
        severe = tone.is_severe(moment.heard.text)
        moment.hand_off("complaint", "high" if severe else "normal", note=moment.heard.text[:200])
        moment.say("complaint_noted")


class OutOfScope(DialogAction):
    """Legal, tax and credit questions go to a person; the rest is asked once what was meant, then handed off."""

    label = "action_out_of_scope"

    def act(self, moment: Moment) -> None:
        if tone.asks_for_advice(moment.heard.text):
            moment.hand_off("legal_question", note=moment.heard.text[:200])
            moment.say("legal_question")
            return
        moment.memory["oos"] = moment.memory.get("oos", 0) + 1
        if moment.memory["oos"] >= 2:
            moment.memory["oos"] = 0
            moment.hand_off("out_of_scope", note=moment.heard.text[:200])
            moment.ask(None)
            moment.say("human_soon")
            return
        moment.say("clarify")


class Unsure(DialogAction):
    """A duty was done on a likelihood: a person looks too."""

    label = "action_unsure"

    def act(self, moment: Moment) -> None:
        moment.hand_off("low_confidence", note=moment.heard.text[:200])


class Help(DialogAction):
    label = "action_help"

    def act(self, moment: Moment) -> None:
        moment.say("help", **_company(moment), verified=moment.verified)


class Legitimacy(DialogAction):
    label = "action_legitimacy"

    def act(self, moment: Moment) -> None:
        machine = tone.asks_about_machine(moment.heard.text)
        moment.say("who_we_are", **_company(moment), verified=moment.verified, machine=machine)


class Greeting(DialogAction):
    label = "action_greeting"

    def act(self, moment: Moment) -> None:
        moment.say("greeting", company=moment.facts.company.get("name", ""), verified=moment.verified)


class Thanks(DialogAction):
    label = "action_thanks"

    def act(self, moment: Moment) -> None:
        moment.say("thanks")


class Clarify(DialogAction):
    """A yes, no or value with no question open."""

    label = "action_clarify"

    def act(self, moment: Moment) -> None:
        moment.say("clarify")


def _company(moment: Moment) -> dict[str, str]:
    return {k: moment.facts.company.get(k, "") for k in ("name", "address", "phone", "web", "licence")}
