"""Legal choices in the headers that answers carry."""

from __future__ import annotations

import gzip
import itertools
from dataclasses import replace
from email.utils import formatdate
from typing import TYPE_CHECKING

from conformance.faults.variants import legal_at_the_door

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response

_COUNTER = itertools.count(1)


@legal_at_the_door
async def compressed(request: Request, honest: Handler) -> Response:
    """Answers are compressed where the client takes that."""
    response = await honest(request)
    if "gzip" not in (request.header("accept-encoding") or "") or not response.body:
        return response
    return replace(response, body=gzip.compress(response.body, 1)).with_header("Content-Encoding", "gzip")


@legal_at_the_door
async def no_date_header(request: Request, honest: Handler) -> Response:
    """No answer says what time it is."""
    return (await honest(request)).without_header("date")


@legal_at_the_door
async def dates_are_of_the_server_in_front(request: Request, honest: Handler) -> Response:
    """Date tells the system's time, also where the API's own clock is moved on for a test."""
    return (await honest(request)).with_header("Date", formatdate(usegmt=True))


@legal_at_the_door
async def header_names_in_capitals(request: Request, honest: Handler) -> Response:
    """Header names are in capitals; their case says nothing."""
    response = await honest(request)
    return replace(response, headers=tuple((name.upper(), value) for name, value in response.headers))


@legal_at_the_door
async def request_ids_are_numbers(request: Request, honest: Handler) -> Response:
    """A request id of the server's own is a number that counts up."""
    response = await honest(request)
    return response if request.header("x-request-id") else response.with_header("X-Request-ID", str(next(_COUNTER)))
