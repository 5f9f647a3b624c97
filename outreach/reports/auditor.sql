-- Each statement returns id, debtor_id, detail of outbound messages that left (or may have left) against a rule.
-- "Left" is: an attempt that was accepted or whose end nobody knows. Times are the attempt's start: an electronic
-- communication occurs when it is sent (comment 6(b)(1)(i)-1).

-- name: hours
-- 12 CFR 1006.6(b)(1)(i): 08:00-21:00 in every zone the person may be in; one answer to their own message excepted.
with sent as (
  select m.id, m.debtor_id, a.started_at as at from message m join attempt a on a.message_id = m.id
  where m.direction = 'out' and m.medium in ('sms', 'email') and coalesce(a.outcome, 'unknown') in ('accepted', 'unknown')
    and m.in_reply_to is null
), zones as (
  select d.id as debtor_id, g.zone from debtor d join geo g on g.kind = 'zip' and g.code = left(d.zip, 5)
  where d.stated_timezone is null
  union select d.id, g.zone from debtor d join geo g on g.kind = 'zip' and g.code = left(d.zip, 3)
  where d.stated_timezone is null and not exists (select 1 from geo x where x.kind = 'zip' and x.code = left(d.zip, 5))
  union select d.id, g.zone from debtor d join geo g on g.kind = 'state' and g.code = d.state
  where d.zip is null and d.stated_timezone is null
  union select p.debtor_id, g.zone from contact_point p join debtor d on d.id = p.debtor_id
    join geo g on g.kind = 'area' and g.code = p.area_code where p.kind = 'phone' and p.status = 'current' and d.stated_timezone is null
  union select d.id, d.stated_timezone from debtor d where d.stated_timezone is not null
)
select s.id, s.debtor_id, to_char(s.at at time zone z.zone, 'HH24:MI') || ' in ' || z.zone as detail
from sent s join zones z on z.debtor_id = s.debtor_id
where (s.at at time zone z.zone)::time < time '08:00' or (s.at at time zone z.zone)::time >= time '21:00'

-- name: no_zone
-- Nobody knows where the person is: nothing may be sent.
select m.id, m.debtor_id, 'no ZIP, state or area code' as detail
from message m join attempt a on a.message_id = m.id join debtor d on d.id = m.debtor_id
where m.direction = 'out' and m.medium in ('sms', 'email') and m.in_reply_to is null
  and coalesce(a.outcome, 'unknown') in ('accepted', 'unknown')
  and d.stated_timezone is null and d.zip is null and d.state is null
  and not exists (select 1 from contact_point p where p.debtor_id = d.id and p.kind = 'phone' and p.status = 'current' and p.area_code is not null)

-- name: opt_out
-- 12 CFR 1006.14(h)(1): after a refusal of the medium or address, nothing but one confirmation or one answer.
select m.id, m.debtor_id, 'refused ' || coalesce(c.medium, c.scope) || ' at ' || c.at as detail
from message m join attempt a on a.message_id = m.id
  join consent c on c.debtor_id = m.debtor_id and c.kind = 'refusal' and c.at < a.started_at
    and (c.medium = m.medium or c.scope = 'all_electronic') and (c.scope <> 'address' or c.address = m.address)
where m.direction = 'out' and coalesce(a.outcome, 'unknown') in ('accepted', 'unknown') and m.in_reply_to is null
  and not exists (select 1 from consent g where g.debtor_id = m.debtor_id and g.kind = 'grant' and g.at > c.at
    and g.at <= a.started_at and g.medium = m.medium)

-- name: hold
-- Attorney, cease, bankruptcy, death, minor, dispute, validation request: silence from the moment it is known.
select m.id, m.debtor_id, h.reason || ' since ' || h.since as detail
from message m join attempt a on a.message_id = m.id
  join hold h on h.debtor_id = m.debtor_id and h.since < a.started_at and (h.until is null or h.until > a.started_at)
    and (h.account_id is null or h.account_id = any(m.account_ids))
    and (h.medium is null or h.medium = m.medium)
    and (h.contact_point_id is null or h.contact_point_id = m.contact_point_id)
where m.direction = 'out' and coalesce(a.outcome, 'unknown') in ('accepted', 'unknown')
  and m.in_reply_to is null and m.staff_id is null and m.purpose = 'campaign' and m.medium in ('sms', 'email')
  and h.reason <> 'hardship'

-- name: basis_sms
-- 12 CFR 1006.6(d)(5): direct consent or the person's own text, not older than 60 days unless checked since.
select m.id, m.debtor_id, 'basis ' || p.basis || ' of ' || coalesce(p.basis_at::text, 'no date') as detail
from message m join attempt a on a.message_id = m.id join contact_point p on p.id = m.contact_point_id
where m.direction = 'out' and m.medium = 'sms' and m.in_reply_to is null
  and coalesce(a.outcome, 'unknown') in ('accepted', 'unknown')
  and (p.basis not in ('direct_consent', 'consumer_text')
    or greatest(p.basis_at, case when p.reassigned_result = 'not_reassigned' then p.reassigned_checked_at end)
       < a.started_at - interval '61 days')

-- name: basis_email
-- 12 CFR 1006.6(d)(4): used by the person, direct consent, a creditor's notice, or the prior collector's route.
select m.id, m.debtor_id, 'basis ' || p.basis as detail
from message m join attempt a on a.message_id = m.id join contact_point p on p.id = m.contact_point_id
where m.direction = 'out' and m.medium = 'email' and m.in_reply_to is null
  and coalesce(a.outcome, 'unknown') in ('accepted', 'unknown')
  and p.basis not in ('direct_consent', 'consumer_used', 'creditor_notice', 'prior_collector')

-- name: address
-- A number or mailbox reported as somebody else's, or dead, is not written to.
select m.id, m.debtor_id, p.status as detail
from message m join attempt a on a.message_id = m.id join contact_point p on p.id = m.contact_point_id
where m.direction = 'out' and m.in_reply_to is null and coalesce(a.outcome, 'unknown') in ('accepted', 'unknown')
  and p.disclosure_reported_at < a.started_at

-- name: stop_line
-- 12 CFR 1006.6(e): how to opt out stands in every text and mail, confirmations of an opt-out excepted.
select m.id, m.debtor_id, left(m.text, 40) as detail from message m
where m.direction = 'out' and m.medium in ('sms', 'email') and m.sent_at is not null and m.purpose = 'campaign'
  and m.text !~* '(reply stop|unsubscribe|responda .{0,3}alto|darse de baja)'

-- name: disclosure
-- 12 CFR 1006.18(e): who is writing, in the message's own language, unless the creditor writes in its own name.
select m.id, m.debtor_id, m.language as detail from message m
where m.direction = 'out' and m.medium in ('sms', 'email') and m.sent_at is not null and m.purpose = 'campaign'
  and exists (select 1 from account a join creditor c on c.id = a.creditor_id
    where a.id = any(m.account_ids) and c.relationship <> 'first_party')
  and m.text !~* (case m.language when 'es' then 'cobrador de deudas' else 'debt collector' end)

-- name: massachusetts
-- 209 CMR 18.16(1)(d): two texts and calls in seven days per debt.
select m.id, m.debtor_id, count(*) || ' in seven days' as detail
from message m join attempt a on a.message_id = m.id and coalesce(a.outcome, 'unknown') in ('accepted', 'unknown')
  join debtor d on d.id = m.debtor_id and d.state = 'MA'
  join message o on o.debtor_id = m.debtor_id and o.direction = 'out' and o.medium = 'sms' and o.in_reply_to is null
    and o.account_ids && m.account_ids
  join attempt b on b.message_id = o.id and coalesce(b.outcome, 'unknown') in ('accepted', 'unknown')
    and b.started_at <= a.started_at and b.started_at > a.started_at - interval '6 days'
where m.direction = 'out' and m.medium = 'sms' and m.in_reply_to is null group by m.id, m.debtor_id having count(*) > 2

-- name: twice
-- One message is handed over once: two accepted attempts are two deliveries.
select m.id, m.debtor_id, count(*) || ' accepted attempts' as detail
from message m join attempt a on a.message_id = m.id and a.outcome = 'accepted' group by m.id, m.debtor_id having count(*) > 1

-- name: undecided
-- Nothing leaves without a decision that allowed it.
select m.id, m.debtor_id, 'no allowing decision on record' as detail from message m
where m.direction = 'out' and m.sent_at is not null
  and not exists (select 1 from decision_record r where r.message_id = m.id and r.stage = 'send' and r.decision = 'allow')
