"""What failed before: differences that were found, kept in a file beside the reports and asked first the next time.

One JSON object: {"https://api.example.com/v1": [{"operation": "GET /employees", "differences": [...]}]}, in which a
sequence is {"collection": "/webhooks", "steps": [...]}. It holds what was drawn from a spec, and never a key.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from conformance.openapi.fuzzing.courses import Course, Step
from conformance.openapi.fuzzing.questions import PLACES, Difference, Question, Slot
from conformance.openapi.fuzzing.relations import PATH, Taker
from conformance.target.documents import as_list, as_object
from conformance.wire.outgoing import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from conformance.openapi.document.operations import Operation
    from conformance.openapi.fuzzing.findings import Finding
    from conformance.target.failures import Failures

MOST = 100
"""So many are kept of a target."""
DELETE = "DELETE"


class Memory:
    """Remembers the questions that found something, by base URL; without failures it remembers nothing."""

    def __init__(self, failures: Failures | None, base_url: str) -> None:
        self._file = failures.file if failures is not None else None
        self._others = failures.others if failures is not None else {}
        self._base_url = base_url

    def questions(self, operations: Sequence[Operation]) -> Iterator[Question]:
        """Give what was kept of this target, where it still has the operation; whatever can't be read is left out."""
        known = {one.label: one for one in operations}
        for entry in self._entries():
            operation = known.get(str(as_object(entry).get("operation")))
            with suppress(KeyError, TypeError, ValueError):
                if operation is not None:
                    yield Question(operation, "remembered", tuple(map(_difference, entry["differences"])))

    def deletes(self, operations: Sequence[Operation]) -> frozenset[str]:
        """Give the labels of deletes that failed as plain as they are."""
        plain = (one.operation for one in self.questions(operations) if not one.differences)
        return frozenset(one.label for one in plain if one.method == DELETE)

    def courses(self, operations: Sequence[Operation]) -> Iterator[Course]:
        """Give the sequences that were kept of this target, where it still has their operations."""
        known = {one.label: one for one in operations}
        for entry in self._entries():
            with suppress(KeyError, TypeError, ValueError):
                if "steps" in entry:
                    steps = tuple(_step(one, known) for one in entry["steps"])
                    yield Course(str(entry["collection"]), steps)

    def _entries(self) -> list[Any]:
        """Give what was kept here, and what others have found of this target beside."""
        ours, theirs = (as_list(kept.get(self._base_url)) for kept in (self._read(), self._others))
        return [*ours, *(one for one in theirs if one not in ours)]

    def keep(self, findings: Iterable[Finding]) -> None:
        """Keep what was found now, and nothing else of this target; a file that can't be written is done without."""
        entries = [told for one in findings if (told := _kept(one))][:MOST]
        kept = self._read()
        if self._file is None or (not entries and self._base_url not in kept):
            return
        whole = {name: value for name, value in kept.items() if name != self._base_url}
        whole |= {self._base_url: entries} if entries else {}
        with suppress(OSError):
            beside = self._file.with_suffix(f".{os.getpid()}")
            beside.write_text(json.dumps(whole, indent=1), "utf-8")
            beside.replace(self._file)

    def _read(self) -> dict[str, Any]:
        try:
            return as_object(json.loads(self._file.read_text("utf-8"))) if self._file is not None else {}
        except (OSError, ValueError):
            return {}


def _kept(finding: Finding) -> dict[str, Any]:
    """Return what asks for a finding again; {} where that is a plain request, which is asked anyway.

    Nothing is deleted again that was not found then.
    """
    if finding.course is not None:
        steps = [_step_entry(one) for one in finding.course.steps]
        return {"collection": finding.course.collection, "steps": steps}
    if not finding.differences and finding.operation.method != DELETE:
        return {}
    return {"operation": finding.operation.label, "differences": [*map(_entry, finding.differences)]}


def _step_entry(step: Step) -> dict[str, Any]:
    slot = step.taker.slot
    differences = [*map(_entry, step.differences)]
    return {"operation": step.operation.label, "where": slot.where, "name": slot.name, "differences": differences}


def _step(entry: dict[str, Any], known: Mapping[str, Operation]) -> Step:
    slot = Slot(str(entry["where"]), str(entry["name"]))
    if slot != PATH and slot.where not in {"query", "body"}:
        raise ValueError(slot.where)
    return Step(Taker(known[str(entry["operation"])], slot), tuple(map(_difference, entry["differences"])))


def _entry(difference: Difference) -> dict[str, Any]:
    value = {} if difference.value is ABSENT else {"value": difference.value}
    return {"where": difference.slot.where, "name": difference.slot.name} | value


def _difference(entry: dict[str, Any]) -> Difference:
    value = entry.get("value", ABSENT)
    if entry["where"] not in PLACES:
        raise ValueError(entry["where"])
    if entry["where"] == "query" and value is not ABSENT:
        value = tuple(map(str, value))
    return Difference(Slot(entry["where"], str(entry["name"])), value)
