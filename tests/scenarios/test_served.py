"""What is held against an observation is what its request left in it, and no more."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest

from conformance.contract.observation import FIELDS
from conformance.wire.exchange import Attempt, Exchange, Request, Response
from scenarios._served import missing, served

WHOLE = {field.name: "..." for field in FIELDS}
READ = "/observations/obs_1"


def answered(line: str, *, without: str = "", path: str = READ) -> Exchange:
    """Give a read with a query, and an observation that lacks a field."""
    item = {name: value for name, value in WHOLE.items() if name != without}
    request = Request("GET", f"http://target.test/v1{path}?{line}", path, query=tuple(parse_qsl(line)))
    return Exchange(1, request, Response(200, (), json.dumps(item).encode()), (Attempt(0.0, 0.0, 200),))


def complaints(exchange: Exchange) -> list[Any]:
    """Give the fields that are missed in what was served."""
    return [missing(exchange, one) for one in served(exchange)]


@pytest.mark.parametrize("line", ["", "limit=1", "filter%5Bconformance%5D=1", "expand=attributes"])
def test_a_field_that_nobody_asked_to_replace_is_missed(line: str) -> None:
    """Neither a page, nor a filter, nor another expansion takes a field away."""
    assert complaints(answered(line, without="employee_id")) == [["employee_id"]]


@pytest.mark.parametrize("spelled", ["employee", "EMPLOYEE", "%20employee", "employee.manager", "attributes,Employee"])
def test_an_expansion_replaces_its_field_however_it_is_spelled(spelled: str) -> None:
    """A target may read the path in any case."""
    assert complaints(answered(f"expand={spelled}", without="employee_id")) == [[]]


def test_a_parameter_of_the_targets_own_may_choose_the_fields() -> None:
    """Of what it lets through no document says anything."""
    assert complaints(answered("fields=id,type", without="employee_id")) == []
