"""What the answer to a plain request says: that the operation is there, or that it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.openapi.fuzzing.findings import ALLOWED, Finding, subject_of
from conformance.openapi.fuzzing.questions import succeeded
from conformance.openapi.fuzzing.weighing import is_not_there

if TYPE_CHECKING:
    from conformance.openapi.fuzzing.findings import Fuzzed
    from conformance.openapi.fuzzing.questions import Twin


def weigh_plain(twin: Twin, fuzzed: Fuzzed) -> None:
    """Count a plain request that was served, find one that nothing explains, and keep why another is no twin."""
    exchange, operation = twin.exchange, twin.operation
    if exchange is None:
        fuzzed.hindered[operation.label] = "its plain request got no answer"
    elif succeeded(exchange):
        fuzzed.tallies[ALLOWED, subject_of(operation)].hold(exchange)
    elif is_not_there(twin):
        sentence = f"its plainest request gets {exchange.status}, although the spec describes it"
        fuzzed.add(Finding(ALLOWED, operation, f"plain {exchange.status}", sentence, exchange, None))
    else:
        fuzzed.hindered[operation.label] = f"its plain request gets {exchange.status}"
