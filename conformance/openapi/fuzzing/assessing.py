"""What is to be expected of the answer to a question: a refusal, service, or nothing that can be told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from conformance.openapi.fuzzing.errands import ALLOWED, BROKEN
from conformance.openapi.fuzzing.excuses import excuse
from conformance.openapi.fuzzing.exemptions import exemption
from conformance.openapi.fuzzing.oracle import Reading
from conformance.openapi.fuzzing.questions import WHOLE, Difference, Question, Slot
from conformance.target.references import is_reference
from conformance.wire.outgoing import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.openapi.fuzzing.oracle import Oracle, Read
    from conformance.openapi.fuzzing.questions import Twin

    Line = dict[str, Any]

OURS = frozenset({"authorization", "content-type", "content-length", "accept", "host", "user-agent", "x-request-id"})
"""Headers that other rules judge, or that carry the request itself: none of them is left to chance."""


class Expected(Enum):
    """What a request should get: a 4xx, a 2xx, or whatever it gets."""

    REFUSAL = "refusal"
    SERVICE = "service"
    ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question, and what is expected of its answer.

    `blamed` are the differences for which a refusal is expected; `reason` is why nothing is, where nothing is.
    """

    question: Question
    reads: Sequence[Read]
    expected: Expected
    blamed: Sequence[Read] = ()
    reason: str = ""

    @property
    def rule(self) -> str:
        """The rule that its answer is held against, or would be if anything were expected of it."""
        return BROKEN if any(one.reading is Reading.INVALID for one in self.reads) else ALLOWED

    @property
    def mark(self) -> str:
        """A text that only the same question has of which the same is expected."""
        return f"{self.expected.value} {self.question.mark}"

    @property
    def feature(self) -> str:
        """What it tries: one keyword of one place, or one value of it."""
        told = [f"{one.place} {one.keyword or one.difference.mark}" for one in self.blamed or self.reads]
        return ", ".join(told)


def assess(question: Question, twin: Twin, oracle: Oracle) -> Candidate:
    """Read a question by the spec, and tell what should come of it."""
    reads = oracle.read(question, twin)
    invalid = [one for one in reads if one.reading is Reading.INVALID]
    exempt = [exemption(one) for one in invalid]
    blamed = [one for one, reason in zip(invalid, exempt, strict=True) if not reason]
    if blamed:
        return Candidate(question, reads, Expected.REFUSAL, blamed)
    if invalid:
        return Candidate(question, reads, Expected.ANYTHING, reason=exempt[0])
    reasons = [excuse(one) if one.reading is Reading.VALID else "the spec does not say enough of it" for one in reads]
    reason = next(filter(None, reasons), "")
    return Candidate(question, reads, Expected.ANYTHING if reason else Expected.SERVICE, reason=reason)


# from what was drawn ---------------------------------------------------------------------------------------


def single_questions(line: Line, twin: Twin) -> Iterator[Question]:
    """Give the questions that change one thing each, from a line of values."""
    for difference in _differences(line, twin, whole=False):
        yield Question(twin.operation, line["phase"], (difference,))


def whole_question(line: Line, twin: Twin) -> Question | None:
    """Return the question that changes all that was drawn for a request; None where that is nothing.

    References stay as they are: made-up ones would be all that is ever refused. So do paths and headers.
    """
    differences = [
        one
        for one in _differences(line, twin, whole=True)
        if one.slot.where in {"query", "body"} and not (one.slot.where == "body" and is_reference(one.slot.name))
    ]
    return Question(twin.operation, line["phase"], tuple(differences)) if differences else None


def _differences(line: Line, twin: Twin, *, whole: bool) -> Iterator[Difference]:
    for name, texts in line.get("query", {}).items():
        if tuple(texts) != tuple(twin.query.get(name, ())):
            yield Difference(Slot("query", name), tuple(texts))
    if "without" in line and line["without"] in twin.query:
        yield Difference(Slot("query", line["without"]), ABSENT)
    if twin.operation.method == "GET":
        yield from (
            Difference(Slot("path", name), text) for name, text in line.get("path", {}).items() if _is_one(text)
        )
    for name, text in line.get("headers", {}).items():
        if name.lower() not in OURS:
            yield Difference(Slot("header", name), text)
    if "body" in line and twin.body is not ABSENT:
        yield from _body(line["body"], twin, whole=whole)


def _body(body: Any, twin: Twin, *, whole: bool) -> Iterator[Difference]:  # noqa: ANN401  # any JSON value
    """Give what differs in the fields of a body; one that is no object differs as a whole."""
    if not isinstance(body, dict) or not isinstance(twin.body, dict):
        yield Difference(Slot("body", WHOLE), body)
        return
    for name, value in body.items():
        if name not in twin.body or twin.body[name] != value:
            yield Difference(Slot("body", name), value)
    if not whole:
        yield from (Difference(Slot("body", name), ABSENT) for name in twin.body if name not in body)


def _is_one(text: str) -> bool:
    """Tell whether a text can be a segment of a path, and no other path."""
    return bool(text) and not {"/", "\\", "%"} & set(text) and text.strip(".") != ""
