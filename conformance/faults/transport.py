"""Lies about JSON over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.faults.model import lies_at_the_door
from conformance.reference.http import answer

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response

PAGE = b"<!doctype html><title>Error</title><p>Something went wrong."


def _html(response: Response) -> Response:
    return replace(response.with_header("Content-Type", "text/html"), body=PAGE)


def _charset(request: Request) -> str:
    return (request.header("content-type") or "").partition(";")[2]


def _unsupported() -> Response:
    return answer(415, {"error": {"code": "unsupported_media_type", "message": "send application/json"}})


@lies_at_the_door("TRN-01")
async def json_404_is_a_web_page(request: Request, honest: Handler) -> Response:
    """An unknown id gets an HTML page."""
    response = await honest(request)
    return _html(response) if response.status == 404 else response


@lies_at_the_door("TRN-01")
async def json_declared_as_text(request: Request, honest: Handler) -> Response:
    """Validation errors are JSON, and declared as text/plain."""
    response = await honest(request)
    return response.with_header("Content-Type", "text/plain") if response.status == 400 else response


@lies_at_the_door("TRN-01")
async def json_not_declared_on_archive(request: Request, honest: Handler) -> Response:
    """The answer to an archive has no Content-Type."""
    response = await honest(request)
    return response.without_header("Content-Type") if request.path.endswith("/archive") else response


@lies_at_the_door("TRN-01")
async def json_conflict_is_empty(request: Request, honest: Handler) -> Response:
    """A conflict has no body."""
    response = await honest(request)
    return replace(response, body=b"") if response.status == 409 else response


@lies_at_the_door("TRN-01")
async def json_is_forgotten_for_unknown_people(request: Request, honest: Handler) -> Response:
    """An unknown employee gets a web page."""
    response = await honest(request)
    return _html(response) if response.status == 404 and "/employees/" in request.path else response


@lies_at_the_door("TRN-02")
async def json_creates_only_when_asked_for(request: Request, honest: Handler) -> Response:
    """Without an Accept header a create is answered with a web page."""
    response = await honest(request)
    return response if request.header("accept") or response.status != 201 else _html(response)


@lies_at_the_door("TRN-02")
async def json_only_when_asked_for(request: Request, honest: Handler) -> Response:
    """Without an Accept header a list is served as a web page."""
    response = await honest(request)
    return response if request.header("accept") or response.status != 200 else _html(response)


@lies_at_the_door("TRN-02")
async def json_errors_only_when_asked_for(request: Request, honest: Handler) -> Response:
    """Without an Accept header a 404 is served as a web page."""
    response = await honest(request)
    return response if request.header("accept") or response.status != 404 else _html(response)


@lies_at_the_door("TRN-02")
async def json_updates_only_when_asked_for(request: Request, honest: Handler) -> Response:
    """Without an Accept header an update is answered with a web page."""
    response = await honest(request)
    return response if request.header("accept") or request.method != "PATCH" else _html(response)


@lies_at_the_door("TRN-02")
async def json_conflicts_only_when_asked_for(request: Request, honest: Handler) -> Response:
    """Without an Accept header a conflict is told on a web page."""
    response = await honest(request)
    return response if request.header("accept") or response.status != 409 else _html(response)


@lies_at_the_door("TRN-02")
async def json_only_by_its_full_name(request: Request, honest: Handler) -> Response:
    """A client that accepts anything is refused with 406."""
    if request.header("accept") == "application/json":
        return await honest(request)
    return answer(406, {"error": {"code": "not_acceptable", "message": "accept application/json"}})


@lies_at_the_door("TRN-04")
async def charset_is_refused(request: Request, honest: Handler) -> Response:
    """A create with a charset parameter gets 415."""
    return _unsupported() if request.method == "POST" and _charset(request) else await honest(request)


@lies_at_the_door("TRN-04")
async def charset_is_refused_in_upper_case(request: Request, honest: Handler) -> Response:
    """The charset is compared with its case."""
    return _unsupported() if "UTF-8" in _charset(request) else await honest(request)


@lies_at_the_door("TRN-04")
async def charset_is_refused_on_updates(request: Request, honest: Handler) -> Response:
    """An update with a charset parameter gets 415."""
    return _unsupported() if request.method == "PATCH" and _charset(request) else await honest(request)


@lies_at_the_door("TRN-04")
async def charset_is_demanded(request: Request, honest: Handler) -> Response:
    """A create without a charset parameter gets 415."""
    create = request.method == "POST" and request.path.endswith("/observations")
    return await honest(request) if _charset(request) or not create else _unsupported()


@lies_at_the_door("TRN-06")
async def archive_is_only_accepted(request: Request, honest: Handler) -> Response:
    """Archive answers 202."""
    response = await honest(request)
    archived = request.path.endswith("/archive") and response.status == 200
    return replace(response, status=202) if archived else response


@lies_at_the_door("TRN-06")
async def update_has_no_content(request: Request, honest: Handler) -> Response:
    """An update answers 204 without a body."""
    response = await honest(request)
    updated = request.method == "PATCH" and response.status == 200
    return replace(response, status=204, body=b"") if updated else response
