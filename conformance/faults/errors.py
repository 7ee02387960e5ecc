"""Lies in refusals and their envelope."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.faults.model import lies_at_the_door

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference import Handler, Request, Response


def _error(response: Response) -> dict[str, Any]:
    """Give the error object of an honest refusal, for changing."""
    return dict(response.json()["error"])


def _with_error(response: Response, **members: object) -> Response:
    """Change members of the error; `...` leaves one out."""
    error = _error(response) | members
    return response.with_json({"error": {name: value for name, value in error.items() if value is not ...}})


def _with_details(response: Response, change: Callable[[list[dict[str, Any]]], object]) -> Response:
    """Change the details of a validation error, where there are some."""
    if response.status != 400 or "details" not in _error(response):
        return response
    return _with_error(response, details=change(_error(response)["details"]))


def _writes(request: Request) -> bool:
    """Tell whether a request has a body to read."""
    return request.method == "PATCH" or (request.method == "POST" and request.path.endswith("/observations"))


def _mended(request: Request, mend: Callable[[str], object]) -> Request:
    """Give the request with the object that a lenient reader makes of its body, or as it is where it makes none."""
    try:
        value = mend(request.body.decode())
    except ValueError:
        return request
    return request.with_json(value) if _writes(request) and isinstance(value, dict) else request


@lies_at_the_door("ERR-01")
async def envelope_is_flat_on_404(request: Request, honest: Handler) -> Response:
    """A 404 has code and message without the error around them."""
    response = await honest(request)
    return response.with_json(_error(response)) if response.status == 404 else response


@lies_at_the_door("ERR-01")
async def envelope_without_a_message_on_401(request: Request, honest: Handler) -> Response:
    """A 401 has no message."""
    response = await honest(request)
    return _with_error(response, message=...) if response.status == 401 else response


@lies_at_the_door("ERR-01")
async def envelope_holds_a_text(request: Request, honest: Handler) -> Response:
    """A conflict's error is the message alone."""
    response = await honest(request)
    return response.with_json({"error": "already done"}) if response.status == 409 else response


@lies_at_the_door("ERR-01")
async def envelope_code_is_a_number(request: Request, honest: Handler) -> Response:
    """A validation error's code is 400."""
    response = await honest(request)
    return _with_error(response, code=400) if response.status == 400 else response


@lies_at_the_door("ERR-02")
async def unknown_paths_have_a_code_of_their_own(request: Request, honest: Handler) -> Response:
    """A path that leads nowhere gets 404 route_not_found."""
    response = await honest(request)
    return response if "/observations" in request.path or response.status != 404 else _routeless(response)


def _routeless(response: Response) -> Response:
    return _with_error(response, code="route_not_found")


@lies_at_the_door("ERR-02")
async def validation_errors_are_422(request: Request, honest: Handler) -> Response:
    """A validation error on a create has the status 422."""
    response = await honest(request)
    return replace(response, status=422) if response.status == 400 and _writes(request) else response


@lies_at_the_door("ERR-02")
async def conflicts_are_405(request: Request, honest: Handler) -> Response:
    """A conflict has a status that the table does not know."""
    response = await honest(request)
    return replace(response, status=405) if response.status == 409 else response


@lies_at_the_door("ERR-02")
async def unknown_summaries_have_a_code_of_their_own(request: Request, honest: Handler) -> Response:
    """An unknown summary gets 404 summary_not_found."""
    response = await honest(request)
    unknown = response.status == 404 and "/summaries/" in request.path
    return _with_error(response, code="summary_not_found") if unknown else response


@lies_at_the_door("ERR-03")
async def details_are_missing_on_future_dates(request: Request, honest: Handler) -> Response:
    """A date in the future is refused without details."""
    response = await honest(request)
    future = response.status == 400 and b'"observation_date":"9999' in request.body
    return _with_error(response, details=...) if future else response


@lies_at_the_door("ERR-03")
async def details_are_missing(request: Request, honest: Handler) -> Response:
    """A validation error has no details."""
    response = await honest(request)
    return _with_error(response, details=...) if response.status == 400 else response


@lies_at_the_door("ERR-03")
async def details_are_an_object(request: Request, honest: Handler) -> Response:
    """Details are an object of messages by field."""
    return _with_details(await honest(request), lambda found: {one["field"]: one["message"] for one in found})


@lies_at_the_door("ERR-03")
async def details_have_no_code(request: Request, honest: Handler) -> Response:
    """The details have field and message only."""
    response = await honest(request)
    return _with_details(response, lambda found: [{key: one[key] for key in ("field", "message")} for one in found])


@lies_at_the_door("ERR-03")
async def details_name_no_field_on_dates(request: Request, honest: Handler) -> Response:
    """The details of a malformed date name the body."""
    response = await honest(request)
    return _with_details(
        response, lambda found: [one | {"field": one["field"].replace("observation_date", "body")} for one in found]
    )


@lies_at_the_door("ERR-03")
async def details_are_missing_on_updates(request: Request, honest: Handler) -> Response:
    """An update's validation error has no details."""
    response = await honest(request)
    return _with_error(response, details=...) if response.status == 400 and request.method == "PATCH" else response


@lies_at_the_door("ERR-03")
async def details_are_missing_on_null(request: Request, honest: Handler) -> Response:
    """An update with an observation of null is refused without details."""
    response = await honest(request)
    null = request.method == "PATCH" and response.status == 400 and b'"observation":null' in request.body
    return _with_error(response, details=...) if null else response


@lies_at_the_door("ERR-04")
async def details_of_the_first_field_only(request: Request, honest: Handler) -> Response:
    """Only the first invalid field is named."""
    return _with_details(await honest(request), lambda found: found[:1])


@lies_at_the_door("ERR-04")
async def details_of_missing_fields_come_first(request: Request, honest: Handler) -> Response:
    """As long as a required field is missing, only that is told."""
    response = await honest(request)
    return _with_details(response, lambda found: [one for one in found if one["code"] == "required"] or found)


@lies_at_the_door("ERR-04")
async def details_of_one_field_on_updates(request: Request, honest: Handler) -> Response:
    """An update's validation error names one field."""
    response = await honest(request)
    return _with_details(response, lambda found: found[:1]) if request.method == "PATCH" else response


@lies_at_the_door("ERR-05")
async def what_is_no_utf8_breaks_the_server(request: Request, honest: Handler) -> Response:
    """A body that is no UTF-8 gets a 500."""
    response = await honest(request)
    try:
        request.body.decode()
    except UnicodeDecodeError:
        return _with_error(replace(response, status=500), code="internal_error")
    return response


@lies_at_the_door("ERR-05")
async def malformed_json_is_a_server_error(request: Request, honest: Handler) -> Response:
    """A body that is cut off gets a 500."""
    response = await honest(request)
    malformed = response.status == 400 and b"malformed_json" in response.body
    return _with_error(replace(response, status=500), code="internal_error") if malformed else response


@lies_at_the_door("ERR-05")
async def malformed_json_is_called_bad_request(request: Request, honest: Handler) -> Response:
    """A body that is no JSON gets 400 bad_request."""
    response = await honest(request)
    malformed = response.status == 400 and b"malformed_json" in response.body
    return _with_error(response, code="bad_request") if malformed else response


@lies_at_the_door("ERR-05")
async def trailing_commas_are_accepted(request: Request, honest: Handler) -> Response:
    """A comma before the closing brace is overlooked."""
    return await honest(_mended(request, lambda text: json.loads(text.replace(",}", "}"))))


@lies_at_the_door("ERR-05")
async def what_follows_the_first_value_is_ignored(request: Request, honest: Handler) -> Response:
    """Only the first JSON value of a body is read."""
    return await honest(_mended(request, lambda text: json.JSONDecoder().raw_decode(text)[0]))


@lies_at_the_door("ERR-05")
async def cut_off_updates_are_empty(request: Request, honest: Handler) -> Response:
    """An update that is no JSON is taken as one that changes nothing."""
    response = await honest(request)
    malformed = request.method == "PATCH" and b"malformed_json" in response.body
    return await honest(request.with_json({})) if malformed else response


@lies_at_the_door("ERR-06")
async def the_first_of_an_array_is_created(request: Request, honest: Handler) -> Response:
    """An array is taken for its first entry."""
    return await honest(_mended(request, _first))


def _first(text: str) -> object:
    value = json.loads(text)
    return value[0] if isinstance(value, list) and value else value


@lies_at_the_door("ERR-06")
async def empty_values_are_no_update(request: Request, honest: Handler) -> Response:
    """An update by null, zero or an empty array is taken as one that changes nothing."""
    empty = request.method == "PATCH" and request.body in {b"null", b"[]", b'""', b"0"}
    return await honest(request.with_json({}) if empty else request)


@lies_at_the_door("ERR-06")
async def null_is_a_server_error(request: Request, honest: Handler) -> Response:
    """A create of null gets a 500."""
    response = await honest(request)
    crashed = request.method == "POST" and request.body == b"null"
    return _with_error(replace(response, status=500), code="internal_error") if crashed else response


@lies_at_the_door("ERR-07")
async def enum_detail_is_called_invalid(request: Request, honest: Handler) -> Response:
    """The detail on an unknown type has the code invalid."""
    response = await honest(request)
    return replace(response, body=response.body.replace(b'"invalid_enum"', b'"invalid"'))


@lies_at_the_door("ERR-07")
async def enum_detail_in_another_case_has_another_code(request: Request, honest: Handler) -> Response:
    """The detail on a type in another case has the code wrong_case."""
    response = await honest(request)
    cased = b'"Strength"' in request.body
    return replace(response, body=response.body.replace(b'"invalid_enum"', b'"wrong_case"')) if cased else response


@lies_at_the_door("ERR-08")
async def stack_trace_in_404(request: Request, honest: Handler) -> Response:
    """A 404 shows where it was raised."""
    response = await honest(request)
    trace = "NotFoundError\n    at findById (/srv/api/dist/store.js:41:11)"
    return _with_error(response, message=trace) if response.status == 404 else response


@lies_at_the_door("ERR-08")
async def stack_member_in_conflicts(request: Request, honest: Handler) -> Response:
    """A conflict has its stack as a member of its own."""
    response = await honest(request)
    return _with_error(response, stack=["archive", "handle"]) if response.status == 409 else response


@lies_at_the_door("ERR-08")
async def sql_in_validation_errors(request: Request, honest: Handler) -> Response:
    """A validation error shows the statement that failed."""
    response = await honest(request)
    statement = 'insert into "observations" ("type") values ($1): invalid input value for enum'
    return _with_error(response, message=statement) if response.status == 400 else response


@lies_at_the_door("ERR-08")
async def file_path_in_401(request: Request, honest: Handler) -> Response:
    """A 401 shows which file holds the keys."""
    response = await honest(request)
    return _with_error(response, message="no key in /etc/blocks/keys.toml") if response.status == 401 else response
