"""Each create has addresses of its own, and so has its replay."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.faults.rewriting import refusal
from conformance.openapi.fuzzing.bounds import Bounds
from conformance.openapi.fuzzing.drawing import NO_END
from conformance.openapi.fuzzing.sending import with_own_addresses
from conformance.reference import HONEST

if TYPE_CHECKING:
    from conformance.reference import Behaviour, Handler, Request, Response
    from tests.openapi.fuzzing.conftest import Fuzzing

MADE_UP = "conformance-0123456789abcdef@example.com"


def test_an_address_that_was_made_up_is_another_under_each_key() -> None:
    """And the same under the same one; what else a body holds stays as it is."""
    body: Any = {"email": MADE_UP, "other": f"x{MADE_UP}", "rank": 1}
    one, again, other = (with_own_addresses(body, key) for key in ("k1", "k1", "k2"))
    assert (one == again, one == other, one["email"] == MADE_UP) == (True, False, False)
    assert {name: value for name, value in one.items() if name != "email"} == {"other": f"x{MADE_UP}", "rank": 1}


def test_a_body_that_is_no_object_stays_as_it_is() -> None:
    """There is no field in it."""
    assert [with_own_addresses(body, "k") for body in ([MADE_UP], None, MADE_UP)] == [[MADE_UP], None, MADE_UP]


def jealous() -> Behaviour:
    """Give a reference in which there may be only one employee of an address."""
    known: set[str] = set()

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if (request.method, request.path, response.status) != ("POST", "/v1/employees", 201):
            return response
        address = response.json()["email"]
        taken = address in known
        known.add(address)
        return replace(refusal("conflict", "email"), headers=response.headers) if taken else response

    return replace(HONEST, door=door)


def test_creates_are_not_all_in_conflict_with_the_first(fuzzing: Fuzzing) -> None:
    """So that more is seen of them than one answer."""
    bounds = Bounds(requests=1000, seconds=240, rounds=NO_END)
    _, target, _ = fuzzing(bounds, jealous(), leave_data=True, fuzz="deep")
    creates = [one for one in target.client.recorder.exchanges if (one.method, one.path) == ("POST", "/employees")]
    statuses = Counter(one.status for one in creates)
    assert statuses[201] > 2 * statuses[409], statuses
