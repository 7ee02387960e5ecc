"""What the page tells of the published spec: where documents, spec and run differ, and what was never seen."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.reporting.values import cut, visible

if TYPE_CHECKING:
    from conformance.reporting.json_report import Report

Json = dict[str, Any]

TITLES = {
    "operations": "Operations",
    "statuses": "Statuses of an operation",
    "parameters": "Parameters and body fields",
    "values": "Values of an enum",
    "bounds": "Bounds, reached and crossed",
}
NAMED = 40
"""So many things that were never seen are named for a part; conformance.json has them all."""
ROWS = 150
"""So many things are shown in their three lights."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what the spec promises: how much of it was seen, and the first of what was not."""

    title: str
    of: int
    seen: int
    unseen: tuple[str, ...]

    @property
    def share(self) -> float:
        """The part of it that was seen, 0 to 1."""
        return self.seen / self.of if self.of else 0.0

    @property
    def more(self) -> int:
        """How many more than are named were not seen."""
        return self.of - self.seen - len(self.unseen)


@dataclass(frozen=True, slots=True)
class Spec:
    """The section on the spec: rows that differ, rows that agree, and the parts of its coverage."""

    differing: tuple[Json, ...]
    agreeing: tuple[Json, ...]
    parts: tuple[Part, ...]

    @property
    def compared(self) -> int:
        """How many things were compared."""
        return len(self.differing) + len(self.agreeing)


def spec_of(report: Report) -> Spec:
    """Read the section out of a report; empty where the run had no spec to read."""
    rows = [_shown(row) for row in report.get("triangle") or ()]
    differing = tuple(row for row in rows if row["differ"])
    agreeing = tuple(row for row in rows if not row["differ"])
    return Spec(differing[:ROWS], agreeing[:ROWS], tuple(_parts(report.get("coverage") or {})))


def _parts(coverage: Json) -> list[Part]:
    summary, unseen = coverage.get("summary", {}), coverage.get("never_seen", {})
    return [
        Part(title, summary[name]["of"], summary[name]["seen"], tuple(map(_short, unseen.get(name, ())[:NAMED])))
        for name, title in TITLES.items()
        if name in summary
    ]


def _shown(row: Json) -> Json:
    """Give a row as it is shown, with those of the three that stand out: in most of the pairs that differ."""
    pairs = Counter(name for pair in row["differ"] for name in pair.split("/"))
    odd = {name for name, times in pairs.items() if times == max(pairs.values())}
    texts = {name: _short(value) for name, value in row.items() if name != "differ"}
    return {**texts, "differ": row["differ"], "odd": odd}


def _short(text: str) -> str:
    return visible(cut(text, 160))
