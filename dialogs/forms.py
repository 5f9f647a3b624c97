"""The plan form kept in memory: its values in cents and ISO days, the proposal they make, the question that is open."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from dialogs.moment import Moment
from dialogs.turn import Account, DropsPlan, Proposal, Quote, WantsPlan

#: an unfinished or unconfirmed form is dropped after this silence (dialog-spec 7.3)
SILENCE = timedelta(hours=72)


def opened(moment: Moment) -> dict[str, Any]:
    """The form of this conversation, begun if there is none."""
    form: dict[str, Any] = moment.memory.get("form") or {"status": "collecting"}
    form["touched_at"] = moment.heard.at.isoformat()
    moment.memory["form"] = form
    moment.memory["expired"] = False
    return form


def is_silent(form: dict[str, Any], at: datetime) -> bool:
    return at - datetime.fromisoformat(form["touched_at"]) > SILENCE


def merge(form: dict[str, Any], moment: Moment) -> bool:
    """Takes the message's values; a new figure replaces the old one and what was derived from it. True if a figure changed."""
    slots = moment.slots
    figures = {k: moment.cents(k) for k in ("amount", "amount_min", "amount_max")}
    changed = any(v is not None for v in figures.values()) or "count" in slots
    if changed:
        form.update(amount=None, amount_min=None, amount_max=None, count=None)
        form.update({k: v for k, v in figures.items() if v is not None})
        if "count" in slots and figures["amount"] is None:
            form["count"] = slots["count"]
    if "down_payment" in slots:
        form["down_payment"] = moment.cents("down_payment")
    if slots.get("frequency") == "per_paycheck":
        form.update(paycheck=True, frequency=None)
    elif slots.get("frequency"):
        form["frequency"] = slots["frequency"]
    day = moment.day("start_date", "date")
    if day:
        form["start"] = day.isoformat()
    if changed or day or slots.get("frequency"):
        form["misses"] = 0
        form.pop("refused", None)
    return changed


def differs(form: dict[str, Any], moment: Moment) -> bool:
    """The message names other terms than those on the table: "yes, but from the 5th" is no yes to them."""
    amount, day = moment.cents("amount"), moment.day("start_date", "date")
    said = {"amount": amount, "frequency": moment.slots.get("frequency"), "start": day and day.isoformat()}
    return any(value is not None and value != form.get(name) for name, value in said.items())


def has_figure(form: dict[str, Any]) -> bool:
    return any(form.get(k) for k in ("amount", "amount_min", "amount_max", "count"))


def settles_amount(form: dict[str, Any]) -> bool:
    """True when the amount follows from a range or a count."""
    return not form.get("amount")


def proposal(form: dict[str, Any], account: Account, moment: Moment) -> Proposal:
    return Proposal(
        balance_cents=account.balance_cents,
        frequency=form["frequency"],
        first_date=date.fromisoformat(form["start"]) if form.get("start") else None,
        today=moment.today,
        amount_cents=form.get("amount"),
        amount_min_cents=form.get("amount_min"),
        amount_max_cents=form.get("amount_max"),
        count=form.get("count"),
        down_payment_cents=form.get("down_payment") or 0,
    )


def terms(form: dict[str, Any], quote: Quote | None = None) -> dict[str, Any]:
    """The values of a WantsPlan: those of the quote where there is one."""
    start = date.fromisoformat(form["start"]) if form.get("start") else None
    return {
        "account_ref": form["account"],
        "amount_cents": quote.amount_cents if quote else form.get("amount"),
        "frequency": form.get("frequency"),
        "start": quote.first_date if quote and quote.first_date else start,
        "count": quote.count if quote else form.get("count"),
        "last_cents": quote.last_cents if quote else None,
        "down_payment_cents": form.get("down_payment"),
    }


def shown(form: dict[str, Any], quote: Quote) -> dict[str, Any]:
    """The values of a summary."""
    return {
        "amount": quote.amount_cents,
        "frequency": form["frequency"],
        "start": quote.first_date,
        "count": quote.count,
        "last": quote.last_cents,
        "total": quote.total_cents,
        "down_payment": form.get("down_payment") or 0,
    }


def wish(moment: Moment, form: dict[str, Any], *, quote: Quote | None = None, status: str = "") -> None:
    """Tells the application where the form stands."""
    form["status"] = status or ("countered" if form.get("countered") else "collecting")
    moment.want(WantsPlan(status=form["status"], **terms(form, quote)))


def sum_up(moment: Moment, form: dict[str, Any], quote: Quote, *, status: str) -> None:
    """The full summary; yes makes it agreed."""
    moment.ask("confirm" if status == "proposed" else "offer")
    wish(moment, form, quote=quote, status=status)
    form["summary"] = {k: v.isoformat() if isinstance(v, date) else v for k, v in shown(form, quote).items()}
    moment.say("plan_summary", countered=status == "countered", **shown(form, quote))


def question(moment: Moment, form: dict[str, Any]) -> None:
    """The question that is open, asked (again)."""
    asked = moment.memory.get("asked")
    if asked == "plan_amount":
        moment.say("plan_ask_amount")
    elif asked == "plan_frequency":
        moment.say("plan_ask_payday" if form.get("paycheck") else "plan_ask_frequency")
    elif asked == "plan_start" and form.get("countered") and not form.get("accepted"):
        moment.say("plan_counter", amount=form["amount"], frequency=form["frequency"])
    elif asked == "plan_start":
        moment.say("plan_ask_start")
    elif asked in {"confirm", "offer"} and form.get("summary"):
        moment.say("plan_summary", countered=asked == "offer", **form["summary"])


def give_up(moment: Moment, form: dict[str, Any], *, reason: str, say: str) -> None:
    """A person decides, with the debtor's own figures."""
    own = form.get("asked_amount") if not moment.cents("amount") else moment.cents("amount")
    figures = {
        **{k: form.get(k) for k in ("frequency", "start", "down_payment", "count")},
        "amount": own or form.get("amount"),
    }
    note = ", ".join(
        f"{k} {v / 100:.2f}" if k in {"amount", "down_payment"} else f"{k} {v}" for k, v in figures.items() if v
    )
    moment.hand_off(reason, note=note)
    moment.want(DropsPlan(account_ref=form.get("account")))
    moment.memory["form"] = None
    moment.ask(None)
    moment.say(say)
