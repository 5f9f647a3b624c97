"""How, when and in which language to write; new numbers and mailboxes."""

from __future__ import annotations

from dialogs.actions.base import DialogAction
from dialogs.moment import Moment
from dialogs.turn import GivesContact, SetsPreference, SwitchesLanguage

SPOKEN = frozenset({"en", "es"})


class Preference(DialogAction):
    """Recorded as said. "Not now" without hours is obeyed by silence, which the confirmation promises."""

    label = "action_preference"

    def act(self, moment: Moment) -> None:
        slots = moment.slots
        refused = tuple((slots.get("not_channel") or "").split(",")) if slots.get("not_channel") else ()
        moment.want(
            SetsPreference(
                channel=slots.get("channel"),
                not_channel=refused,
                time_window=slots.get("time_window"),
                quiet_window=slots.get("quiet_window"),
                days=slots.get("days"),
                quiet_days=slots.get("quiet_days"),
                place=slots.get("place"),
            )
        )
        moment.say("preference_noted")


class Contact(DialogAction):
    """A number or mailbox given in writing; used for nothing about a debt until verified."""

    label = "action_contact"

    def act(self, moment: Moment) -> None:
        phone, email = moment.slots.get("phone"), moment.slots.get("email")
        if phone or email:
            moment.want(GivesContact(phone=phone, email=email))
            moment.say("contact_noted")
            return
        moment.hand_off("ask_human", note=moment.heard.text[:200])
        moment.say("contact_person")


class Language(DialogAction):
    label = "action_language"

    def act(self, moment: Moment) -> None:
        wanted = moment.slots.get("language")
        if wanted in SPOKEN:
            moment.want(SwitchesLanguage(language=wanted))
            moment.memory["language"] = wanted
            moment.memory["language_asked_for"] = True
            moment.language = wanted
            moment.say("language_switched")
            return
        moment.hand_off("language", note=wanted or moment.heard.text[:200])
        moment.say("language_person")
