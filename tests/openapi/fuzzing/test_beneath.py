"""What lies beneath values is asked of every operation, expects nothing, and leaves out what HTTP itself may refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.openapi.document.operations import operations_of
from conformance.openapi.document.published import Published
from conformance.openapi.fuzzing.beneath import beneath, half_bodies, refusals, with_other_keys
from conformance.openapi.fuzzing.questions import Twin
from tests.openapi.fuzzing.conftest import DOCUMENT, RESPONSES, answer, twin_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.openapi.fuzzing.questions import Difference, Draft

MORE = {status: {"description": "Refused."} for status in ("400", "415")}


@pytest.fixture(scope="module")
def told() -> Published:
    """Give the small spec, with refusals declared everywhere."""
    paths = {
        path: {
            method: {**own, "responses": RESPONSES | MORE} if isinstance(own, dict) else own
            for method, own in item.items()
        }
        for path, item in DOCUMENT["paths"].items()
    }
    return Published({**DOCUMENT, "paths": paths}, answer())


def drafts(twin: Twin, some: Sequence[Sequence[Difference]]) -> list[Draft]:
    """Give the requests."""
    return [twin.changed(one) for one in some]


def test_bodies_are_octets(told: Published) -> None:
    """With the rest of the body as it was, so that nothing else is wrong."""
    twin = twin_of(told, "POST /things")
    octets = [one.octets for one in drafts(twin, [*beneath(twin, "0")]) if one.octets is not None]
    assert {b"", b"{", b"null", b'{"title": "Fine", "employee_id": "emp_1", "conformance": NaN}'} <= set(octets)
    assert {b"\xef\xbb\xbf" in octets[0], any(one.startswith(b"\xef\xbb\xbf{") for one in octets)} == {False, True}
    assert any(b'"title": "\xff"' in one for one in octets)


def test_each_body_is_sent_as_json(told: Published) -> None:
    """What it says of itself is another matter."""
    twin = twin_of(told, "PATCH /things/{id}")
    sent = drafts(twin, [*beneath(twin, "0")])
    assert {one.headers["Content-Type"] for one in sent if one.octets is not None} == {"application/json"}


@pytest.mark.parametrize("line", ["filter%5B%5D=1", "cursor=%00", "q=%C0%AF", "limit=1&limit=2"])
def test_queries_are_sent_as_they_stand(told: Published, line: str) -> None:
    """Beside what the plain request asks."""
    twin = twin_of(told, "GET /things")
    assert line in {one.line for one in drafts(twin, [*beneath(twin, "0")])}


def test_filters_are_asked_with_operators_that_nobody_has(told: Published) -> None:
    """Of those that the spec names."""
    twin = twin_of(told, "GET /things")
    assert {"filter[kind][nope]", "filter[at][]"} <= {
        name for one in drafts(twin, [*beneath(twin, "0")]) for name in one.query
    }


@pytest.mark.parametrize("label", ["GET /things", "GET /things/{id}"])
def test_of_what_a_server_may_refuse_before_the_api_only_the_breaking_counts(told: Published, label: str) -> None:
    """A NUL in a path, a stray percent sign; nothing of 8,000 characters is asked at all."""
    twin = twin_of(told, label)
    found = drafts(twin, [*beneath(twin, "0")])
    odd = [
        one for one in found if "%00" in one.path or not all(map(_is_whole, f"{one.path}?{one.line}".split("%")[1:]))
    ]
    assert (len(odd) > 5, {one.is_rough for one in odd}) == (True, {True})
    assert max(len(one.path + one.line) for one in found) < 4000


def _is_whole(part: str) -> bool:
    return len(part) > 1 and part[:2].isalnum() and set(part[:2].lower()) <= set("0123456789abcdef")


def test_where_a_spec_knows_no_bad_request_only_what_is_judged_of_no_answer_is_asked_beside(spec: Published) -> None:
    """Its answer would be one that the spec does not declare."""
    twin = twin_of(spec, "GET /things")
    asked = [one for one in drafts(twin, [*beneath(twin, "0")]) if not one.is_rough]
    assert {(one.line, *one.headers) for one in asked} == {("",), ("", "Accept")}


def test_every_idempotency_key_is_new(told: Published) -> None:
    """A key that was used before would get an old answer."""
    twin = twin_of(told, "POST /things")
    keys = [
        one.headers["Idempotency-Key"]
        for one in drafts(twin, [*beneath(twin, "0123")])
        if "Idempotency-Key" in one.headers
    ]
    assert (len(keys) > 3, len(set(keys)), {"0123" in one for one in keys}) == (True, len(keys), {True})


def test_each_kind_of_refusal_is_asked_for(told: Published) -> None:
    """By ids that nothing has, and by media types."""
    item, create = twin_of(told, "PATCH /things/{id}"), twin_of(told, "POST /things")
    paths = {one.path for one in drafts(item, [*refusals(item, "thg_0")])}
    made = drafts(create, [*refusals(create, "emp_0")])
    bodies = [one.body for one in made if isinstance(one.body, dict)]
    assert paths == {"/things/thg_1", "/things/thg_0"}
    assert {"title": "Fine", "employee_id": "emp_0"} in bodies
    assert {"title": "Fine", "employee_id": "thg_1"} in [one.body for one in drafts(item, [*refusals(item, "thg_0")])]
    assert "text/plain" in {one.headers.get("Content-Type") for one in made}


def test_other_media_types_are_sent_where_the_spec_refuses_them(spec: Published) -> None:
    """Elsewhere only such as are JSON."""
    twin = twin_of(spec, "POST /things")
    kinds = {one.headers["Content-Type"] for one in drafts(twin, [*refusals(twin, "x")]) if one.headers}
    assert {one.partition(";")[0].casefold() for one in kinds} == {"application/json"}


def test_with_another_key_a_create_can_make_nothing(told: Published) -> None:
    """Should it be let in."""
    twin = twin_of(told, "POST /things")
    found = drafts(twin, [*with_other_keys(twin.operation, {"key", "no_scope", "read_only"})])
    roles = [None, "no_scope", "read_only", None, None]
    assert [(one.role, one.octets) for one in found] == [(role, b"{") for role in roles]


def test_only_keys_that_are_there_are_used(told: Published) -> None:
    """A read needs none that may only read."""
    twin = twin_of(told, "GET /things")
    assert {one.role for one in drafts(twin, [*with_other_keys(twin.operation, {"key", "read_only"})])} == {None}


def test_another_scheme_and_a_key_of_nobody_are_tried(told: Published) -> None:
    """Without the key."""
    twin = twin_of(told, "GET /things")
    found = drafts(twin, [*with_other_keys(twin.operation, {"key"})])
    assert [one.headers.get("Authorization", "").partition(" ")[0] for one in found] == ["", "Basic", "Bearer"]


def test_half_a_body_makes_nothing(told: Published) -> None:
    """None of them is JSON."""
    operation = next(one for one in operations_of(told.document) if one.label == "POST /things")
    twin = twin_of(told, "POST /things")
    assert {one.octets for one in drafts(twin, [*half_bodies(operation)])} == {b"{", b"[", b"nul", b""}


@pytest.mark.parametrize("responses", [RESPONSES, RESPONSES | MORE])
def test_an_action_without_a_body_is_given_some(spec: Published, responses: dict[str, Any]) -> None:
    """An empty object, others, and what is no JSON, whether or not the spec knows of a refusal."""
    document = {**spec.document, "paths": {"/things/{id}/close": {"post": {"responses": responses}}}}
    twin = Twin(Published(document, answer()).operations[0], "/things/thg_1/close", exchange=answer())
    sent = [one.octets for one in drafts(twin, [*beneath(twin, "0")])]
    assert {b"{}", b"[]", b"{", b""} <= {*sent}
