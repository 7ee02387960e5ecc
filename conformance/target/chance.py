"""Chance: whatever is random in a run, drawn so that the same seed and run id draw it again.

What is only to be varied comes from the seed. What must be like nothing before (keys, unknown ids, words to search
for) comes from the run's id. Scenarios run side by side, so each cause counts its own draws: how they take turns
changes nothing.
"""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from conformance.target.asking import CAUSE
from conformance.target.identifiers import another_like, made_up

if TYPE_CHECKING:
    from collections.abc import Sequence

CONSONANTS = "bcdfghjklmnpqrstvwxz"
"""Letters that make no word of any language."""


@dataclass
class Chance:
    """The sources of chance of one run."""

    run_id: str
    seed: int
    _drawn: Counter[tuple[str, str]] = field(default_factory=Counter)

    def random(self, purpose: str) -> Random:
        """Give a source for a purpose: the same seed and purpose draw the same, in every run."""
        return Random(f"{self.seed} {purpose}")  # noqa: S311  # what to ask, no secrets

    def serial(self, purpose: str) -> str:
        """Give a mark that nothing else in this run has: who draws, and how many times it has drawn for a purpose."""
        cause = CAUSE.get()
        self._drawn[cause, purpose] += 1
        digest = hashlib.blake2s(cause.encode("utf-8", "surrogatepass"), digest_size=5)  # ids of the target's in it
        return f"{digest.hexdigest()}-{self._drawn[cause, purpose]}"

    def fresh(self, purpose: str) -> Random:
        """Give a source that no other run has, another at each call."""
        return Random(f"{self.run_id} {purpose} {self.serial(purpose)}")  # noqa: S311  # as above

    def uuid(self) -> str:
        """Give a UUID v4 that was never used (overview › Idempotency keys for POSTs)."""
        return str(uuid.UUID(int=self.fresh("UUID").getrandbits(128), version=4))

    def digits(self, count: int) -> str:
        """Give so many hexadecimal digits."""
        return f"{self.fresh('digits').getrandbits(4 * count):0{count}x}"

    def word(self, letters: int) -> str:
        """Give a word that stands in no text."""
        return "".join(self.fresh("word").choices(CONSONANTS, k=letters))

    def unknown_id(self, prefix: str) -> str:
        """Give a well-formed id that no target has issued."""
        return made_up(prefix, self.fresh("id"))

    def unknown_like(self, known: Sequence[str], prefix: str) -> str:
        """Give an id of the form of some known ones that no target has issued."""
        return another_like(known, prefix, self.fresh("id"))
