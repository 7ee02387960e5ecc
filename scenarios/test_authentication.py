"""AUT: keys and who may ask (overview › Authentication; observations › Common error responses)."""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING

from conformance.contract.errors import ERROR_CODES
from conformance.contract.headers import AUTHORIZATION, LIVE_KEY_PREFIX, TEST_KEY_PREFIX
from conformance.contract.resources import COLLECTIONS, CREATE, GET, LIST, RESOURCES, SPEC_PATH
from conformance.judging.expect import (
    asked,
    expect,
    expect_refusal,
    expect_same,
    expect_status,
    require_accepted,
    shown,
)
from conformance.judging.scenario import judges
from conformance.judging.verdicts import NotApplicable, NotJudged, Violation
from conformance.target.discovery import plainly
from conformance.target.reading import read_page
from scenarios._anonymous import WRITES, Attempt, made_between, read_attempt, write_attempts
from scenarios._answers import FORBIDDEN, require_readable

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

NOWHERE = frozenset({404, 405, 501})
UNAUTHENTICATED = (401, ERROR_CODES[401])
FIRST = (LIST.path, {"limit": "1"})
ELSEWHERE = tuple(one.path for one in COLLECTIONS if one.path != LIST.path)
"""The collections whose items and creates the documents don't spell out: they need a key all the same."""


def _refused(exchange: Exchange, what: str) -> None:
    """Expect 401 authentication_required of a request that is told apart as `what`."""
    try:
        expect_refusal(exchange, *UNAUTHENTICATED)
    except Violation as breach:
        message = f"{what}: {breach.message}"
        raise Violation(message, expected=breach.expected, observed=breach.observed) from None


def _expect_refused(attempt: Attempt, *variations: str) -> None:
    """Expect 401 of these variations, or all. Done without a key is a breach; a refusal counts beside its twin only.

    What was done without a key can be why the twin came too late, so that is looked at first.
    """
    chosen = {what: attempt.anonymous[what] for what in variations or attempt.anonymous}
    for what, exchange in chosen.items():
        if (exchange.status or 0) < 300:
            _refused(exchange, what)
    require_accepted(attempt.twin)
    for what, exchange in chosen.items():
        _refused(exchange, what)


@judges("AUT-01", over=[one.path for one in RESOURCES])
async def test_resources_without_a_key_are_refused(target: Target, resource: str) -> str:
    """Without Authorization a resource gets 401; with the key it is served, or refused for what is asked."""
    twin, anonymous = await asyncio.gather(plainly(target, resource), target.get(resource, role=None))
    require_accepted(twin, 200, 400, 403)
    _refused(anonymous, "without a key")
    return f"GET {resource} gets 401 without a key, {twin.status} with it"


@judges("AUT-01", over=[GET.label, *(one.label for one in WRITES)])
async def test_operations_without_a_key_are_refused(target: Target, operation: str) -> str:
    """Without Authorization an operation on observations gets 401; with the key it is done."""
    attempt = await _attempt(target, operation)
    _expect_refused(attempt, next(iter(attempt.anonymous)))
    return f"{operation} gets 401 without a key, {attempt.twin.status} with it"


async def _attempt(target: Target, operation: str) -> Attempt:
    if operation == GET.label:
        return await read_attempt(target)
    return (await write_attempts(target)).attempts[operation]


@judges("AUT-01")
async def test_reads_without_a_key_tell_nothing_of_which_ids_exist(target: Target) -> str:
    """An id that exists and one that does not are refused alike."""
    _expect_refused(await read_attempt(target))
    return "a known and an unknown id both get 401 without a key"


@judges("AUT-01", over=ELSEWHERE)
async def test_items_without_a_key_are_refused(target: Target, resource: str) -> str:
    """One item of each other collection, whose id is known, is not served without Authorization."""
    listed = await plainly(target, resource)
    if listed.status == FORBIDDEN:
        raise NotJudged(f"the key may not read {resource}", hint=f"Give PB_API_KEY the scope to read {resource}.")
    ids = read_page(require_accepted(listed, 200)).ids
    if not ids:
        raise NotJudged(f"{resource} holds no item", hint=f"Put an item into {resource}.")
    return _judged_elsewhere(await target.get(f"{resource}/{ids[0]}", role=None))


@judges("AUT-01", over=ELSEWHERE)
async def test_creates_elsewhere_without_a_key_are_refused(target: Target, resource: str) -> str:
    """A create without Authorization is neither done nor validated, where a collection takes any."""
    require_accepted(await plainly(target, resource), 200, 403)
    return _judged_elsewhere(await target.post(resource, json={}, role=None))


def _judged_elsewhere(anonymous: Exchange) -> str:
    """Judge a request without a key that the documents don't spell out: what does not exist may say so first."""
    if anonymous.status in NOWHERE:
        raise NotApplicable(f"{asked(anonymous)} gets {anonymous.status}: there is no such operation")
    _refused(anonymous, "without a key")
    return f"{asked(anonymous)} gets 401 without a key"


def _prefix(key: str) -> str:
    return next((one for one in (LIVE_KEY_PREFIX, TEST_KEY_PREFIX) if key.startswith(one)), "")


_NEVER_ISSUED = "N0suchKey7wasEverIssued"


def _unknown(key: str) -> str:
    """Give a key of the same form that was never issued."""
    prefix = _prefix(key) or TEST_KEY_PREFIX
    length = max(len(key) - len(prefix), 24)
    return prefix + (_NEVER_ISSUED * length)[:length]


def _altered(key: str) -> str:
    """Change one character in the midst of a key."""
    place = len(key) * 2 // 3
    return f"{key[:place]}{'A' if key[place] != 'A' else 'B'}{key[place + 1 :]}"


def _in_another_case(key: str) -> str:
    """Change the case of a key but for its prefix; a key without letters gets one more digit instead."""
    prefix = _prefix(key)
    cased = prefix + key[len(prefix) :].swapcase()
    return cased if cased != key else f"{key}0"


def _elsewhere(key: str) -> str:
    """Give the key's namesake of the other environment."""
    prefix = _prefix(key)
    other = LIVE_KEY_PREFIX if prefix == TEST_KEY_PREFIX else TEST_KEY_PREFIX
    return other + key[len(prefix) :]


MADE_UP = "a key that was never issued"
ALTERED = "the key with one character changed"
UNKNOWN_KEYS: dict[str, Callable[[str], str]] = {
    MADE_UP: _unknown,
    ALTERED: _altered,
    "the key in another case": _in_another_case,
    "the key under the other environment's prefix": _elsewhere,
    "the key cut off": lambda key: key[:-1],
    "the key with more at its end": lambda key: f"{key}0000",
}
EVERYWHERE = (MADE_UP, ALTERED)
"""What is tried on creates, too."""


def _bearer(what: str) -> Callable[[str], str]:
    return lambda key: f"Bearer {UNKNOWN_KEYS[what](key)}"


@judges("AUT-02")
async def test_unknown_keys_are_refused_on_reads(target: Target) -> str:
    """A made-up key, and the real one in disguises, get 401 where the real one is served."""
    await _require_key(target)
    path, query = FIRST
    answers = await asyncio.gather(*(target.get(path, query, authorize=_bearer(what)) for what in UNKNOWN_KEYS))
    for what, exchange in zip(UNKNOWN_KEYS, answers, strict=True):
        _refused(exchange, what)
    return f"a list gets 401 with {', '.join(UNKNOWN_KEYS)}"


@judges("AUT-02", over=[one.path for one in RESOURCES])
async def test_unknown_keys_are_refused_on_resources(target: Target, resource: str) -> str:
    """Each resource is refused to a made-up key, too."""
    require_accepted(await plainly(target, resource), 200, 400, 403)
    _refused(await target.get(resource, authorize=_bearer(MADE_UP)), MADE_UP)
    return f"GET {resource} gets 401 with {MADE_UP}"


@judges("AUT-02")
async def test_unknown_keys_are_refused_on_an_observation(target: Target) -> str:
    """An observation is refused to a made-up key, too."""
    await _require_key(target)
    one = (await read_attempt(target)).twin.path
    _refused(await target.get(one, authorize=_bearer(ALTERED)), ALTERED)
    return f"an observation gets 401 with {ALTERED}"


@judges("AUT-02", over=[one.label for one in WRITES])
async def test_unknown_keys_are_refused_on_writes(target: Target, operation: str) -> str:
    """A made-up key gets 401 on a write that the real one is allowed."""
    attempts = await write_attempts(target)
    twin = require_accepted(attempts.attempts[operation].twin)
    if operation == CREATE.label:
        for what in EVERYWHERE:
            _refused(await target.create(await target.body(), authorize=_bearer(what)), what)
        return f"{operation} gets 401 with {' and '.join(EVERYWHERE)}"
    body = {"json": {"impact": "Changed with a made-up key."}} if twin.method == "PATCH" else {}
    _refused(await target.send(twin.method, twin.path, authorize=_bearer(MADE_UP), **body), MADE_UP)
    return f"{operation} gets 401 with {MADE_UP}"


def _basic(key: str) -> str:
    return f"Basic {base64.b64encode(f'{key}:'.encode()).decode()}"


MALFORMED: dict[str, Callable[[str], str]] = {
    "the key as the user of Basic": _basic,
    "the key behind Basic": lambda key: f"Basic {key}",
    "the key behind Token": lambda key: f"Token {key}",
    "the key without a scheme": lambda key: key,
    "Bearer without a key": lambda _: "Bearer",
    "the key with a word after it": lambda key: f"Bearer {key} please",
    "the key in quotes": lambda key: f'Bearer "{key}"',
    "the key with a space inside": lambda key: f"Bearer {key[: len(key) // 2]} {key[len(key) // 2 :]}",
}


@judges("AUT-03")
async def test_malformed_credentials_are_refused(target: Target) -> str:
    """Other schemes, no token and spoilt tokens get 401 where the key behind Bearer is served."""
    await _require_key(target)
    path, query = FIRST
    answers = await asyncio.gather(*(target.get(path, query, authorize=write) for write in MALFORMED.values()))
    for what, exchange in zip(MALFORMED, answers, strict=True):
        _refused(exchange, what)
    return f"{len(MALFORMED)} malformed credentials get 401"


@judges("AUT-03")
async def test_basic_is_refused_on_an_observation(target: Target) -> str:
    """An observation is refused to the key as the user of Basic, as the list is."""
    twin = require_accepted((await read_attempt(target)).twin, 200)
    _refused(await target.get(twin.path, authorize=_basic), "the key as the user of Basic")
    return "an observation gets 401 with the key as the user of Basic"


async def _require_key(target: Target) -> None:
    """Block unless the key itself, behind Bearer, is served; undecided where it may not read observations."""
    require_accepted(await require_readable(target), 200)


@judges("AUT-04", over=[one.label for one in WRITES])
async def test_writes_without_a_key_are_refused_whatever_they_hold(target: Target, operation: str) -> str:
    """A valid body or not, an id that exists or not, in either state: a write without a key gets 401."""
    attempt = await _attempt(target, operation)
    _expect_refused(attempt)
    return f"{operation} without a key gets 401: {', '.join(attempt.anonymous)}"


@judges("AUT-04")
async def test_changes_without_a_key_change_nothing(target: Target) -> str:
    """An observation reads the same after updates, archives and restores without a key, active and archived."""
    attempts = await write_attempts(target)
    for before, after in (attempts.active, attempts.archived):
        expect_same(after, before)
    for attempt in attempts.attempts.values():
        require_accepted(attempt.twin)
    return "an observation is unchanged by writes without a key, active and archived"


@judges("AUT-04")
async def test_creates_without_a_key_make_nothing(target: Target) -> str:
    """What was created without a key is not in the list that shows what was created around it."""
    attempts = await write_attempts(target)
    items = await made_between(target, attempts.older, attempts.newer)
    made = [item for item in items if item.get("observation") == attempts.stolen]
    expect(not made, "a create without a key made an observation", expected="none", observed=made)
    return f"none of the {len(items)} newest observations was created without a key"


@judges("AUT-05")
async def test_the_spec_is_served_without_a_key(target: Target) -> str:
    """GET /openapi.json without Authorization gives an OpenAPI document."""
    exchange = await target.once("spec", lambda: target.get(SPEC_PATH, role=None))
    expect_status(exchange, 200)
    document = exchange.json if exchange.response is not None and exchange.response.is_json else None
    expect(
        isinstance(document, dict)
        and isinstance(document.get("openapi"), str)
        and isinstance(document.get("paths"), dict),
        f"{asked(exchange)} gave no OpenAPI document",
        expected="an object with openapi and paths",
        observed=sorted(document) if isinstance(document, dict) else shown(exchange),
    )
    return "the spec is served without a key"


@judges("AUT-10")
def test_no_answer_repeats_the_key(exchange: Exchange) -> bool:
    """Neither headers nor body hold the key that was sent."""
    if not exchange.request.header(AUTHORIZATION.name):
        return False
    expect(not exchange.repeats_key, "an answer repeats the API key that was sent", expected="no key in any answer")
    return True
