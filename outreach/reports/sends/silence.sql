-- Refusals, holds, disputes and what they let pass.

-- name: opt_out
-- 12 CFR 1006.14(h)(1): after a refusal of the medium or address, nothing but one confirmation, or one answer to a later message.
-- What a co-debtor, or anybody, refused from a number or mailbox closes it for everyone who has it.
select s.id, s.debtor_id, 'refused ' || coalesce(c.medium, c.scope) || ' at ' || c.at as detail
from sent s join consent c on c.kind = 'refusal' and c.at < s.at
    and (c.address = s.address or (c.scope <> 'address' and c.debtor_id = s.debtor_id
      and (c.medium = s.medium or c.scope = 'all_electronic')))
  left join message i on i.id = s.answers
where s.purpose <> 'opt_out_confirmation'
  and (i.id is null or i.created_at < c.at or i.id is not distinct from c.message_id)
  and not exists (select 1 from consent g where g.kind = 'grant' and g.at > c.at and g.at <= s.at and g.debtor_id in (s.debtor_id, c.debtor_id)
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

-- name: released_late
-- A hold ended after the message had left, and was dated back: when it left, the hold stood.
select s.id, s.debtor_id, h.reason || ' ended as of ' || h.until || ', on the trail at ' || e.at as detail
from sent s join hold h on h.debtor_id = s.debtor_id and h.since < s.at and h.until <= s.at
    and (h.account_id is null or h.account_id = any(s.account_ids)) and (h.medium is null or h.medium = s.medium)
    and (h.contact_point_id is null or h.contact_point_id = s.contact_point_id)
  join lateral (select min(a.at) as at from audit_entry a where a.debtor_id = h.debtor_id and a.action = 'release' and a.subject = h.reason
    and a.at >= h.until and not exists (select 1 from hold o where o.debtor_id = a.debtor_id and o.reason = a.subject
      and o.until between a.at - interval '1 second' and a.at + interval '1 second')) e on e.at > s.at
where s.purpose <> 'opt_out_confirmation' and s.answers is null

-- name: codebtor
-- 11 U.S.C. 1301(a): while the main debtor's chapter 13 case is open, whoever owes beside them is left alone.
select s.id, s.debtor_id, 'the main debtor''s chapter 13 case is open' as detail from sent s join debtor d on d.id = s.debtor_id
where jsonb_typeof(d.law_facts -> 'codebtor_case') = 'object' and d.law_facts #>> '{codebtor_case,status}' is distinct from 'closed'
  and s.purpose <> 'opt_out_confirmation' and s.answers is null

-- name: unheard
-- 12 CFR 1006.6(b)(2), (c)(1), 1006.38(d)(2), 11 U.S.C. 362: plain words of a lawyer, a bankruptcy, a death, a dispute, the wrong person
-- or an end to contact, that led to no hold, dispute, refusal or report before the next message of ours.
select s.id, s.debtor_id, 'they wrote ' || quote_literal(left(i.text, 60)) || ' at ' || i.created_at as detail
from sent s join message i on i.debtor_id = s.debtor_id and i.direction = 'in' and i.created_at < s.at
    and i.text ~* ('\m(my (attorney|lawyer)|i (have|hired|got) an? (attorney|lawyer)|filed (for )?(bankruptcy|chapter (7|13))|(has|is) (died|deceased|passed away)'
      || '|wrong (number|person)|(i )?dispute (this|the|that) (debt|balance|amount|charge)|(is|it)( not|n''t) my debt|(stop|do not|don''t|never) contact(ing)? me'
      || '|(i )?refuse to pay|mi abogad[oa]|bancarrota|falleci[oó]|n[uú]mero equivocado|no es mi deuda|dejen? de (llamarme|contactarme|escribirme))\M')
where s.purpose in ('campaign', 'plan_due', 'consent_request')
  and not exists (select 1 from hold h where h.debtor_id = s.debtor_id and h.since >= i.created_at and h.since <= s.at)
  and not exists (select 1 from dispute x where x.debtor_id = s.debtor_id and x.received_at >= i.created_at and x.received_at <= s.at)
  and not exists (select 1 from consent c where c.debtor_id = s.debtor_id and c.at >= i.created_at and c.at <= s.at)
  and not exists (select 1 from contact_point p where p.debtor_id = s.debtor_id and p.disclosure_reported_at >= i.created_at
    and p.disclosure_reported_at <= s.at)

-- name: dispute
-- 12 CFR 1006.38(d)(2): a debt disputed in time is not collected until verification was sent.
select s.id, s.debtor_id, x.kind || ' of ' || x.received_at as detail
from sent s join dispute x on x.account_id = any(s.account_ids) and x.received_at < s.at and x.timely and x.scope = 'all'
  and x.status <> 'duplicate' and (coalesce(x.answered_at > s.at, x.status = 'open') or (x.status = 'answered' and x.answer_undeliverable_at < s.at))
where s.collector and s.purpose in ('campaign', 'plan_due', 'consent_request') and s.answers is null

-- name: disputed_part
-- The same of a part: what is asked has to be named, and lie within the rest. Without an amount the whole debt is asked for.
select id, debtor_id, coalesce('$' || asked, 'no amount') || ' is asked, $' || rest || ' is not disputed' as detail from (
  select s.id, s.number, s.debtor_id, max(m.amount) as asked, greatest(0, coalesce((select sum(l.amount_cents) from ledger_entry l
      where l.account_id = any(s.account_ids) and l.at <= s.at), 0) - coalesce((select sum(coalesce(x.amount_cents, 1000000000000))
      from dispute x where x.account_id = any(s.account_ids) and x.scope <> 'all' and x.received_at < s.at and x.timely
        and x.status <> 'duplicate' and (coalesce(x.answered_at > s.at, x.status = 'open')
          or (x.status = 'answered' and x.answer_undeliverable_at < s.at))), 0)) / 100.0 as rest
  from sent s left join lateral (select replace(n[1], ',', '')::numeric as amount
    from regexp_matches(s.text, '[$]\s?(\d[\d,]*(?:\.\d\d)?)', 'g') n) m on true
  where s.collector and s.purpose in ('campaign', 'plan_due', 'consent_request') and s.answers is null
    and exists (select 1 from dispute x where x.account_id = any(s.account_ids) and x.scope <> 'all' and x.received_at < s.at and x.timely
      and x.status <> 'duplicate' and (coalesce(x.answered_at > s.at, x.status = 'open')
        or (x.status = 'answered' and x.answer_undeliverable_at < s.at)))
  group by s.id, s.number, s.debtor_id, s.account_ids, s.at) part
where asked is null or asked > rest

-- name: stop_unheard
-- 47 CFR 64.1200(a)(10): a word that revokes by itself was received and nobody recorded it; what left afterwards was refused.
select s.id, s.debtor_id, 'they wrote ' || quote_literal(i.text) || ' at ' || i.created_at as detail
from sent s join message i on i.debtor_id = s.debtor_id and i.direction = 'in' and i.medium = s.medium and i.created_at < s.at
    and i.address in ('', s.address)
    and i.text ~* '^\W*(stop|stopall|unsubscribe|end|quit|cancel|revoke|opt[ -]?out|alto|baja)\W*$'
  left join message a on a.id = s.answers
where s.purpose <> 'opt_out_confirmation' and (a.id is null or a.created_at <= i.created_at)
  and not exists (select 1 from consent c where c.debtor_id = s.debtor_id and c.at >= i.created_at and c.at <= s.at
    and (c.medium = s.medium or c.scope = 'all_electronic' or c.address = s.address))

-- name: minor
-- 12 CFR 1006.6(a)(2): nobody under eighteen is written to, whatever holds say.
select s.id, s.debtor_id, 'born ' || d.date_of_birth as detail from sent s join debtor d on d.id = s.debtor_id
where d.date_of_birth > (s.at - interval '18 years')::date and s.purpose <> 'opt_out_confirmation'
  and not (s.answers is not null and coalesce((s.content ->> 'acknowledgement')::bool or (s.content ->> 'crisis')::bool, false))

-- name: breathing_space
-- Debt Respite Scheme Regulations 2020: nothing during a moratorium.
select s.id, s.debtor_id, 'a breathing space ran from ' || coalesce(b.starts_on, 'an unknown day') as detail
from sent s join debtor d on d.id = s.debtor_id
  cross join lateral (select d.law_facts #>> '{breathing_space,starts_on}' as starts_on, d.law_facts #>> '{breathing_space,ends_on}' as ends_on) b
where jsonb_typeof(d.law_facts -> 'breathing_space') = 'object' and s.purpose <> 'opt_out_confirmation' and s.answers is null
  and coalesce(b.starts_on::date <= s.at::date, true) and coalesce(b.ends_on::date >= s.at::date, true)

-- name: nothing_owed
-- 12 CFR 1006.18(b)(2): nobody is asked for money the ledger says is no longer owed.
select s.id, s.debtor_id, 'nothing was owed on ' || s.at::date as detail
from sent s join ledger_entry l on l.account_id = any(s.account_ids) and l.at <= s.at
where s.purpose in ('campaign', 'plan_due', 'consent_request') group by s.id, s.debtor_id, s.number, s.at having sum(l.amount_cents) <= 0

-- name: unvalidated
-- 12 CFR 1006.34(a)(1): five days after the first communication without validation information, collection waits for it.
select distinct s.id, s.debtor_id, 'no validation information since ' || a.initial_communication_at as detail
from sent s join account a on a.id = any(s.account_ids) and a.initial_communication_at <= s.at - interval '5 days'
where s.collector and s.country <> 'GB' and s.purpose in ('campaign', 'plan_due', 'consent_request')
  and (coalesce(a.validation_provided_at > s.at, true) or (a.validation_undeliverable_at <= s.at and a.validation_provided_at <= a.validation_undeliverable_at))
  and not exists (select 1 from sent n where n.debtor_id = s.debtor_id and n.purpose = 'validation_notice' and a.id = any(n.account_ids) and n.at <= s.at)
