-- How often.

-- name: cap
-- Contacts we began ourselves, by calendar days at the person's place in the zone that counts fewest (CV-09).
select s.id, s.debtor_id, c.name || ': ' || count(*) + 1 || ' in ' || c.days || ' days, ' || c.most || ' are the most (' || c.cites || ')' as detail
from touch s join (select distinct on (id) * from sent order by id, at) f using (id) join cap c on f.medium = any(c.judged) and c.most > 0
    and f.at >= c.since and (f.collector or not c.collectors)
    and (c.place = 'any' and f.purpose = 'campaign' or c.place = 'NYC' and f.nyc or c.place = any(f.states))
  cross join lateral unnest(case when c.per_debt and s.account_ids <> '{}' then s.account_ids else array[0] end) as debt
  join touch t on t.debtor_id = s.debtor_id and t.medium = any(c.counted) and (t.at, t.id) < (s.at, s.id)
    and t.at > s.at - make_interval(days => c.days + 1) and (not c.per_debt or debt = any(t.account_ids) or t.account_ids = '{}')
where coalesce((select min((s.at at time zone z.zone)::date - (t.at at time zone z.zone)::date) from sent_zone z where z.id = s.id),
    s.at::date - t.at::date) < c.days
  and f.purpose not in ('validation_notice', 'verification', 'duplicative_dispute_notice', 'opt_out_confirmation')
group by s.id, s.debtor_id, c.name, c.place, c.days, c.most, c.cites, debt having count(*) >= c.most

-- name: answered_twice
-- CV-04: one reply to each message of theirs; a second one comes unasked.
select o.id, o.debtor_id, 'another answer to message ' || o.in_reply_to as detail
from (select id, debtor_id, in_reply_to, row_number() over (partition by in_reply_to order by at, id) as place
  from (select id, debtor_id, in_reply_to, min(at) as at from sent
    where in_reply_to is not null and purpose = 'reply' and staff_id is null group by 1, 2, 3) first_try) o where o.place > 1
