"""Collections that a target's spec adds to the documented ones: their rules hold there, too (overview › Pagination).

Items are fixed when they are collected, before any spec is read. So a rule over collections has one more item, of which
the subject is OTHERS: it judges every collection that the published spec adds, by the same function.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeAlias

from conformance.contract.resources import RESOURCES, SPEC_PATH
from conformance.errors import BudgetSpent, Missing, TargetError
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, NotApplicable, NotJudged, Undecided, Verdict, Violation
from conformance.target.documents import as_list, as_object, operation, path_item, paths, resolve, response_schema, spec
from scenarios._collections import COLLECTIONS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

    Judge: TypeAlias = Callable[[Target, str], Awaitable[str]]

OTHERS = "others"
"""The subject that stands for all collections beyond the documented ones."""
MOST = 5
"""So many of them are judged."""
PAGING = frozenset({"next_cursor", "has_more"})
_DOCUMENTED = frozenset({SPEC_PATH, *(resource.path for resource in RESOURCES)})


def judges_each(rule_id: str, *, over: Iterable[str] = COLLECTIONS) -> Callable[[Judge], Judge]:
    """Say which rule a scenario judges for each of these collections, and for all that the target's spec adds."""

    def mark(function: Judge) -> Judge:
        @wraps(function)
        async def judged(target: Target, path: str) -> str:
            return await (_over_others(target, function) if path == OTHERS else function(target, path))

        return judges(rule_id, over=(*over, OTHERS))(judged)

    return mark


@dataclass(frozen=True, slots=True)
class _End:
    """How a scenario ended for one collection."""

    path: str
    verdict: Verdict
    message: str
    error: Violation | Undecided | None = None

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


_WORST_FIRST = {verdict: place for place, verdict in enumerate(Verdict)}


async def _over_others(target: Target, judge: Judge) -> str:
    """Judge all others; the worst end is that of the item, and each is told by its path, worst first."""
    ends = await asyncio.gather(*(_end(target, judge, path) for path in await others(target)))
    ordered = sorted(ends, key=lambda end: _WORST_FIRST[end.verdict])
    message, error = "; ".join(map(str, ordered)), ordered[0].error
    if isinstance(error, Violation):
        raise Violation(message, expected=error.expected, observed=error.observed, exchanges=error.exchanges)
    if error is not None:
        raise type(error)(message, hint=error.hint)
    return message


async def _end(target: Target, judge: Judge, path: str) -> _End:
    try:
        return _End(path, Verdict.PASS, await judge(target, path))
    except Violation as breach:
        return _End(path, Verdict.FAIL, breach.message, breach)
    except Undecided as undecided:
        return _End(path, undecided.verdict, undecided.reason, undecided)
    except (Missing, TargetError) as error:
        return _undecided(path, error)


def _undecided(path: str, error: Missing | TargetError) -> _End:
    """Give the end of what broke off before it was judged, as it would have ended alone."""
    if isinstance(error, Missing):
        return _End(path, Verdict.NOT_JUDGED, f"needs {error.message}", NotJudged(error.message, hint=error.hint))
    kind: type[Undecided] = NotJudged if isinstance(error, BudgetSpent) else Blocked
    return _End(path, kind.verdict, error.message, kind(error.message, hint=error.hint))


async def others(target: Target) -> Sequence[str]:
    """Return the first few collections that the published spec adds; undecided where there are none."""
    document = await spec(target)
    if not document.get("paths"):
        raise NotJudged(f"{SPEC_PATH} tells of no paths, so of no further collections", hint=f"Publish {SPEC_PATH}.")
    told = {path: _is_page(document, path) for path in paths(document) if _is_plain(document, path)}
    likely = [path for path, is_page in told.items() if is_page is not False]
    answered = await asyncio.gather(*(_answers_a_page(target, path) for path in likely[:MOST] if told[path] is None))
    unclear = dict(zip((path for path in likely[:MOST] if told[path] is None), answered, strict=True))
    found = [path for path in likely[:MOST] if unclear.get(path, True)]
    if not found:
        raise NotApplicable("the published spec declares no collection beyond the documented ones")
    return found


def _is_plain(document: Resource, path: str) -> bool:
    """Tell whether a path is read as it is, without an id and without any parameter, and is no documented one."""
    declared = operation(document, "GET", path)
    if declared is None or "{" in path or path in _DOCUMENTED:
        return False
    told = [*as_list(path_item(document, path).get("parameters")), *as_list(declared.get("parameters"))]
    return not any(resolve(document, parameter).get("required") is True for parameter in told)


def _is_page(document: Resource, path: str) -> bool | None:
    """Tell whether the spec says that a path answers a page; None where it does not say what it answers."""
    schema = response_schema(document, operation(document, "GET", path) or {})
    properties = as_object(schema.get("properties"))
    if not properties:
        return None if not schema else False
    data = resolve(document, properties.get("data"))
    return data.get("type") == "array" and bool(PAGING & properties.keys())


async def _answers_a_page(target: Target, path: str) -> bool:
    exchange: Exchange = await target.once(f"opening of {path}", lambda: target.get(path))
    value: Any = exchange.json if exchange.response is not None and exchange.response.is_json else None
    return isinstance(value, dict) and isinstance(value.get("data"), list) and bool(PAGING & value.keys())
