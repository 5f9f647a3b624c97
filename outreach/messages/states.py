"""The life of a message, in one table. Code asks the table; a status never moves backwards."""

from __future__ import annotations

from enum import StrEnum


class MessageStatus(StrEnum):
    # outbound
    QUEUED = "queued"  #: planned; may leave when due and still allowed
    CLAIMED = "claimed"  #: a worker holds it; no byte has left
    SENDING = "sending"  #: an attempt is written; bytes may be leaving
    ACCEPTED = "accepted"  #: the provider took it
    SENT = "sent"  #: the provider passed it on
    DELIVERED = "delivered"
    FAILED = "failed"  #: certainly not delivered, with a code
    UNKNOWN = "unknown"  #: nobody knows; never repeated by itself
    DENIED = "denied"  #: the gate refused it, with a decision record
    WITHDRAWN = "withdrawn"  #: silenced, paused for good, or cancelled before it left
    EXPIRED = "expired"  #: too late to matter
    PARKED = "parked"  #: crashed its worker too often; a person looks
    # inbound
    RECEIVED = "received"
    ANSWERED = "answered"


S = MessageStatus
_TAKEN = (S.ACCEPTED, S.SENT, S.DELIVERED, S.FAILED)

#: from -> allowed next
MOVES: dict[MessageStatus, frozenset[MessageStatus]] = {
    # From queued and claimed a late receipt may tell that an attempt found not sent was sent after all.
    S.QUEUED: frozenset({S.CLAIMED, S.DENIED, S.WITHDRAWN, S.EXPIRED, S.PARKED, *_TAKEN}),
    S.CLAIMED: frozenset({S.QUEUED, S.SENDING, S.DENIED, S.WITHDRAWN, S.EXPIRED, S.PARKED, *_TAKEN}),
    S.SENDING: frozenset({S.QUEUED, S.UNKNOWN, S.WITHDRAWN, S.EXPIRED, *_TAKEN}),
    S.UNKNOWN: frozenset({S.QUEUED, S.WITHDRAWN, S.EXPIRED, *_TAKEN}),
    S.ACCEPTED: frozenset({S.SENT, S.DELIVERED, S.FAILED}),
    S.SENT: frozenset({S.DELIVERED, S.FAILED}),
    S.FAILED: frozenset({S.DELIVERED}),  # a late receipt outranks a failure (channel-facts 1.5)
    S.DELIVERED: frozenset(),
    S.DENIED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.EXPIRED: frozenset(),
    S.PARKED: frozenset({S.QUEUED, S.WITHDRAWN}),
    S.RECEIVED: frozenset({S.ANSWERED}),
    S.ANSWERED: frozenset(),
}


def sources(then: MessageStatus) -> list[str]:
    """The states from which `then` may be reached: for the `where` of a conditional update."""
    return [s.value for s, targets in MOVES.items() if then in targets]


#: SQL: messages that are no contact about a debt, whatever else they are
NO_CONTACT = "('opt_out_confirmation', 'sign_in_code')"
#: SQL: messages that convey information about a debt; a reply that says nothing of one is no initial communication
CONVEYS = f"purpose not in {NO_CONTACT} and coalesce((content ->> 'about_debt')::boolean, true)"
