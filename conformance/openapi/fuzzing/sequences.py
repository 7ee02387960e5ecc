"""Sequences of requests about one item, played on what the run made: one for each collection, and under deep many.

A sequence that fails is played again on fresh items, without some of its steps, until nothing can be left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from conformance.judging.shortening import shorten
from conformance.openapi.fuzzing.courses import Course, drawn, insistent, shorter, usual
from conformance.openapi.fuzzing.errands import ALLOWED, in_own_name, together
from conformance.openapi.fuzzing.playing import Breach, Play, Scene
from conformance.openapi.fuzzing.questions import succeeded
from conformance.openapi.fuzzing.relations import Kin, kin_of
from conformance.target.reading import unwrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.openapi.document.published import Published
    from conformance.openapi.fuzzing.bounds import Bounds
    from conformance.openapi.fuzzing.courses import Step, Values
    from conformance.openapi.fuzzing.questions import Draft
    from conformance.openapi.fuzzing.twins import Twins

SHARE = 16
"""At most one in so many requests is for sequences."""
LENGTH = 10
"""So many requests a sequence takes that is drawn, as a rule."""
REPLAYED = 60
"""So many requests may be spent on making one sequence shorter: nothing is sent of them where none fails."""


@dataclass(eq=False)
class Sequences:
    """Plays sequences; what it finds goes into the scene's `fuzzed`."""

    scene: Scene
    spec: Published
    twins: Twins
    bounds: Bounds
    values: Values = field(default_factory=dict)

    @property
    def kins(self) -> list[Kin]:
        """What the spec relates to the items that the run made."""
        return [kin for kin in (kin_of(self.spec, one) for one in self.twins.items) if kin is not None]

    @property
    def cost(self) -> int:
        """How many requests sequences take."""
        return self._usual_cost + self._many * LENGTH

    @property
    def _usual_cost(self) -> int:
        return sum(len(usual(one, self.values)) for one in self.kins)

    @property
    def _many(self) -> int:
        """How many sequences are drawn: of what may be asked they take a share at most."""
        return min(self.bounds.sequences, self.bounds.requests // SHARE // LENGTH)

    async def usual(self) -> None:
        """Let the items that are there take their usual course, one after the other."""
        for kin in self.kins:
            course = Course(kin.collection, tuple(usual(kin, self.values)))
            await in_own_name(
                ALLOWED, f"sequence {kin.collection} usual", self._see(kin, course, self.twins.items[kin.collection])
            )

    async def drawn(self) -> None:
        """Draw sequences for new items, and play them side by side."""
        courses = [(kin, number, one) for kin in self.kins for number, one in enumerate(self._courses(kin))]
        await together(
            in_own_name(ALLOWED, f"sequence {kin.collection} {number}", self._see(kin, one))
            for kin, number, one in courses
        )

    def _courses(self, kin: Kin) -> list[Course]:
        chance = self.scene.target.random(f"sequences of {kin.collection}")
        many = -(-self._many // len(self.kins))
        found = [drawn(kin, self.values, self.scene.plain.keys(), chance) for _ in range(many)]
        found = [insistent(kin, self.values), *found] if found else []
        return [Course(kin.collection, tuple(one)) for one in found if one]

    async def again(self, courses: Iterable[Course]) -> None:
        """Play what failed before."""
        known = {one.collection: one for one in self.kins}
        for course in courses:
            if course.collection in known:
                await self._see(known[course.collection], course)

    # playing -----------------------------------------------------------------------------------------------

    async def _see(self, kin: Kin, course: Course, item: str = "") -> None:
        """Play a sequence; where it fails, find the shortest that does, and keep that."""
        breach = await self.play(kin, course.steps, item)
        if breach is None or breach.finding.id in self.scene.fuzzed.found:
            return
        rehearsal = _Rehearsal(self, kin, breach)
        shortest = await shorten(breach.steps, rehearsal.fails, shorter)
        often = "each time" if shortest.again else "once, and not when it was repeated"
        found = rehearsal.breach.finding
        self.scene.fuzzed.add(replace(found, sentence=f"{found.sentence}, {often}"))

    async def play(self, kin: Kin, steps: Sequence[Step], item: str = "") -> Breach | None:
        """Play steps on an item, or on a new one."""
        twin = await self.twins.plan(kin.create)
        if twin is None:
            return None
        made = twin.changed(())
        item = item or await self._make(made)
        return await Play(self.scene, kin, item, made).through(steps) if item else None

    async def _make(self, draft: Draft) -> str:
        exchange = await self.scene.sender.send(draft)
        if exchange is None or not succeeded(exchange) or exchange.response is None or not exchange.response.is_json:
            return ""
        made = (unwrap(exchange.response.json) or {}).get("id")
        return made if isinstance(made, str) else ""


@dataclass
class _Rehearsal:
    """Plays a failing sequence again; keeps the last breach."""

    sequences: Sequences
    kin: Kin
    breach: Breach
    left: int = REPLAYED

    async def fails(self, steps: Sequence[Step]) -> Sequence[Step] | None:
        """Play steps on a new item; give as much of them as failed in the same way, None where they did not."""
        needed = len(steps) + 2
        if needed > self.left:
            return None
        self.left -= needed
        self.sequences.scene.sender.grant(needed)
        found = await self.sequences.play(self.kin, steps)
        if found is None or found.finding.id != self.breach.finding.id:
            return None
        self.breach = found
        return found.steps
