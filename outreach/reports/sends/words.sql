-- What the words must hold.

-- name: stop_line
-- 12 CFR 1006.6(e): how to opt out stands in every text and mail of a collector; in the District and in New York City in a creditor's too.
select distinct s.id, s.debtor_id, left(s.text, 60) as detail
from sent s cross join lateral (values (s.text), (nullif(regexp_replace(s.html, '<[^>]+>', ' ', 'g'), ''))) as part(words)
where (s.collector or 'DC' = any(s.states) or (s.nyc and s.at >= timestamptz '2026-09-01 00:00 America/New_York'))
  and s.purpose <> 'opt_out_confirmation' and not coalesce((s.content ->> 'crisis')::bool, false)
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

-- name: district_statement
-- D.C. Code 28-3814(f)(2): the whole statement in every writing to a person of the District.
select distinct s.id, s.debtor_id, left(s.text, 60) as detail
from sent s cross join lateral (values (s.text), (nullif(regexp_replace(s.html, '<[^>]+>', ' ', 'g'), ''))) as part(words)
where s.collector and 'DC' = any(s.states) and s.purpose <> 'opt_out_confirmation' and coalesce((s.content ->> 'about_debt')::bool, true)
  and not coalesce((s.content ->> 'crisis')::bool, false)
  and part.words !~* (case s.language when 'es' then 'intento de cobrar' else 'attempt(ing)? to collect' end)

-- name: district_contact
-- D.C. Code 28-3814(f)(4): each demand to a person of the District holds a telephone number, a mailbox and a postal address of ours.
select distinct s.id, s.debtor_id, left(s.text, 60) as detail
from sent s cross join lateral (values (s.text), (nullif(regexp_replace(s.html, '<[^>]+>', ' ', 'g'), ''))) as part(words)
where s.collector and 'DC' = any(s.states) and s.purpose in ('campaign', 'plan_due') and part.words ~ '[$]\s?\d'
  and not (part.words ~ '\d{3}\D{1,3}\d{3}\D{1,2}\d{4}' and part.words ~ '\S@\S+\.\w' and part.words ~ '\m[A-Z]{2} \d{5}\M')

-- name: threat
-- 12 CFR 1006.18(b)(3), (c)(2), 1006.26(b): no word of a court, of garnishment or arrest leaves this service.
select s.id, s.debtor_id, substring(said.words from '(?i)\m(law ?suit|sue you|garnish\w*|arrest\w*|warrant for|jail|prison|legal action|take you to court|demandarle|embarg\w+|c[aá]rcel)\M') as detail
from sent s cross join lateral (select regexp_replace(s.subject || ' ' || s.text, 'will not sue you|no le\s+demandaremos', '', 'gi') as words) said
where not coalesce((s.content ->> 'crisis')::bool, false)
  and said.words ~* '\m(law ?suit|sue you|garnish\w*|arrest\w*|warrant for|jail|prison|legal action|take you to court|demandarle|embarg\w+|c[aá]rcel)\M'

-- name: time_barred
-- 12 CFR 1006.26(b), Cal. Civ. Code 1788.14(d): who is written to about paying a debt too old to sue for is told so.
select distinct s.id, s.debtor_id, 'too old to sue for since ' || a.limitation_date as detail
from sent s join account a on a.id = any(s.account_ids) and a.limitation_date <= s.at::date
where s.collector and s.purpose <> 'opt_out_confirmation' and coalesce((s.content ->> 'about_debt')::bool, true)
  and not coalesce((s.content ->> 'crisis')::bool, false)
  and s.text ~* '[$£]\s?\d|\m(pay|payment|payments|balance|owe|pagar|pago|saldo)\M'
  and s.text !~* (case s.language when 'es' then 'antig.edad de su deuda' else 'age of (your|this|the) debt' end)

-- name: overshadowed
-- 12 CFR 1006.38(b): in the validation period no deadline or last warning drowns the right to dispute.
select distinct s.id, s.debtor_id, 'the period ends on ' || a.validation_period_end as detail
from sent s join account a on a.id = any(s.account_ids) and a.validation_provided_at <= s.at
    and a.validation_period_end >= (s.at at time zone 'America/New_York')::date
where s.collector and (s.purpose in ('campaign', 'consent_request') or s.staff_id is not null)
  and s.subject || ' ' || s.text ~* ('\m(must|have to|need to) pay\M|\m(final|last) (notice|warning|chance)\M|\mor else\M|\mto avoid\M'
    || '|\mpay\w*\M.{0,30}\m(by|before|within|no later than) (the )?(\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|today|tomorrow|tonight)'
    || '|\m(debe|tiene que) pagar\M|\m[uú]ltim[oa] (aviso|oportunidad)\M')

-- name: exposed
-- 12 CFR 1006.6(d)(1): a subject line is read by others; it tells of no debt and no amount.
select s.id, s.debtor_id, s.subject as detail from sent s
where s.medium = 'email' and (s.subject ~ '[$£]\s?\d' or (s.purpose not in ('validation_notice', 'verification', 'duplicative_dispute_notice')
  and s.subject ~* '\m(debts?|owe[ds]?|balance|past due|overdue|collections?|collector|deudas?|saldo|cobr\w+|adeud\w+)\M'))
