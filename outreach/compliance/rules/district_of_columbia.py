"""ST-DC-01: no text or email before the notice is mailed, then only with consent, or one a week asking for it."""

from outreach.compliance import contacts, days, law
from outreach.compliance.decision import Finding, allow, defer, deny
from outreach.compliance.rules import ELECTRONIC, rule
from outreach.compliance.situation import Situation

REQUESTS = law.parameter("states", "dc_consent_requests")
WEEK = law.parameter("states", "cap_days")


@rule(
    "ST-DC-01",
    "D.C. Code 28-3814(d)(4)(B)(i)-(ii)",
    channels=ELECTRONIC,
    spares=("opt_out_confirmation",),
    states=("DC",),
    clock=True,
    reads=("Consumer.dc", "DistrictOfColumbia.written_notice_mailed_at", "DistrictOfColumbia.express_consent_at"),
)
def district_of_columbia(s: Situation) -> Finding | None:
    if s.answers is not None:
        return None
    record = s.consumer.dc
    mailed = record and record.written_notice_mailed_at
    if not mailed or mailed > s.at:
        return deny("The written notice was not mailed yet.", "consumer.dc.written_notice_mailed_at")
    consent = record and record.express_consent_at
    if consent and consent <= s.at:
        return None
    if s.kind != "consent_request":
        return deny("The consumer has not expressly consented.", "consumer.dc.express_consent_at")
    asked = [entry.at for entry in contacts.unprompted(s, (s.channel,))]
    opens = days.over_cap(asked, dates=s.dates, count=REQUESTS.on(s.today), days=WEEK.on(s.today))
    if opens is not None:
        return defer("One message in seven days may ask for consent.", opens, "history")
    return allow("The one message in seven days that asks for consent.", "message.kind")
