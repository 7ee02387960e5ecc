"""Errands that ask: each for a rule, in a name of its own, outside every trail but what is cited of it."""

from __future__ import annotations

import asyncio
import contextvars
from typing import TYPE_CHECKING, Any

from conformance.target.asking import ask_as

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable

    Errand = Coroutine[Any, Any, None]

ERRED, BROKEN, ALLOWED = "ROB-01", "ROB-02", "ROB-03"
"""The rules for which fuzzing asks: no server error, no breach of the spec served, and what it allows served."""


async def in_own_name(rule: str, cause: str, errand: Errand) -> None:
    """Run an errand for a rule and a cause that no other has."""
    ask_as(rule, f"fuzzing {cause}")
    await errand


async def together(errands: Iterable[Errand]) -> None:
    """Run errands at once, each outside every trail."""
    async with asyncio.TaskGroup() as group:
        for errand in errands:
            group.create_task(errand, context=contextvars.Context())
