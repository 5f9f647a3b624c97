"""A checked chunk into the tables: named SQL, set by set. Rows with a fault and unchanged rows are passed over.

What a row leaves empty erases nothing. What people told us since outranks what a creditor's file repeats.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

_FRESH = "i.fault is null and not i.same"

_STEPS = {
    "new creditors": """
insert into creditor (name, relationship, created_at)
select distinct on (creditor) creditor, coalesce(creditor_relationship, 'third_party'), {now} from incoming i
where {fresh} and creditor_id is null 
order by creditor, creditor_relationship is null, row_number on conflict do nothing
""",
    "their ids": """
update incoming i set creditor_id = c.id from creditor c where i.creditor_id is null and c.name = i.creditor
""",
    "new people": """
insert into debtor (ref, first_name, last_name, language, date_of_birth, address, city, state, zip, country,
  stated_timezone, stated_timezone_at, created_at)
select distinct on (debtor_ref) debtor_ref, first_name, last_name, coalesce(language, 'en'), date_of_birth,
  coalesce(address, ''), coalesce(city, ''), state, zip, coalesce(country, 'US'), timezone,
  case when timezone is not null then {now} end, {now}
from incoming i where {fresh} and not exists (select 1 from debtor d where d.ref = i.debtor_ref)
order by debtor_ref, row_number desc
""",
    # delivery compares the epoch before the first byte: a person whose facts moved is judged again
    "changed people": """
with newest as (select distinct on (debtor_ref) * from incoming i where {fresh} order by debtor_ref, row_number desc),
facts as (
  select d.id, i.first_name, i.last_name, coalesce(i.language, d.language) as language,
    coalesce(i.date_of_birth, d.date_of_birth) as date_of_birth,
    coalesce(i.address, d.address) as address, coalesce(i.city, d.city) as city, coalesce(i.state, d.state) as state,
    coalesce(i.zip, d.zip) as zip, coalesce(i.country, d.country) as country,
    coalesce(d.stated_timezone, i.timezone) as stated_timezone,
    case when d.stated_timezone is null and i.timezone is not null then {now} else d.stated_timezone_at end as stated_at
  from newest i join debtor d on d.ref = i.debtor_ref)
update debtor d set first_name = f.first_name, last_name = f.last_name, language = f.language,
  date_of_birth = f.date_of_birth, address = f.address, city = f.city, state = f.state, zip = f.zip,
  country = f.country, stated_timezone = f.stated_timezone, stated_timezone_at = f.stated_at, epoch = d.epoch + 1
from facts f where f.id = d.id
  and (f.first_name, f.last_name, f.language, f.date_of_birth, f.address, f.city, f.state, f.zip, f.country,
      f.stated_timezone) is distinct from
    (d.first_name, d.last_name, d.language, d.date_of_birth, d.address, d.city, d.state, d.zip, d.country,
      d.stated_timezone)
""",
    "new accounts, with the opening of their running account": """
with opened as (
  insert into account (creditor_id, placement_id, debtor_id, ref, status, original_creditor, debt_type, currency,
    principal_cents, interest_cents, fees_cents, payments_cents, balance_cents, opened_date, default_date,
    charge_off_date, last_payment_date, itemization_date_type, itemization_date, limitation_date,
    initial_communication_at, validation_provided_at, validation_method, validation_period_end,
    validation_undeliverable_at, notes, placed, created_at)
  select i.creditor_id, {placement}, d.id, i.account_ref, case when i.balance = 0 then 'paid' else 'open' end,
    coalesce(i.original_creditor, ''), coalesce(i.debt_type, 'other'), coalesce(i.currency, 'USD'),
    i.principal, i.interest, i.fees, i.payments, i.balance, i.opened_date, i.default_date, i.charge_off_date,
    i.last_payment_date, i.itemization_date_type, i.itemization_date, i.limitation_date, i.initial_communication_at,
    i.validation_provided_at, {method}, i.validation_period_end, i.validation_undeliverable_at,
    coalesce(i.notes, ''), jsonb_build_object('row', i.row_hash, 'figures', i.figures), {now}
  from incoming i join debtor d on d.ref = i.debtor_ref where {fresh} and i.account_id is null order by i.row_number
  returning id, principal_cents p, interest_cents n, fees_cents f, payments_cents y)
insert into ledger_entry (account_id, at, kind, component, amount_cents, source)
select id, {now}, kind, component, amount, {source} from opened cross join lateral (values
  ('principal', 'principal', p), ('interest', 'interest', n), ('fee', 'fees', f),
  -- payments before the placement: to principal first, so that no component falls below nothing
  ('payment', 'principal', -least(y, p)), ('payment', 'interest', -least(greatest(y - p, 0), n)),
  ('payment', 'fees', -greatest(y - p - n, 0))) line (kind, component, amount)
where amount <> 0
""",
    # Stated figures are the creditor's present ones; payments we recorded since are in them. Only a change of the
    # stated figures moves the balance: a file read again after a payment does not take the payment back. What is queued is
    # worded anew when it leaves; the epoch stops what is about to leave with the old figure.
    "changed balances, by lines of adjustment": """
with stated as (
  select a.id, a.principal_cents p0, a.interest_cents n0, a.fees_cents f0, a.payments_cents y0, i.balance,
    case when i.itemised then i.principal else i.balance - a.interest_cents - a.fees_cents + a.payments_cents end as p,
    case when i.itemised then i.interest else a.interest_cents end as n,
    case when i.itemised then i.fees else a.fees_cents end as f,
    case when i.itemised then i.payments else a.payments_cents end as y
  from incoming i join account a on a.id = i.account_id
  where {fresh} and a.placed ->> 'figures' is distinct from i.figures for update of a),
goal as (
  -- less than interest and fees alone: what is left is called principal
  select id, p0, n0, f0, y0, case when p < 0 then balance + y else p end as p, case when p < 0 then 0 else n end as n,
    case when p < 0 then 0 else f end as f, y, balance from stated),
lines as (
  insert into ledger_entry (account_id, at, kind, component, amount_cents, source)
  select id, {now}, 'adjustment', component, amount, {source} from goal cross join lateral (values
    ('principal', p - p0), ('interest', n - n0), ('fees', f - f0), ('principal', y0 - y)) line (component, amount)
  where amount <> 0),
moved as (
  update debtor d set epoch = d.epoch + 1 from goal g join account a on a.id = g.id where d.id = a.debtor_id)
update account a set principal_cents = g.p, interest_cents = g.n, fees_cents = g.f, payments_cents = g.y,
  balance_cents = g.balance,
  status = case when g.balance = 0 and a.status = 'open' then 'paid'
    when g.balance > 0 and a.status = 'paid' then 'open' else a.status end
from goal g where g.id = a.id
""",
    # A notice that came back was not provided (12 CFR 1006.42(a)); one sent after that counts instead, with its own period
    # (comment 34(b)(5)-2). An older file that says the first came back says nothing of the second.
    "changed accounts": """
update account a set original_creditor = coalesce(i.original_creditor, a.original_creditor),
  debt_type = coalesce(i.debt_type, a.debt_type), currency = coalesce(i.currency, a.currency),
  opened_date = coalesce(i.opened_date, a.opened_date), default_date = coalesce(i.default_date, a.default_date),
  charge_off_date = coalesce(i.charge_off_date, a.charge_off_date),
  last_payment_date = coalesce(i.last_payment_date, a.last_payment_date),
  itemization_date_type = coalesce(i.itemization_date_type, a.itemization_date_type),
  itemization_date = coalesce(i.itemization_date, a.itemization_date),
  limitation_date = coalesce(i.limitation_date, a.limitation_date),
  initial_communication_at = coalesce(a.initial_communication_at, i.initial_communication_at),
  validation_provided_at = case when {again} then i.validation_provided_at
    else coalesce(a.validation_provided_at, i.validation_provided_at) end,
  validation_method = case when {again} then {method} else coalesce(a.validation_method, {method}) end,
  validation_period_end = case when {again} then i.validation_period_end
    else coalesce(a.validation_period_end, i.validation_period_end) end,
  validation_undeliverable_at = case when {again} then i.validation_undeliverable_at
    when i.validation_undeliverable_at >= coalesce(a.validation_provided_at, i.validation_provided_at)
    then coalesce(a.validation_undeliverable_at, i.validation_undeliverable_at) else a.validation_undeliverable_at end,
  notes = coalesce(i.notes, a.notes), placed = jsonb_build_object('row', i.row_hash, 'figures', i.figures)
from incoming i where {fresh} and i.account_id = a.id
""",
    # A number or mailbox known to be somebody else's, or dead, does not come back by a file.
    "telephones": """
insert into contact_point as c (debtor_id, kind, address, line, area_code, basis, basis_at, reassigned_checked_at,
  reassigned_result, verified_at, created_at)
select distinct on (d.id, i.phone) d.id, 'phone', i.phone, i.phone_line, i.area_code, coalesce(i.phone_basis, 'none'),
  i.phone_basis_at, i.phone_reassigned_checked_at, i.phone_reassigned_result,
  case when coalesce(i.phone_basis, 'none') <> 'none' then {now} end, {now}
from incoming i join debtor d on d.ref = i.debtor_ref where {fresh} and i.phone is not null
order by d.id, i.phone, i.phone_basis is null, i.row_number desc
on conflict (debtor_id, kind, address) do update set line = coalesce(excluded.line, c.line), {basis},
  reassigned_checked_at = case when {checked} then excluded.reassigned_checked_at else c.reassigned_checked_at end,
  reassigned_result = case when {checked} then excluded.reassigned_result else c.reassigned_result end
""",
    "mailboxes": """
insert into contact_point as c (debtor_id, kind, address, basis, basis_at, domain_public, employer_provided,
  verified_at, created_at)
select distinct on (d.id, i.email) d.id, 'email', i.email, coalesce(i.email_basis, 'none'), i.email_basis_at,
  not coalesce(i.email_employer_provided, false), coalesce(i.email_employer_provided, false),
  case when coalesce(i.email_basis, 'none') <> 'none' then {now} end, {now}
from incoming i join debtor d on d.ref = i.debtor_ref where {fresh} and i.email is not null
order by d.id, i.email, i.email_basis is null, i.row_number desc
on conflict (debtor_id, kind, address) do update set {basis},
  employer_provided = c.employer_provided or excluded.employer_provided,
  domain_public = c.domain_public and excluded.domain_public
""",
    "the placement's count": "update placement set rows_taken = rows_taken + :taken where id = {placement}",
}

#: the newer basis holds; none never replaces one
_NEWER = (
    "excluded.basis <> 'none' and (c.basis = 'none' or coalesce(excluded.basis_at > c.basis_at, c.basis_at is null))"
)
_WORDS = {
    "fresh": _FRESH,
    # post is the safe way (12 CFR 1006.42(a)), so what is not said is taken for it
    "method": "coalesce(i.validation_method, case when i.validation_provided_at is not null then 'mail' end)",
    "again": "(a.validation_undeliverable_at < i.validation_provided_at)",
    "now": "cast(:now as timestamptz)",
    "source": "cast(:source as text)",
    "placement": "cast(:placement as bigint)",
    "basis": ", ".join(
        f"{column} = case when {_NEWER} then excluded.{column} else c.{column} end"
        for column in ("basis", "basis_at", "verified_at")
    ),
    "checked": "excluded.reassigned_checked_at > coalesce(c.reassigned_checked_at, '-infinity')",
}
_SQL = {name: sa.text(statement.format(**_WORDS)) for name, statement in _STEPS.items()}


async def write(connection: AsyncConnection, *, now: datetime, placement_id: int, source: str, taken: int) -> None:
    """Store the chunk that `checks.check` left in `incoming`."""
    values = {"now": now, "placement": placement_id, "source": source, "taken": taken}
    for statement in _SQL.values():
        await connection.execute(statement, {name: values[name] for name in statement.compile().params})
