"""SMS-02: consent to texts given to us directly, not more than sixty days old or the number checked since."""

from outreach.compliance import basis
from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "SMS-02",
    "12 CFR 1006.6(d)(5)(ii)",
    reads=("Phone.sms_basis", "SmsBasis.type", "SmsBasis.at", "SmsBasis.reassigned_check"),
    channels=("sms",),
    collectors_only=True,
    courtesy=True,
    spares=("opt_out_confirmation",),
)
def sms_consent(s: Situation) -> Finding | None:
    given = s.phone and s.phone.sms_basis
    if (
        not given
        or given.type not in ("direct_consent", "creditor_consent", "prior_collector_consent")
        or basis.texts_allowed(s)
    ):
        return None
    if given.type != "direct_consent":
        return deny(
            "Consent to texts must have been given to us, not to a creditor or an earlier collector.",
            "phones.sms_basis.type",
            also=("CV-05",),
        )
    if given.at is None:
        return deny("When the consumer consented to texts is not known.", "phones.sms_basis.at", also=("CV-05",))
    return deny(
        "The consent to texts is too old, and no clean database check renews it.",
        "phones.sms_basis.at",
        also=("CV-05", "SMS-03"),
    )
