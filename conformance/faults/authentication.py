"""Lies about keys: who is let in without one, and what happens all the same."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.faults.model import lies_at_the_door
from conformance.reference import Keys
from conformance.reference.http import answer

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response

KEY = Keys().full


def _let_in(request: Request) -> Request:
    """Give the request as if it had come with a key."""
    return request.with_header("authorization", f"Bearer {KEY}")


def _anonymous(request: Request) -> bool:
    return request.header("authorization") is None


def _ends(request: Request, *endings: str) -> bool:
    return request.path.endswith(endings)


def _token(request: Request) -> str:
    return (request.header("authorization") or "").partition(" ")[2]


@lies_at_the_door("AUT-01")
async def a_forgotten_resource_is_open(request: Request, honest: Handler) -> Response:
    """Review items are served to anybody."""
    return await honest(_let_in(request) if _ends(request, "/review-items") else request)


@lies_at_the_door("AUT-01")
async def search_looks_at_its_query_first(request: Request, honest: Handler) -> Response:
    """A search without a text gets 400, whether there is a key or not."""
    return await honest(_let_in(request) if _ends(request, "/search") else request)


@lies_at_the_door("AUT-01")
async def restore_is_open(request: Request, honest: Handler) -> Response:
    """Anybody can restore."""
    return await honest(_let_in(request) if _ends(request, "/restore") else request)


@lies_at_the_door("AUT-01")
async def archive_is_open(request: Request, honest: Handler) -> Response:
    """Anybody can archive."""
    return await honest(_let_in(request) if _ends(request, "/archive") else request)


@lies_at_the_door("AUT-01")
async def one_observation_is_open(request: Request, honest: Handler) -> Response:
    """Whoever has an observation's id can read it."""
    by_id = request.method == "GET" and "/observations/" in request.path
    return await honest(_let_in(request) if by_id else request)


@lies_at_the_door("AUT-01")
async def one_conversation_is_open(request: Request, honest: Handler) -> Response:
    """Whoever has a conversation's id can read it."""
    by_id = request.method == "GET" and "/conversations/" in request.path
    return await honest(_let_in(request) if by_id else request)


@lies_at_the_door("AUT-01")
async def webhooks_are_made_for_anybody(request: Request, honest: Handler) -> Response:
    """Anybody can subscribe a webhook."""
    if not (_anonymous(request) and request.method == "POST" and _ends(request, "/webhooks")):
        return await honest(request)
    return answer(201, {"id": "whk_1"}, ("X-Request-ID", "req_0"))


@lies_at_the_door("AUT-01")
async def people_are_validated_for_anybody(request: Request, honest: Handler) -> Response:
    """The body of a new employee is looked at before the key."""
    if not (_anonymous(request) and request.method == "POST" and _ends(request, "/employees")):
        return await honest(request)
    return answer(400, {"error": {"code": "validation_error", "message": "no name"}}, ("X-Request-ID", "req_0"))


@lies_at_the_door("AUT-01")
async def no_key_is_called_forbidden(request: Request, honest: Handler) -> Response:
    """Without a key the session gets 403."""
    response = await honest(request)
    return replace(response, status=403) if response.status == 401 and _ends(request, "/session") else response


@lies_at_the_door("AUT-01")
async def unknown_ids_are_told_to_anybody(request: Request, honest: Handler) -> Response:
    """A read without a key gets 404 for an id that does not exist, and 401 for one that does."""
    response = await honest(request)
    if response.status != 401 or request.method != "GET":
        return response
    known = await honest(_let_in(request))
    return known if known.status == 404 else response


@lies_at_the_door("AUT-02")
async def any_key_of_the_form_is_accepted(request: Request, honest: Handler) -> Response:
    """Every key that begins with pb_test_ is let in."""
    return await honest(_let_in(request) if _token(request).startswith("pb_test_") else request)


@lies_at_the_door("AUT-02")
async def half_a_key_is_looked_up(request: Request, honest: Handler) -> Response:
    """Only the first half of a key is compared."""
    return await honest(_let_in(request) if _token(request).startswith(KEY[: len(KEY) // 2]) else request)


@lies_at_the_door("AUT-02")
async def unknown_keys_are_called_forbidden(request: Request, honest: Handler) -> Response:
    """A key that was never issued gets 403 permission_denied."""
    response = await honest(request)
    if response.status != 401 or _anonymous(request):
        return response
    return answer(403, {"error": {"code": "permission_denied", "message": "unknown key"}}, *_kept(response))


def _kept(response: Response) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in response.headers if pair[0] != "Content-Type")


@lies_at_the_door("AUT-02")
async def unknown_keys_may_create(request: Request, honest: Handler) -> Response:
    """A key is not looked up on creates."""
    creates = request.method == "POST" and _ends(request, "/observations") and _token(request)
    return await honest(_let_in(request) if creates else request)


@lies_at_the_door("AUT-02")
async def unknown_keys_may_read_assignments(request: Request, honest: Handler) -> Response:
    """A key is not looked up on one resource."""
    return await honest(_let_in(request) if _token(request) and _ends(request, "/assignments") else request)


@lies_at_the_door("AUT-02")
async def unknown_keys_may_update(request: Request, honest: Handler) -> Response:
    """A key is not looked up on updates."""
    return await honest(_let_in(request) if _token(request) and request.method == "PATCH" else request)


@lies_at_the_door("AUT-02")
async def unknown_keys_may_restore(request: Request, honest: Handler) -> Response:
    """A key is not looked up on restores, so that what is active is a conflict."""
    return await honest(_let_in(request) if _token(request) and _ends(request, "/restore") else request)


@lies_at_the_door("AUT-02")
async def the_case_of_a_key_is_overlooked(request: Request, honest: Handler) -> Response:
    """A key is found in any case."""
    return await honest(_let_in(request) if _token(request).lower() == KEY.lower() else request)


@lies_at_the_door("AUT-02")
async def the_environment_of_a_key_is_overlooked(request: Request, honest: Handler) -> Response:
    """A test key also works with the prefix of a live one."""
    return await honest(_let_in(request) if _token(request) == KEY.replace("_test_", "_live_") else request)


@lies_at_the_door("AUT-03")
async def basic_is_accepted(request: Request, honest: Handler) -> Response:
    """The key is also taken as the user of Basic."""
    basic = base64.b64encode(f"{KEY}:".encode()).decode()
    return await honest(_let_in(request) if request.header("authorization") == f"Basic {basic}" else request)


@lies_at_the_door("AUT-03")
async def the_scheme_is_overlooked(request: Request, honest: Handler) -> Response:
    """Whatever the scheme, what follows it is the key."""
    return await honest(_let_in(request) if _token(request) == KEY else request)


@lies_at_the_door("AUT-03")
async def the_scheme_can_be_left_out(request: Request, honest: Handler) -> Response:
    """The key alone is enough."""
    return await honest(_let_in(request) if request.header("authorization") == KEY else request)


@lies_at_the_door("AUT-03")
async def what_follows_the_key_is_overlooked(request: Request, honest: Handler) -> Response:
    """The second word of Authorization is the key, whatever comes after."""
    words = (request.header("authorization") or "").split()
    return await honest(_let_in(request) if words[1:2] == [KEY] and words[0] == "Bearer" else request)


@lies_at_the_door("AUT-03")
async def quotes_around_a_key_are_taken_off(request: Request, honest: Handler) -> Response:
    """A key in quotes is taken for the key."""
    return await honest(_let_in(request) if request.header("authorization") == f'Bearer "{KEY}"' else request)


@lies_at_the_door("AUT-03")
async def a_comma_ends_a_key(request: Request, honest: Handler) -> Response:
    """A key ends before a comma."""
    return await honest(_let_in(request) if _token(request).partition(",")[0] == KEY else request)


@lies_at_the_door("AUT-03")
async def basic_opens_an_observation(request: Request, honest: Handler) -> Response:
    """An observation, not the list, is served to Basic."""
    basic = base64.b64encode(f"{KEY}:".encode()).decode()
    opens = request.header("authorization") == f"Basic {basic}" and "/observations/" in request.path
    return await honest(_let_in(request) if opens else request)


@lies_at_the_door("AUT-02")
async def a_key_cut_off_is_accepted(request: Request, honest: Handler) -> Response:
    """A key is found by how it begins."""
    cut = len(_token(request)) > len(KEY) // 2 and KEY.startswith(_token(request))
    return await honest(_let_in(request) if cut else request)


@lies_at_the_door("AUT-03")
async def an_empty_token_is_a_bad_request(request: Request, honest: Handler) -> Response:
    """Bearer without a key gets 400."""
    if request.header("authorization") != "Bearer":
        return await honest(request)
    return answer(400, {"error": {"code": "validation_error", "message": "no token"}}, ("X-Request-ID", "req_0"))


@lies_at_the_door("AUT-04")
async def an_invalid_create_is_refused_first(request: Request, honest: Handler) -> Response:
    """The body of a create is looked at before the key."""
    response = await honest(request)
    if response.status != 401 or request.method != "POST" or not _ends(request, "/observations"):
        return response
    refused = await honest(_let_in(request).without_header("idempotency-key"))
    return refused if refused.status == 400 else response


@lies_at_the_door("AUT-04")
async def a_malformed_update_is_refused_first(request: Request, honest: Handler) -> Response:
    """The body of an update is parsed before the key is looked at."""
    response = await honest(request)
    if response.status != 401 or request.method != "PATCH" or request.body.endswith(b"}"):
        return response
    refused = await honest(_let_in(request))
    return refused if refused.status == 400 else response


@lies_at_the_door("AUT-04")
async def an_unknown_id_is_refused_first(request: Request, honest: Handler) -> Response:
    """An action on an id that does not exist gets 404 without a key."""
    response = await honest(request)
    if response.status != 401 or not _ends(request, "/archive", "/restore"):
        return response
    path = request.path.rpartition("/")[0]
    known = await honest(replace(_let_in(request), method="GET", path=path, body=b""))
    return known if known.status == 404 else response


@lies_at_the_door("AUT-04")
async def refused_creates_are_made(request: Request, honest: Handler) -> Response:
    """A create without a key gets 401, and makes the observation."""
    if _anonymous(request) and request.method == "POST" and _ends(request, "/observations"):
        await honest(_let_in(request))
    return await honest(request)


@lies_at_the_door("AUT-04")
async def refused_updates_are_made(request: Request, honest: Handler) -> Response:
    """An update without a key gets 401, and changes the observation."""
    if _anonymous(request) and request.method == "PATCH":
        await honest(_let_in(request))
    return await honest(request)


@lies_at_the_door("AUT-04")
async def refused_restores_are_made(request: Request, honest: Handler) -> Response:
    """A restore without a key gets 401, and restores."""
    if _anonymous(request) and _ends(request, "/restore"):
        await honest(_let_in(request))
    return await honest(request)


@lies_at_the_door("AUT-04")
async def replays_need_no_key(request: Request, honest: Handler) -> Response:
    """Who knows an idempotency key gets its response without an API key."""
    replayed = _anonymous(request) and request.header("idempotency-key")
    if not replayed:
        return await honest(request)
    known = await honest(_let_in(request))
    return known if b"As it was made." in known.body else await honest(request)


@lies_at_the_door("AUT-05")
async def the_spec_needs_a_key(request: Request, honest: Handler) -> Response:
    """The spec is served to keys only."""
    if not (_anonymous(request) and _ends(request, "/openapi.json")):
        return await honest(request)
    return await honest(replace(request, path="/v1/session"))


@lies_at_the_door("AUT-05")
async def the_spec_is_wrapped(request: Request, honest: Handler) -> Response:
    """The spec is inside a data member."""
    response = await honest(request)
    return response.with_json({"data": response.json()}) if _ends(request, "/openapi.json") else response


@lies_at_the_door("AUT-10")
async def session_shows_the_key(request: Request, honest: Handler) -> Response:
    """The session holds the key itself."""
    response = await honest(request)
    return response.with_json(response.json() | {"key": _token(request)}) if _ends(request, "/session") else response


@lies_at_the_door("AUT-10")
async def headers_show_the_key_on_conflicts(request: Request, honest: Handler) -> Response:
    """A conflict names the key in a header."""
    response = await honest(request)
    return response.with_header("X-Key", _token(request)) if response.status == 409 else response
