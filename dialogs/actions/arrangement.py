"""A plan that exists: its status, moving a payment, calling it off."""

from __future__ import annotations

from datetime import date, timedelta

from dialogs.actions.base import DialogAction
from dialogs.moment import Moment, last_four
from dialogs.turn import Account, CancelsPlan, DropsPlan, MovesPayment

#: a payment may be moved this far, once (dialog-spec 7.6)
FARTHEST = timedelta(days=10)


def planned(moment: Moment) -> Account | None:
    """The account with a plan: the one meant, or the only one that has one."""
    account = moment.account()
    if account and account.plan:
        return account
    having = [a for a in moment.facts.accounts if a.plan and a.plan.status in {"agreed", "active", "suspended"}]
    return having[0] if len(having) == 1 and not account else None


class PlanStatus(DialogAction):
    label = "action_plan_status"

    def act(self, moment: Moment) -> None:
        account = planned(moment)
        if account is None or account.plan is None:
            moment.say("no_plan")
        elif account.plan.status == "suspended" or account.held:
            moment.say("under_review", last_four=last_four(account.ref))
        else:
            plan = account.plan
            moment.say(
                "plan_status",
                last_four=last_four(account.ref),
                amount=plan.amount_cents,
                frequency=plan.frequency,
                next_date=plan.next_date,
                paid=plan.paid,
                left=max(plan.count - plan.paid, 0),
            )


class CancelPlan(DialogAction):
    """Stops future debits at once, without persuasion; honoured before identity."""

    label = "action_cancel_plan"

    def act(self, moment: Moment) -> None:
        account = planned(moment)
        form = moment.memory.get("form")
        if form:
            moment.want(DropsPlan(account_ref=form.get("account")))
            moment.memory["form"] = None
        moment.ask(None)
        next_date = account.plan.next_date if account and account.plan else None
        soon = next_date is not None and next_date <= moment.today + timedelta(days=1)
        if form and account is None:
            moment.say("plan_dropped")
            return
        moment.want(CancelsPlan(account_ref=account.ref if account else None))
        if soon:
            moment.hand_off("plan_change", note=f"debit due {next_date}")
        moment.say("plan_cancelled", soon=soon)


class Reschedule(DialogAction):
    """Moves the next payment up to ten days, once, on the debtor's yes; anything else goes to a person."""

    label = "action_reschedule"

    def act(self, moment: Moment) -> None:
        account = planned(moment)
        if account is None or account.plan is None or account.plan.next_date is None:
            moment.hand_off("plan_exception", note=moment.heard.text[:200])
            moment.ask(None)
            moment.say("plan_exception")
            return
        day = moment.day("date", "start_date")
        if day is None and not moment.memory.get("reschedule_asked"):
            moment.memory["reschedule_asked"] = True
            moment.ask("reschedule_date")
            moment.say("reschedule_ask", date=account.plan.next_date)
            return
        moment.memory["reschedule_asked"] = False
        self._offer(moment, account, account.plan.next_date, day)

    def _offer(self, moment: Moment, account: Account, old: date, day: date | None) -> None:
        assert account.plan is not None
        if day is None or account.plan.moves_used or not old < day <= old + FARTHEST:
            moment.hand_off("plan_exception", note=f"move {old} to {day or 'an open date'}")
            moment.ask(None)
            moment.say("plan_exception")
            return
        moment.memory["move"] = {"account": account.ref, "old": old.isoformat(), "new": day.isoformat()}
        moment.ask("reschedule_confirm")
        moment.say("reschedule_confirm", old=old, new=day, amount=account.plan.amount_cents)


class RescheduleAnswer(DialogAction):
    label = "action_reschedule_answer"

    def act(self, moment: Moment) -> None:
        move = moment.memory.pop("move", None)
        moment.ask(None)
        if move is None or not moment.has("affirm", "accept_offer"):
            moment.say("reschedule_kept")
            return
        old, new = date.fromisoformat(move["old"]), date.fromisoformat(move["new"])
        moment.want(MovesPayment(account_ref=move["account"], old_date=old, new_date=new))
        moment.say("reschedule_done", old=old, new=new)
