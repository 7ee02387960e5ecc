"""The id of a create comes back as of any request, unless what came may be a replay."""

from __future__ import annotations

import pytest

from conformance.judging.verdicts import Violation
from conformance.wire.exchange import Attempt, Exchange, Request, Response
from scenarios.test_headers import test_every_sent_request_id_comes_back_on_creates as judge

OWN = "run-1"


def create(key: str | None, got: str, *, number: int = 1, attempts: int = 1, status: int = 400) -> Exchange:
    """Make a create with a request id of ours that was answered with some id."""
    headers = (("X-Request-ID", OWN), *((("Idempotency-Key", key),) if key else ()))
    request = Request("POST", "https://api.test/v1/webhooks", "/webhooks", headers=headers)
    answer = Response(status, (("Content-Type", "application/json"), ("X-Request-ID", got)), b"{}")
    return Exchange(number, request, answer, (Attempt(0.0, 0.1, status, None),) * attempts)


def test_another_id_on_a_create_is_a_breach() -> None:
    """Also of one that was refused."""
    with pytest.raises(Violation) as breach:
        judge([create("a", OWN), create("b", "other", number=2)])
    assert breach.value.exchanges == (2,)


@pytest.mark.parametrize(
    "exchanges",
    [
        [create("a", "other"), create("a", "other", number=2)],
        [create("a", "other", attempts=2)],
        [create(None, "other")],
        [create("a", "other", status=304)],
    ],
)
def test_what_may_be_a_replay_is_not_judged(exchanges: list[Exchange]) -> None:
    """A key that was sent twice; without one, another judge looks at it."""
    assert judge(exchanges) == 0


def test_each_that_comes_back_counts() -> None:
    """Whatever the status."""
    assert judge([create("a", OWN), create("b", OWN, number=2, status=201)]) == 2
