-- When and where.

-- name: hours
-- 12 CFR 1006.6(b)(1)(i), Fla. Stat. 559.72(17) and 940 CMR 7.04(1) for texts of creditors too, CONC 7.9: 08:00-21:00 in every zone the person may be in.
select s.id, s.debtor_id, to_char(s.at at time zone z.zone, 'HH24:MI') || ' in ' || z.zone as detail
from sent s join sent_zone z using (id, number)
where s.answers is null and s.purpose <> 'opt_out_confirmation'
  and (s.collector or s.country = 'GB' or (s.medium = 'sms' and s.states && array['FL', 'MA']))
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

-- name: wished_time
-- 12 CFR 1006.6(b)(1)(i), comment 6(b)(1)-1: times the person called inconvenient, by the clock of every zone they may be in.
select s.id, s.debtor_id, q.detail from sent s join hushed q using (id, number)
where (s.collector or s.country = 'GB') and s.answers is null and s.purpose <> 'opt_out_confirmation'

-- name: place
-- 12 CFR 1006.6(b)(1)(ii), comment 6(b)(1)(ii)-1: a landline or a letter belongs to the home somebody asked to be left alone at.
select s.id, s.debtor_id, 'a landline, after a wish not to be reached at home' as detail
from sent s join wish w on w.debtor_id = s.debtor_id and w.kind = 'place' and w.value ->> 'place' = 'home' and w.since < s.at and s.at < w.until
  join contact_point p on p.id = s.contact_point_id and p.kind = 'phone' and p.line is distinct from 'mobile'
where s.collector and s.answers is null and s.purpose <> 'opt_out_confirmation'
union all
select c.id, c.debtor_id, 'a ' || c.channel || ', after a wish not to be reached at home'
from called c join wish w on w.debtor_id = c.debtor_id and w.kind = 'place' and w.value ->> 'place' = 'home' and w.since < c.at and c.at < w.until
where c.collector and c.channel in ('mail', 'visit')
