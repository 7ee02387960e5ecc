"""What a fault is: a named lie of the reference, told under the id of the rule that it breaks.

    @lies_at_the_door("HDR-01")
    async def no_request_id_on_404(request, honest):  # rewrites the request, the answer, or both
        '''A 404 comes without X-Request-ID.'''

    @lies("FLT-09")
    def only_two_levels_deep() -> Behaviour:  # what can't be told from outside: replaces a decision of the reference
        '''Reports of reports of reports are left out.'''

The docstring states the lie. Each trial calls the function afresh, so that a lie may keep its own state.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from conformance.contract.rules import rule as rule_of
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from conformance.reference import Handler, Request, Response

    Door = Callable[[Request, Handler], Awaitable[Response]]

WITHOUT_LIE: Mapping[str, str] = MappingProxyType(
    {
        "VER-04": "binds the suite, not a target: its fault is in tests/scenarios/test_versioning.py",
    }
)
"""Binding rules that no lie can break, and why."""

_FAULTS: dict[str, Fault] = {}


@dataclass(frozen=True, slots=True)
class Fault:
    """A lie: its name, the rule it breaks, one sentence that states it, and the behaviour that tells it."""

    name: str
    rule_id: str
    lie: str
    behaviour: Callable[[], Behaviour]

    def __str__(self) -> str:
        return f"{self.rule_id}-{self.name}"


def lies(rule_id: str) -> Callable[[Callable[[], Behaviour]], Callable[[], Behaviour]]:
    """Name a function that returns a lying behaviour as a fault of `rule_id`."""
    rule_of(rule_id)

    def register(behaviour: Callable[[], Behaviour]) -> Callable[[], Behaviour]:
        _register(behaviour, rule_id, behaviour)
        return behaviour

    return register


def lies_at_the_door(rule_id: str) -> Callable[[Door], Door]:
    """Name a coroutine function (request, honest handler) -> response as a fault of `rule_id`."""
    rule_of(rule_id)

    def register(door: Door) -> Door:
        _register(door, rule_id, lambda: replace(HONEST, door=door))
        return door

    return register


def _register(function: Callable[..., object], rule_id: str, behaviour: Callable[[], Behaviour]) -> None:
    name = function.__name__
    if name in _FAULTS:
        raise ValueError(f"two faults are called {name}")
    _FAULTS[name] = Fault(name, rule_id, inspect.getdoc(function) or "", behaviour)


def all_faults() -> Sequence[Fault]:
    """Import every module of this package and give all faults, by rule."""
    package = importlib.import_module("conformance.faults")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"conformance.faults.{module.name}")
    return sorted(_FAULTS.values(), key=lambda fault: (fault.rule_id, fault.name))
