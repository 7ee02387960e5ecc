"""Drawing that begins with the run, while others ask: it takes seconds of a processor, and nothing but the spec."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from conformance.errors import TargetError
from conformance.judging.verdicts import Undecided
from conformance.openapi.document.published import published
from conformance.openapi.fuzzing.bounds import BOUNDS
from conformance.openapi.fuzzing.drawing import Order, drawing

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from conformance.openapi.document.published import Published
    from conformance.openapi.fuzzing.bounds import Bounds
    from conformance.target.target import Target

    Lines = AsyncIterator[dict[str, Any]]


@dataclass(eq=False)
class _Begun:
    """A drawing under way: its lines, None where there is none after all; whoever reads them says when it is over."""

    lines: asyncio.Future[Lines | None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    over: asyncio.Event = field(default_factory=asyncio.Event)


_BEGUN: WeakKeyDictionary[Target, _Begun] = WeakKeyDictionary()


async def draw_ahead(target: Target) -> None:
    """Draw what --fuzz will ask, until it was asked; what keeps it from drawing, fuzzing will tell."""
    bounds = BOUNDS.get(target.settings.fuzz)
    if bounds is None or not bounds.draws:
        return
    begun = _BEGUN[target] = _Begun()
    try:
        spec = await published(target, schemas=True)
        async with drawing(spec.document, _order(target, bounds)) as lines:
            begun.lines.set_result(lines)
            await begun.over.wait()
    except (Undecided, TargetError):
        pass
    finally:
        _BEGUN.pop(target, None)
        if not begun.lines.done():
            begun.lines.set_result(None)


@asynccontextmanager
async def drawn(target: Target, spec: Published, bounds: Bounds) -> AsyncGenerator[Lines]:
    """Give what is drawn for a target, from where it was begun ahead if it was."""
    begun = _BEGUN.pop(target, None)
    lines = await begun.lines if begun is not None else None
    if begun is None or lines is None:
        async with drawing(spec.document, _order(target, bounds)) as lines:
            yield lines
        return
    try:
        yield lines
    finally:
        begun.over.set()


def _order(target: Target, bounds: Bounds) -> Order:
    return Order(target.chance.seed, bounds.rounds, bounds.at_once)
