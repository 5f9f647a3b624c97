-- What left is what was decided, once, as it is on file.

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
