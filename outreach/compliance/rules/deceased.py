"""DEC-01, VAL-08: after death only a person authorised for the estate is written to, by name and by mail."""

from outreach.compliance.decision import Finding, allow, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "DEC-01",
    "12 CFR 1006.6(a)(4); comments 6(a)(4)-1, 34(a)(1)-1",
    needs=("deceased", "heard"),
    reads=(
        "Consumer.deceased",
        "Death.known_since",
        "Death.estate_representative",
        "Recipient.role",
        "Recipient.named",
    ),
    jurisdictions=("US", "UK"),
    also={"VAL-08": "comment 34(a)(1)-1", "CV-10": "house convention"},
    spares=("opt_out_confirmation",),
)
def deceased(s: Situation) -> Finding | None:
    death, recipient = s.consumer.deceased, s.message.recipient
    if s.acknowledges:
        return None
    if death is None:
        return (
            deny("Somebody wrote that the consumer has died.", "history.text", also=("CV-10",))
            if s.said("deceased")
            else None
        )
    also = ("VAL-08",) if s.kind == "validation_notice" else ()
    if recipient.role != "personal_representative" or not recipient.named or death.estate_representative is None:
        return deny(
            "The consumer has died, and this is not addressed by name to who stands for the estate.",
            "consumer.deceased",
            "message.recipient",
            also=also,
        )
    if s.channel != "mail" and s.answers is None:
        return deny(
            "The numbers and mailboxes on record are the dead person's own.",
            "consumer.deceased",
            "message.channel",
            also=also,
        )
    return allow(
        "The personal representative stands for the consumer.", "consumer.deceased.estate_representative", also=also
    )
