"""Who may do what, as data. No act here can force a refused send: that is decided elsewhere, for everyone alike."""

from __future__ import annotations

from outreach.errors import OutreachError
from outreach.staff.models import Role

#: act -> the roles that may do it. Compliance reads all and approves, and sends nothing; an administrator has no case
#: content; a creditor sees only its own accounts (`Staff.creditor_id` narrows every query).
ACTS: dict[str, frozenset[Role]] = {
    "cases.read": frozenset({Role.CASE_MANAGER, Role.TEAM_LEAD, Role.COMPLIANCE}),
    "cases.work": frozenset({Role.CASE_MANAGER, Role.TEAM_LEAD}),
    "cases.reassign": frozenset({Role.TEAM_LEAD}),
    "messages.send": frozenset({Role.CASE_MANAGER, Role.TEAM_LEAD}),
    "accounts.read": frozenset({Role.CASE_MANAGER, Role.TEAM_LEAD, Role.COMPLIANCE, Role.CREDITOR}),
    "accounts.change": frozenset({Role.CASE_MANAGER, Role.TEAM_LEAD}),
    "payments.record": frozenset({Role.CASE_MANAGER, Role.TEAM_LEAD}),
    "plans.propose": frozenset({Role.CASE_MANAGER, Role.TEAM_LEAD}),
    "plans.approve": frozenset({Role.TEAM_LEAD, Role.COMPLIANCE}),
    "disputes.answer": frozenset({Role.CASE_MANAGER, Role.TEAM_LEAD}),
    "disputes.uphold": frozenset({Role.TEAM_LEAD, Role.COMPLIANCE}),
    "holds.place": frozenset({Role.CASE_MANAGER, Role.TEAM_LEAD, Role.COMPLIANCE}),
    "holds.release": frozenset({Role.TEAM_LEAD, Role.COMPLIANCE}),
    "campaigns.read": frozenset({Role.TEAM_LEAD, Role.COMPLIANCE}),
    "campaigns.run": frozenset({Role.TEAM_LEAD}),
    "campaigns.approve": frozenset({Role.COMPLIANCE, Role.TEAM_LEAD}),
    "templates.approve": frozenset({Role.COMPLIANCE}),
    "reports.read": frozenset({Role.TEAM_LEAD, Role.COMPLIANCE, Role.CREDITOR}),
    "reader.tend": frozenset({Role.TEAM_LEAD, Role.COMPLIANCE, Role.ADMIN}),
    "audit.read": frozenset({Role.COMPLIANCE}),
    "switches.throw": frozenset({Role.TEAM_LEAD, Role.COMPLIANCE, Role.ADMIN}),
    "users.manage": frozenset({Role.ADMIN}),
    "partners.manage": frozenset({Role.ADMIN}),
    "settings.change": frozenset({Role.ADMIN}),
}


class ForbiddenError(OutreachError):
    """Your role does not include this. Ask a team lead."""

    status = 403


def may(role: Role | str, act: str) -> bool:
    """Whether a role includes an act. An unknown act is a mistake in our code: KeyError."""
    return role in ACTS[act]


def require(role: Role | str, act: str) -> None:
    """Raise ForbiddenError unless the role includes the act."""
    if not may(role, act):
        raise ForbiddenError
