"""Colleagues: links of one use, sessions that end at once, roles as data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from outreach.staff import permissions, service
from outreach.staff.models import Role
from tests.nouns import cast


async def test_a_link_signs_in_once_and_within_ten_minutes(session: AsyncSession, now: Any) -> None:
    await cast.colleague(session, now=now)
    link = await service.link(session, now=now, email="Ana.Diaz@example.com ", actor="system:test")
    assert link is not None
    with pytest.raises(service.LinkError):
        await service.sign_in(session, now=now + service.LINK_LIFE, token=link)
    token = await service.sign_in(session, now=now, token=link)
    assert token != link
    user = await service.current(session, now=now, token=token)
    assert user is not None
    assert (user.name, user.role) == ("Ana Diaz", "case_manager")
    with pytest.raises(service.LinkError):
        await service.sign_in(session, now=now, token=link)


async def test_a_stranger_gets_no_link(session: AsyncSession, now: Any) -> None:
    assert await service.link(session, now=now, email="nobody@example.com", actor="system:test") is None


async def _signed_in(session: AsyncSession, now: Any) -> tuple[int, str]:
    staff_id = await cast.colleague(session, now=now)
    link = await service.link(session, now=now, email="ana.diaz@example.com", actor="system:test")
    return staff_id, await service.sign_in(session, now=now, token=link or "")


async def test_a_change_of_role_or_a_ban_takes_effect_with_the_next_request(session: AsyncSession, now: Any) -> None:
    staff_id, token = await _signed_in(session, now)
    await cast.colleague(session, now=now, role="team_lead")
    assert (await service.current(session, now=now, token=token) or user_missing()).role == "team_lead"
    await service.disable(session, now=now, staff_id=staff_id, actor="system:test")
    assert await service.current(session, now=now, token=token) is None
    assert await service.link(session, now=now, email="ana.diaz@example.com", actor="system:test") is None


def user_missing() -> service.User:
    raise AssertionError("nobody is signed in")


async def test_a_session_ends_by_sign_out_idleness_and_age(session: AsyncSession, now: Any) -> None:
    _, token = await _signed_in(session, now)
    assert await service.current(session, now=now + service.SESSION_IDLE, token=token) is None
    at = now
    while at < now + service.SESSION_LIFE - timedelta(minutes=20):
        at += timedelta(minutes=20)
        assert await service.current(session, now=at, token=token)
    assert await service.current(session, now=at + timedelta(minutes=20), token=token) is None
    await service.sign_out(session, now=now, token=token)
    assert await service.current(session, now=now, token=token) is None


async def test_only_a_creditors_user_belongs_to_a_creditor(session: AsyncSession, now: Any) -> None:
    creditor_id = await cast.creditor(session, now=now)
    await service.add(
        session, now=now, email="c@example.com", role="creditor", actor="system:test", creditor_id=creditor_id
    )
    for role, creditor in (("creditor", None), ("admin", creditor_id)):
        with pytest.raises(service.StaffError, match="exactly one creditor"):
            await service.add(
                session, now=now, email="d@example.com", role=role, actor="system:test", creditor_id=creditor
            )


@pytest.mark.parametrize(
    ("role", "acts", "not_acts"),
    [
        # reads all, approves, sends nothing (K15)
        (Role.COMPLIANCE, {"cases.read", "plans.approve", "campaigns.approve"}, {"messages.send", "cases.work"}),
        # no case content
        (Role.ADMIN, {"users.manage"}, {"cases.read", "accounts.read", "messages.send"}),
        (Role.CREDITOR, {"accounts.read"}, {"cases.read", "messages.send", "users.manage"}),
        (Role.CASE_MANAGER, {"messages.send", "cases.work"}, {"plans.approve", "cases.reassign"}),
    ],
)
def test_a_role_is_a_set_of_acts(role: Role, acts: set[str], not_acts: set[str]) -> None:
    assert {act for act in acts | not_acts if permissions.may(role, act)} == acts
    with pytest.raises(permissions.ForbiddenError):
        permissions.require(role, sorted(not_acts)[0])
