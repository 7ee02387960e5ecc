"""Announcements are read in every form that a standard gave them; and no judge of ours minds an addition."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract.observation import FIELD
from conformance.contract.rules import rule
from conformance.faults.rewriting import refusal
from conformance.faults.trial import trial
from conformance.judging.expect import expect
from conformance.judging.scenario import Scenario
from conformance.judging.verdicts import NotApplicable, Verdict, Violation
from conformance.reference import HONEST
from conformance.wire.exchange import Exchange, Request, Response
from scenarios._additions import ADDED, added_to, enriched, examples, served_additions
from scenarios.test_versioning import (
    NarrowMinded,
    passive_judges,
    require_open_minds,
)
from scenarios.test_versioning import (
    test_deprecation_and_sunset_are_well_formed as well_formed,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.reference import Handler
    from conformance.reference import Request as Asked
    from conformance.reference import Response as Answer


def served(body: object, *headers: tuple[str, str], path: str = "/observations", number: int = 1) -> Exchange:
    """Make an exchange that was answered with a JSON body."""
    request = Request("GET", f"http://t.test/v1{path}", path)
    return Exchange(number, request, Response(200, headers, json.dumps(body).encode()))


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Deprecation", "@1688169599", True),
        ("Deprecation", "@1688169599;reason=old", True),
        ("Deprecation", "true", True),
        ("Deprecation", "?1", True),
        ("Deprecation", "Sun, 11 Nov 2018 23:59:59 GMT", True),
        ("Deprecation", "2018-11-11", False),
        ("Deprecation", "@yesterday", False),
        ("Sunset", "Sat, 31 Dec 2018 23:59:59 GMT", True),
        ("Sunset", "Sunday, 06-Nov-94 08:49:37 GMT", True),
        ("Sunset", "Sun Nov  6 08:49:37 1994", True),
        ("Sunset", "Sat, 31 Dec 2018 23:59:59 +0100", False),
        ("Sunset", "true", False),
        ("Sunset", "", False),
    ],
)
def test_announcements_are_read_in_every_standard_form(name: str, value: str, *, expected: bool) -> None:
    """RFC 9745 and its drafts, RFC 8594 with the three forms of RFC 9110."""
    if expected:
        assert well_formed([served({}, (name, value))]) == 1
        return
    with pytest.raises(Violation):
        well_formed([served({}, (name, value))])


def test_no_announcement_is_no_matter() -> None:
    """Where nothing is about to go, nothing can be malformed."""
    with pytest.raises(NotApplicable):
        well_formed([served({})])


def test_a_spec_that_deprecates_nothing_is_no_matter() -> None:
    """The rule is not applicable then."""

    def publish(document: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**document, "paths": {path: item for path, item in document["paths"].items() if path != "/whoami"}}

    (check,) = asyncio.run(trial({"VER-01"}, replace(HONEST, publish=publish)))
    assert check.verdict is Verdict.NOT_APPLICABLE


def test_a_deprecated_operation_that_the_key_may_not_ask_is_passed_over() -> None:
    """The others are judged all the same."""

    def publish(document: Mapping[str, Any]) -> Mapping[str, Any]:
        path = "/webhooks/{id}"
        item = document["paths"][path] | {"get": document["paths"][path]["get"] | {"deprecated": True}}
        return {**document, "paths": document["paths"] | {path: item}}

    async def door(request: Asked, honest: Handler) -> Answer:
        return refusal("permission_denied") if request.path.startswith("/v1/webhooks") else await honest(request)

    (check,) = asyncio.run(trial({"VER-01"}, replace(HONEST, publish=publish, door=door)))
    assert (check.verdict, check.message[:16]) == (Verdict.PASS, "1 of 2 deprecate")


def test_every_object_gets_more_members() -> None:
    """Envelope, items, errors and details alike; what is documented stays as it is."""
    value = {"data": [{"id": "obs_1"}], "next_cursor": None}
    assert enriched(value) == {"data": [{"id": "obs_1"} | ADDED], "next_cursor": None} | ADDED


def test_what_is_no_json_stays_as_it_is() -> None:
    """Only a header is added."""
    plain = Exchange(1, Request("GET", "http://t.test/v1/x", "/x"), Response(404, (), b"<html>"))
    response = added_to(plain).response
    assert response is not None
    assert (response.body, len(response.headers)) == (b"<html>", 1)


def test_additions_of_the_target_are_named() -> None:
    """Members of observations wherever they stand, and paths of its spec."""
    item = dict.fromkeys(FIELD, "") | {"id": "obs_1", "mood": "good", "employee": {"id": "emp_1", "age": 7}}
    document = {"paths": {"/observations/{id}/archive": {}, "/observations/{key}": {}, "/moods": {}}}
    told = served_additions([served({"data": [item]}), served(document, path="/openapi.json")])
    assert told == ("mood of an observation", "/moods")


def test_examples_are_of_every_operation_and_status() -> None:
    """The hundredth page of one list shows nothing new."""
    many = [served({}, number=number) for number in range(100)]
    other = served({}, path="/employees", number=100)
    picked = examples([*many, other])
    assert (len(picked) < 20, picked[-1]) == (True, other)


def judging(function: object) -> Scenario:
    """Make a passive scenario of a function."""
    return Scenario("test_it", rule("OBS-01"), function)  # type: ignore[arg-type]  # any function


def exactly_documented(exchange: Exchange) -> bool:
    """Mind every member that is not documented."""
    expect(set(exchange.json) == {"id"}, "undocumented members")
    return True


def only_what_is_known(exchange: Exchange) -> bool:
    """Overlook whatever has members that are not documented."""
    return set(exchange.json) == {"id"}


def crashing(exchange: Exchange) -> bool:
    """Take every member for a text."""
    return all(value.islower() for value in exchange.json.values())


def open_minded(exchange: Exchange) -> bool:
    """Look at what is documented alone."""
    return exchange.json["id"] == "obs_1"


@pytest.mark.parametrize("narrow", [exactly_documented, only_what_is_known])
def test_a_narrow_minded_judge_is_found_out(narrow: object) -> None:
    """It holds without additions, and not, or not on as much, with them."""
    with pytest.raises(NarrowMinded):
        require_open_minds([judging(open_minded), judging(narrow)], [served({"id": "obs_1"})])


def test_a_judge_that_crashes_on_additions_is_found_out() -> None:
    """Its own error is told."""
    with pytest.raises(AttributeError):
        require_open_minds([judging(crashing)], [served({"id": "obs_1"})])


def test_an_open_minded_judge_holds() -> None:
    """And one that finds something without additions says nothing about them."""

    def never_content(_exchange: Exchange) -> bool:
        raise Violation("it is never right")

    assert require_open_minds([judging(open_minded), judging(never_content)], [served({"id": "obs_1"})]) == 1


def test_all_passive_checks_are_tried_but_those_against_the_spec() -> None:
    """A target's own spec may well forbid what it does not name."""
    tried = {one.rule.id for one in passive_judges()}
    assert ({"OBS-01", "HDR-01", "ERR-01", "ROB-01"} <= tried, [one for one in tried if one.startswith("SPC")]) == (
        True,
        [],
    )
