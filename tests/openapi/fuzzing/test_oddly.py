"""What is odd is dealt out to all operations, refusals first, and nothing of it can do harm."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.openapi.document.published import Published
from conformance.openapi.fuzzing.assessing import Expected, assess
from conformance.openapi.fuzzing.bounds import BOUNDS, Allowance
from conformance.openapi.fuzzing.findings import Fuzzed
from conformance.openapi.fuzzing.guarded import Guarded
from conformance.openapi.fuzzing.oddly import oddities
from conformance.openapi.fuzzing.oracle import Oracle
from conformance.openapi.fuzzing.plainly import Plainly
from conformance.openapi.fuzzing.questions import SAME_TYPES, Twin
from conformance.openapi.fuzzing.sending import Sender
from conformance.openapi.fuzzing.stumbling import HALF
from conformance.openapi.fuzzing.twins import Twins
from conformance.reference import Reference
from conformance.target.settings import Settings
from conformance.target.target import Target
from conformance.wire.client import Client
from tests.openapi.fuzzing.conftest import BASE_URL, DOCUMENT, RESPONSES, answer, twin_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.openapi.fuzzing.assessing import Candidate
    from conformance.openapi.fuzzing.questions import Question

SECURED = Published(
    {
        **DOCUMENT,
        "security": [{"key": []}],
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    },
    answer(),
)
PLANNED = ("GET /things", "GET /things/{id}", "PATCH /things/{id}")


@contextmanager
def targeted(*, seed: int = 1, read_only: bool = False) -> Iterator[Target]:
    """Give a target in this process."""
    reference = Reference()
    client = Client(
        BASE_URL, {"key": reference.keys.full}, run_id="trial", transport=httpx.ASGITransport(reference.asgi)
    )
    yield Target(client, Settings(base_url=BASE_URL, read_only=read_only), run_id="trial", seed=seed)
    reference.close()


def asked(
    spec: Published, *, seed: int = 1, read_only: bool = False, waiting: dict[str, Sequence[str]] | None = None
) -> list[Candidate]:
    """Give what is odd of a spec of which the creates can't be planned; `waiting` are ids of items by action."""
    plain = {label: twin_of(spec, label) for label in (*PLANNED, *(waiting or ()))}
    oracle = Oracle(spec)

    def told(questions: Iterable[Question]) -> Iterator[Candidate]:
        return (assess(one, plain.get(one.operation.label) or Twin(one.operation, ""), oracle) for one in questions)

    with targeted(seed=seed, read_only=read_only) as target:
        sender, fuzzed = Sender(target, Allowance(BOUNDS["deep"])), Fuzzed(spec.operations)
        plainly = Plainly(spec, Twins(target, spec), sender, fuzzed)
        plainly.twins, plainly.alike = plain, waiting or {}
        return [*oddities(target, spec, (plainly, Guarded(sender, fuzzed, Oracle(spec))), told)]


def test_items_that_wait_for_an_action_get_one_odd_body_each() -> None:
    """What breaks a keyword first; each body is another one."""
    schema = {"type": "object", "properties": {"rating": {"type": "integer", "minimum": 1, "maximum": 5}}}
    body = {"content": {"application/json": {"schema": schema}}}
    path = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
    complete = {"post": {"parameters": path, "requestBody": body, "responses": RESPONSES}}
    spec = Published({**DOCUMENT, "paths": DOCUMENT["paths"] | {"/things/{id}/complete": complete}}, answer())
    label = "POST /things/{id}/complete"
    found = asked(spec, waiting={label: ["thing_7", "thing_8", "thing_9"]})
    told = {
        one.question.differences[0].value: one
        for one in found
        if one.question.operation.label == label
        and [each.slot.where for each in one.question.differences] == ["path", "body"]
    }
    assert (sorted(told), len({one.question.differences[1].mark for one in told.values()})) == (
        ["thing_7", "thing_8", "thing_9"],
        3,
    )
    assert {read.keyword for one in told.values() for read in one.blamed} >= {"minimum", "maximum"}


def test_each_operation_has_its_share_at_any_end(spec: Published) -> None:
    """They take turns."""
    labels = [one.question.operation.label for one in asked(spec)]
    runs = [len([*group]) for _, group in groupby(labels[:60])]
    assert (max(runs), set(PLANNED) <= set(labels[:5])) == (1, True)


def test_the_same_seed_asks_the_same(spec: Published) -> None:
    """And another one in another order."""
    one, two, other = ([each.mark for each in asked(spec, seed=seed)] for seed in (1, 1, 2))
    assert (one == two, one == other, sorted(one) == sorted(other)) == (True, False, True)


def test_a_create_that_is_not_planned_is_asked_with_half_a_body(spec: Published) -> None:
    """Of which nothing can be made."""
    of_create = [one.question for one in asked(spec) if one.question.operation.label == "POST /things"]
    whole = replace(twin_of(spec, "POST /things"), exchange=None)
    assert {whole.changed(one.differences).octets for one in of_create} == {b"{", b"[", b"nul", b""}


def test_read_only_sends_no_odd_write(spec: Published) -> None:
    """Not even one of which nothing can be made."""
    methods = {one.question.operation.label for one in asked(spec, read_only=True)} - set(PLANNED)
    assert methods == set()


@pytest.mark.parametrize("label", ["GET /things/{id}", "PATCH /things/{id}", "POST /things"])
def test_without_a_key_a_refusal_is_expected_where_the_spec_wants_one(label: str) -> None:
    """Whatever else is done with the answer."""
    found = [
        one for one in asked(SECURED) if (one.question.phase, one.question.operation.label) == ("other keys", label)
    ]
    assert [(one.expected, one.feature) for one in found] == [(Expected.REFUSAL, "key security")] * 3


def test_without_a_key_nothing_is_expected_where_the_spec_wants_none(spec: Published) -> None:
    """Another rule may."""
    assert {one.expected for one in asked(spec) if one.question.phase == "other keys"} == {Expected.ANYTHING}


def test_a_limit_below_its_minimum_waits_for_no_other_values(spec: Published) -> None:
    """It comes before any other place has its second turn."""
    told = [one.question for one in asked(spec) if one.question.operation.label == "GET /things"]
    place = [one.mark for one in told].index('GET /things query limit=["-1"]')
    before = Counter(str(one.differences[0].slot) for one in told[:place] if one.phase != "other keys")
    assert {slot for slot, times in before.items() if times > 1} <= {"query limit"}


def test_what_is_odd_and_ruled_out_is_expected_to_be_refused(spec: Published) -> None:
    """What is odd and not ruled out may be served or refused."""
    odd = [one for one in asked(spec) if one.question.phase == "stumbling"]
    blamed = {one.feature for one in odd if one.expected is Expected.REFUSAL}
    assert {one.expected for one in odd} == {Expected.REFUSAL, Expected.ANYTHING}
    assert {"body title maxLength", "query q maxLength"} <= blamed


def test_a_body_is_served_however_its_type_is_spelled(spec: Published) -> None:
    """In another case, and between quotes."""
    found = [one for one in asked(spec) if one.question.phase == "same types"]
    assert {one.expected for one in found} == {Expected.SERVICE}
    assert {one.question.differences[0].value for one in found} == {*SAME_TYPES}


def test_an_action_on_an_item_that_nobody_has_is_given_odd_bodies() -> None:
    """As long as it is not found; of the answers nothing is expected."""
    body = {"content": {"application/json": {"schema": {"properties": {"comment": {"type": "string"}}}}}}
    action = {"/things/{id}/finish": {"post": {"requestBody": body, "responses": RESPONSES}}}
    told = Published({**DOCUMENT, "paths": {**DOCUMENT["paths"], **action}}, answer())
    operation = next(one for one in told.operations if one.label == "POST /things/{id}/finish")
    with targeted() as target:
        guarded = Guarded(Sender(target, Allowance(BOUNDS["deep"])), Fuzzed(told.operations), Oracle(told))
        guarded.add_change(Twin(operation, "/things/thg_0/finish", {}, {"comment": "Fine"}, exchange=answer(404)))
        found = [*guarded.odd(operation.label, told.document, "0123")]
    values = [each.value for one in found for each in one.question.differences if each.slot.name == "comment"]
    assert {one.expected for one in found} == {Expected.ANYTHING}
    assert [None in values, [] in values, HALF in values] == [True, True, True]
