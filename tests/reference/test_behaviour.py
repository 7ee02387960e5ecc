"""Lies and legal variants: what a behaviour can change, and how."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.reference import HONEST, Handler, Request, Response
from conformance.reference.http import answer
from conformance.reference.listing import page_size
from conformance.reference.publishing import in_data

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reference.conftest import Caller


async def repeat(request: Request, handler: Handler) -> Response:
    """Do everything twice."""
    await handler(request)
    return await handler(request)


async def swallow(_request: Request, _handler: Handler) -> Response:
    """Answer everything with nothing."""
    return answer(200, {})


async def unlimit(request: Request, handler: Handler) -> Response:
    """Ask for three items, whatever the client asks for, and hide that there are more."""
    response = await handler(request.with_query("limit", "3"))
    return response.with_json({**response.json(), "has_more": False})


def test_a_door_may_call_the_handler_twice(make: Callable[..., Caller]) -> None:
    """A lie may repeat a request."""
    api = make(replace(HONEST, door=repeat))
    before = len(api.walk("/observations"))
    api.observe()
    assert len(api.walk("/observations")) == before + 2


def test_a_door_may_answer_itself(make: Callable[..., Caller]) -> None:
    """A lie may leave the handler out."""
    assert make(replace(HONEST, door=swallow)).get("/nonsense") == {}


def test_a_door_may_rewrite_both_ways(make: Callable[..., Caller]) -> None:
    """A lie may change the request and the response."""
    page = make(replace(HONEST, door=unlimit)).get("/observations", limit=10)
    assert (len(page["data"]), page["has_more"]) == (3, False)


def test_a_variant_may_clamp_the_limit(make: Callable[..., Caller]) -> None:
    """A page size is one decision, made apart."""
    api = make(replace(HONEST, page_size=lambda text: page_size("100" if text == "500" else text)))
    assert len(api.get("/observations", limit=500)["data"]) == 100


def test_a_variant_may_serve_whole_seconds(make: Callable[..., Caller]) -> None:
    """Precision is one decision for what is stored, and one for how it is written."""
    whole = replace(
        HONEST,
        precision=lambda instant: instant - instant % 1_000_000,
        timestamp=lambda instant: HONEST.timestamp(instant).replace(".000Z", "Z"),
    )
    assert make(whole).observe()["created_at"] == "2026-01-15T12:00:00Z"


def test_a_variant_may_wrap_single_resources(make: Callable[..., Caller]) -> None:
    """The envelope of single resources is one decision."""
    api = make(replace(HONEST, envelope=lambda item: {"data": item}))
    employee = api.employee()
    assert api.get(f"/employees/{employee['id']}") == {"data": employee}


def test_a_lie_may_count_bytes(make: Callable[..., Caller]) -> None:
    """The measure of a text's length is one decision."""
    api = make(replace(HONEST, text_length=lambda text: len(text.encode())))
    body = {"employee_id": api.employee()["id"], "type": "strength", "observation": "é" * 2001}
    assert api.post("/observations", body).status == 400


def test_a_lie_may_look_at_direct_reports_only(make: Callable[..., Caller]) -> None:
    """Who reports to a manager is one decision."""
    api = make(replace(HONEST, reports=lambda lines, manager_id: frozenset(lines.get(manager_id, ()))))
    top = next(each["id"] for each in api.walk("/employees") if each["manager_id"] is None)
    direct = {each["id"] for each in api.walk("/employees") if each["manager_id"] == top}
    assert {item["employee_id"] for item in api.walk("/observations", **{"filter[manager_id]": top})} <= direct


def test_a_lie_may_show_everything_to_everyone(make: Callable[..., Caller]) -> None:
    """Who sees what is one decision for each purpose."""

    def leak(purpose, table, organization_id):  # noqa: ANN001, ANN202 - as the field it stands for
        honest = HONEST.visible(purpose, table, organization_id)
        return table.c.id.is_not(None) if purpose == "list" else honest

    api = make(replace(HONEST, visible=leak))
    assert api.walk("/attributes") == api.using("other_org").walk("/attributes")


def test_lists_may_lag_behind_writes(make: Callable[..., Caller]) -> None:
    """With a lag a list shows a new item, and hides an archived one, only after it; a read by id never lags."""
    api = make(replace(HONEST, lag=2.0))
    made = api.observe()
    seen = []
    for seconds in (0, 1.9, 0.2):
        api.reference.clock.advance(seconds)
        listed = made["id"] in {item["id"] for item in api.walk("/observations")}
        seen.append((listed, api.get(f"/observations/{made['id']}")["id"] == made["id"]))
    assert seen == [(False, True), (False, True), (True, True)]


def test_references_do_not_share_data(make: Callable[..., Caller]) -> None:
    """What one reference is told the next one does not know."""
    made = make().observe()
    assert make()("GET", f"/observations/{made['id']}").status == 404


def test_requests_in_one_loop_do_not_disturb_each_other(api: Caller) -> None:
    """A hundred creates sent at once make a hundred observations."""
    body = {"employee_id": api.employee()["id"], "type": "strength", "observation": "x"}
    request = Request("POST", "/v1/observations", (), api.headers).with_json(body)

    async def burst() -> list[Response]:
        return await asyncio.gather(*(api.reference.handle(request) for _ in range(100)))

    assert len({response.json()["id"] for response in asyncio.run(burst())}) == 100


def test_the_spec_of_a_wrapping_variant_says_so(make: Callable[..., Caller]) -> None:
    """A variant publishes what it serves: the single resource inside data, the session as before."""
    document = make(replace(HONEST, publish=in_data)).get("/openapi.json")
    responses = [document["paths"][path]["get"]["responses"]["200"] for path in ("/observations/{id}", "/session")]
    schemas = [response["content"]["application/json"]["schema"] for response in responses]
    inner = {"$ref": "#/components/schemas/Observation"}
    wrapped = {"type": "object", "required": ["data"], "properties": {"data": inner}}
    assert schemas == [wrapped, {"$ref": "#/components/schemas/Session"}]
