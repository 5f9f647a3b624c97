"""Stop, start, never again, not me, not of age: whose words silence us."""

from __future__ import annotations

from dialogs.actions.base import DialogAction
from dialogs.moment import Moment
from dialogs.turn import IsMinor, OptsIn, OptsOut, RefusesContact, WrongAddress


class OptOut(DialogAction):
    label = "action_opt_out"

    def act(self, moment: Moment) -> None:
        medium = moment.heard.medium
        closed = sorted(moment.heard.closes) or [medium]
        for each in closed:
            moment.want(OptsOut(medium=each))
        if medium not in closed:
            # this medium stays open, so what is said here is an ordinary reply
            moment.say("opt_out_elsewhere", media=closed)
            return
        moment.ask(None)
        # one confirmation in total: none when the carrier sent it, none the second time
        if medium in moment.facts.opted_out or (medium == "sms" and moment.facts.carrier_confirms_stop):
            return
        moment.say("opt_out_done", media=closed)


class OptIn(DialogAction):
    label = "action_opt_in"

    def act(self, moment: Moment) -> None:
        moment.want(OptsIn(medium=moment.heard.medium))
        moment.say("opt_in_done", company=moment.facts.company.get("name", ""))


class Cease(DialogAction):
    label = "action_cease"

    def act(self, moment: Moment) -> None:
        moment.want(RefusesContact())
        moment.hand_off("cease", note=moment.heard.text[:200])
        moment.memory["form"] = None
        moment.ask(None)
        moment.say("cease_done")


class WrongNumber(DialogAction):
    label = "action_wrong_number"

    def act(self, moment: Moment) -> None:
        moment.want(WrongAddress(medium=moment.heard.medium))
        moment.ask(None)
        moment.say("wrong_number_done", medium=moment.heard.medium)


class Minor(DialogAction):
    label = "action_minor"

    def act(self, moment: Moment) -> None:
        moment.want(IsMinor())
        moment.hand_off("minor", "high")
        moment.ask(None)
        moment.say("minor_done")
