"""A plan taking shape: account, amount, rhythm, first day, one question at a time; then yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dialogs import forms
from dialogs.actions.balance import under_review
from dialogs.actions.base import DialogAction
from dialogs.moment import Moment, last_four
from dialogs.turn import Account, DropsPlan, Quote, WantsLink, WantsPlan


class Plan(DialogAction):
    """Takes what the message gives, then asks, counters or sums up."""

    label = "action_plan"

    def act(self, moment: Moment) -> None:
        form = forms.opened(moment)
        account = moment.account()
        if account is None:
            forms.merge(form, moment)
            self._ask_account(moment)
            return
        form["account"] = account.ref
        if under_review(moment, account):
            moment.memory["form"] = None
            moment.ask(None)
            return
        if account.plan and account.plan.status in {"agreed", "active"} and not form.get("replace"):
            forms.merge(form, moment)
            moment.ask("replace")
            moment.say("plan_exists", amount=account.plan.amount_cents, frequency=account.plan.frequency)
            return
        countered = form.get("amount") if form.get("countered") else None
        changed = forms.merge(form, moment)
        if changed and countered and form.get("amount") == countered:
            # "ok 50 works": the figure we named, said back
            form["accepted"], changed = True, False
        self.go_on(moment, form, account, changed=changed)

    def go_on(self, moment: Moment, form: dict[str, Any], account: Account, *, changed: bool) -> None:
        """The next step of the form, from what is known."""
        if form.get("amount") and form["amount"] + (form.get("down_payment") or 0) > account.balance_cents:
            self._above(moment, account)
        elif not forms.has_figure(form):
            self._ask(moment, form, "plan_amount")
        elif not form.get("frequency"):
            self._ask(moment, form, "plan_frequency")
        else:
            quote = self.quote(forms.proposal(form, account, moment), moment.facts.policy)
            self._judge(moment, form, account, quote, changed=changed)

    def _judge(self, moment: Moment, form: dict[str, Any], account: Account, quote: Quote, *, changed: bool) -> None:
        if quote.verdict in {"date_too_early", "date_too_late"}:
            form["start"] = None
            moment.ask("plan_start")
            forms.wish(moment, form)
            moment.say("plan_date_limit", latest=quote.latest_first_date)
        elif quote.verdict == "above_balance":
            self._above(moment, account)
        elif quote.verdict == "below":
            self._below(moment, form, quote, changed=changed)
        elif not form.get("start"):
            form["amount"] = quote.amount_cents if forms.settles_amount(form) else form.get("amount")
            self._ask(moment, form, "plan_start")
        else:
            form["amount"] = quote.amount_cents
            forms.sum_up(moment, form, quote, status=_status(form))

    def _below(self, moment: Moment, form: dict[str, Any], quote: Quote, *, changed: bool) -> None:
        if moment.facts.hardship or moment.memory.get("hardship"):
            forms.give_up(moment, form, reason="hardship", say="hardship_figure")
        elif form.get("countered") and changed:
            forms.give_up(moment, form, reason="plan_exception", say="plan_exception")
        else:
            form["asked_amount"] = form.get("amount") or form.get("amount_max")
            form.update(countered=True, amount=quote.amount_cents, count=None, amount_min=None, amount_max=None)
            if form.get("start"):
                forms.sum_up(moment, form, quote, status="countered")
                return
            moment.ask("plan_start")
            forms.wish(moment, form, quote=quote, status="countered")
            moment.say("plan_counter", amount=quote.amount_cents, frequency=form["frequency"])

    def _above(self, moment: Moment, account: Account) -> None:
        moment.memory["form"] = None
        moment.ask("pay_once")
        moment.want(DropsPlan(account_ref=account.ref))
        moment.say("plan_above_balance", balance=account.balance_cents, last_four=last_four(account.ref))

    def _ask(self, moment: Moment, form: dict[str, Any], what: str) -> None:
        moment.ask(what)
        forms.wish(moment, form)
        forms.question(moment, form)

    def _ask_account(self, moment: Moment) -> None:
        moment.ask("account")
        listed = moment.listed()
        if listed:
            moment.say("ask_account", accounts=[_told_apart(a, listed) for a in listed])
        else:
            moment.say("under_review", last_four="")


def _status(form: dict[str, Any]) -> str:
    return "countered" if form.get("countered") and not form.get("accepted") else "proposed"


def _told_apart(account: Account, listed: Sequence[Account]) -> dict[str, Any]:
    """As much of an account as tells it from the others; of one creditor's two with the same last figures, its balance or day."""
    twins = [a for a in listed if (last_four(a.ref), a.creditor) == (last_four(account.ref), account.creditor)]
    alike = sum(a.balance_cents == account.balance_cents for a in twins) > 1
    return {
        "last_four": last_four(account.ref),
        "creditor": account.creditor,
        "balance": account.balance_cents if len(twins) > 1 else 0,
        "opened": account.opened_date if alike and account.opened_date else "",
    }


class PlanAnswer(Plan):
    """Yes or no to a summary, a counter-offer, or the question whether to replace a plan."""

    label = "action_plan_answer"

    def act(self, moment: Moment) -> None:
        form = forms.opened(moment)
        account = moment.account()
        yes = moment.has("affirm", "accept_offer")
        if account is None or under_review(moment, account):
            moment.memory["form"] = None
            moment.ask(None)
        elif moment.memory.get("asked") == "replace":
            self._replace(moment, form, account, yes=yes)
        elif yes and forms.differs(form, moment):
            form["accepted"] = True
            super().act(moment)
        elif yes and moment.memory.get("asked") in {"confirm", "offer"}:
            self._agree(moment, form, account)
        elif yes:
            form["accepted"] = True
            self.go_on(moment, form, account, changed=False)
        elif form.get("countered"):
            forms.give_up(moment, form, reason="plan_exception", say="plan_exception")
        elif form.get("refused"):
            moment.memory["form"] = None
            moment.ask(None)
            moment.want(DropsPlan(account_ref=account.ref))
            moment.say("plan_dropped")
        else:
            form["refused"] = True
            moment.ask("plan_amount")
            moment.say("plan_change")

    def _replace(self, moment: Moment, form: dict[str, Any], account: Account, *, yes: bool) -> None:
        if yes:
            form["replace"] = True
            self.go_on(moment, form, replace(account, plan=None), changed=False)
            return
        moment.memory["form"] = None
        moment.ask(None)
        moment.want(DropsPlan(account_ref=account.ref))
        moment.say("plan_kept")

    def _agree(self, moment: Moment, form: dict[str, Any], account: Account) -> None:
        quote = self.quote(forms.proposal(form, account, moment), moment.facts.policy)
        if quote.verdict != "meets":
            # the balance or the day moved since the summary: judge again rather than agree to what no longer holds
            self._judge(moment, form, account, quote, changed=False)
            return
        moment.want(WantsPlan(status="agreed", **forms.terms(form, quote)))
        moment.want(WantsLink(purpose="payment_method"))
        moment.memory["form"] = None
        moment.ask(None)
        moment.say("plan_agreed", **forms.shown(form, quote), link=moment.facts.link)


class PlanAgain(DialogAction):
    """After a digression: the open question once more; values are kept."""

    label = "action_plan_again"

    def act(self, moment: Moment) -> None:
        form = moment.memory.get("form")
        if form:
            forms.question(moment, form)


class PlanUnclear(DialogAction):
    """A value that cannot be read: once asked again, twice handed off."""

    label = "action_plan_unclear"

    def act(self, moment: Moment) -> None:
        form = forms.opened(moment)
        form["misses"] = form.get("misses", 0) + 1
        if form["misses"] >= 2:
            forms.give_up(moment, form, reason="low_confidence", say="low_confidence")
            return
        moment.say("not_understood")
        forms.question(moment, form)


class PlanExpired(DialogAction):
    """A bare answer to a form that silence dropped: nothing changes, offer to start again."""

    label = "action_plan_expired"

    def act(self, moment: Moment) -> None:
        moment.memory["expired"] = False
        moment.ask("restart")
        moment.say("plan_expired")
