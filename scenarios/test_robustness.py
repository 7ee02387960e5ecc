"""ROB: whatever a client sends is its own fault or is served (overview › REST principles)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.judging.expect import asked, expect, shown
from conformance.judging.scenario import judges

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange


@judges("ROB-01")
def test_no_request_gets_a_server_error(exchange: Exchange) -> bool:
    """No answer is a 5xx, but for a 503 that says when to come back."""
    patient = exchange.status == 503 and exchange.header("retry-after") is not None
    expect(
        (exchange.status or 0) < 500 or patient,
        f"{asked(exchange)} got {exchange.status}",
        expected="no 5xx but 503 with Retry-After",
        observed=shown(exchange),
    )
    return True
