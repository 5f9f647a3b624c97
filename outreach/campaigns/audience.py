"""An audience as SQL: each key one condition with bound parameters, on a debt or on the person. And in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from outreach.campaigns.definition import Audience


class _Condition(NamedTuple):
    sql: str
    words: str
    #: file value -> bound value
    bind: Callable[[Any], Any] = lambda value: value


def _cents(value: Any) -> int:
    return int(value * 100)


def _upper(value: list[str]) -> list[str]:
    return [word.upper() for word in value]


_KINDS = {"sms": "phone", "email": "email"}

#: of a debt `a`, its creditor `cr`
_DEBT = {
    "creditor": _Condition("cr.name = any(:creditor)", "owed to {}"),
    "relationship": _Condition(
        "cr.relationship = any(:relationship)", "of {} creditors", lambda v: [str(w) for w in v]
    ),
    "debt_type": _Condition("a.debt_type = any(:debt_type)", "of type {}"),
    "min_balance": _Condition("a.balance_cents >= :min_balance", "of at least {}", _cents),
    "max_balance": _Condition("a.balance_cents <= :max_balance", "of at most {}", _cents),
    "min_days_since_default": _Condition(
        "a.default_date <= cast(:now as date) - cast(:min_days_since_default as int)", "in default for {} days or more"
    ),
    "max_days_since_default": _Condition(
        "a.default_date >= cast(:now as date) - cast(:max_days_since_default as int)", "in default for {} days or less"
    ),
    "placed_within_days": _Condition(
        "a.created_at > :now - make_interval(days => :placed_within_days)", "placed in the last {} days"
    ),
    "refs": _Condition("(a.ref = any(:refs) or d.ref = any(:refs))", "listed by reference ({})"),
}
#: of the person `d`
_PERSON = {
    "state": _Condition("d.state = any(:state)", "living in {}", _upper),
    "language": _Condition("d.language = any(:language)", "speaking {}"),
    "has": _Condition(
        "(select count(distinct p.kind) from contact_point p where p.debtor_id = d.id and p.status = 'current'"
        " and p.kind = any(:has)) = cardinality(cast(:has as text[]))",
        "with a current address for {}",
        lambda value: sorted({_KINDS[word] for word in value}),
    ),
    "not_contacted_days": _Condition(
        "not exists (select 1 from message m where m.debtor_id = d.id and m.direction = 'out'"
        " and m.status in ('sending', 'unknown', 'accepted', 'sent', 'delivered')"
        " and m.created_at > :now - make_interval(days => :not_contacted_days))",
        "not contacted for {} days",
    ),
}

#: One row a person: the debts concerned, all of one creditor, because one message names one creditor.
_PEOPLE = """
select d.id, found.account_ids from debtor d
join lateral (
  select array_agg(a.id order by a.id) as account_ids from account a join creditor cr on cr.id = a.creditor_id
  where a.debtor_id = d.id and a.status = 'open' and {debt}
  group by a.creditor_id order by min(a.id) limit 1) found on true
where {person}
"""


def people(audience: Audience) -> str:
    """SQL for rows (id, account_ids), one a person; binds `values(audience, now=...)`. Callers add keyset and limit."""
    return _PEOPLE.format(debt=_where(audience, _DEBT), person=_where(audience, _PERSON))


def values(audience: Audience, *, now: datetime) -> dict[str, Any]:
    known = {**_DEBT, **_PERSON}
    bound = {name: known[name].bind(value) for name, value in _stated(audience).items()}
    sql = people(audience)
    return bound | ({"now": now} if ":now" in sql else {})


def describe(audience: Audience) -> str:
    """The segment in plain words (S20)."""
    stated = _stated(audience)
    debts = [c.words.format(_said(stated[name])) for name, c in _DEBT.items() if name in stated]
    person = [c.words.format(_said(stated[name])) for name, c in _PERSON.items() if name in stated]
    return ", ".join(["People with an open debt", *debts]) + ("; " + ", ".join(person) if person else "") + "."


def _where(audience: Audience, known: dict[str, _Condition]) -> str:
    stated = _stated(audience)
    return " and ".join(condition.sql for name, condition in known.items() if name in stated) or "true"


def _stated(audience: Audience) -> dict[str, Any]:
    return {name: value for name, value in audience if value is not None}


def _said(value: Any) -> str:
    return " or ".join(map(str, value)) if isinstance(value, list) else str(value)
