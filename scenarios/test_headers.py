"""HDR: request ids and rate limits in the headers (overview › Standard request headers, Standard response headers)."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from conformance.contract.headers import (
    IDEMPOTENCY_KEY,
    RATE_LIMIT,
    RATE_REMAINING,
    RATE_RESET,
    REQUEST_ID,
    RETRY_AFTER,
)
from conformance.judging.expect import asked, expect, require_accepted, shown
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, NotApplicable, Violation
from conformance.target.discovery import nobody, plainly
from conformance.target.reading import read_resource
from conformance.target.tour import UNSTATED
from scenarios._answers import is_answer, is_authenticated, require_readable, require_writable
from scenarios._rate_limits import (
    Reading,
    integer,
    is_refill,
    may_be_a_window,
    may_regain,
    quiet,
    readings,
    within_one_window,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

READS = ("/session", "/employees", "/summaries", "/notifications", "/observations")
"""One of each kind of resource that is read plainly."""
EPOCH_SECONDS = range(10**9, 10**11)
"""From 2001 to 5138: what is less is a delta or an uptime, what is more is milliseconds or finer."""
MODERATE = re.compile(r"[!-~]{1,64}")
"""Request ids that every server can be expected to take: printable ASCII of moderate length."""
ROUNDING = 1.0
"""Seconds by which Reset may be cut off, or Date be rounded."""


def _is_stored(exchange: Exchange) -> bool:
    """Tell whether an answer comes from a cache: Age says so (RFC 9111, section 5.1)."""
    return exchange.header("age") is not None


def _request_id(exchange: Exchange) -> str:
    return (exchange.header(REQUEST_ID.name) or "").strip()


@judges("HDR-01")
def test_every_answer_has_a_request_id(exchange: Exchange) -> bool:
    """X-Request-ID is there and not empty, on success and on error."""
    if not is_answer(exchange):
        return False
    expect(_request_id(exchange), "an answer has no X-Request-ID", expected="a request id", observed=shown(exchange))
    return True


@judges("HDR-02")
async def test_a_sent_request_id_comes_back_on_success(target: Target) -> str:
    """Whatever its form: a UUID in capitals, a number, punctuation, 64 characters."""
    chance = target.chance
    ids = (
        chance.uuid().upper(),
        str(chance.fresh("number").randrange(10**6)),
        f"trace:{chance.digits(6)}/4.2=a+b~c",
        chance.digits(64),
    )
    paths = await _reads(target)
    asked_of = list(zip(ids, itertools.cycle(paths), strict=False))
    answers = await asyncio.gather(*(target.get(path, headers=_unstated(sent)) for sent, path in asked_of))
    for sent, exchange in zip(ids, answers, strict=True):
        _expect_echo(require_accepted(exchange, 200), sent)
    return f"{len(ids)} ids of different form came back from {', '.join(paths)}"


async def _reads(target: Target) -> Sequence[str]:
    """Give the paths that the key reads out of a few; the observations where it reads none of the others."""
    answers = await asyncio.gather(*(plainly(target, path) for path in READS))
    served = [path for path, one in zip(READS, answers, strict=True) if one.status == 200]
    if not served:
        await require_readable(target)
    return served or ["/observations"]


def _unstated(request_id: str) -> dict[str, str | None]:
    """Give the headers of a request that names itself and not what it accepts: TRN-02 judges what it gets."""
    return {REQUEST_ID.name: request_id, **UNSTATED}


@judges("HDR-02")
async def test_a_sent_request_id_comes_back_on_reads_that_are_refused(target: Target) -> str:
    """The id of the request is the id of its 400, 401, 404 or 405."""
    refused: dict[str, tuple[str, str, dict[str, Any]]] = {
        "a bad limit": ("GET", "/observations", {"query": {"limit": "abc"}}),
        "an unknown id": ("GET", f"/observations/{target.chance.unknown_id('obs')}", {}),
        "an unknown path": ("GET", "/no-such-resource", {}),
        "a method that the spec's path does not take": ("PUT", "/openapi.json", {}),
        "no key": ("GET", "/observations", {"role": None}),
        "a wrong key": ("GET", "/session", {"authorize": lambda key: f"Bearer {key[::-1]}"}),
    }
    sent = [_an_id(target, place) for place in range(len(refused))]
    answers = await asyncio.gather(
        *(
            target.send(method, path, headers=_unstated(one), **more)
            for one, (method, path, more) in zip(sent, refused.values(), strict=True)
        )
    )
    return _echoed_on_errors(sent, answers)


@judges("HDR-02")
async def test_a_sent_request_id_comes_back_on_writes(target: Target) -> str:
    """The id of the request is the id of its 201, 400, 409 or 422."""
    target.require_writes()
    valid = await target.body()
    sent = [_an_id(target, place) for place in range(4)]
    created, invalid, unknown = await asyncio.gather(
        target.create(valid, headers={REQUEST_ID.name: sent[0]}),
        target.create(valid | {"type": "STRENGTH"}, headers=_unstated(sent[1])),
        target.create(valid | {"employee_id": await nobody(target)}, headers=_unstated(sent[2])),
    )
    _expect_echo(require_accepted(require_writable(created), 201), sent[0])
    path = f"/observations/{read_resource(created)['id']}/restore"
    conflict = await target.post(path, headers=_unstated(sent[3]))
    return "a created observation's id came back; " + _echoed_on_errors(sent[1:], (invalid, unknown, conflict))


def _an_id(target: Target, place: int) -> str:
    """Give a fresh request id, every other one a UUID."""
    return target.chance.uuid() if place % 2 else f"conformance.{place}-{target.chance.digits(12)}"


def _echoed_on_errors(sent: Sequence[str], answers: Sequence[Exchange]) -> str:
    for one, exchange in zip(sent, answers, strict=True):
        _expect_echo(exchange, one)
    statuses = sorted({exchange.status for exchange in answers if exchange.status and exchange.status >= 400})
    if not statuses:
        raise Blocked("none of the requests that should be refused was refused")
    return f"ids came back on {', '.join(map(str, statuses))}"


def _expect_echo(exchange: Exchange, sent: str, *, cited: Sequence[int] = ()) -> None:
    got = exchange.header(REQUEST_ID.name)
    if got != sent:
        message = f"{asked(exchange)} got {exchange.status} without the X-Request-ID that was sent"
        raise Violation(message, expected=sent, observed=got, exchanges=cited)


@judges("HDR-02")
def test_every_sent_request_id_comes_back(exchange: Exchange) -> bool:
    """What was asked with an id of ours is answered with it; only a stored or replayed answer may bring another."""
    sent = exchange.request.header(REQUEST_ID.name)
    stored = _is_stored(exchange) or exchange.request.header(IDEMPOTENCY_KEY.name) is not None
    if sent is None or stored or not is_answer(exchange) or not MODERATE.fullmatch(sent):
        return False
    _expect_echo(exchange, sent)
    return True


@judges("HDR-02")
def test_every_sent_request_id_comes_back_on_creates(exchanges: Sequence[Exchange]) -> int:
    """So do those of creates whose Idempotency-Key was sent once: what they get is no replay."""
    keys = Counter(one.request.header(IDEMPOTENCY_KEY.name) for one in exchanges for _ in one.attempts or (None,))
    judged = 0
    for exchange in exchanges:
        sent, key = (exchange.request.header(one.name) for one in (REQUEST_ID, IDEMPOTENCY_KEY))
        is_first = key is not None and keys[key] == 1 and not _is_stored(exchange)
        if sent is not None and is_first and is_answer(exchange) and MODERATE.fullmatch(sent):
            _expect_echo(exchange, sent, cited=(exchange.number,))
            judged += 1
    return judged


@judges("HDR-03")
def test_assigned_request_ids_are_used_once(exchanges: Sequence[Exchange]) -> int:
    """No two requests that sent none share one; replays of one create, and answers from a cache, count as one."""
    owners: dict[str, tuple[str, int]] = {}
    for exchange in filter(_assigned, exchanges):
        owner = exchange.request.header(IDEMPOTENCY_KEY.name) or f"request {exchange.number}"
        other, number = owners.setdefault(_request_id(exchange), (owner, exchange.number))
        if other != owner:
            raise Violation(
                f"the answers to requests {number} and {exchange.number} carry the same X-Request-ID",
                expected="an id for each request",
                observed=_request_id(exchange),
                exchanges=(number, exchange.number),
            )
    return len(owners) if len(owners) > 1 else 0


def _assigned(exchange: Exchange) -> bool:
    """Tell whether the server chose the id, and for this very request."""
    own = exchange.request.header(REQUEST_ID.name) is None and not _is_stored(exchange)
    return own and bool(_request_id(exchange)) and is_answer(exchange)


@judges("HDR-04")
def test_answers_to_a_key_carry_its_rate_limit(exchange: Exchange) -> bool:
    """Limit, Remaining and Reset are there, as integers."""
    if not is_authenticated(exchange):
        return False
    for header in (RATE_LIMIT, RATE_REMAINING, RATE_RESET):
        expect(
            integer(exchange, header.name) is not None,
            f"an answer to a key has {header.name}: {exchange.header(header.name)}",
            expected="an integer",
            observed={"status": exchange.status, header.name: exchange.header(header.name)},
        )
    return True


@judges("HDR-05")
def test_remaining_lies_between_zero_and_the_limit(exchange: Exchange) -> bool:
    """0 <= Remaining <= Limit wherever both are told."""
    limit, remaining = integer(exchange, RATE_LIMIT.name), integer(exchange, RATE_REMAINING.name)
    if limit is None or remaining is None:
        return False
    expect(
        0 <= remaining <= limit,
        f"{RATE_REMAINING.name} is {remaining} of {limit}",
        expected=f"0 to {limit}",
        observed=remaining,
    )
    return True


@judges("HDR-06")
def test_reset_is_an_epoch_second_that_is_not_past(exchange: Exchange) -> bool:
    """Neither a delta nor milliseconds, and not before the answer's own Date.

    Where a test clock was moved on, the limiter may have stayed behind: what lies ahead by our clock is not past. What
    was stored tells of the request that it was stored for, under a Date that may be the cache's.
    """
    reset = integer(exchange, RATE_RESET.name)
    if reset is None or _is_stored(exchange):
        return False
    expect(reset in EPOCH_SECONDS, f"{RATE_RESET.name} is {reset}", expected="Unix epoch seconds", observed=reset)
    date = exchange.response.date if exchange.response is not None else None
    if date is not None:
        late = date.timestamp() - reset
        expect(
            late <= ROUNDING + exchange.seconds or reset > exchange.attempts[-1].started,
            f"{RATE_RESET.name} lies {late:.0f} s before the answer's Date",
            expected=f"{date.timestamp():.0f} or later",
            observed=reset,
        )
    return True


@judges("HDR-07")
async def test_remaining_goes_down_and_never_up_within_one_window(target: Target) -> str:
    """Requests made one after the other draw on the quota; only what a bucket regains meanwhile may come back."""
    taken = await readings(target)
    if not within_one_window(taken) and may_be_a_window(taken):
        await quiet(target)
        taken = await readings(target)
    window = within_one_window(taken)
    if not window:
        raise NotApplicable("each answer's Reset is at hand or its own, as that of a bucket which is nearly full")
    _expect_no_rise(window)
    first, last = window[0], window[-1]
    expect(
        last.remaining < first.remaining or is_refill(first, last),
        f"{RATE_REMAINING.name} stood at {first.remaining} through {len(window)} requests of one window",
        expected="fewer after each request",
        observed=[one.remaining for one in window],
    )
    return (
        f"{RATE_REMAINING.name} went from {first.remaining} to {last.remaining} in {len(window)} requests of one window"
    )


def _expect_no_rise(window: Sequence[Reading]) -> None:
    for place, one in enumerate(window):
        for later in window[place + 1 :]:
            expect(
                later.remaining <= one.remaining or may_regain(one, later),
                f"{RATE_REMAINING.name} went up from {one.remaining} to {later.remaining} within one window",
                expected="never up before Reset",
                observed=[reading.remaining for reading in window],
            )


@judges("HDR-08")
def test_throttled_answers_say_how_long_to_wait(exchange: Exchange) -> bool:
    """429 and 503 carry Retry-After in whole seconds."""
    if exchange.status not in {429, 503}:
        return False
    value = exchange.header(RETRY_AFTER.name)
    expect(
        value is not None and re.fullmatch(r"[0-9]+", value.strip()),
        f"a {exchange.status} has {RETRY_AFTER.name}: {value}",
        expected="whole seconds",
        observed=value,
    )
    return True
