"""Sums about debts. PURE: integers in cents, dates, nothing else; no float comes in and none is made.

cents.parse("1,234.56") == 123456                cents.show(123456) == "$1,234.56"
policy.quote(proposal, terms)                    what a creditor's written terms say of a proposed plan
installments.due_dates(first=..., frequency="monthly", count=6)       installments.schedule(...)
allocation.allocate(amount_cents=..., debts=[...], directions={...})  allocation.reverse(shares)
payoff.balance_at(entries, moment)               the running account on any day
"""
