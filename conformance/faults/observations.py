"""Lies about what an observation is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.rewriting import COLLECTION, edited, id_of, is_create, is_list, is_read, refusal, serving
from conformance.reference import HONEST, Behaviour
from conformance.reference.http import answer

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response

ID_LENGTH = 30
KNOWN_PREFIX = 18


@lies_at_the_door("OBS-01")
async def observation_leaves_null_fields_out(request: Request, honest: Handler) -> Response:
    """Fields that are null are not served."""
    door = serving(lambda one: {name: value for name, value in one.items() if value is not None})
    return await door(request, honest)


@lies_at_the_door("OBS-01")
async def listed_observation_lacks_updated_at(request: Request, honest: Handler) -> Response:
    """Observations in lists have no updated_at."""
    response = await honest(request)
    if not is_list(request):
        return response
    return edited(response, lambda one: {name: value for name, value in one.items() if name != "updated_at"})


@lies_at_the_door("OBS-01")
async def archive_answers_with_id_and_archived_at(request: Request, honest: Handler) -> Response:
    """Archive answers with no more of the observation than what it changed."""
    response = await honest(request)
    if not request.path.endswith("/archive"):
        return response
    return edited(response, lambda one: {"id": one["id"], "archived_at": one["archived_at"]})


@lies_at_the_door("OBS-02")
async def listed_id_in_lower_case(request: Request, honest: Handler) -> Response:
    """Ids in lists are written in lower case."""
    response = await honest(request)
    return edited(response, lambda one: one | {"id": one["id"].lower()}) if is_list(request) else response


@lies_at_the_door("OBS-02")
async def listed_id_has_a_character_more(request: Request, honest: Handler) -> Response:
    """Ids in lists are 27 characters long."""
    response = await honest(request)
    return edited(response, lambda one: one | {"id": one["id"] + "0"}) if is_list(request) else response


@lies_at_the_door("OBS-03")
async def listed_type_is_capitalized(request: Request, honest: Handler) -> Response:
    """The type in lists is Strength or Opportunity."""
    response = await honest(request)
    return edited(response, lambda one: one | {"type": one["type"].title()}) if is_list(request) else response


@lies_at_the_door("OBS-03")
async def no_attributes_are_null(request: Request, honest: Handler) -> Response:
    """attribute_ids is null where there are none."""
    door = serving(lambda one: one | {"attribute_ids": one.get("attribute_ids") or None})
    return await door(request, honest)


@lies_at_the_door("OBS-03")
async def archived_at_is_false_while_active(request: Request, honest: Handler) -> Response:
    """archived_at is false, not null, while the observation is active."""
    door = serving(lambda one: one | {"archived_at": one["archived_at"] or False})
    return await door(request, honest)


@lies_at_the_door("OBS-04")
async def observation_date_has_a_time(request: Request, honest: Handler) -> Response:
    """observation_date is served as a date-time."""
    door = serving(lambda one: one | {"observation_date": f"{one['observation_date']}T00:00:00Z"})
    return await door(request, honest)


@lies_at_the_door("OBS-04")
async def archived_at_has_a_space(request: Request, honest: Handler) -> Response:
    """archived_at is written as SQL does, with a space between day and time."""
    door = serving(lambda one: one | {"archived_at": one["archived_at"] and one["archived_at"].replace("T", " ")})
    return await door(request, honest)


@lies_at_the_door("OBS-05")
async def listed_text_is_empty(request: Request, honest: Handler) -> Response:
    """Lists serve the observation's text as an empty one."""
    response = await honest(request)
    return edited(response, lambda one: one | {"observation": ""}) if is_list(request) else response


@lies_at_the_door("OBS-05")
async def impact_is_filled_up(request: Request, honest: Handler) -> Response:
    """The impact is padded beyond its 2000 characters."""
    door = serving(lambda one: one | {"impact": (one["impact"] or "").ljust(2001)})
    return await door(request, honest)


@lies_at_the_door("OBS-05")
async def attributes_are_named_twice(request: Request, honest: Handler) -> Response:
    """Each attribute stands twice in lists, as a careless join gives it."""
    response = await honest(request)
    twice = ["attr_01", "attr_01"]
    if not is_list(request):
        return response
    return edited(response, lambda one: one | {"attribute_ids": one.get("attribute_ids", []) * 2 or twice})


@lies_at_the_door("OBS-06")
async def updated_at_is_of_another_year(request: Request, honest: Handler) -> Response:
    """updated_at is years before created_at."""
    door = serving(lambda one: one | {"updated_at": "2020" + one["updated_at"][4:]})
    return await door(request, honest)


@lies_at_the_door("OBS-07")
async def read_cuts_long_texts(request: Request, honest: Handler) -> Response:
    """A read cuts impact to 255 characters."""
    response = await honest(request)
    return edited(response, lambda one: one | {"impact": (one["impact"] or "")[:255]}) if is_read(request) else response


@lies_at_the_door("OBS-07")
async def list_cuts_long_texts(request: Request, honest: Handler) -> Response:
    """A list cuts impact to 200 characters."""
    response = await honest(request)
    cut = serving(lambda one: one | {"impact": one["impact"] and one["impact"][:200]})
    return await cut(request, honest) if is_list(request) else response


@lies_at_the_door("OBS-07")
async def read_and_list_differ_in_the_date(request: Request, honest: Handler) -> Response:
    """A read gives another observation_date than create and list."""
    response = await honest(request)
    if not is_read(request):
        return response
    return edited(response, lambda one: one | {"observation_date": "2000-01-01"})


@lies_at_the_door("OBS-08")
async def unknown_id_is_forbidden(request: Request, honest: Handler) -> Response:
    """An id that was never issued gets 403 permission_denied."""
    response = await honest(request)
    return refusal("permission_denied") if is_read(request) and response.status == 404 else response


@lies_at_the_door("OBS-08")
async def unknown_id_is_gone(request: Request, honest: Handler) -> Response:
    """An id that was never issued gets 404 with the code gone."""
    response = await honest(request)
    if not is_read(request) or response.status != 404:
        return response
    return response.with_json({"error": response.json()["error"] | {"code": "gone"}})


@lies("OBS-08")
def ids_are_told_by_their_beginning() -> Behaviour:
    """An unknown id gives the observation whose id begins alike."""
    known: dict[str, str] = {}

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if is_create(request) and response.status == 201:
            made = response.json()["id"]
            known[made[:KNOWN_PREFIX]] = made
        alike = known.get(id_of(request)[:KNOWN_PREFIX])
        if is_read(request) and response.status == 404 and alike:
            return await honest(replace(request, path=request.path.replace(id_of(request), alike)))
        return response

    return replace(HONEST, door=door)


@lies_at_the_door("OBS-09")
async def archived_is_not_found(request: Request, honest: Handler) -> Response:
    """An archived observation is not found by its id."""
    response = await honest(request)
    archived = is_read(request) and response.status == 200 and response.json()["archived_at"]
    return refusal("not_found") if archived else response


@lies_at_the_door("OBS-09")
async def archived_reads_as_active(request: Request, honest: Handler) -> Response:
    """A read of an archived observation gives archived_at null."""
    response = await honest(request)
    return edited(response, lambda one: one | {"archived_at": None}) if is_read(request) else response


@lies_at_the_door("OBS-10")
async def malformed_id_breaks_the_server(request: Request, honest: Handler) -> Response:
    """An id of another form gets 500."""
    if is_read(request) and len(id_of(request)) != ID_LENGTH:
        return answer(500, {"error": {"code": "internal_error", "message": "Something went wrong."}})
    return await honest(request)


@lies_at_the_door("OBS-10")
async def id_of_another_kind_is_a_null(request: Request, honest: Handler) -> Response:
    """The id of an employee gets 200 with null in data."""
    if is_read(request) and id_of(request).startswith("emp_"):
        return answer(200, {"data": None})
    return await honest(request)


@lies_at_the_door("OBS-10")
async def ids_are_read_in_any_case(request: Request, honest: Handler) -> Response:
    """An id in lower case finds the observation."""
    spelled = f"obs_{id_of(request).removeprefix('obs_').upper()}"
    return await honest(replace(request, path=f"{COLLECTION}/{spelled}") if _is_lower(request) else request)


def _is_lower(request: Request) -> bool:
    """Tell whether a read asks for an id in lower case."""
    return is_read(request) and id_of(request) == id_of(request).lower() and len(id_of(request)) == ID_LENGTH


@lies_at_the_door("OBS-10")
async def ids_are_read_without_their_prefix(request: Request, honest: Handler) -> Response:
    """An id without obs_ finds the observation."""
    bare = is_read(request) and len(id_of(request)) == ID_LENGTH - len("obs_")
    return await honest(replace(request, path=f"{COLLECTION}/obs_{id_of(request)}") if bare else request)


@lies_at_the_door("OBS-11")
async def listed_id_holds_a_u(request: Request, honest: Handler) -> Response:
    """Ids in lists have a U, which the alphabet of ULIDs lacks."""
    response = await honest(request)
    return edited(response, lambda one: one | {"id": one["id"][:-1] + "U"}) if is_list(request) else response


@lies_at_the_door("OBS-11")
async def listed_id_is_beyond_128_bits(request: Request, honest: Handler) -> Response:
    """Ids in lists begin with an 8, which no ULID of 128 bits does."""
    response = await honest(request)
    return edited(response, lambda one: one | {"id": "obs_8" + one["id"][5:]}) if is_list(request) else response


@lies_at_the_door("OBS-12")
async def timestamps_have_no_offset(request: Request, honest: Handler) -> Response:
    """created_at has no offset."""
    door = serving(lambda one: one | {"created_at": one["created_at"].rstrip("Z")})
    return await door(request, honest)


@lies_at_the_door("OBS-12")
async def updated_at_in_local_time(request: Request, honest: Handler) -> Response:
    """updated_at is told with the offset of another zone."""
    door = serving(lambda one: one | {"updated_at": one["updated_at"].replace("Z", "+02:00")})
    return await door(request, honest)


@lies_at_the_door("OBS-07")
async def those_of_deactivated_people_are_listed_only(request: Request, honest: Handler) -> Response:
    """An observation about somebody deactivated is not found by its id: the join knows active people alone."""
    response = await honest(request)
    if not is_read(request) or response.status != 200 or "employee_id" not in response.json():
        return response
    path = f"/v1/employees/{response.json()['employee_id']}"
    person = await honest(replace(request, path=path, query=(), raw_query=""))
    return refusal("not_found") if person.json().get("status") == "deactivated" else response
