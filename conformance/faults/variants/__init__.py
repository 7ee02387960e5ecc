"""Legal variants: choices that the documents leave open, made otherwise than the reference makes them.

    @legal
    def whole_seconds() -> Behaviour:
        '''Date-times are served in whole seconds.'''

    @legal_at_the_door
    async def no_has_more(request, honest):
        '''Pages come without has_more.'''

The docstring states the choice. However awkward it is, no rule may accuse it: what a trial of a variant finds is a
false alarm. `within` names what else of the reference is another: its clock, its quota, whether it has data.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from conformance.faults.model import Door

F = TypeVar("F", bound="Callable[..., Any]")

_VARIANTS: dict[str, Variant] = {}


@dataclass(frozen=True, slots=True)
class Variant:
    """A legal choice: its name, one sentence that states it, the behaviour that makes it, and `Reference` arguments.

    `warned` are the SHOULD rules that rightly warn of it.
    """

    name: str
    choice: str
    behaviour: Callable[[], Behaviour]
    within: Callable[[], Mapping[str, Any]] = field(default=dict)
    warned: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return self.name


def legal(behaviour: Callable[[], Behaviour]) -> Callable[[], Behaviour]:
    """Name a function that returns a behaviour as a legal variant."""
    _register(behaviour, behaviour)
    return behaviour


def legal_at_the_door(door: Door) -> Door:
    """Name a coroutine function (request, honest handler) -> response as a legal variant."""
    _register(door, lambda: replace(HONEST, door=door))
    return door


def legal_world(within: Callable[[], Mapping[str, Any]]) -> Callable[[], Mapping[str, Any]]:
    """Name a function that returns arguments for an honest `Reference` as a legal variant."""
    _register(within, lambda: HONEST, within)
    return within


def warned_under(*rule_ids: str) -> Callable[[F], F]:
    """Say which SHOULD rules a variant goes against: it is legal, and a warning is due all the same."""

    def mark(function: F) -> F:
        function.__dict__["warned"] = frozenset(rule_ids)
        return function

    return mark


def _register(
    function: Callable[..., object],
    behaviour: Callable[[], Behaviour],
    within: Callable[[], Mapping[str, Any]] = dict,
) -> None:
    name = function.__name__
    if name in _VARIANTS:
        raise ValueError(f"two variants are called {name}")
    _VARIANTS[name] = Variant(
        name, inspect.getdoc(function) or "", behaviour, within, getattr(function, "warned", frozenset())
    )


def all_variants() -> Sequence[Variant]:
    """Import every module of this package and give all variants, by name."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return sorted(_VARIANTS.values(), key=lambda variant: variant.name)
