"""Expectations raise a violation with what was expected and what was observed, and let the rest pass."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.judging import expect as to
from conformance.judging.verdicts import Blocked, Violation
from conformance.wire.exchange import Exchange, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable

URL = "http://target.test/v1/observations?limit=2"


def exchange(status: int, value: object = None) -> Exchange:
    """Make an exchange that brought a JSON value, or octets as they are."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Exchange(1, Request("GET", URL, "/observations", (("limit", "2"),)), Response(status, (), body))


def refused(status: int = 400, code: str = "validation_error", **more: object) -> Exchange:
    """Make a refusal in the error envelope."""
    return exchange(status, {"error": {"code": code, "message": "No.", **more}})


def violation(doing: Callable[[], Any]) -> Violation:
    """Return the violation that is raised."""
    with pytest.raises(Violation) as raised:
        doing()
    return raised.value


def test_what_holds_is_let_pass() -> None:
    """No exception is a pass."""
    to.expect(holds=[0], message="never said")


def test_what_does_not_hold_is_a_violation_with_both_sides() -> None:
    """Expected and observed stand side by side."""
    breach = violation(lambda: to.expect([], "nothing there", expected="something", observed=0))
    assert (breach.message, breach.expected, breach.observed) == ("nothing there", "something", 0)


def test_a_status_among_those_expected_is_let_pass() -> None:
    """The exchange goes on to whoever reads it."""
    answer = exchange(201)
    assert to.expect_status(answer, 200, 201) is answer


def test_another_status_is_a_violation() -> None:
    """The message names the question, what it got and what it should have."""
    breach = violation(lambda: to.expect_status(exchange(500), 200, 201))
    assert breach.message == "GET /observations?limit=2 got 500, not 200 or 201"


def test_a_refusal_of_that_status_and_code_is_let_pass() -> None:
    """Both are documented."""
    answer = refused(404, "not_found")
    assert to.expect_refusal(answer, 404, "not_found") is answer


@pytest.mark.parametrize(
    ("answer", "got"),
    [
        (refused(400, "bad_request"), "400 bad_request"),
        (refused(422, "validation_error"), "422 validation_error"),
        (exchange(400, {"code": "validation_error"}), "400"),
        (exchange(400, b"<html>"), "400"),
        (exchange(200, {}), "200"),
    ],
)
def test_any_other_refusal_is_a_violation(answer: Exchange, got: str) -> None:
    """Some other 4xx proves nothing."""
    breach = violation(lambda: to.expect_refusal(answer, 400, "validation_error"))
    assert breach.message == f"GET /observations?limit=2 got {got}, not 400 validation_error"


@pytest.mark.parametrize("value", [[], {"error": "no"}, {"error": ["no"]}, b"", b"null"], ids=str)
def test_without_an_envelope_there_is_no_error_to_read(value: object) -> None:
    """Nothing breaks on what a target may send."""
    assert to.error_of(exchange(400, value)) == {}


@pytest.mark.parametrize(
    ("spelled", "field"),
    [
        ("type", "type"),
        ("/type", "type"),
        ("body.type", "type"),
        ("attribute_ids[12]", "attribute_ids"),
        ("attribute_ids.12", "attribute_ids"),
        ("#/properties/impact", "impact"),
    ],
)
def test_a_field_is_named_in_many_ways(spelled: str, field: str) -> None:
    """As a name, a pointer or a path."""
    assert to.names_field(spelled, field) is True


@pytest.mark.parametrize(("spelled", "field"), [("observation_date", "observation"), ("subtype", "type"), ("", "type")])
def test_another_field_is_not_meant(spelled: str, field: str) -> None:
    """A part of a name is no name."""
    assert to.names_field(spelled, field) is False


def test_a_validation_error_that_names_the_field_is_let_pass() -> None:
    """Beside others and odd entries."""
    details = [{"field": "impact"}, "type?", {"field": 5}, {"field": "type", "code": "invalid_enum"}]
    to.expect_field_named(refused(details=details), "type")
    assert to.fields_named(refused(details=details)) == ["impact", "type"]


@pytest.mark.parametrize("details", [[], None, {"field": "type"}, [{"field": "impact"}]], ids=str)
def test_a_validation_error_that_does_not_is_a_violation(details: object) -> None:
    """A client could not tell what to mend."""
    breach = violation(lambda: to.expect_field_named(refused(details=details), "type"))
    assert breach.message == "the validation error of GET /observations?limit=2 does not name type"


def test_a_refused_twin_blocks() -> None:
    """Then a refusal proves nothing."""
    with pytest.raises(Blocked):
        to.require_accepted(refused())


def test_a_twin_that_succeeded_otherwise_is_not_called_refused() -> None:
    """It blocks, and the message says what it got."""
    with pytest.raises(Blocked, match=" got 302, so a refusal proves nothing"):
        to.require_accepted(exchange(302))
    with pytest.raises(Blocked, match=" got 202, so a refusal proves nothing"):
        to.require_accepted(exchange(202), 200)


@pytest.mark.parametrize(("status", "statuses"), [(200, ()), (201, ()), (204, ()), (409, (200, 409))])
def test_an_accepted_twin_does_not(status: int, statuses: tuple[int, ...]) -> None:
    """It goes on to whoever reads it."""
    answer = exchange(status)
    assert to.require_accepted(answer, *statuses) is answer


def test_a_page_is_given_back_read() -> None:
    """With its items."""
    assert to.expect_page(exchange(200, {"data": [{"id": "a"}], "next_cursor": None})).ids == ["a"]


def test_a_resource_is_given_back_bare() -> None:
    """Wherever it stood."""
    assert to.expect_resource(exchange(201, {"data": {"id": "a"}}), 201) == {"id": "a"}


def test_no_resource_is_a_violation() -> None:
    """A 200 alone is not what was promised."""
    assert violation(lambda: to.expect_resource(exchange(200, []))).expected == "a JSON object"


SENT = {"id": "obs_1", "attribute_ids": ["a", "b"], "created_at": "2026-04-12T12:00:00Z", "impact": None}


@pytest.mark.parametrize(
    "observed",
    [
        SENT,
        SENT | {"attribute_ids": ["b", "a"]},
        SENT | {"created_at": "2026-04-12T14:00:00.000+02:00"},
        SENT | {"more": "of the target's own"},
    ],
)
def test_the_same_observation_is_let_pass(observed: dict[str, Any]) -> None:
    """Another order of tags and another spelling of a moment are the same; what is added is nobody's business."""
    to.expect_same(observed, SENT)
    assert observed["id"] == "obs_1"


@pytest.mark.parametrize(
    ("observed", "wrong"),
    [
        (SENT | {"attribute_ids": ["a"]}, "attribute_ids"),
        (SENT | {"created_at": "2026-04-12T12:00:01Z"}, "created_at"),
        (SENT | {"impact": ""}, "impact"),
        ({name: value for name, value in SENT.items() if name != "impact"}, "impact"),
    ],
)
def test_another_observation_is_a_violation_that_names_the_field(observed: dict[str, Any], wrong: str) -> None:
    """With both values."""
    breach = violation(lambda: to.expect_same(observed, SENT))
    assert list(breach.observed) == [wrong]  # type: ignore[call-overload]  # it is a mapping by field


def test_fields_may_be_left_out_of_the_comparison() -> None:
    """Those that are meant to differ."""
    other = SENT | {"impact": "x"}
    to.expect_same(other, SENT, ignoring=("impact",))
    assert other != SENT


def test_what_is_shown_of_an_answer_is_short() -> None:
    """A page is counted, an error quoted, the rest begun."""
    page = to.shown(exchange(200, {"data": [1, 2], "next_cursor": None}))
    error = to.shown(exchange(400, {"error": {"code": "x"}, "trace": "long"}))
    text = to.shown(exchange(500, b"<" * 999))
    assert (page["body"]["data"], error["body"], len(text["body"])) == ("2 items", {"error": {"code": "x"}}, 200)
