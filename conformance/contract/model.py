"""The vocabulary of the contract: what a rule is, how binding it is, and what judging it takes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How strongly the documents bind a target, and so what a breach costs."""

    MUST = "MUST"
    """Stated, or the only shape shown of something a client parses; a breach fails the gate."""
    SHOULD = "SHOULD"
    """Shown by an example or by one document alone; a breach warns."""
    NOTE = "NOTE"
    """Silent or contradictory documents; the behaviour is recorded and never fails."""


class Need(StrEnum):
    """What a target or a run has to offer before a rule can be judged at all."""

    RO = "ro"
    """A key that may read and not write."""
    NOSCOPE = "noscope"
    """A key without the read scopes."""
    OTHER = "other"
    """A key of another organization."""
    CLOCK = "clock"
    """A way to move the target's clock, or a second run a day later."""
    LISTENER = "listener"
    """A URL at which the target reaches the suite."""
    QUOTA = "quota"
    """Leave to spend the rate limit."""
    HTTPS = "https"
    """A target whose base URL is https."""
    WRITE = "write"
    """Leave to create and change data."""


@dataclass(frozen=True, slots=True)
class Source:
    """A section of one of the two documents: `document` is "overview" or "observations"."""

    document: str
    section: str

    def __str__(self) -> str:
        return f"{self.document} > {self.section}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One testable promise of the documents, in one RFC 2119 sentence.

    `id` never changes once published. `sources` names at least one section; for a NOTE on which the documents
    are silent it is the section where a reader would look. `passive` rules are judged on every exchange of a
    run, not by a request of their own; `each` rules once for every resource or operation they apply to.
    """

    id: str
    level: Level
    title: str
    sources: tuple[Source, ...]
    why: str
    how: str
    needs: frozenset[Need] = frozenset()
    passive: bool = False
    each: bool = False

    @property
    def family(self) -> str:
        """The prefix of the id, such as "PAG"."""
        return self.id.partition("-")[0]


def overview(section: str) -> Source:
    """Give a section of the API overview."""
    return Source("overview", section)


def observations(section: str) -> Source:
    """Give a section of the reference of the Observations API."""
    return Source("observations", section)
