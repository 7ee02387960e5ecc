"""Legal choices in what is served: its form, its order, its additions."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.faults.publishing import publishes
from conformance.faults.rewriting import edited, sent
from conformance.faults.variants import legal, legal_at_the_door, warned_under
from conformance.faults.variants.bodies import refusing
from conformance.reference import HONEST, Behaviour, Keys
from conformance.reference.http import encode
from conformance.reference.keys import presented
from conformance.reference.publishing import in_data

if TYPE_CHECKING:
    from conformance.faults.publishing import Document
    from conformance.reference import Handler, Request, Response
    from conformance.reference.call import Event

SPEC = "/v1/openapi.json"


@legal
def single_resources_in_data() -> Behaviour:
    """A single resource comes inside a data member, as the session does."""
    return replace(HONEST, envelope=lambda item: {"data": item}, publish=in_data)


@legal
def single_resources_in_data_beside_meta() -> Behaviour:
    """A single resource comes inside a data member, with a member beside it that tells of the request."""
    return replace(
        HONEST,
        envelope=lambda item: {"data": item, "meta": {"version": "v1", "at": str(uuid.uuid4())}},
        publish=in_data,
    )


@legal
@warned_under("PAG-03")
def no_has_more() -> Behaviour:
    """Pages come without has_more, which only an example shows, so that a warning is due."""

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        value = _object(response)
        kept = {name: member for name, member in value.items() if name != "has_more"}
        return response.with_json(kept) if "has_more" in value else response

    return replace(publishes(_optional_has_more), door=door)


def _optional_has_more(document: Document) -> None:
    """Require no has_more in the spec."""
    for item in document["paths"].values():
        content = item.get("get", {"responses": {}})["responses"].get("200", {}).get("content", {})
        required = content.get("application/json", {}).get("schema", {}).get("required", [])
        if "has_more" in required:
            required.remove("has_more")


@legal_at_the_door
async def additions_everywhere(request: Request, honest: Handler) -> Response:
    """Every object and every answer has members and fields beyond the documented ones, and other values each time."""
    response = await honest(request)
    if not response.body or request.path == SPEC:
        return response
    added = response.with_json(_with_additions(response.json()))
    return added.with_header("X-Served-By", f"edge-{uuid.uuid4()}").with_header("Server-Timing", "db;dur=1.2")


def _with_additions(value: Any) -> Any:  # noqa: ANN401  # any JSON value
    if isinstance(value, list):
        return [_with_additions(one) for one in value]
    if not isinstance(value, dict):
        return value
    more = {"_links": {"self": str(uuid.uuid4())}, "etag": uuid.uuid4().hex, "labels": [], "score": 0.5, "extra": None}
    return {**more, **{name: _with_additions(one) for name, one in value.items()}}


@legal_at_the_door
async def members_in_another_order(request: Request, honest: Handler) -> Response:
    """Members come in the opposite order, and the text is indented."""
    response = await honest(request)
    if not response.body:
        return response
    return replace(response, body=json.dumps(_reversed(response.json()), indent=2, ensure_ascii=False).encode())


def _reversed(value: Any) -> Any:  # noqa: ANN401  # any JSON value
    if isinstance(value, list):
        return [_reversed(one) for one in value]
    return {name: _reversed(one) for name, one in reversed(value.items())} if isinstance(value, dict) else value


@legal_at_the_door
async def escaped_json(request: Request, honest: Handler) -> Response:
    """The JSON text is ASCII, with everything else escaped, and declared with a charset."""
    response = await honest(request)
    if not response.body:
        return response
    escaped = replace(response, body=json.dumps(response.json()).encode())
    return escaped.with_header("content-type", 'Application/JSON; charset="utf-8"')


@legal
def whole_seconds() -> Behaviour:
    """Date-times are kept and served in whole seconds, without a fraction."""
    return replace(
        HONEST,
        precision=lambda moment: moment - moment % 1_000_000,
        timestamp=lambda moment: HONEST.timestamp(moment)[:19] + "Z",
        touched=lambda _action, before, now: max(before, now),
    )


@legal
def microseconds() -> Behaviour:
    """Date-times are kept and served in microseconds, with the offset written +00:00."""
    return replace(HONEST, precision=lambda moment: moment, timestamp=_in_microseconds)


def _in_microseconds(moment: int) -> str:
    return f"{HONEST.timestamp(moment)[:19]}.{moment % 1_000_000:06}+00:00"


@legal
def trailing_zeros_left_out() -> Behaviour:
    """Fractions of a second come without their last zeros, and not at all where they are zero."""
    return replace(HONEST, timestamp=_as_short_as_can_be)


def _as_short_as_can_be(moment: int) -> str:
    return HONEST.timestamp(moment).removesuffix("Z").rstrip("0").rstrip(".") + "Z"


@legal
def people_of_another_kind() -> Behaviour:
    """Whatever is no observation has ids of digits, dots and signs that mean something else in a URL.

    A reference that can't be one is invalid.
    """
    prefixes = {b"emp_": b"7.1+", b"attr_": b"7.2=", b"dep_": b"7.3$", b"sum_": b"7.4."}

    async def door(request: Request, honest: Handler) -> Response:
        path, query, body = request.path.encode(), request.query, request.body
        for prefix, other in prefixes.items():
            path, body = path.replace(other, prefix), body.replace(other, prefix)
            query = tuple((name, value.replace(other.decode(), prefix.decode())) for name, value in query)
        meant = replace(request, path=path.decode(), query=query, body=body)
        response = await refusing(meant, honest, strange(sent(request)))
        if request.path == SPEC:
            return response
        return replace(response, body=served(response.body))

    def strange(body: dict[str, Any]) -> set[str]:
        told = {"employee_id": [body.get("employee_id")], "attribute_ids": body.get("attribute_ids")}
        texts = {name: [str(one) for one in ones] for name, ones in told.items() if isinstance(ones, list)}
        return {name for name, ones in texts.items() if name in body and not all(one[:2] == "7." for one in ones)}

    def served(body: bytes) -> bytes:
        for prefix, other in prefixes.items():
            body = body.replace(prefix, other)
        return body

    def announced(event: Event) -> Event:
        return replace(event, data=json.loads(served(json.dumps(event.data).encode())))

    def published(document: Any) -> Any:  # noqa: ANN401  # any JSON value
        return _without_patterns(document)

    return replace(HONEST, door=door, publish=published, announce=announced)


@legal
def departments_are_numbers() -> Behaviour:
    """The ids of departments are numbers, wherever they stand."""
    numbers: dict[str, int] = {}

    def numbered(value: Any) -> Any:  # noqa: ANN401  # any JSON value
        if isinstance(value, list):
            return [numbered(one) for one in value]
        if isinstance(value, dict):
            return {name: numbered(one) for name, one in value.items()}
        is_department = isinstance(value, str) and re.fullmatch(r"dep_[0-9A-Z]{26}", value)
        return numbers.setdefault(value, len(numbers) + 1) if is_department else value

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        is_told = request.path != SPEC and b'"dep_' in response.body
        return response.with_json(numbered(response.json())) if is_told else response

    return replace(publishes(_numbering_departments), door=door)


def _numbering_departments(document: Document) -> None:
    schemas = document["components"]["schemas"]
    schemas["Employee"]["properties"]["department_id"] = {"type": "integer", "nullable": True}
    schemas["Department"]["properties"]["id"] = {"type": "integer"}


@legal
def employees_counted_by_each_organization() -> Behaviour:
    """The ids of employees are counted up in each organization, so that one id is of two people in two of them."""
    counted: dict[bool, dict[str, str]] = {True: {}, False: {}}

    def served(text: str, known: dict[str, str]) -> str:
        def number(match: re.Match[str]) -> str:
            return known.setdefault(match[0], f"emp_{len(known) + 1:04}")

        return re.sub(r"emp_[0-9A-Z]{26}", number, text)

    async def door(request: Request, honest: Handler) -> Response:
        known = counted[presented(request) == Keys().other_org]
        back = {other: one for one, other in known.items()}

        def asked(text: str) -> str:
            return re.sub(r"emp_\d{4,}(?!\w)", lambda match: back.get(match[0], match[0]), text)

        query = tuple((name, asked(value)) for name, value in request.query)
        body = asked(request.body.decode("latin-1")).encode("latin-1")
        response = await honest(replace(request, path=asked(request.path), query=query, body=body))
        if request.path == SPEC:
            return response
        return replace(response, body=served(response.body.decode("latin-1"), known).encode("latin-1"))

    def announced(event: Event) -> Event:
        return replace(event, data=json.loads(served(json.dumps(event.data), counted[False])))

    return replace(HONEST, door=door, publish=_without_patterns, announce=announced)


def _without_patterns(value: Any) -> Any:  # noqa: ANN401  # any JSON value
    if isinstance(value, list):
        return [_without_patterns(one) for one in value]
    if not isinstance(value, dict):
        return value
    loose = {name: _without_patterns(one) for name, one in value.items()}
    if isinstance(loose.get("pattern"), str) and not loose["pattern"].startswith("^obs_"):
        del loose["pattern"]
    return loose


@legal_at_the_door
async def attributes_in_order(request: Request, honest: Handler) -> Response:
    """attribute_ids come sorted, whatever order they were sent in."""
    return edited(await honest(request), _with_sorted_attributes)


def _with_sorted_attributes(item: dict[str, Any]) -> dict[str, Any]:
    ids = item.get("attribute_ids")
    return {**item, "attribute_ids": sorted(ids)} if isinstance(ids, list) else item


@legal_at_the_door
async def errors_tell_more(request: Request, honest: Handler) -> Response:
    """Errors carry the request id, a link and a message in another language; details also where none are due."""
    response = await honest(request)
    value = _object(response)
    if response.status < 400 or "error" not in value:
        return response
    more: dict[str, Any] = {
        "request_id": response.header("x-request-id"),
        "docs": "https://docs.example.com/errors",
        "details": [],
    }
    return response.with_json({"error": {**more, **value["error"], "message": "Das geht so nicht."}, "status": "error"})


@legal_at_the_door
async def fields_as_pointers(request: Request, honest: Handler) -> Response:
    """The field of a detail is a JSON pointer into the body."""
    response = await honest(request)
    error = _object(response).get("error", {})
    if response.status != 400 or "details" not in error:
        return response
    details = [{**one, "field": f"/{one['field']}"} for one in error["details"]]
    return response.with_json({"error": {**error, "details": details}})


@legal_at_the_door
async def plain_errors(request: Request, honest: Handler) -> Response:
    """Errors that are not about a body have no details, and a 401 has no challenge."""
    response = (await honest(request)).without_header("www-authenticate")
    error = _object(response).get("error", {})
    if request.method in {"POST", "PATCH"} or "details" not in error:
        return response
    return response.with_json({"error": {name: value for name, value in error.items() if name != "details"}})


def _object(response: Response) -> dict[str, Any]:
    value = json.loads(response.body) if response.body else None
    return value if isinstance(value, dict) else {}


@legal_at_the_door
async def the_spec_in_another_form(request: Request, honest: Handler) -> Response:
    """The spec writes its paths with the version segment, its server with a variable, its parameters apart."""
    response = await honest(request)
    if request.path != SPEC or request.method != "GET" or response.status != 200:
        return response
    return replace(response, body=encode(_rearranged(response.json())))


def _rearranged(document: dict[str, Any]) -> dict[str, Any]:
    root = document["servers"][0]["url"].removesuffix("/v1")
    server = {"url": f"{root}/{{version}}", "variables": {"version": {"default": "v1"}}}
    return {**document, "servers": [server], "paths": {path: _apart(item) for path, item in document["paths"].items()}}


def _apart(item: dict[str, Any]) -> dict[str, Any]:
    """Put the parameters that all operations of a path share beside them."""
    operations = {name: one for name, one in item.items() if isinstance(one, dict)}
    lists = [one.get("parameters", []) for one in operations.values()]
    shared = [one for one in lists[0] if all(one in other for other in lists)] if lists else []
    apart = {
        name: {**one, "parameters": [parameter for parameter in one.get("parameters", []) if parameter not in shared]}
        for name, one in operations.items()
    }
    return {**item, **apart, "parameters": shared}


@legal
def what_was_deleted_is_still_read() -> Behaviour:
    """A deleted subscription is still read by its id, with a mark that says when it was deleted."""
    kept: dict[str, Response] = {}

    async def door(request: Request, honest: Handler) -> Response:
        if request.method == "DELETE" and request.path.startswith("/v1/webhooks/"):
            read = await honest(replace(request, method="GET"))
            response = await honest(request)
            if {response.status, read.status} == {200}:
                kept[request.path] = read.with_json({**_object(read), "deleted_at": "2024-05-01T12:00:00Z"})
            return response
        response = await honest(request)
        there = kept.get(request.path) if request.method == "GET" and response.status == 404 else None
        return replace(response, status=200, body=there.body) if there else response

    return replace(HONEST, door=door)


@legal
def deletes_answer_without_content() -> Behaviour:
    """A DELETE that is done answers 204 (RFC 9110), of which the documents speak neither well nor ill."""

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if request.method != "DELETE" or response.status != 200:  # RFC 9110: OK
            return response
        return replace(response, status=204, body=b"").without_header("content-type")

    return replace(publishes(_deleting_without_content), door=door)


def _deleting_without_content(document: Document) -> None:
    for item in document["paths"].values():
        responses = item.get("delete", {}).get("responses", {})
        if "200" in responses:
            done = {name: value for name, value in responses.pop("200").items() if name != "content"}
            responses["204"] = done
