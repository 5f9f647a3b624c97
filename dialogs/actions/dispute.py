"""Denied or questioned debts: opened once, confirmed without argument, never a figure beside them."""

from __future__ import annotations

from collections.abc import Sequence

from dialogs.actions.base import DialogAction
from dialogs.moment import Moment
from dialogs.turn import Account, DisputesDebt, DropsPlan, RequestsValidation, SuspendsPlan


def _concerned(moment: Moment) -> Sequence[Account]:
    """The account named, else all of the person: silence about which protects more."""
    account = moment.account()
    return [account] if account else moment.facts.accounts


def _forget_form(moment: Moment) -> None:
    if moment.memory.get("form"):
        moment.want(DropsPlan(account_ref=moment.memory["form"].get("account")))
        moment.memory["form"] = None


class Dispute(DialogAction):
    """Opens a dispute, or finds that it is on file or was answered. Asks the reason at most once."""

    label = "action_dispute"

    def act(self, moment: Moment) -> None:
        reason = moment.slots.get("reason") or ("paid" if moment.has("already_paid") else None)
        accounts = _concerned(moment)
        _forget_form(moment)
        if accounts and all(a.dispute == "open" for a in accounts):
            moment.ask(None)
            moment.say("dispute_on_file")
            return
        self._suspend(moment, accounts)
        ref = accounts[0].ref if len(accounts) == 1 else None
        if accounts and all(a.dispute == "answered" and reason in {None, a.dispute_reason} for a in accounts):
            moment.want(DisputesDebt(reason=reason, account_ref=ref, duplicate=True))
            moment.hand_off("duplicate_dispute")
            moment.ask(None)
            moment.say("dispute_answered")
            return
        moment.want(DisputesDebt(reason=reason, account_ref=ref))
        self._confirm(moment, reason, ref)

    def _suspend(self, moment: Moment, accounts: Sequence[Account]) -> None:
        for account in accounts:
            if account.plan and account.plan.status in {"agreed", "active"}:
                moment.want(SuspendsPlan(account_ref=account.ref))
                moment.hand_off("dispute_on_plan", "high")

    def _confirm(self, moment: Moment, reason: str | None, ref: str | None) -> None:
        ask = reason is None and not moment.memory.get("dispute_asked") and not moment.quiet
        moment.ask("dispute_reason" if ask else None)
        moment.memory["dispute_asked"] = True
        moment.memory["disputed"] = ref
        plan = any(a.plan and a.plan.status in {"agreed", "active"} for a in _concerned(moment))
        moment.say("dispute_opened", ask=ask, plan=plan)


class DisputeReason(DialogAction):
    """The answer to the one question; the dispute stands whatever it says."""

    label = "action_dispute_reason"

    def act(self, moment: Moment) -> None:
        moment.ask(None)
        moment.want(
            DisputesDebt(reason=moment.slots.get("reason") or "other", account_ref=moment.memory.get("disputed"))
        )
        moment.say("dispute_reason_noted")


class Validation(DialogAction):
    label = "action_validation"

    def act(self, moment: Moment) -> None:
        account = moment.account()
        _forget_form(moment)
        moment.want(RequestsValidation(account_ref=account.ref if account else None))
        moment.ask(None)
        moment.say("validation_noted")


class OriginalCreditor(DialogAction):
    label = "action_original_creditor"

    def act(self, moment: Moment) -> None:
        account = moment.account()
        _forget_form(moment)
        moment.want(RequestsValidation(account_ref=account.ref if account else None, original_creditor=True))
        moment.ask(None)
        moment.say("original_creditor_noted")
