"""Control paths beside the API, for tests and sandboxes: /_control/clock, /reset, /latency, /requests, /deliveries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.reference import keys
from conformance.reference.http import Request, Response, answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.reference.app import Reference

LONGEST = 100 * 365 * 24 * 60 * 60.0
BAD_REQUEST = 400


def answer_control(reference: Reference, request: Request) -> Response:
    """Answer a request to a control path; 404 where there is none such, or it is not open."""
    actions: dict[tuple[str, str], Callable[[], object]] = {
        ("POST", "reset"): lambda: reset(reference),
        ("POST", "latency"): lambda: set_latency(reference, number(request, "seconds", 60.0)),
        ("GET", "latency"): lambda: {"seconds": reference.latency},
        ("GET", "requests"): lambda: {"data": list(reference.log)},
        ("GET", "deliveries"): lambda: {"data": reference.deliveries.log()},
    }
    if reference.control:
        actions["POST", "clock"] = lambda: advance(reference, number(request, "advance_seconds", LONGEST))
        actions["GET", "clock"] = lambda: {"now": reference.clock.now().isoformat()}
    action = actions.get((request.method, request.path.removeprefix("/_control/")))
    if action is None:
        known = ", ".join(f"{method} {name}" for method, name in sorted(actions))
        return answer(404, {"error": {"code": "not_found", "message": f"control takes: {known}"}})
    try:
        return answer(200, action())
    except ValueError as error:
        return answer(400, {"error": {"code": "validation_error", "message": str(error)}})


def number(request: Request, name: str, largest: float) -> float:
    """Read a number from the body; a ValueError that says what to send where there is none."""
    body = json.loads(request.body or b"{}")
    value = body.get(name) if isinstance(body, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= largest:
        raise ValueError(f'send {{"{name}": N}} with a number from 0 to {largest:g}')
    return float(value)


def reset(reference: Reference) -> object:
    """Go back to the seed."""
    reference.reset()
    return {"reset": True}


def set_latency(reference: Reference, seconds: float) -> object:
    """Delay every response from now on."""
    reference.latency = seconds
    return {"seconds": seconds}


def advance(reference: Reference, seconds: float) -> object:
    """Move the reference's clock forward."""
    reference.clock.advance(seconds)
    return {"now": reference.clock.now().isoformat()}


def error_code(response: Response) -> str | None:
    """Give the code of an error, as far as the response is one that a lie has not disfigured."""
    if response.status < BAD_REQUEST or not response.body:
        return None
    try:
        return str(response.json()["error"]["code"])
    except (ValueError, LookupError, TypeError):
        return None


def entry(reference: Reference, request: Request, response: Response, *, seconds: float) -> Mapping[str, Any]:
    """Make a line of the request log: no key is ever in it, but which of the sandbox's keys it was."""
    token = keys.presented(request)
    role = next((name for name, text in vars(reference.keys).items() if text == token), None)
    return {
        "at": reference.clock.now().isoformat(timespec="milliseconds"),
        "method": request.method,
        "path": request.path,
        "query": [list(pair) for pair in request.query],
        "key": role,
        "status": response.status,
        "error": error_code(response),
        "milliseconds": round(seconds * 1000, 1),
        "request_id": response.header("x-request-id"),
    }
