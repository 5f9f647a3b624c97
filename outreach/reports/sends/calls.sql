-- Calls, letters and visits that people made and logged. Nobody can take them back; who made them has to know.

-- name: call_hours
-- 12 CFR 1006.6(b)(1)(i): calls and visits within 08:00-21:00 in every zone the person may be in, and not at times they refused.
select c.id, c.debtor_id, to_char(c.at at time zone z.zone, 'HH24:MI') || ' in ' || z.zone as detail from called c join sent_zone z on z.id = c.id
where c.collector and c.channel in ('voice', 'visit')
  and ((c.at at time zone z.zone)::time < time '08:00' or (c.at at time zone z.zone)::time >= time '21:00')
union all
select c.id, c.debtor_id, q.detail from called c join hushed q on q.id = c.id where c.collector and c.channel in ('voice', 'visit')

-- name: call_silence
-- 12 CFR 1006.6(b)(2), (c)(1), 1006.14(h)(1), 11 U.S.C. 362: no call to who refused calls, or has a lawyer, a cease, a bankruptcy.
select c.id, c.debtor_id, h.reason || ' since ' || h.since as detail
from called c join hold h on h.debtor_id = c.debtor_id and h.since < c.at and (h.until is null or h.until > c.at)
  and (h.account_id is null or h.account_id = any(c.account_ids)) and (h.medium is null or h.medium = 'voice') and h.contact_point_id is null
where c.channel in ('voice', 'visit') and h.reason in ('attorney', 'cease', 'bankruptcy', 'deceased', 'minor', 'identity_theft')
union all
select c.id, c.debtor_id, 'refused calls at ' || r.at from called c
  join consent r on r.debtor_id = c.debtor_id and r.kind = 'refusal' and r.scope = 'medium' and r.medium = 'voice' and r.at < c.at
where c.channel = 'voice' and not exists (select 1 from consent g where g.debtor_id = c.debtor_id and g.kind = 'grant' and g.medium = 'voice'
  and g.at > r.at and g.at <= c.at)

-- name: call_often
-- 12 CFR 1006.14(b)(2): seven calls in seven days about a debt are the most, and none in the seven days after a conversation about it.
with days as (
  select c.id, c.debtor_id, debt, o.outcome, (select min((c.at at time zone z.zone)::date - (o.at at time zone z.zone)::date) from sent_zone z
    where z.id = c.id) as apart, c.at::date - o.at::date as utc
  from called c cross join lateral unnest(c.account_ids) as debt join called o on o.debtor_id = c.debtor_id and debt = any(o.account_ids)
    and o.channel = 'voice' and o.outcome <> 'call_not_connected' and (o.at, o.id) < (c.at, c.id) and o.at > c.at - interval '8 days'
  where c.collector and c.channel = 'voice' and c.outcome <> 'call_not_connected'
)
select id, debtor_id, case when bool_or(outcome = 'conversation') then 'after a conversation less than seven days ago'
  else count(*) + 1 || ' calls in seven days' end as detail
from days where coalesce(apart, utc) < 7 group by id, debtor_id, debt having count(*) >= 7 or bool_or(outcome = 'conversation')
