-- On what basis an address was used.

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
    or (b.kind = 'creditor_notice' and b.domain_public and (b.basis_facts ->> 'deadline')::date < s.at::date
      and b.basis_facts @> '{"creditor_obtained_from_consumer": true, "creditor_used_for": "account", "consumer_asked_creditor_to_stop": false,
        "names_collector": true, "discloses_email_and_use": true, "discloses_third_party_may_see": true}'
      and b.basis_facts ->> 'opt_out_method' in ('link', 'reply')
      and (b.basis_facts ->> 'deadline')::date - (b.basis_facts ->> 'notice_sent_on')::date >= 35
      and coalesce((b.basis_facts ->> 'opted_out_at')::timestamptz > s.at, true))
    or (b.kind = 'prior_collector' and (b.basis_facts -> 'chain' -> -1 ->> 'used_email')::bool
      and jsonb_path_exists(b.basis_facts, '$.chain[*].obtained_via ? (@ == "i" || @ == "ii")')
      and not jsonb_path_exists(b.basis_facts, '$.chain[*] ? (@.opted_out == true)'))
  end, false)

-- name: address
-- A number or mailbox reported to be somebody else's is not written to (12 CFR 1006.6(d)(3) to (5), 1006.42), but for the one
-- neutral answer to whoever said so, which tells nothing about a debt.
select s.id, s.debtor_id, 'reported as not theirs at ' || b.disclosure_reported_at as detail from sent s join basis b using (id, number)
where b.disclosure_reported_at < s.at and s.purpose <> 'opt_out_confirmation'
  and not (s.answers is not null and s.content @> '{"acknowledgement": true, "about_debt": false}')
union all
-- nor a number the database says was given to somebody else (comment 6(d)(5)-1)
select s.id, s.debtor_id, 'given to somebody else, known since ' || b.reassigned_checked_at from sent s join basis b using (id, number)
where s.medium = 'sms' and b.reassigned_result = 'reassigned' and b.reassigned_checked_at <= s.at and s.purpose <> 'opt_out_confirmation'
  and not (s.answers is not null and s.content @> '{"about_debt": false}')

-- name: employer
-- 12 CFR 1006.22(f)(3): no mail to an address the employer gave, unless the person used it or consented to it, or it came with the debt.
select s.id, s.debtor_id, 'an employer''s mailbox on basis ' || b.kind as detail from sent s join basis b using (id, number)
where s.medium = 'email' and s.collector and b.employer_provided and b.wrote_at is null
  and b.kind not in ('direct_consent', 'consumer_used', 'prior_collector')

-- name: third_party_text
-- Carriers forbid texts that collect other parties' debts: off unless an owner had turned them on for the creditor by then.
with word as (select subject as creditor, at, why <> 'turned off' as allowed, lead(at, 1, 'infinity') over (partition by subject order by at, id) as until
  from audit_entry where action = 'creditor.sms')
select distinct s.id, s.debtor_id, 'texts were off for ' || c.name as detail
from sent s join account a on a.id = any(s.account_ids) join creditor c on c.id = a.creditor_id and c.relationship = 'third_party'
  left join word w on w.creditor = c.name and w.at <= s.at and s.at < w.until
where s.medium = 'sms' and s.answers is null and s.purpose <> 'opt_out_confirmation' and not coalesce(w.allowed,
  c.sms_allowed or exists (select 1 from word later where later.creditor = c.name and later.at > s.at))

-- name: district_consent
-- D.C. Code 28-3814(d)(4)(B)(i)-(ii): no text or mail before the written notice was mailed, then only with express consent.
select s.id, s.debtor_id, case when coalesce((d.law_facts #>> '{dc,written_notice_mailed_at}')::timestamptz > s.at, true)
    then 'no written notice was mailed before' else 'no express consent before' end as detail
from sent s join debtor d on d.id = s.debtor_id
where 'DC' = any(s.states) and s.answers is null and s.purpose <> 'opt_out_confirmation'
  and (coalesce((d.law_facts #>> '{dc,written_notice_mailed_at}')::timestamptz > s.at, true)
    or (coalesce((d.law_facts #>> '{dc,express_consent_at}')::timestamptz > s.at, true) and s.purpose <> 'consent_request'))

-- name: city_consent
-- 6 RCNY 5-77, from 1 September 2026: texts and mails to people of New York City need their consent.
select s.id, s.debtor_id, 'no consent to texts and mails under the city''s rules' as detail
from sent s join debtor d on d.id = s.debtor_id
where s.nyc and s.at >= timestamptz '2026-09-01 00:00 America/New_York' and s.answers is null and s.purpose <> 'opt_out_confirmation'
  and coalesce((d.law_facts #>> '{nyc,electronic_consent_at}')::timestamptz > s.at, true)

-- name: volunteered
-- 23 NYCRR 1.6: mail to people of New York State goes to an address they volunteered, not to an employer's.
select s.id, s.debtor_id, 'a mailbox on basis ' || coalesce(b.kind, 'none') || case when b.employer_provided then ', an employer''s' else '' end as detail
from sent s join basis b using (id, number)
where s.medium = 'email' and 'NY' = any(s.states) and s.collector and s.answers is null and s.purpose <> 'opt_out_confirmation'
  and (b.employer_provided or (b.wrote_at is null and (b.kind is null or b.kind not in ('direct_consent', 'consumer_used'))))

-- name: esign
-- 12 CFR 1006.42(b): verification, and a notice after the first communication, go electronically only with E-SIGN consent.
select distinct s.id, s.debtor_id, s.purpose || ' without consent to papers in electronic form' as detail
from sent s left join account a on a.id = any(s.account_ids)
where s.collector and (s.purpose = 'verification' or (s.purpose = 'validation_notice' and a.initial_communication_at < s.at))
  and not exists (select 1 from wish w where w.debtor_id = s.debtor_id and w.kind = 'papers' and w.since <= s.at and s.at < w.until
    and (w.value ->> 'electronic')::bool)
