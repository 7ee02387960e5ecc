"""What was found is told once for each thing that is wrong, by an id that stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.openapi.fuzzing.errands import ERRED
from conformance.openapi.fuzzing.findings import COMBINED, Finding, Fuzzed
from conformance.openapi.fuzzing.questions import Difference, Slot
from tests.openapi.fuzzing.conftest import answer, twin_of

if TYPE_CHECKING:
    from conformance.openapi.document.published import Published


def finding(spec: Published, *names: str) -> Finding:
    """Make a finding on parameters of a list."""
    differences = [Difference(Slot("query", name), ("x",)) for name in names]
    kind = f"{', '.join(str(one.slot) for one in differences)} 500"
    return Finding(ERRED, twin_of(spec, "GET /things").operation, kind, f"{kind} it is", answer(), None, differences)


def test_the_first_that_shows_a_thing_is_enough(spec: Published) -> None:
    """Other values of the same place that get the same status are the same finding."""
    fuzzed = Fuzzed(spec.operations)
    for _ in range(2):
        fuzzed.add(finding(spec, "a"))
    assert [one.id for one in fuzzed.findings(ERRED, "others")] == ["ROB-01 GET /things query a 500"]


def test_of_many_combinations_that_end_alike_the_smallest_are_told(spec: Published) -> None:
    """Most often there is one bug behind them; whatever is wrong by itself is told all the same."""
    fuzzed = Fuzzed(spec.operations)
    for number in range(9):
        fuzzed.add(finding(spec, "a", f"b{number}", "c"))
        fuzzed.add(finding(spec, f"alone{number}"))
    fuzzed.add(finding(spec, "y", "z"))
    sizes = [len(one.differences) for one in fuzzed.findings(ERRED, "others")]
    assert (sizes.count(1), sizes.count(2), sizes.count(3)) == (9, 1, COMBINED - 1)
