"""Lies about creating observations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.rewriting import (
    created_from,
    edited,
    is_create,
    is_list,
    overlaying,
    refusal,
    resent,
    sent,
)
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference import Handler, Request, Response


@lies_at_the_door("OBC-01")
async def create_answers_200(request: Request, honest: Handler) -> Response:
    """A create answers 200."""
    response = await honest(request)
    return replace(response, status=200) if is_create(request) and response.status == 201 else response


@lies_at_the_door("OBC-01")
async def create_without_a_key_answers_200(request: Request, honest: Handler) -> Response:
    """A create without Idempotency-Key answers 200."""
    response = await honest(request)
    keyless = is_create(request) and request.header("Idempotency-Key") is None
    return replace(response, status=200) if keyless and response.status == 201 else response


@lies_at_the_door("OBC-01")
async def create_answers_without_an_id(request: Request, honest: Handler) -> Response:
    """A create answers with all but the id."""
    response = await honest(request)
    if not is_create(request):
        return response
    return edited(response, lambda one: {name: value for name, value in one.items() if name != "id"})


@lies_at_the_door("OBC-01")
async def create_answers_with_a_list(request: Request, honest: Handler) -> Response:
    """A create answers with a list that holds the resource."""
    response = await honest(request)
    return response.with_json([response.json()]) if is_create(request) and response.status == 201 else response


@lies_at_the_door("OBC-01")
async def create_answers_without_the_attributes(request: Request, honest: Handler) -> Response:
    """A create answers with an empty attribute_ids, whatever was sent."""
    response = await honest(request)
    return edited(response, lambda one: one | {"attribute_ids": []}) if is_create(request) else response


@lies_at_the_door("OBC-01")
async def every_create_is_a_strength(request: Request, honest: Handler) -> Response:
    """An opportunity is stored as a strength."""
    return await created_from(
        request, honest, lambda body: body | {"type": "strength"} if body.get("type") == "opportunity" else body
    )


@lies_at_the_door("OBC-01")
async def a_date_needs_an_impact(request: Request, honest: Handler) -> Response:
    """A create without an impact is dated today, whatever date it gives."""
    if not is_create(request) or "impact" in sent(request):
        return await honest(request)
    return await resent(request, honest, lambda body: {name: body[name] for name in body if name != "observation_date"})


@lies("OBC-02")
def created_is_left_out_of_lists() -> Behaviour:
    """What was created stands in no list."""
    return _unlisted(lambda _: True)


@lies("OBC-02")
def created_is_left_out_of_lists_by_type() -> Behaviour:
    """What was created stands in no list that is filtered by type."""
    return _unlisted(lambda request: request.param("filter[type]") is not None)


@lies("OBC-02")
def created_is_left_out_of_lists_by_manager() -> Behaviour:
    """What was created stands in no list that is filtered by a manager."""
    return _unlisted(lambda request: request.param("filter[manager_id]") is not None)


def _unlisted(where: Callable[[Request], bool]) -> Behaviour:
    made: set[str] = set()

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if is_create(request) and response.status == 201:
            made.add(response.json()["id"])
        if not is_list(request) or response.status != 200 or not where(request):
            return response
        page = response.json()
        return response.with_json(page | {"data": [one for one in page["data"] if one["id"] not in made]})

    return replace(HONEST, door=door)


@lies_at_the_door("OBC-03")
async def impact_is_required(request: Request, honest: Handler) -> Response:
    """A create without impact is refused."""
    missing = is_create(request) and "impact" not in sent(request)
    return refusal("validation_error", "impact") if missing else await honest(request)


@lies_at_the_door("OBC-03")
async def what_is_left_out_is_an_empty_text(request: Request, honest: Handler) -> Response:
    """A recommended_action that was left out is an empty text."""
    return await created_from(request, honest, lambda body: {"recommended_action": ""} | body)


@lies_at_the_door("OBC-05")
async def type_defaults_to_strength(request: Request, honest: Handler) -> Response:
    """A create without type makes a strength."""
    return await created_from(request, honest, lambda body: {"type": "strength"} | body)


@lies_at_the_door("OBC-05")
async def missing_employee_is_unprocessable(request: Request, honest: Handler) -> Response:
    """A create without employee_id gets 422."""
    missing = is_create(request) and "employee_id" not in sent(request)
    return refusal("unprocessable", "employee_id") if missing else await honest(request)


@lies_at_the_door("OBC-05")
async def missing_text_is_not_named(request: Request, honest: Handler) -> Response:
    """The refusal of a create without observation names another field."""
    missing = is_create(request) and "observation" not in sent(request)
    return refusal("validation_error", "text") if missing else await honest(request)


@lies_at_the_door("OBC-06")
async def type_in_any_case(request: Request, honest: Handler) -> Response:
    """Strength is taken for strength."""
    return await created_from(
        request, honest, lambda body: body | ({"type": "strength"} if body.get("type") == "Strength" else {})
    )


@lies_at_the_door("OBC-06")
async def type_is_trimmed(request: Request, honest: Handler) -> Response:
    """Blanks around a type are cut off."""
    return await created_from(
        request,
        honest,
        lambda body: body | ({"type": body["type"].strip()} if isinstance(body.get("type"), str) else {}),
    )


@lies_at_the_door("OBC-06")
async def type_in_the_plural(request: Request, honest: Handler) -> Response:
    """A type is told by its first letter."""
    types = {"s": "strength", "o": "opportunity"}
    return await created_from(
        request, honest, lambda body: body | {"type": types.get(str(body.get("type"))[:1], body.get("type"))}
    )


@lies_at_the_door("OBC-06")
async def empty_type_is_a_strength(request: Request, honest: Handler) -> Response:
    """An empty type is taken for none, and none for strength."""
    return await created_from(request, honest, lambda body: body | {"type": body.get("type") or "strength"})


@lies("OBC-07")
def created_at_can_be_set() -> Behaviour:
    """A create takes over created_at."""
    return overlaying(lambda request, _: _taken(request, "created_at"))


@lies("OBC-07")
def archived_at_can_be_set_while_ids_are_refused() -> Behaviour:
    """A create with an id is refused; one with archived_at alone takes it over."""

    async def door(request: Request, honest: Handler) -> Response:
        if is_create(request) and "id" in sent(request):
            return refusal("validation_error", "id")
        return await honest(request)

    return overlaying(lambda request, _: _taken(request, "archived_at"), door)


def _taken(request: Request, field: str) -> dict[str, Any]:
    body = sent(request)
    return {field: body[field]} if is_create(request) and field in body else {}


@lies_at_the_door("OBC-08")
async def unknown_employee_is_not_found(request: Request, honest: Handler) -> Response:
    """A create for an employee who does not exist gets 404."""
    response = await honest(request)
    return refusal("not_found") if is_create(request) and response.status == 422 else response


@lies_at_the_door("OBC-08")
async def refused_create_is_stored(request: Request, honest: Handler) -> Response:
    """A create for an employee who does not exist gets 422, and is stored for somebody else."""
    response = await honest(request)
    if is_create(request) and response.status == 422 and "employee" in response.body.decode():
        people = await honest(replace(request, method="GET", path="/v1/employees", body=b""))
        fresh = request.without_header("idempotency-key")
        await honest(fresh.with_json(sent(request) | {"employee_id": people.json()["data"][0]["id"]}))
    return response


@lies_at_the_door("OBC-09")
async def unknown_attribute_is_invalid(request: Request, honest: Handler) -> Response:
    """A create with an attribute that does not exist gets 400."""
    response = await honest(request)
    return refusal("validation_error") if is_create(request) and response.status == 422 else response


@lies_at_the_door("OBC-09")
async def unknown_attribute_beside_a_known_one_is_dropped(request: Request, honest: Handler) -> Response:
    """Of several attributes only the first has to exist."""
    response = await honest(request)
    ids = sent(request).get("attribute_ids") or []
    if not is_create(request) or response.status != 422 or len(ids) < 2:
        return response
    fresh = request.without_header("idempotency-key")
    return await honest(fresh.with_json(sent(request) | {"attribute_ids": ids[:1]}))


@lies_at_the_door("OBC-11")
async def deactivated_employee_is_unprocessable(request: Request, honest: Handler) -> Response:
    """A create for a deactivated employee gets 422."""
    if not is_create(request):
        return await honest(request)
    path = f"/v1/employees/{sent(request).get('employee_id')}"
    person = await honest(replace(request, method="GET", path=path, body=b""))
    deactivated = person.status == 200 and person.json()["status"] == "deactivated"
    return refusal("unprocessable", "employee_id") if deactivated else await honest(request)


@lies_at_the_door("OBC-15")
async def a_number_among_attributes_is_unprocessable(request: Request, honest: Handler) -> Response:
    """A number among attribute_ids counts as an id that does not exist."""
    named = sent(request).get("attribute_ids") if is_create(request) else None
    numbered = isinstance(named, list) and any(isinstance(one, int) for one in named)
    return refusal("unprocessable", "attribute_ids") if numbered else await honest(request)


@lies_at_the_door("OBC-15")
async def numbers_become_text(request: Request, honest: Handler) -> Response:
    """A number as observation is stored as its text."""
    return await created_from(
        request,
        honest,
        lambda body: body | ({"observation": "42"} if body.get("observation") == 42 else {}),
    )


@lies_at_the_door("OBC-15")
async def false_counts_as_left_out(request: Request, honest: Handler) -> Response:
    """False in an optional field counts as none."""
    return await created_from(
        request, honest, lambda body: {name: value for name, value in body.items() if value is not False}
    )


@lies_at_the_door("OBC-15")
async def nothing_in_a_list_is_dropped(request: Request, honest: Handler) -> Response:
    """A null among attribute_ids is left out."""

    def change(body: dict[str, Any]) -> dict[str, Any]:
        told = body.get("attribute_ids")
        return body | ({"attribute_ids": [one for one in told if one is not None]} if isinstance(told, list) else {})

    return await created_from(request, honest, change)


@lies_at_the_door("OBC-15")
async def zero_clears_the_impact(request: Request, honest: Handler) -> Response:
    """An impact that is a zero counts as none."""
    return await created_from(
        request, honest, lambda body: body | ({"impact": None} if body.get("impact") in (0, []) else {})
    )


@lies_at_the_door("OBC-15")
async def one_attribute_may_stand_alone(request: Request, honest: Handler) -> Response:
    """A text as attribute_ids counts as a list of one."""

    def change(body: dict[str, Any]) -> dict[str, Any]:
        one = body.get("attribute_ids")
        return body | {"attribute_ids": [one]} if isinstance(one, str) else body

    return await created_from(request, honest, change)


@lies_at_the_door("OBC-15")
async def wrong_type_is_unprocessable(request: Request, honest: Handler) -> Response:
    """A number as employee_id gets 422."""
    number = is_create(request) and isinstance(sent(request).get("employee_id"), int)
    return refusal("unprocessable", "employee_id") if number else await honest(request)
