"""What is owed, and what it is."""

from __future__ import annotations

from typing import Any

from dialogs.actions.base import DialogAction
from dialogs.moment import Moment, last_four
from dialogs.turn import Account


def line(account: Account) -> dict[str, Any]:
    return {
        "last_four": last_four(account.ref),
        "creditor": account.creditor,
        "balance": account.balance_cents,
        "original_creditor": account.original_creditor,
        "debt_type": account.debt_type,
        "opened": account.opened_date,
        "principal": account.principal_cents,
        "interest": account.interest_cents,
        "fees": account.fees_cents,
        "payments": account.payments_cents,
    }


def under_review(moment: Moment, account: Account | None) -> bool:
    """Says so, and nothing else, when the account (or every account) is held."""
    held = account.held if account else bool(moment.facts.accounts) and all(a.held for a in moment.facts.accounts)
    if held:
        moment.say("under_review", last_four=last_four(account.ref) if account else "")
    return held


def _answered(moment: Moment, account: Account) -> None:
    """Which account is known now, and no longer asked."""
    moment.memory["account"] = account.ref
    if moment.memory.get("asked") == "which":
        moment.ask(None)


class Balance(DialogAction):
    label = "action_balance"

    def act(self, moment: Moment) -> None:
        account = moment.account()
        if not moment.facts.accounts:
            moment.say("no_account")
        elif under_review(moment, account):
            return
        elif account:
            _answered(moment, account)
            moment.say("balance", day=moment.today, offer=not moment.memory.get("form"), **line(account))
        else:
            open_ones = [line(a) for a in moment.listed()]
            if not moment.memory.get("form"):
                moment.ask("which")
            moment.say(
                "balances", day=moment.today, accounts=open_ones, review=len(open_ones) < len(moment.facts.accounts)
            )


class Details(DialogAction):
    label = "action_details"

    def act(self, moment: Moment) -> None:
        account = moment.account()
        if not moment.facts.accounts:
            moment.say("no_account")
        elif under_review(moment, account):
            return
        elif account:
            _answered(moment, account)
            moment.say("details", day=moment.today, **line(account))
        else:
            open_ones = [line(a) for a in moment.listed()]
            if not moment.memory.get("form"):
                moment.ask("which")
            moment.say(
                "balances", day=moment.today, accounts=open_ones, review=len(open_ones) < len(moment.facts.accounts)
            )
