"""What a scenario is: a function that asks a target about one rule, for one subject.

    @judges("PAG-11", over=COLLECTIONS)
    async def test_the_last_page_has_no_cursor(target: Target, collection: str) -> str: ...

    @judges("HDR-01")
    def test_every_response_has_a_request_id(exchange: Exchange) -> bool: ...

An active scenario is a coroutine function of `target` (and of its subject). It returns None or a sentence that
says what the pass rests on, or a `Noted`; it raises `Violation` or an `Undecided`. A passive one is a plain
function of `exchange` (called for each, tells whether it had something to judge) or of all `exchanges` (tells
how many it judged, or a sentence on them; a coroutine function where that takes its time). Both are ordinary
pytest functions too: the plugin gives their items the outcome.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from conformance.contract.rules import rule as rule_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
    from types import ModuleType

    from conformance.contract.model import Rule
    from conformance.target.target import Target

    Ahead = Callable[[Target], Coroutine[Any, Any, None]]

F = TypeVar("F", bound="Callable[..., Any]")


class Phase(IntEnum):
    """When a scenario asks: with the others of its phase, after all of earlier phases have ended."""

    TOGETHER = 0
    """With most others, at once."""
    LISTENING = 1
    """It waits for deliveries, while nobody else writes and no subscription is there that leads nowhere."""
    MAKING = 2
    """It makes things in lists that others walk."""
    FUZZING = 3
    """It asks what nobody planned, of everything."""
    CLOCK = 4
    """It moves the target's clock."""
    QUOTA = 5
    """It spends the rate limit, after which nothing else is answered for a while."""
    PASSIVE = 6
    """It asks nothing, and judges what the others asked."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One item: one rule and one subject (None where a rule has but one), named by its pytest node id."""

    item: str
    rule: Rule
    function: Callable[..., Any]
    subject: str | None = None

    @property
    def parameter(self) -> str:
        """The first parameter: `target`, `exchange` or `exchanges`."""
        return first_parameter(self.function)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The subject as it is handed over, if there is one."""
        return () if self.subject is None else (self.subject,)

    @property
    def phase(self) -> Phase:
        """When it asks."""
        return Phase.PASSIVE if self.passive else getattr(self.function, "phase", Phase.TOGETHER)

    @property
    def ahead(self) -> Ahead | None:
        """What begins with the run, so that the scenario need not wait for it; it is cancelled with the run."""
        return getattr(self.function, "ahead", None)

    @property
    def passive(self) -> bool:
        """Whether it judges the exchanges of others."""
        return self.parameter != "target"


@cache
def first_parameter(function: Callable[..., Any]) -> str:
    """Name the first parameter of a function; asked of each scenario again and again."""
    return next(iter(inspect.signature(function).parameters))


def judges(rule_id: str, *, over: Iterable[str] = ()) -> Callable[[F], F]:
    """Say which rule a scenario judges, and over which subjects (the name of its second parameter) if over any."""
    subjects = tuple(over)
    rule_of(rule_id)

    def mark(function: F) -> F:
        function = pytest.mark.rule(rule_id)(function)
        if subjects:
            name = tuple(inspect.signature(function).parameters)[1]
            function = pytest.mark.parametrize(name, subjects, ids=[one.strip("/") for one in subjects])(function)
        return function

    return mark


def during(phase: Phase, *, ahead: Ahead | None = None) -> Callable[[F], F]:
    """Let a scenario wait until those of all earlier phases have ended; what it makes ready `ahead` begins at once."""

    def mark(function: F) -> F:
        function.__dict__ |= {"phase": phase, "ahead": ahead}
        return function

    return mark


def scenarios_in(module: ModuleType) -> Iterator[Scenario]:
    """Give the scenarios of a module in the order in which they are written, named as pytest names them."""
    name = f"{module.__name__.replace('.', '/')}.py"
    for function_name, function in vars(module).items():
        marks = {mark.name: mark for mark in getattr(function, "pytestmark", ())}
        if "rule" not in marks or function.__module__ != module.__name__:
            continue
        rule = rule_of(marks["rule"].args[0])
        item = f"{name}::{function_name}"
        if "parametrize" not in marks:
            yield Scenario(item, rule, function)
            continue
        for subject, label in zip(marks["parametrize"].args[1], marks["parametrize"].kwargs["ids"], strict=True):
            yield Scenario(f"{item}[{label}]", rule, function, subject)


@cache
def all_scenarios() -> Sequence[Scenario]:
    """Import every module of the scenarios package and give all their scenarios."""
    package = importlib.import_module("scenarios")
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__) if module.name.startswith("test_"))
    modules = [importlib.import_module(f"scenarios.{name}") for name in names]
    return tuple(scenario for module in modules for scenario in scenarios_in(module))
