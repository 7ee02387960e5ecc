"""Fuzzing is fair, the same by the same seed, changes nothing that is not its own, and tells all that is wrong."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.faults.querying import values
from conformance.judging.verdicts import NotJudged
from conformance.openapi.fuzzing.bounds import BOUNDS, Bounds
from conformance.openapi.fuzzing.drawing import NO_END
from conformance.openapi.fuzzing.errands import BROKEN, ERRED
from conformance.openapi.fuzzing.fuzzer import fuzz
from conformance.reference import HONEST, Keys, Reference, Response
from conformance.target.failures import Failures
from conformance.target.means import Means
from conformance.target.settings import Settings
from conformance.target.target import Target
from conformance.wire.client import SAFE, Client
from tests.openapi.fuzzing.conftest import BASE_URL

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.reference import Handler, Request
    from tests.openapi.fuzzing.conftest import Fuzzing

QUICK = BOUNDS["quick"]
WHOLE = Bounds(requests=2500, seconds=240, rounds=0)
"""All that is drawn value by value, and nothing by chance."""
CURSORS = re.compile(r"cursor=[^&]*")
IDS = re.compile(r"[a-z]+_[0-9A-HJKMNP-TV-Z]{26}")
pytestmark = pytest.mark.slow


def digest(target: Target) -> str:
    """Digest what was asked, in its order, without ids and cursors: a reference mints others each time."""
    asked = [
        (one.method, CURSORS.sub("", IDS.sub("", one.request.target)), IDS.sub("", one.request.body.decode("latin-1")))
        for one in sorted(target.client.recorder.exchanges, key=lambda one: one.number)
    ]
    return hashlib.sha256(repr(asked).encode()).hexdigest()


def test_the_same_seed_asks_the_same_in_the_same_order(fuzzing: Fuzzing) -> None:
    """Of fresh references; another seed asks something else."""
    (_, one, _), (_, two, _), (_, other, _) = (fuzzing(QUICK, seed=seed) for seed in (5, 5, 6))
    assert (digest(one) == digest(two), digest(one) == digest(other)) == (True, False)


def test_every_operation_is_asked_and_the_bound_is_kept(fuzzing: Fuzzing) -> None:
    """The first operations leave something for the last."""
    fuzzed, target, _ = fuzzing(QUICK)
    refused = {subject for (rule, subject), tally in fuzzed.tallies.items() if rule == BROKEN and tally.held}
    session = sum(one.asked_by == "session" for one in target.client.recorder.exchanges)
    discovery = len(target.client.recorder.exchanges) - QUICK.requests - session
    assert (fuzzed.found, len(refused), discovery < 10) == ({}, 14, True)


def test_read_only_sends_no_write(fuzzing: Fuzzing) -> None:
    """Reads are still fuzzed."""
    fuzzed, target, _ = fuzzing(QUICK, read_only=True)
    methods = {one.method for one in target.client.recorder.exchanges}
    assert (methods <= SAFE, fuzzed.found, fuzzed.tallies[BROKEN, "/observations"].held > 0) == (True, {}, True)


def test_a_quarter_of_a_budget_is_enough_for_a_fair_share(fuzzing: Fuzzing) -> None:
    """Proportionally fewer are asked."""
    _, target, _ = fuzzing(QUICK, request_budget=400)
    assert len(target.client.recorder.exchanges) <= 110


def test_writes_are_for_what_the_run_made_alone(fuzzing: Fuzzing) -> None:
    """Where nothing may stay, only what can be removed is made; and all that is made is in the journal."""
    _, target, _ = fuzzing(QUICK, leave_data=False)
    made = {one.path for one in target.client.recorder.exchanges if one.method == "POST" and one.status == 201}
    created = [one.json["id"] for one in target.client.recorder.exchanges if one.status == 201]
    assert (made, all(map(target.journal.knows, created))) == ({"/observations", "/webhooks"}, True)


def test_each_create_has_a_key_of_its_own(fuzzing: Fuzzing) -> None:
    """A replay would be the answer to another question."""
    _, target, _ = fuzzing(QUICK)
    keys = [one.request.header("idempotency-key") for one in target.client.recorder.exchanges if _makes(one)]
    assert (None in keys, len(keys)) == (False, len(set(keys)))


def _makes(exchange: object) -> bool:
    return getattr(exchange, "method", "") == "POST" and getattr(exchange, "path", "").count("/") == 1


async def careless(request: Request, honest: Handler) -> Response:
    """Overlook whatever is wrong with updates of review items, and one filter of conversations."""
    response = await honest(request)
    if response.status != 400:
        return response
    if request.method == "PATCH" and request.path.startswith("/v1/review-items/"):
        return await honest(replace(request, method="GET", body=b""))
    if request.path == "/v1/conversations" and request.param("filter[held_on][gt]") is not None:
        return await honest(replace(request, query=(), raw_query=""))
    return response


def test_all_that_is_wrong_with_an_operation_is_told(fuzzing: Fuzzing) -> None:
    """One finding for each place and keyword, each as small as it can be, with its accepted twin."""
    fuzzed, _, _ = fuzzing(WHOLE, replace(HONEST, door=careless))
    kinds = {one.kind for one in fuzzed.findings(BROKEN, "/review-items")}
    assert {"body title maxLength", "body title type", "body rating maximum", "body status enum"} <= kinds
    assert [one.kind for one in fuzzed.findings(BROKEN, "/conversations")] == ["query filter[held_on][gt] format"]
    assert {(len(one.differences), len(one.numbers)) for one in fuzzed.found.values()} == {(1, 2)}


async def brittle(request: Request, honest: Handler) -> Response:
    """Break on a long update of a review item, and on two filters that meet."""
    response = await honest(request)
    filters = [name for name, _ in request.query if name.startswith("filter[")]
    odd = len(request.body) > 1000 and request.path.startswith("/v1/review-items/")
    meet = request.path == "/v1/conversations" and {"filter[held_on][gt]", "filter[held_on][lt]"} <= {*filters}
    return replace(response, status=500) if odd or meet else response


def test_each_value_that_breaks_the_server_is_told_alone(fuzzing: Fuzzing) -> None:
    """Or those together that it takes."""
    fuzzed, _, _ = fuzzing(Bounds(requests=6000, seconds=240, rounds=NO_END), replace(HONEST, door=brittle))
    assert {len(one.differences) for one in fuzzed.findings(ERRED, "/review-items")} == {1}
    assert {len(one.differences) for one in fuzzed.findings(ERRED, "/conversations")} == {2}


async def keyless(request: Request, honest: Handler) -> Response:
    """Let anybody change a summary."""
    changes = request.method == "PATCH" and request.path.startswith("/v1/summaries/")
    keyed = request.with_header("authorization", f"Bearer {Keys().full}")
    return await honest(keyed if changes and request.header("authorization") is None else request)


SOME = Bounds(requests=4000, seconds=240, rounds=NO_END)


def test_what_is_done_without_a_key_is_told_and_told_again(fuzzing: Fuzzing, tmp_path: Path) -> None:
    """Also where the documents spell out no such operation, and no plain request of it is accepted."""
    lie, means = replace(HONEST, door=keyless), Means(failures=Failures(tmp_path / "failures.json"))
    for bounds in (SOME, BOUNDS["again"]):
        fuzzed, _, _ = fuzzing(bounds, lie, means=means)
        assert {one.id for one in fuzzed.found.values()} == {"ROB-02 PATCH /summaries/{id} key security"}


async def literal(request: Request, honest: Handler) -> Response:
    """Take the type of a body for a text of which every character counts."""
    media = request.header("content-type")
    known = media is None or media in {"application/json", "application/json; charset=utf-8"}
    return await honest(request if known else replace(request, body=b"{"))


def test_a_type_that_is_taken_to_the_letter_is_told_and_told_again(fuzzing: Fuzzing, tmp_path: Path) -> None:
    """In whatever words the refusal speaks of it."""
    lie, means = replace(HONEST, door=literal), Means(failures=Failures(tmp_path / "failures.json"))
    for bounds in (SOME, BOUNDS["again"]):
        fuzzed, _, _ = fuzzing(bounds, lie, means=means)
        assert "ROB-03 POST /observations header Content-Type 400" in fuzzed.found


async def fronted(request: Request, honest: Handler) -> Response:
    """Refuse in words of its own what an API need not see, as a proxy does."""
    if "\0" in request.path or "xml" in (request.header("accept") or ""):
        return Response(400, (("Content-Type", "text/html"),), b"<h1>Bad Request</h1>")
    return await honest(request)


def test_what_a_proxy_refuses_is_no_answer_of_the_api(fuzzing: Fuzzing) -> None:
    """It is kept apart from all that is judged of answers."""
    _, target, _ = fuzzing(SOME, replace(HONEST, door=fronted))
    refused = [one for one in target.client.recorder.exchanges if one.header("content-type") == "text/html"]
    assert (len(refused) > 20, {one.request.beside for one in refused}) == (True, {True})


async def endless(request: Request, honest: Handler) -> Response:
    """Break on a NUL in an id."""
    response = await honest(request)
    return replace(response, status=500) if "\0" in request.path else response


def test_a_nul_that_breaks_a_server_is_told(fuzzing: Fuzzing) -> None:
    """Wherever it refuses it in other words."""
    fuzzed, _, _ = fuzzing(SOME, replace(HONEST, door=endless))
    assert "ROB-01 GET /employees/{id} end 500" in fuzzed.found


def test_what_failed_is_replayed_first(fuzzing: Fuzzing, tmp_path: Path) -> None:
    """Right after the plain requests, also by another seed; and it is forgotten once it fails no more."""
    lie = values("limit", lambda text: "50" if text == "0" else text)
    means = Means(failures=Failures(tmp_path / "failures.json"))
    fuzzing(QUICK, lie, means=means)
    bounds = Bounds(requests=QUICK.requests, seconds=QUICK.seconds, rounds=0)
    _, target, _ = fuzzing(bounds, means=means, seed=9)
    asked = [one.request.target for one in target.client.recorder.exchanges]
    place = asked.index("/observations?limit=0")
    assert (place < 75, (tmp_path / "failures.json").read_text()) == (True, "{}")


def test_only_what_failed_is_asked_again(fuzzing: Fuzzing, tmp_path: Path) -> None:
    """After the plain requests that it differs from; nothing is drawn."""
    lie = values("limit", lambda text: "50" if text == "0" else text)
    means = Means(failures=Failures(tmp_path / "failures.json"))
    found = {*fuzzing(QUICK, lie, means=means)[0].found}
    fuzzed, target, _ = fuzzing(BOUNDS["again"], lie, means=means, seed=9)
    assert ({*fuzzed.found} == found, len(target.client.recorder.exchanges) < 120) == (True, True)


def test_off_is_not_judged(fuzzing: Fuzzing) -> None:
    """It says how to turn it on."""
    with pytest.raises(NotJudged, match="off"):
        fuzzing(None, fuzz="off")


def test_an_interrupted_fuzzing_ends_at_once() -> None:
    """Ctrl-C cancels it, whatever is being drawn or asked."""

    async def interrupted() -> float:
        reference = Reference(HONEST)
        transport = httpx.ASGITransport(reference.asgi)
        async with Client(BASE_URL, {"key": reference.keys.full}, run_id="trial", transport=transport) as client:
            target = Target(client, Settings(base_url=BASE_URL), run_id="trial")
            task = asyncio.create_task(fuzz(target, Bounds(requests=20_000, seconds=240, rounds=NO_END)))
            await asyncio.sleep(3)
            began = time.monotonic()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return time.monotonic() - began

    assert asyncio.run(interrupted()) < 5
