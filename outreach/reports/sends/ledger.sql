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

-- prepare: called
create temp table called as
select m.id, m.debtor_id, m.channel, m.account_ids, m.content ->> 'outcome' as outcome, coalesce(m.sent_at, m.created_at) as at,
  coalesce((select bool_or(c.relationship <> 'first_party') from account x join creditor c on c.id = x.creditor_id
    where x.debtor_id = m.debtor_id and (x.id = any(m.account_ids) or m.account_ids = '{}')), true) as collector
from message m where m.direction = 'out' and m.purpose = 'logged'

-- prepare: sent_zone
create temp table sent_zone as
select distinct s.id, s.number, s.at, p.zone
from (select id, number, debtor_id, at from sent union all select id, 0, debtor_id, at from called) s
  join place p on p.debtor_id = s.debtor_id and coalesce(p.since <= s.at, true)
  and p.stated = exists (select 1 from place t where t.debtor_id = s.debtor_id and t.stated and coalesce(t.since <= s.at, true))

-- prepare: wish
create temp table wish as
select w.debtor_id, w.kind, e as value, w.since, w.until from (
    select debtor_id, kind, value, at as since, coalesce(least(until, lead(at) over word), 'infinity') as until
    from preference where kind in ('quiet_window', 'time_window', 'place', 'papers') window word as (partition by debtor_id, kind order by at, id)
  ) w cross join lateral jsonb_array_elements(jsonb_build_array(w.value) || coalesce(w.value -> 'more', '[]')) e

-- prepare: hushed
create temp table hushed as
with told as (
  select debtor_id, kind, since, until, string_to_array(nullif(value ->> 'days', ''), ',') as days,
    coalesce(nullif(split_part(value ->> 'window', '-', 1), ''), '00:00')::time as opens,
    coalesce(nullif(split_part(value ->> 'window', '-', 2), ''), '24:00')::time as closes
  from wish where kind in ('quiet_window', 'time_window')
), heard as (
  select s.id, s.number, t.kind, t.opens, t.closes, z.zone, (z.at at time zone z.zone)::time as clock,
    t.days is null or to_char(z.at at time zone z.zone, 'dy') = any(t.days) as today,
    t.days is null or to_char(z.at at time zone z.zone - interval '1 day', 'dy') = any(t.days) as yesterday
  from (select id, number, debtor_id from sent union all select id, 0, debtor_id from called) s
    join sent_zone z using (id, number) join told t on t.debtor_id = s.debtor_id and t.since < z.at and z.at < t.until
), inside as (
  select *, case when opens < closes then today and clock >= opens and clock < closes
    when opens > closes then (today and clock >= opens) or (yesterday and clock < closes) else kind = 'time_window' end as within
  from heard
)
select id, number, min(to_char(clock, 'HH24:MI') || ' in ' || zone) as detail from inside where within = (kind = 'quiet_window') group by 1, 2

-- prepare: basis
create temp table basis as
select s.id, s.number, p.id as point_id, p.disclosure_reported_at, p.employer_provided, p.domain_public, p.reassigned_result, p.reassigned_checked_at, p.basis_facts,
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
