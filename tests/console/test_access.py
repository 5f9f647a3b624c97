"""Every route of the console against every role, from the route table itself (quality bar S7)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

from outreach.staff import permissions
from outreach.web import console
from outreach.web.console import guard
from tests.console import cast

#: open to whoever comes: the way in and out
DOORS = {"/console/sign-in", "/console/sign-in/{token}", "/console/sign-out"}


def leaves(router: APIRouter) -> Iterator[APIRoute]:
    for route in router.routes:
        nested = getattr(route, "original_router", None)
        if nested is not None:
            yield from leaves(nested)
        elif isinstance(route, APIRoute):
            yield route


ROUTES = [(method, route) for route in leaves(console.router()) for method in sorted(route.methods)]


def act_of(route: APIRoute) -> str | None:
    """The act its guard asks for. A route without a guard fails here."""
    acts = [d.call.act for d in route.dependant.dependencies if hasattr(d.call, "act")]
    assert len(acts) == 1, f"{route.path} has no guard of its own"
    return acts[0]


def address(route: APIRoute) -> str:
    """An address of the route that names nothing that exists."""
    made = route.path.replace("{message_id}", "00000000-0000-7000-8000-000000000000")
    while "{" in made:
        made = made[: made.index("{")] + "999999" + made[made.index("}") + 1 :]
    return made


class TestEveryRoute:
    def test_is_found(self):
        assert len(ROUTES) > 35

    @pytest.mark.parametrize(("method", "route"), ROUTES, ids=lambda v: getattr(v, "path", v))
    def test_stands_behind_a_known_act(self, method, route):
        if route.path in DOORS:
            return
        act = act_of(route)
        assert act is None or act in permissions.ACTS

    async def test_sends_a_stranger_to_the_door(self, enter):
        stranger = await enter()
        for method, route in ROUTES:
            if route.path not in DOORS:
                answer = await stranger.request(method, address(route))
                assert (answer.status_code, answer.headers.get("location")) == (303, guard.SIGN_IN), route.path

    @pytest.mark.parametrize("nick", cast.COLLEAGUES)
    async def test_opens_to_exactly_the_roles_of_its_act(self, enter, nick):
        client, role = await enter(nick), cast.COLLEAGUES[nick][1]
        for method, route in ROUTES:
            act = None if route.path in DOORS else act_of(route)
            if act is None:
                continue
            answer = await client.request(method, address(route))
            if permissions.may(role, act):
                assert answer.status_code in (200, 204, 303, 404, 409, 422), (route.path, answer.status_code)
            else:
                assert answer.status_code == 403, (route.path, answer.status_code)


class TestSomethingThatIsNotThere:
    """404 is 404: nothing tells an id that exists elsewhere from one that does not."""

    @pytest.mark.parametrize("path", ["/console/cases/999999", "/console/debtors/999999", "/console/decisions/999999"])
    async def test_is_simply_missing(self, enter, path):
        ana = await enter("ana")
        answer = await ana.get(path)
        assert answer.status_code == 404
        assert "Holloway" not in answer.text

    async def test_belongs_to_another_person(self, enter, office):
        """An id in the address is checked against the case it is used in."""
        lee = await enter("lee")
        first, second = office["cases"][0], office["people"][1]["account"]
        answer = await lee.post(
            f"/console/cases/{first}/payments", data={"account": second, "amount": "5", "reference": "x"}
        )
        assert answer.status_code == 404
