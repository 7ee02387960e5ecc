"""What fuzzing found, and what it rests on: findings and tallies by rule and resource."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.contract.resources import RESOURCES
from conformance.judging.expect import asked, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.openapi.document.operations import Operation
    from conformance.openapi.fuzzing.courses import Course
    from conformance.openapi.fuzzing.questions import Difference
    from conformance.wire.exchange import Exchange

OTHERS = "others"
"""The subject of all paths that are no documented resource's."""
SUBJECTS = (*(one.path for one in RESOURCES), OTHERS)
DRAWING = "drawing"
"""Where `Fuzzed.hindered` says that not all of the spec was drawn from."""
COMBINED = 5
"""So many combinations of one operation that get the same status are told: most often there is one bug behind them."""
EXEMPLARY = 3
"""So many exchanges are cited for what held."""


def subject_of(operation: Operation) -> str:
    """Return the documented resource that an operation's path begins with, or OTHERS."""
    first = f"/{operation.path.split('/')[1]}"
    return first if first in SUBJECTS else OTHERS


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with an operation: `kind` is the place in the request, and what of it.

    `exchange` shows it, `twin` is the accepted request that differs in `differences` alone, if there is one. Where it
    takes a `course` to come to it, `script` sends that again.
    """

    rule: str
    operation: Operation
    kind: str
    sentence: str
    exchange: Exchange
    twin: Exchange | None
    differences: Sequence[Difference] = ()
    course: Course | None = None
    script: str = ""

    @property
    def id(self) -> str:
        """What stays the same from run to run: "ROB-02 GET /employees query limit minimum"."""
        return f"{self.rule} {self.operation.label} {self.kind}"

    @property
    def told(self) -> str:
        """What is wrong, with the operation that it is wrong with."""
        label = self.operation.label
        return self.sentence if self.sentence.startswith(label) else f"{label}: {self.sentence}"

    @property
    def subject(self) -> str:
        """The resource that it is a finding on."""
        return subject_of(self.operation)

    @property
    def numbers(self) -> list[int]:
        """The exchanges that show it."""
        return [one.number for one in (self.twin, self.exchange) if one is not None]

    def entry(self, seed: int, fuzz: str) -> Mapping[str, Any]:
        """Return it as a report shows it, with the options that ask for it again."""
        sequence = {"sequence": self.script.splitlines()} if self.script else {}
        return {
            "request": asked(self.exchange),
            "differs in": {str(one.slot): one.shown for one in self.differences},
            **sequence,
            "answer": shown(self.exchange),
            "again": f"--rules {self.rule} --fuzz again",
            "found by": f"--fuzz {fuzz} --seed {seed}",
        }


@dataclass
class Tally:
    """What was asked of one resource for one rule.

    `drawn` counts requests that could be made, `held` answers as they should be, of which a few are `cited`.
    """

    drawn: int = 0
    held: int = 0
    cited: list[int] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def hold(self, *exchanges: Exchange | None) -> None:
        """Count an answer that is as it should be, with the twin beside it."""
        self.held += 1
        if self.held <= EXEMPLARY:
            self.cited += [one.number for one in exchanges if one is not None and one.number not in self.cited]


@dataclass
class Fuzzed:
    """All that came of fuzzing: `found` by id, `tallies` by rule and subject.

    `hindered` says by operation why nothing could be asked of it, `stopped` why nothing more was asked of any, "" where
    the bounds were reached, and `cut` what made those narrower. `forbidden` are names of resources that the key has no
    scope for.
    """

    operations: Sequence[Operation]
    found: dict[str, Finding] = field(default_factory=dict)
    tallies: dict[tuple[str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))
    hindered: dict[str, str] = field(default_factory=dict)
    forbidden: set[str] = field(default_factory=set)
    stopped: str = ""
    cut: str = ""

    def add(self, finding: Finding) -> None:
        """Keep a finding; the first that shows it is enough."""
        self.found.setdefault(finding.id, finding)

    def of(self, subject: str) -> list[Operation]:
        """Return the operations of a subject."""
        return [one for one in self.operations if subject_of(one) == subject]

    def findings(self, rule: str, subject: str) -> list[Finding]:
        """Return what was found on a subject, by operation: of combinations that end alike the fewest that show it."""
        found = [one for one in self.found.values() if (one.rule, one.subject) == (rule, subject)]
        alike: Counter[tuple[str, int | None]] = Counter()
        told = []
        for one in sorted(found, key=lambda one: (len(one.differences), one.id)):
            ending = one.operation.label, one.exchange.status
            alike[ending] += len(one.differences) > 1
            if len(one.differences) <= 1 or alike[ending] <= COMBINED:
                told.append(one)
        return sorted(told, key=lambda one: one.id)
