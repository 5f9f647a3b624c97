"""Cannot pay: acknowledged, never pressed."""

from __future__ import annotations

from dialogs.actions.base import DialogAction
from dialogs.moment import Moment
from dialogs.turn import InHardship


class Hardship(DialogAction):
    """The first time: what could you manage, or a person. "Nothing", or the second time: a person."""

    label = "action_hardship"

    def act(self, moment: Moment) -> None:
        reason = moment.slots.get("reason") or moment.memory.get("hardship") or moment.facts.hardship or "other"
        moment.want(InHardship(reason=reason))
        again = bool(moment.memory.get("hardship"))
        moment.memory["hardship"] = reason
        if moment.quiet:
            return
        if again:
            self._to_a_person(moment, reason)
            return
        moment.ask("hardship")
        moment.say("hardship_noted", reason=reason)

    def _to_a_person(self, moment: Moment, reason: str) -> None:
        moment.hand_off("hardship", note=reason)
        moment.ask(None)
        moment.memory["form"] = None
        moment.say("hardship_person")


class Nothing(Hardship):
    """ "Nothing at all" to the question what could be managed."""

    label = "action_hardship_nothing"

    def act(self, moment: Moment) -> None:
        self._to_a_person(moment, moment.memory.get("hardship") or "other")
