"""Finding a person by what a colleague has at hand: phone, email, a reference or a name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db

_FIND = """
with hit as ({hits})
select d.id, d.ref, d.first_name, d.last_name, d.state, d.city, min(h.how) as how,
       (select count(*) from account a where a.debtor_id = d.id) as accounts,
       (select c.id from cases c where c.debtor_id = d.id and c.status <> 'closed' order by c.due_at limit 1) as case_id
from hit h join debtor d on d.id = h.id
group by d.id order by min(h.rank), d.last_name, d.first_name, d.id limit 50
"""
_BY_ADDRESS = "select debtor_id as id, 'address' as how, 1 as rank from contact_point where address = any(:addresses)"
_BY_REF = (
    "select id, 'reference' as how, 2 as rank from debtor where ref = :q"
    " union all select debtor_id, 'reference', 2 from account where ref = :q"
)
#: the name index is on (lower(last_name), lower(first_name)); a range is what it can serve in any collation
_BY_NAME = (
    "(select id, 'name' as how, 3 as rank from debtor where lower(last_name) = any(:words) and"
    " (:single or lower(first_name) = any(:words)) limit 50)"
    " union all (select id, 'name', 4 from debtor where lower(last_name) like :prefix or lower(first_name) like :prefix limit 50)"
)


async def find_person(session: AsyncSession, *, text: str) -> list[Mapping[str, Any]]:
    """People by phone, email, debtor or account reference, or name; best evidence first, at most 50."""
    q = text.strip()
    if not q:
        return []
    digits = re.sub(r"\D", "", q)
    words = [w for w in re.split(r"[\s,]+", q.lower()) if w]
    hits: list[str] = [_BY_REF]
    values: dict[str, Any] = {"q": q}
    if "@" in q:
        local, _, domain = q.rpartition("@")
        hits, values = [_BY_ADDRESS], {"addresses": [q, f"{local}@{domain.lower()}", q.lower()]}
    elif len(digits) >= 7 and not re.search(r"[A-Za-z]", q):
        hits.append(_BY_ADDRESS)
        values["addresses"] = [f"+{digits}", f"+1{digits[-10:]}"]
    elif re.search(r"[^\W\d]", q):
        hits.append(_BY_NAME)
        prefix = words[-1].replace("\\", "").replace("%", r"\%").replace("_", r"\_") + "%"
        values |= {"words": words, "single": len(words) == 1, "prefix": prefix}
    return await db.rows(session, _FIND.format(hits=" union all ".join(hits)), **values)
