"""What the answer to a plain request says: that the operation is there, that it is not, or that it is broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.openapi.fuzzing.errands import ALLOWED, ERRED
from conformance.openapi.fuzzing.findings import Finding, subject_of
from conformance.openapi.fuzzing.questions import succeeded
from conformance.openapi.fuzzing.weighing import has_erred, is_not_there

if TYPE_CHECKING:
    from conformance.openapi.fuzzing.findings import Fuzzed
    from conformance.openapi.fuzzing.questions import Twin


def weigh_plain(twin: Twin, fuzzed: Fuzzed) -> None:
    """Count a plain request that was served, find one that nothing explains, and keep why another is no twin."""
    exchange, operation = twin.exchange, twin.operation
    if exchange is not None and has_erred(exchange):
        sentence = f"its plainest request gets {exchange.status}"
        fuzzed.add(Finding(ERRED, operation, f"plain {exchange.status}", sentence, exchange, None))
        return
    if exchange is None:
        fuzzed.hindered[operation.label] = "its plain request got no answer"
        return
    fuzzed.tallies[ERRED, subject_of(operation)].hold(exchange)
    if succeeded(exchange):
        fuzzed.tallies[ALLOWED, subject_of(operation)].hold(exchange)
    elif is_not_there(twin):
        sentence = f"its plainest request gets {exchange.status}, although the spec describes it"
        fuzzed.add(Finding(ALLOWED, operation, f"plain {exchange.status}", sentence, exchange, None))
    else:
        fuzzed.hindered[operation.label] = f"its plain request gets {exchange.status}"
