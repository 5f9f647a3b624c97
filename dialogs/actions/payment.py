"""Money on its way: paying now, promising, having paid, offering less."""

from __future__ import annotations

from datetime import timedelta

from dialogs.actions.balance import under_review
from dialogs.actions.base import DialogAction
from dialogs.moment import Moment
from dialogs.turn import OffersSettlement, Promises, ReportsPayment, WantsLink

#: a promise further away is no promise (dialog-spec 7.6)
HORIZON = timedelta(days=30)


class Pay(DialogAction):
    """The secure link. Never a card number here."""

    label = "action_pay"

    def act(self, moment: Moment) -> None:
        account = moment.account()
        if under_review(moment, account):
            return
        amount = moment.cents("amount") or (account.balance_cents if account else None)
        if not moment.memory.get("form"):
            moment.ask(None)
        moment.want(WantsLink(purpose="pay"))
        moment.say("pay_link", amount=amount, link=moment.facts.link)


class Promise(DialogAction):
    """Recorded with a day within thirty days, and read back. A missing day is asked once."""

    label = "action_promise"

    def act(self, moment: Moment) -> None:
        account = moment.account()
        if under_review(moment, account):
            return
        amount = moment.cents("amount") or moment.memory.get("promise_cents")
        if amount is None and moment.slots.get("full_balance") and account:
            amount = account.balance_cents
        day = moment.day("date", "start_date")
        if day is not None and moment.today <= day <= moment.today + HORIZON:
            moment.memory["promise_asked"] = False
            moment.memory["promise_cents"] = None
            moment.ask(None)
            moment.memory["promised"] = True
            moment.want(Promises(amount_cents=amount, date=day, account_ref=account.ref if account else None))
            moment.say("promise_noted", amount=amount, date=day)
            return
        moment.memory["promise_cents"] = amount
        if moment.memory.get("promise_asked"):
            moment.memory["promise_asked"] = False
            moment.ask(None)
            moment.say("promise_open")
            return
        moment.memory["promise_asked"] = True
        moment.ask("promise_date")
        moment.say("promise_ask", latest=moment.today + HORIZON, late=day is not None)


class Paid(DialogAction):
    """A payment said to be made: a person checks."""

    label = "action_paid"

    def act(self, moment: Moment) -> None:
        account = moment.account()
        moment.want(
            ReportsPayment(
                amount_cents=moment.cents("amount"),
                date=moment.day("date"),
                account_ref=account.ref if account else None,
            )
        )
        moment.hand_off("payment_check", note=moment.heard.text[:200])
        moment.ask(None)
        moment.say("paid_noted", amount=moment.cents("amount"), date=moment.day("date"))


class Settlement(DialogAction):
    """Recorded and handed on; never accepted, never countered."""

    label = "action_settlement"

    def act(self, moment: Moment) -> None:
        account = moment.account()
        if under_review(moment, account):
            return
        amount = moment.cents("amount") or moment.cents("amount_max")
        percent = moment.slots.get("percent")
        moment.want(
            OffersSettlement(amount_cents=amount, percent=percent, account_ref=account.ref if account else None)
        )
        note = f"{amount / 100:.2f}" if amount else f"{percent}%" if percent else ""
        moment.hand_off("settlement", note=note)
        moment.ask(None)
        moment.say("settlement_noted", amount=amount, percent=percent)
