"""Of which event a delivery is, is read from wherever a target may write it."""

from __future__ import annotations

import json

import pytest

from conformance.target.listening.listener import Delivery
from scenarios._events import events_of, is_about

CREATED = "observation.created"
DATA = {"id": "obs_1", "type": "observation.archived"}


def delivery(body: object, **headers: str) -> Delivery:
    """Give a delivery."""
    return Delivery(0.0, "POST", tuple(headers.items()), json.dumps(body).encode())


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (delivery({"type": CREATED, "data": DATA}), [CREATED]),
        (delivery({"event": CREATED, "data": DATA}), [CREATED]),
        (delivery({"data": DATA}, **{"X-Event": CREATED}), [CREATED]),
        (delivery({"event": {"name": CREATED}, "data": DATA}), [CREATED]),
        (delivery({"type": CREATED, "subscription": {"type": "observation.updated"}}), [CREATED]),
        (delivery({"type": CREATED, "all": ["observation.updated"]}), [CREATED]),
        (delivery({"event_types": [CREATED], "data": DATA}), []),
        (delivery({"data": DATA}), []),
        (delivery([CREATED]), []),
        (delivery({"type": "observation.unheard_of"}), []),
    ],
    ids=["type", "event", "header", "inside", "beside another", "beside many", "many", "data", "list", "unknown"],
)
def test_the_outermost_name_counts(told: Delivery, expected: list[str]) -> None:
    """Not one in data, and none of a list."""
    assert list(events_of(told)) == expected


def test_a_delivery_is_about_what_it_holds() -> None:
    """An id, or a text like no other, wherever it stands; also in a body that is no JSON."""
    told = Delivery(0.0, "POST", (), b"payload=obs_01HXX9YK7Z8N2P3Q4R5S6T7U8V&x=\xff")
    other, same = "obs_01HXX9YK7Z8N2P3Q4R5S6T7U8W", "obs_01HXX9YK7Z8N2P3Q4R5S6T7U8V"
    assert (is_about(told, [other, same]), is_about(told, [other]), is_about(told, [])) == (True, False, False)


def test_a_short_id_has_to_be_a_whole_value() -> None:
    """So that the id 12 is not found in every number and date."""
    told = delivery({"data": [{"id": "12"}], "at": "2012-12-12"})
    assert (is_about(told, ["12"]), is_about(told, ["2"])) == (True, False)
