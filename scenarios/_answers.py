"""Which answers a passive rule may judge: not everything that comes over the wire is an answer of the API."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.contract.errors import ERROR_CODES
from conformance.contract.headers import AUTHORIZATION
from conformance.contract.resources import COLLECTIONS, OPERATIONS, RESOURCES
from conformance.judging.verdicts import NotJudged
from conformance.wire.roles import variable_of

if TYPE_CHECKING:
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

JSON_TYPE = "application/json"
UNREAD = frozenset({414, 431})
"""A server that gives up on an overlong request line or header never had a request for the API."""
NO_METHOD, TOO_LARGE, UNSUPPORTED = 405, 413, 415
"""RFC 9110: Method Not Allowed, Content Too Large, Unsupported Media Type."""
LARGEST = 64_000
"""Octets: a larger body may be refused for its size, before anything in it is read."""
WITHOUT_CONTENT = frozenset({204, 205})
DOCUMENTED_METHODS = frozenset({"GET", "POST", "PATCH"})
_DECLARED = re.compile(rf"{JSON_TYPE}(?: *; *(?i:charset=\"?utf-8\"?))?")
_ITEM = r"[A-Za-z0-9_-]+"
_GETS = re.compile("|".join([one.path for one in RESOURCES] + [rf"{one.path}/{_ITEM}" for one in COLLECTIONS]))
_PARAMETER = re.compile(r"(?:limit|cursor|sort|expand|filter)(?:\[.*)?", re.DOTALL)
_OPERATIONS = tuple((one.method, re.compile(one.path.replace("{id}", _ITEM))) for one in OPERATIONS)


FORBIDDEN = 403


async def require_readable(target: Target) -> Exchange:
    """Return the first page of observations as it was answered; undecided where the key may not read them."""
    page = await target.once("first page", lambda: target.get("/observations", {"limit": "2"}))
    if page.status == FORBIDDEN:
        raise NotJudged("the key may not read observations", hint="Give PB_API_KEY the scope observations:read.")
    return page


def require_writable(exchange: Exchange) -> Exchange:
    """Return the answer to a write of ours; undecided where the key may not write."""
    if exchange.status == FORBIDDEN:
        raise NotJudged("the key may not write observations", hint="Give PB_API_KEY the scope observations:write.")
    return exchange


def is_answer(exchange: Exchange) -> bool:
    """Tell whether the API answered, with success or an error: no redirect, no 304, no request left unread."""
    status = exchange.status or 0
    unread = status in UNREAD or (status == TOO_LARGE and len(exchange.request.body) > LARGEST)
    return (200 <= status < 300 or 400 <= status < 600) and not unread


def owes_json(exchange: Exchange) -> bool:
    """Tell whether the answer must have a JSON body: HEAD and 204 have none, and some asked for others (TRN-05)."""
    bodiless = exchange.method == "HEAD" or exchange.status in WITHOUT_CONTENT
    return is_answer(exchange) and not bodiless and _takes_json(exchange)


def _takes_json(exchange: Exchange) -> bool:
    accept = exchange.request.header("accept")
    return accept is None or any(wanted in accept for wanted in (JSON_TYPE, "application/*", "*/*"))


def declares_json_body(exchange: Exchange) -> bool:
    """Tell whether a request declares its body as the documents have it, or with the charset that JSON is in anyhow."""
    return bool(_DECLARED.fullmatch(exchange.request.header("content-type") or ""))


def is_of_http(exchange: Exchange) -> bool:
    """Tell whether a refusal speaks of a method or a media type that no document gives: its code is in no table."""
    status = exchange.status or 0
    return (status == NO_METHOD and not is_documented(exchange)) or (
        status == UNSUPPORTED and not declares_json_body(exchange)
    )


def is_error(exchange: Exchange) -> bool:
    """Tell whether the answer is an error that must have the documented envelope."""
    return owes_json(exchange) and (exchange.status or 0) >= 400


def declared_json(exchange: Exchange) -> bool:
    """Tell whether Content-Type says application/json, with any parameters."""
    return (exchange.header("content-type") or "").partition(";")[0].strip().lower() == JSON_TYPE


def sent_a_key(exchange: Exchange) -> bool:
    """Tell whether the request carried the key of its role, as the documents write it."""
    sent = exchange.request.header(AUTHORIZATION.name)
    return bool(exchange.request.role) and sent == f"Bearer [{variable_of(exchange.request.role)}]"


def is_documented(exchange: Exchange) -> bool:
    """Tell whether the documents describe the request: one of their operations, or GET on a resource or item."""
    if exchange.method == "GET" and _GETS.fullmatch(exchange.path):
        return True
    return any(exchange.method == method and path.fullmatch(exchange.path) for method, path in _OPERATIONS)


def has_own_parameters(exchange: Exchange) -> bool:
    """Tell whether a query has a parameter that no document names: it may choose what is served (VER-04)."""
    return not all(_PARAMETER.fullmatch(name) for name, _ in exchange.request.query)


def is_authenticated(exchange: Exchange) -> bool:
    """Tell whether the target accepted the request's key before it answered.

    A success proves it. An error does only where the documents describe both the request and its status: an
    unknown path, a wrong method or a body too large is often refused by a router in front that never looks at
    the key, and the published spec is served without one.
    """
    if not sent_a_key(exchange) or exchange.method not in DOCUMENTED_METHODS or not is_documented(exchange):
        return False
    status = exchange.status or 0
    return 200 <= status < 300 or (status in ERROR_CODES and status != 401)
