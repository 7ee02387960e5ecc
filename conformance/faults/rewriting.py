"""How lies about observations are told at the door: what is sent is rewritten, or what is served."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.reference import HONEST, Behaviour
from conformance.reference.errors import Problem, Refusal, envelope, invalid

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from conformance.reference import Handler, Request, Response

    Item = dict[str, Any]
    Change = Callable[[Item], Item]

COLLECTION = "/v1/observations"
STATUSES = {"validation_error": 400, "permission_denied": 403, "not_found": 404, "conflict": 409, "unprocessable": 422}


def is_create(request: Request) -> bool:
    """Tell whether a request creates an observation."""
    return request.method == "POST" and request.path == COLLECTION


def is_update(request: Request) -> bool:
    """Tell whether a request updates an observation."""
    return request.method == "PATCH" and request.path.startswith(f"{COLLECTION}/")


def is_list(request: Request) -> bool:
    """Tell whether a request lists observations."""
    return request.method == "GET" and request.path == COLLECTION


def is_read(request: Request) -> bool:
    """Tell whether a request reads one observation."""
    return request.method == "GET" and request.path.startswith(f"{COLLECTION}/")


def id_of(request: Request) -> str:
    """Give the id in the path of a request to one observation."""
    return request.path.removeprefix(f"{COLLECTION}/").partition("/")[0]


def sent(request: Request) -> Item:
    """Give the body of a write as an object; {} where it is none."""
    try:
        value = request.json()
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


async def resent(request: Request, honest: Handler, change: Change) -> Response:
    """Handle the request with another body; one that is no object goes on as it is."""
    body = sent(request)
    return await honest(request.with_json(change(body)) if body else request)


async def created_from(request: Request, honest: Handler, change: Change) -> Response:
    """Handle a create with another body, everything else as it is."""
    return await resent(request, honest, change) if is_create(request) else await honest(request)


def refusal(code: str, field: str = "body") -> Response:
    """Write a refusal as the reference writes its own."""
    problem = Problem(field, "invalid", "is not accepted")
    told = invalid(problem) if code == "validation_error" else Refusal(code, "it is not accepted", [problem])
    return envelope(told, STATUSES[code])


def edited(response: Response, change: Change) -> Response:
    """Change every observation in a successful answer, wherever it stands."""
    has_json = 200 <= response.status < 300 and response.body
    return response.with_json(_each(response.json(), change)) if has_json else response


def _each(value: Any, change: Change) -> Any:  # noqa: ANN401  # any JSON value
    if isinstance(value, list):
        return [_each(one, change) for one in value]
    if not isinstance(value, dict):
        return value
    if str(value.get("id")).startswith("obs_"):
        return change(value)
    return {name: _each(one, change) for name, one in value.items()}


def serving(change: Change) -> Callable[[Request, Handler], Awaitable[Response]]:
    """Give a door that changes every observation on its way out."""

    async def door(request: Request, honest: Handler) -> Response:
        return edited(await honest(request), change)

    return door


def overlaying(tell: Callable[[Request, Item], Mapping[str, Any]], door: Any = None) -> Behaviour:  # noqa: ANN401  # a door
    """Give a behaviour that lays `tell(request, resource)` over what is served of a resource from that write on.

    Only successful writes are told; `door` stands inside, and may rewrite the requests.
    """
    over: dict[str, Item] = {}

    async def overlaid(request: Request, honest: Handler) -> Response:
        response = await (door(request, honest) if door else honest(request))
        if (is_create(request) or is_update(request)) and response.status in {200, 201}:
            resource = response.json()
            over[resource["id"]] = {**over.get(resource["id"], {}), **tell(request, resource)}
        return edited(response, lambda one: one | over.get(one["id"], {}))

    return replace(HONEST, door=overlaid)


async def hits_of_their_own(request: Request, honest: Handler) -> Response:
    """Give the hits of a search ids of their own, and what they found by its id in another member."""
    response = await honest(request)
    if (request.method, request.path, response.status) != ("GET", "/v1/search", 200):
        return response
    page = response.json()
    hits = [one | {"id": f"hit-{one['id']}", "ref": one["id"]} for one in page["data"]]
    return response.with_json(page | {"data": hits})


def with_headers(told: Response, honest: Response) -> Response:
    """Give a response with the headers of the honest one, which it stands for, but for its content type."""
    kept = tuple(pair for pair in honest.headers if pair[0].lower() != "content-type")
    return replace(told, headers=(*told.headers, *kept))
