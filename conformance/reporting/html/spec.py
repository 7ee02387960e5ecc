"""What the page tells of the published spec: where documents, spec and run differ, and what was never seen."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.reporting.values import cut, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.reporting.json_report import Report

Json = dict[str, Any]

TITLES = {
    "operations": "Operations",
    "served": "Operations that were served",
    "statuses": "Statuses of an operation",
    "parameters": "Parameters and body fields",
    "values": "Values of an enum",
    "bounds": "Bounds, reached and crossed",
}
KINDS = {
    "endpoint": ("endpoint", "endpoints"),
    "status": ("status", "statuses"),
    "parameter": ("parameter", "parameters"),
    "field": ("field", "fields"),
    "values": ("enum", "enums"),
    "bound": ("bound", "bounds"),
}
ROWS = 400
"""So many things are shown in their three lights."""
OPERATIONS = 100
"""So many operations are shown with what was seen of them; conformance.json has them all."""
SUBJECTS = 6
"""So many things that differ in the same way are named in a row."""
NAMED = 12
"""So many inputs of an operation are named that were never sent."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what the spec promises, and how much of it was seen."""

    title: str
    of: int
    seen: int

    @property
    def share(self) -> float:
        """The part of it that was seen, 0 to 1."""
        return self.seen / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation with the statuses that were seen and how often, those never seen, and the same of its inputs."""

    label: str
    documented: bool
    answers: int
    seen: tuple[tuple[str, int], ...]
    undeclared: tuple[tuple[str, int], ...]
    unseen: tuple[str, ...]
    sent: int
    inputs: int
    unsent: tuple[str, ...]
    unread: str

    @property
    def more(self) -> int:
        """How many more inputs than are named were never sent."""
        return self.inputs - self.sent - len(self.unsent)


@dataclass(frozen=True, slots=True)
class Spec:
    """The section on the spec: rows that differ, rows that agree, and the parts of its coverage.

    Things that differ in the same way share a row; `differ` counts them.
    """

    differ: int
    differing: tuple[Json, ...]
    agreeing: tuple[Json, ...]
    counts: tuple[tuple[str, int], ...]
    parts: tuple[Part, ...]
    operations: tuple[Operation, ...]
    left_out: int
    unread: str

    @property
    def compared(self) -> int:
        """How many things were compared."""
        return sum(count for _, count in self.counts)


def spec_of(report: Report) -> Spec:
    """Read the section out of a report; empty where the run has nothing to tell."""
    rows = report.get("triangle") or ()
    coverage = report.get("coverage") or {}
    operations = sorted(coverage.get("operations", ()), key=lambda one: not one["documented"])
    kinds = Counter(row["kind"] for row in rows)
    return Spec(
        differ=sum(bool(row["differ"]) for row in rows),
        differing=_shown(_together(row for row in rows if row["differ"])),
        agreeing=_shown(row for row in rows if not row["differ"]),
        counts=tuple((titles[kinds[kind] > 1], kinds[kind]) for kind, titles in KINDS.items() if kinds[kind]),
        parts=tuple(_parts(coverage.get("summary", {}))),
        operations=tuple(map(_operation, operations[:OPERATIONS])),
        left_out=max(0, len(operations) - OPERATIONS),
        unread=_short(report.get("spec_unread", "")),
    )


def _parts(summary: Json) -> Iterator[Part]:
    for name, title in TITLES.items():
        if name in summary:
            yield Part(title, summary[name]["of"], summary[name]["seen"])


def _operation(told: Json) -> Operation:
    unsent = [name for name, one in told["inputs"].items() if not one["sent"]]
    return Operation(
        label=_short(told["operation"]),
        documented=told["documented"],
        answers=told["answers"],
        seen=tuple((_short(status), times) for status, times in told["statuses"].items() if times),
        undeclared=tuple(told["undeclared"].items()),
        unseen=tuple(_short(status) for status, times in told["statuses"].items() if not times),
        sent=len(told["inputs"]) - len(unsent),
        inputs=len(told["inputs"]),
        unsent=tuple(map(_short, unsent[:NAMED])),
        unread=_short(told.get("unread", "")),
    )


def _together(rows: Iterable[Json]) -> Iterator[Json]:
    """Put rows into one that say the same of several things."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        same = (row["kind"], row["documents"], row["spec"], row["observed"], *row["differ"])
        alike.setdefault(same, []).append(row["subject"])
    for (kind, documents, spec, observed, *differ), subjects in alike.items():
        more = f" and {len(subjects) - SUBJECTS} more" if subjects[SUBJECTS:] else ""
        told = ", ".join(cut(subject, 80) for subject in subjects[:SUBJECTS]) + more
        lights = {"documents": documents, "spec": spec, "observed": observed}
        yield {"kind": kind, "subject": told, **lights, "differ": differ}


def _shown(rows: Iterable[Json]) -> tuple[Json, ...]:
    """Give rows as they are shown, with those of the three that stand out: in most of the pairs that differ."""
    return tuple(map(_row, list(rows)[:ROWS]))


def _row(row: Json) -> Json:
    pairs = Counter(name for pair in row["differ"] for name in pair.split("/"))
    odd = {name for name, times in pairs.items() if times == max(pairs.values())}
    texts = {name: visible(cut(value, 1_000)) for name, value in row.items() if name != "differ"}
    return {**texts, "differ": row["differ"], "odd": odd}


def _short(text: str) -> str:
    return visible(cut(text, 160))
