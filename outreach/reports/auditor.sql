-- What left against a rule, asked of the ledger itself. `prepare` sections make temporary tables of the auditor's connection;
-- every `name` section returns id, debtor_id, detail of messages that should not have left as they did.
-- Left: an attempt that was accepted, or whose end nobody knows. An electronic communication occurs when it is sent
-- (comment 6(b)(1)(i)-1), so the time is the attempt's start. Zones are judged by all evidence on file today.

-- prepare: sent
create temp table sent as
select m.id, m.debtor_id, m.medium, m.purpose, m.language, m.address, m.contact_point_id, m.account_ids, m.in_reply_to, m.staff_id,
  m.content, m.subject, m.text, m.html, a.number, a.started_at as at, a.body_hash, a.outcome, d.country, i.id as answers,
  array_remove(array[upper(d.state), (select max(g.state) from geo g where g.kind = 'zip' and g.code in (left(d.zip, 5), left(d.zip, 3)))],
    null) as states,
  coalesce(left(d.zip, 3) in ('100', '101', '102', '103', '104', '111', '112', '113', '114', '116')
    or left(d.zip, 5) in ('11001', '11004', '11005'), false) as nyc,
  coalesce((select bool_or(c.relationship <> 'first_party') from account x join creditor c on c.id = x.creditor_id
    where x.debtor_id = m.debtor_id and (x.id = any(m.account_ids) or m.account_ids = '{}')), true) as collector
from message m join attempt a on a.message_id = m.id join debtor d on d.id = m.debtor_id
  -- one answer, at the same address, to a message of theirs that nobody answered before
  left join message i on i.id = m.in_reply_to and i.direction = 'in' and i.debtor_id = m.debtor_id and i.medium = m.medium
    and i.address in ('', m.address) and i.created_at <= a.started_at
    and not exists (select 1 from message o join attempt b on b.message_id = o.id where o.in_reply_to = i.id and o.id <> m.id
      and o.direction = 'out' and o.purpose <> 'opt_out_confirmation' and coalesce(b.outcome, 'unknown') <> 'rejected'
      and (b.started_at, o.id) < (a.started_at, m.id))
where m.direction = 'out' and m.medium in ('sms', 'email') and coalesce(a.outcome, 'unknown') <> 'rejected'

-- prepare: place
create temp table place as
with zip as (select d.id, d.created_at, g.zone from debtor d join geo g on g.kind = 'zip' and g.code = left(d.zip, 5)),
prefix as (
  select d.id, d.created_at, g.zone from debtor d join geo g on g.kind = 'zip' and g.code = left(d.zip, 3)
  where d.id not in (select id from zip)
), region as (
  select d.id, d.created_at, g.zone from debtor d join geo g on g.kind = 'state' and g.code = upper(d.state)
  where d.id not in (select id from zip union select id from prefix)
)
select id as debtor_id, zone, false as stated, null::timestamptz as since from zip
union select id, zone, false, null from prefix union select id, zone, false, null from region
union select d.id, 'Europe/London', false, null from debtor d where d.country = 'GB'
union select p.debtor_id, g.zone, false, p.created_at from contact_point p join geo g on g.kind = 'area' and g.code = p.area_code
  where p.kind = 'phone' and p.status = 'current'
union select d.id, d.stated_timezone, true, d.stated_timezone_at from debtor d where d.stated_timezone is not null

-- prepare: sent_zone
create temp table sent_zone as
select distinct s.id, s.number, s.at, p.zone from sent s join place p on p.debtor_id = s.debtor_id and coalesce(p.since <= s.at, true)
  and p.stated = exists (select 1 from place t where t.debtor_id = s.debtor_id and t.stated and coalesce(t.since <= s.at, true))

-- prepare: basis
create temp table basis as
select s.id, s.number, p.id as point_id, p.disclosure_reported_at, p.employer_provided, p.reassigned_result, p.reassigned_checked_at, p.basis_facts,
  coalesce(k.kind, p.basis) as kind, coalesce(k.at, p.basis_at) as given_at,
  (select max(i.created_at) from message i where i.debtor_id = s.debtor_id and i.direction = 'in' and i.medium = s.medium
    and i.address = s.address and i.created_at <= s.at) as wrote_at
from sent s left join contact_point p on p.debtor_id = s.debtor_id and (p.id = s.contact_point_id or p.address = s.address)
  -- a file may have replaced the basis since: then the facts recorded at the send say what it was
  left join lateral (
    select e ->> 'type' as kind, (e ->> 'at')::timestamptz as at from decision_record r,
      jsonb_path_query(r.facts, '$.phones[*] ? (@.e164 == $to).sms_basis', jsonb_build_object('to', s.address)) e
    where r.message_id = s.id and r.at <= s.at and s.medium = 'sms' and p.basis_at > s.at
    union all
    select e ->> 'type', (e ->> 'at')::timestamptz from decision_record r,
      jsonb_path_query(r.facts, '$.emails[*] ? (@.address == $to).email_basis', jsonb_build_object('to', s.address)) e
    where r.message_id = s.id and r.at <= s.at and s.medium = 'email' and p.basis_at > s.at
    limit 1
  ) k on true

-- prepare: touch
create temp table touch as
select id, debtor_id, account_ids, medium, min(at) as at from sent where in_reply_to is null group by 1, 2, 3, 4
union all
select id, debtor_id, account_ids, medium, coalesce(sent_at, created_at) from message
where direction = 'out' and medium = 'voice' and content ->> 'outcome' in ('call_unanswered', 'conversation', 'limited_content_voicemail')

-- prepare: cap
create temp table cap as select * from (values
  ('organisation', 'any', array['sms', 'email'], array['sms', 'email', 'voice'], false, false, cast(:cap_day as int), 1, date '1900-01-01', 'CV-08'),
  ('organisation', 'any', array['sms', 'email'], array['sms', 'email', 'voice'], false, false, cast(:cap_week as int), 7, '1900-01-01', 'CV-08'),
  ('massachusetts', 'MA', array['sms'], array['sms', 'voice'], true, false, 2, 7, '2013-11-01', '209 CMR 18.16(1)(d)'),
  ('district_of_columbia', 'DC', array['sms', 'email'], array['sms', 'email'], true, false, 5, 7, '2023-01-01', 'D.C. Code 28-3814(d)(4)(B)(iii)'),
  ('new_york_city', 'NYC', array['sms', 'email'], array['sms', 'email', 'voice'], true, false, 3, 7, '2026-09-01', '6 RCNY 5-77'),
  ('washington', 'WA', array['sms', 'email'], array['sms', 'email', 'voice'], false, true, 3, 7, '2011-07-22', 'RCW 19.16.250'),
  ('washington', 'WA', array['sms'], array['sms'], false, true, 2, 1, '2011-07-22', 'RCW 19.16.250')
) as c(name, place, judged, counted, per_debt, collectors, most, days, since, cites)

-- name: hours
-- 12 CFR 1006.6(b)(1)(i), Fla. Stat. 559.72(17) for texts of creditors too, CONC 7.9: 08:00-21:00 in every zone the person may be in.
select s.id, s.debtor_id, to_char(s.at at time zone z.zone, 'HH24:MI') || ' in ' || z.zone as detail
from sent s join sent_zone z using (id, number)
where s.answers is null and s.purpose <> 'opt_out_confirmation'
  and (s.collector or s.country = 'GB' or (s.medium = 'sms' and 'FL' = any(s.states)))
  and ((s.at at time zone z.zone)::time < time '08:00' or (s.at at time zone z.zone)::time >= time '21:00')

-- name: district_hours
-- D.C. Code 28-3814(k): texts to people of the District by Eastern time, wherever they are.
select s.id, s.debtor_id, to_char(s.at at time zone 'America/New_York', 'HH24:MI') || ' Eastern' as detail from sent s
where s.medium = 'sms' and 'DC' = any(s.states) and s.answers is null and s.purpose <> 'opt_out_confirmation'
  and ((s.at at time zone 'America/New_York')::time < time '08:00' or (s.at at time zone 'America/New_York')::time >= time '21:00')

-- name: no_zone
-- Nobody knows where the person is: nothing may be sent (CV-03).
select s.id, s.debtor_id, 'no ZIP, state or area code says where' as detail from sent s
where s.answers is null and s.purpose <> 'opt_out_confirmation' and s.collector
  and not exists (select 1 from sent_zone z where z.id = s.id and z.number = s.number)

-- name: opt_out
-- 12 CFR 1006.14(h)(1): after a refusal of the medium or address, nothing but one confirmation, or one answer to a later message.
select s.id, s.debtor_id, 'refused ' || coalesce(c.medium, c.scope) || ' at ' || c.at as detail
from sent s join consent c on c.kind = 'refusal' and c.at < s.at
    and ((c.scope = 'address' and c.address = s.address) or (c.scope <> 'address' and c.debtor_id = s.debtor_id
      and (c.medium = s.medium or c.scope = 'all_electronic')))
  left join message i on i.id = s.answers
where s.purpose <> 'opt_out_confirmation'
  and (i.id is null or i.created_at < c.at or i.id is not distinct from c.message_id)
  and not exists (select 1 from consent g where g.kind = 'grant' and g.at > c.at and g.at <= s.at and g.debtor_id = s.debtor_id
    and (g.medium = s.medium or g.scope = 'all_electronic' or g.address = s.address))
  and not exists (select 1 from basis b where b.id = s.id and b.number = s.number and b.kind = 'direct_consent'
    and b.given_at > c.at and b.given_at <= s.at)

-- name: confirmation
-- 47 CFR 64.1200(a)(12): one confirmation of an opt-out, within five minutes.
select s.id, s.debtor_id, coalesce('their message came at ' || i.created_at, 'it confirms no message of theirs') as detail
from sent s left join message i on i.id = s.in_reply_to and i.direction = 'in'
where s.purpose = 'opt_out_confirmation' and (i.id is null or s.at - i.created_at > interval '5 minutes'
  or exists (select 1 from sent o where o.in_reply_to = s.in_reply_to and o.purpose = s.purpose and (o.at, o.id) < (s.at, s.id)))

-- name: hold
-- Attorney, cease, bankruptcy, death, minor, dispute ...: silence from the moment it is known, but for what each lets pass.
with terms(reason, persons_too, lets) as (values
  ('attorney', true, '{}'::text[]), ('bankruptcy', true, '{}'), ('deceased', true, '{}'), ('minor', true, '{}'),
  ('identity_theft', true, '{}'), ('manual', true, '{}'), ('wrong_address', true, '{}'), ('bounced', true, '{}'), ('recalled', true, '{}'),
  ('cease', true, '{cease_exception_terminate,cease_exception_specified_remedy}'),
  ('dispute', true, '{verification,duplicative_dispute_notice,validation_notice}'),
  ('validation_request', true, '{verification,validation_notice}'), ('original_creditor_request', true, '{verification,validation_notice}'),
  ('paid', true, '{reply,payment_received,plan_confirmation}'), ('plan', false, '{reply,payment_received,plan_confirmation,plan_due}'),
  ('servicemember', false, '{reply,payment_received,plan_confirmation}'), ('hardship', false, '{reply,payment_received,plan_confirmation}'),
  ('complaint', false, '{reply,payment_received,plan_confirmation}'), ('self_harm', false, '{}'), ('threat', false, '{}'), ('person', false, '{}')
)
select s.id, s.debtor_id, h.reason || ' since ' || h.since as detail
from sent s join hold h on h.debtor_id = s.debtor_id and h.since < s.at and (h.until is null or h.until > s.at)
    and (h.account_id is null or h.account_id = any(s.account_ids)) and (h.medium is null or h.medium = s.medium)
    and (h.contact_point_id is null or h.contact_point_id = s.contact_point_id)
  join terms t on t.reason = h.reason and (t.persons_too or s.staff_id is null)
where s.purpose <> 'opt_out_confirmation' and s.purpose <> all(t.lets)
  and not (s.in_reply_to is not null and 'reply' = any(t.lets))
  and not (s.answers is not null and coalesce((s.content ->> 'acknowledgement')::bool or (s.content ->> 'crisis')::bool, false))

-- name: dispute
-- 12 CFR 1006.38(d)(2): a debt disputed in time is not collected until verification was sent.
select s.id, s.debtor_id, x.kind || ' of ' || x.received_at as detail
from sent s join dispute x on x.account_id = any(s.account_ids) and x.received_at < s.at and x.timely and x.scope = 'all'
  and x.status <> 'duplicate' and coalesce(x.answered_at > s.at, x.status = 'open')
where s.collector and s.purpose in ('campaign', 'plan_due', 'consent_request') and s.answers is null

-- name: basis
-- 12 CFR 1006.6(d)(4), (5): a text rests on consent or their own text of the last 60 days, renewed by a clean database check;
-- a mail on their use of the address, consent, a creditor's notice whose time is over, or an earlier collector's lawful use.
select s.id, s.debtor_id, s.medium || ' on basis ' || coalesce(b.kind, 'of an unknown address') || coalesce(' of ' || b.given_at, '') as detail
from sent s join basis b using (id, number)
where s.collector and s.answers is null and s.purpose <> 'opt_out_confirmation' and not coalesce(case s.medium
  when 'sms' then s.at - b.wrote_at <= interval '60 days' or (b.kind in ('direct_consent', 'consumer_text') and b.given_at <= s.at
    and (s.at - b.given_at <= interval '60 days'
      or (b.reassigned_result = 'not_reassigned' and b.reassigned_checked_at <= s.at and s.at - b.reassigned_checked_at <= interval '60 days')))
  else b.wrote_at is not null
    or (b.kind in ('direct_consent', 'consumer_used') and coalesce(b.given_at <= s.at, true))
    or (b.kind = 'creditor_notice' and (b.basis_facts ->> 'deadline')::date < s.at::date
      and (b.basis_facts ->> 'deadline')::date - (b.basis_facts ->> 'notice_sent_on')::date >= 35
      and coalesce((b.basis_facts ->> 'opted_out_at')::timestamptz > s.at, true))
    or (b.kind = 'prior_collector' and (b.basis_facts -> 'chain' -> -1 ->> 'used_email')::bool
      and not jsonb_path_exists(b.basis_facts, '$.chain[*] ? (@.opted_out == true)'))
  end, false)

-- name: address
-- A number or mailbox reported to be somebody else's is not written to (12 CFR 1006.6(d)(3) to (5), 1006.42), but for the one
-- neutral answer to whoever said so, which tells nothing about a debt.
select s.id, s.debtor_id, 'reported as not theirs at ' || b.disclosure_reported_at as detail from sent s join basis b using (id, number)
where b.disclosure_reported_at < s.at and s.purpose <> 'opt_out_confirmation'
  and not (s.answers is not null and s.content @> '{"acknowledgement": true, "about_debt": false}')

-- name: employer
-- 12 CFR 1006.22(f)(3): no mail to an address the employer gave, unless the person used it or consented to it.
select s.id, s.debtor_id, 'an employer''s mailbox on basis ' || b.kind as detail from sent s join basis b using (id, number)
where s.medium = 'email' and s.collector and b.employer_provided and b.wrote_at is null and b.kind not in ('direct_consent', 'consumer_used')

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

-- name: stop_line
-- 12 CFR 1006.6(e): how to opt out stands in every text and mail of a collector.
select distinct s.id, s.debtor_id, left(s.text, 60) as detail
from sent s cross join lateral (values (s.text), (nullif(regexp_replace(s.html, '<[^>]+>', ' ', 'g'), ''))) as part(words)
where s.collector and s.purpose <> 'opt_out_confirmation' and not coalesce((s.content ->> 'crisis')::bool, false)
  and part.words !~* '\m(stop|unsubscribe|alto|baja)\M'

-- name: disclosure
-- 12 CFR 1006.18(e): that a debt collector writes, in the message's own language.
select distinct s.id, s.debtor_id, s.language || ': ' || left(s.text, 60) as detail
from sent s cross join lateral (values (s.text), (nullif(regexp_replace(s.html, '<[^>]+>', ' ', 'g'), ''))) as part(words)
where s.collector and s.purpose <> 'opt_out_confirmation' and coalesce((s.content ->> 'about_debt')::bool, true)
  and not coalesce((s.content ->> 'crisis')::bool, false)
  and part.words !~* (case s.language when 'es' then 'cobrador de deudas' else 'debt collector' end)

-- name: first_disclosure
-- 12 CFR 1006.18(e)(1): the first communication about a debt says that it is an attempt to collect it.
select distinct s.id, s.debtor_id, left(s.text, 60) as detail
from sent s join account a on a.id = any(s.account_ids) and (a.initial_communication_at is null or a.initial_communication_at >= s.at)
where s.collector and s.purpose not in ('opt_out_confirmation', 'sign_in_code') and coalesce((s.content ->> 'about_debt')::bool, true)
  and not coalesce((s.content ->> 'crisis')::bool, false)
  and not exists (select 1 from sent o where o.debtor_id = s.debtor_id and a.id = any(o.account_ids) and (o.at, o.id) < (s.at, s.id))
  and s.text !~* (case s.language when 'es' then 'intento de cobrar' else 'attempt(ing)? to collect' end)

-- name: licence
-- Cal. Civ. Code 1788.11(f): the collector's licence number in every message to a person in California.
select distinct s.id, s.debtor_id, left(s.text, 60) as detail from sent s
where s.collector and 'CA' = any(s.states) and s.purpose <> 'opt_out_confirmation' and cast(:licence as text) <> ''
  and not coalesce((s.content ->> 'crisis')::bool, false) and strpos(s.text, :licence) = 0

-- name: twice
-- One message is handed over once: two accepted attempts are two deliveries.
select id, debtor_id, count(*) || ' accepted attempts' as detail from sent where outcome = 'accepted' group by id, debtor_id having count(*) > 1

-- name: undecided
-- Nothing leaves without a decision of that moment that allowed it.
select s.id, s.debtor_id, 'no allowing decision on record before ' || s.at as detail from sent s
where not exists (select 1 from decision_record r where r.message_id = s.id and r.stage = 'send' and r.decision = 'allow' and r.at <= s.at)

-- name: altered
-- The text on file is byte for byte what left (12 CFR 1006.100): its hash was written before the first byte.
select s.id, s.debtor_id, 'the text on file is not the one that left' as detail from sent s
where s.number = (select max(number) from attempt a where a.message_id = s.id)
  and encode(sha256(convert_to(s.address || E'\x1f' || s.subject || E'\x1f' || s.text, 'UTF8')), 'hex') <> s.body_hash
