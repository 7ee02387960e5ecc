"""Answers are read as any client must: nothing is assumed that is not documented, and what can't be read is refused."""

from __future__ import annotations

import json

import pytest

from conformance.errors import Refused
from conformance.target.reading import read_json, read_page, read_resource, unwrap, with_query
from conformance.wire.exchange import Exchange, Request, Response


def exchange(value: object, status: int = 200) -> Exchange:
    """Make an exchange that brought this JSON value, or these octets."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    request = Request("GET", "http://target.test/v1/observations", "/observations")
    return Exchange(1, request, Response(status, (("Content-Type", "application/json"),), body))


@pytest.mark.parametrize(
    ("cursor", "read"),
    [("c2", "c2"), (None, None), ("", None), (5, None), ({"id": "c2"}, None)],
)
def test_a_page_has_a_cursor_only_where_it_is_a_text(cursor: object, read: str | None) -> None:
    """What else stands there ends the walk; PAG-02 judges it."""
    assert read_page(exchange({"data": [], "next_cursor": cursor})).next_cursor == read


def test_a_page_gives_its_items_in_order() -> None:
    """Ids come as they were served."""
    page = read_page(exchange({"data": [{"id": "b"}, {"id": "a"}, {}], "next_cursor": None, "more": 1}))
    assert page.ids == ["b", "a", None]


@pytest.mark.parametrize(
    "answer",
    [
        exchange([]),
        exchange({"data": {}}),
        exchange({"data": [1]}),
        exchange({"items": []}),
        exchange(b"<html>"),
        exchange({"data": []}, status=500),
        exchange({"data": []}, status=302),
    ],
    ids=lambda one: f"{one.status} {one.response.text}",
)
def test_what_is_no_page_is_refused_with_its_evidence(answer: Exchange) -> None:
    """The exchange travels with the refusal."""
    with pytest.raises(Refused) as refused:
        read_page(answer)
    assert refused.value.exchange is answer


def test_no_answer_is_no_json() -> None:
    """Where nothing came there is nothing to read."""
    with pytest.raises(Refused):
        read_json(Exchange(1, Request("GET", "http://target.test/v1/session", "/session"), None))


@pytest.mark.parametrize(
    ("value", "resource"),
    [
        ({"id": "a"}, {"id": "a"}),
        ({"data": {"id": "a"}}, {"id": "a"}),
        ({"id": "a", "data": {"id": "b"}}, {"id": "a", "data": {"id": "b"}}),
        ({"data": [{"id": "a"}]}, {"data": [{"id": "a"}]}),
        ([{"id": "a"}], None),
        (None, None),
    ],
)
def test_a_resource_is_bare_or_in_data(value: object, resource: object) -> None:
    """The documents show both; a resource with a data field of its own stays whole."""
    assert unwrap(value) == resource


@pytest.mark.parametrize("value", [{}, {"id": 7}, {"data": {}}, [], "obs_1"])
def test_a_resource_without_an_id_is_refused(value: object) -> None:
    """Nothing can be built on what can't be named."""
    with pytest.raises(Refused):
        read_resource(exchange(value, 201))


def test_a_query_is_changed_by_name() -> None:
    """What is given replaces all of that name, None takes it away, order and repeats of the rest stay."""
    query = [("a", "1"), ("b", "2"), ("a", "3"), ("c", "4"), ("c", "5")]
    assert with_query(query, a="6", b=None) == [("c", "4"), ("c", "5"), ("a", "6")]


def test_a_mapping_is_a_query_too() -> None:
    """Both spellings give pairs."""
    assert with_query({"limit": "2"}, cursor="x") == [("limit", "2"), ("cursor", "x")]
