"""Schemathesis in a process of its own, which only draws: `python -m conformance.openapi.fuzzing.drawer`.

It reads one JSON object, {"document": ..., "seed": 1, "rounds": 2, "at_once": 12}, and writes a JSON object a line:

    {"operation": "GET /employees", "phase": "coverage", "query": {"limit": ["0"]}}    a value for one parameter
    {"operation": "POST /employees", "phase": "coverage", "body": {...}}               a whole body
    {"operation": "GET /employees", "phase": "fuzzing", "query": {...}, "headers": {...}, "path": {...}}
    {"operation": "GET /employees", "phase": "coverage", "without": "q"}               a parameter left out
    {"operation": "GET /employees", "problem": "..."}                                  what can't be drawn for, and why
    {"ended": "coverage"}                                                              all of a phase was written
    {"broken": "..."}                                                                  the document can't be read at all

In a round of fuzzing `at_once` operations have their turn, all of them where it is 0. `rounds` 0 is none, -1 no end.

It sends nothing and knows no key. Being a process, it can be ended in the middle of a pattern that never matches.

This is the only place that knows Schemathesis. What is drawn value by value (coverage, examples) is no documented API
of it, hence the exact version: tests/openapi/fuzzing/test_drawer.py breaks where another one draws differently.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import math
import random
import sys
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

VERSION = "4.32.5"
"""The version whose undocumented parts are used."""
MOST = 600
"""So many values at most are drawn for one operation value by value: the specs of some are endless."""
EACH = 4
"""So many requests are drawn for an operation in a round, of each kind."""
LONG = 4000
"""Of texts that may be longer the pattern is left out: to draw one at its bound would take half a minute."""
JSON_TYPE = "application/json"
CONFIG = {
    "generation": {"with-security-parameters": False},
    "phases": {"coverage": {"unexpected-methods": []}},
}
"""Keys are not for it to make up, and methods that the spec doesn't name are a rule of their own (RES-04)."""

Line = dict[str, Any]


def main() -> None:
    """Draw until all is drawn, or until nobody reads any more."""
    warnings.simplefilter("ignore")
    order = json.loads(sys.stdin.readline())
    with contextlib.suppress(BrokenPipeError):
        for line in _unbroken(order):
            with contextlib.suppress(ValueError):  # NaN and infinity are no JSON
                sys.stdout.write(json.dumps(line, allow_nan=False) + "\n")
                sys.stdout.flush()


def _unbroken(order: Line) -> Iterator[Line]:
    try:
        yield from drawn(order)
    except Exception as problem:  # noqa: BLE001  # whatever a spec makes of a library
        yield {"broken": _short(problem)}


def drawn(order: Line) -> Iterator[Line]:
    """Draw for all operations of a document, in an order that the seed decides."""
    operations: list[Any] = []
    for operation, problem in _operations(order["document"]):
        if operation is None:
            yield {"operation": None, "problem": problem}
        else:
            operations.append(operation)
    random.Random(order["seed"]).shuffle(operations)  # noqa: S311  # an order, no secret
    yield from _in_turn("examples", [_guarded(one, _examples) for one in operations])
    yield from _in_turn("coverage", [_guarded(one, _coverage) for one in operations])
    turns = itertools.cycle(operations)
    rounds = order["rounds"] if operations else 0
    for number in itertools.count() if rounds < 0 else range(rounds):
        chosen = list(itertools.islice(turns, order["at_once"] or len(operations)))
        seed = f"{order['seed']} {number}"
        draws = [_guarded(each, _random, seed, kind) for each in chosen for kind in ("POSITIVE", "NEGATIVE")]
        yield from _in_turn("fuzzing", draws)


def _operations(document: Line) -> Iterator[tuple[Any, str]]:
    import schemathesis  # noqa: PLC0415  # slow to import, and needed in this process only

    config = schemathesis.Config.from_dict(CONFIG)
    for result in schemathesis.openapi.from_dict(_eased(document), config=config).get_all_operations():
        if hasattr(result, "ok"):
            operation: Any = result.ok()
            yield operation, ""
        else:
            yield None, _short(result.err())


def _eased(value: Any) -> Any:  # noqa: ANN401  # any JSON value
    """Leave out the patterns of long texts, wherever there is a schema of one; what is drawn is read by all of it."""
    if isinstance(value, list):
        return [_eased(one) for one in value]
    if not isinstance(value, dict):
        return value
    bounds = [value.get("minLength"), value.get("maxLength")]
    is_long = any(isinstance(one, int) and one > LONG for one in bounds)
    return {name: _eased(one) for name, one in value.items() if not (is_long and name == "pattern")}


def _in_turn(phase: str, draws: Iterable[Iterator[Line]]) -> Iterator[Line]:
    for draw in draws:
        yield from draw
    yield {"ended": phase}


def _guarded(operation: Any, draw: Callable[..., Iterator[Line]], *how: str) -> Iterator[Line]:  # noqa: ANN401  # Schemathesis' own
    """Draw for one operation, and tell what keeps that from its end."""
    try:
        for line in draw(operation, *how):
            yield {"operation": operation.label, **line}
    except Exception as problem:  # noqa: BLE001  # whatever a spec makes of a library
        yield {"operation": operation.label, "problem": _short(problem)}
    except BaseExceptionGroup as problems:
        yield {"operation": operation.label, "problem": _short(problems.exceptions[0])}


def _short(problem: BaseException) -> str:
    line = " ".join(f"{type(problem).__name__}: {problem}".split())
    return line if len(line) <= 200 else f"{line[:200]} ..."  # noqa: PLR2004  # what a report shows of it


# value by value --------------------------------------------------------------------------------------------


def _coverage(operation: Any) -> Iterator[Line]:  # noqa: ANN401  # as above
    """Draw the values at and beyond each bound that the spec names, one parameter or body at a time."""
    from schemathesis.generation import GenerationMode  # noqa: PLC0415  # as above
    from schemathesis.generation.drivers import CoverageGenerator  # noqa: PLC0415
    from schemathesis.generation.feedback import FeedbackSources  # noqa: PLC0415
    from schemathesis.generation.overrides import Override  # noqa: PLC0415

    cases: Iterable[Any] = CoverageGenerator(
        operation=operation,
        generation_modes=list(GenerationMode),
        generation_config=operation.schema.config.generation,
        auth_storage=None,
        override=Override(),
        feedback=FeedbackSources(),
    )
    seen: set[str] = set()
    for case in cases:
        told: Any = case.meta.phase.data
        where = told.parameter_location.value if told.parameter_location else None
        if told.parameter is None and where not in {None, "body"}:
            return  # what follows combines parameters, which is left to chance
        line = (
            _changed(case, where, told) if seen else {"query": _query(case)} | _body(case)
        )  # the plainest comes first
        mark = json.dumps(line, sort_keys=True)
        if line and mark not in seen:
            seen.add(mark)
            yield {"phase": "coverage", **line}
        if len(seen) >= MOST:
            return


def _changed(case: Any, where: str | None, told: Any) -> Line:  # noqa: ANN401  # as above
    """Return what a case has that is worth asking; {} where that is the default of everything."""
    if where == "body":
        return _body(case) if told.parameter else {}
    if where not in {"query", "path", "header"}:
        return {}
    holders: dict[str, Line] = {"query": dict(_query(case)), "path": dict(_path(case)), "header": dict(_headers(case))}
    holder = holders[where]
    value = {name: one for name, one in holder.items() if name.lower() == told.parameter.lower()}
    if value:
        return {"headers" if where == "header" else where: value}
    return {"without": told.parameter} if where == "query" and told.scenario.value == "missing_parameter" else {}


# whole requests --------------------------------------------------------------------------------------------


def _examples(operation: Any) -> Iterator[Line]:  # noqa: ANN401  # as above
    """Draw the requests that the spec gives as examples."""
    from schemathesis.generation.drivers import ExamplesGenerator  # noqa: PLC0415  # as above
    from schemathesis.generation.feedback import FeedbackSources  # noqa: PLC0415
    from schemathesis.generation.overrides import Override  # noqa: PLC0415

    parts: Any = {"override": Override(), "feedback": FeedbackSources()}
    for case in ExamplesGenerator(operation=operation, fill_missing=False, **parts):
        yield {"phase": "examples", **_whole(case)}


def _random(operation: Any, seed: str, kind: str) -> Iterator[Line]:  # noqa: ANN401  # as above
    """Draw requests by chance, by the spec (POSITIVE) or against it (NEGATIVE)."""
    from hypothesis import HealthCheck, Phase, Verbosity, given, settings  # noqa: PLC0415  # as above
    from hypothesis import seed as seeded  # noqa: PLC0415
    from hypothesis.errors import Unsatisfiable  # noqa: PLC0415
    from schemathesis import GenerationMode  # noqa: PLC0415

    if kind == "NEGATIVE" and not _can_be_broken(operation):
        return
    found: list[Any] = []
    how = settings(
        max_examples=EACH,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    number = int.from_bytes(hashlib.blake2s(f"{seed} {operation.label} {kind}".encode(), digest_size=8).digest())

    @seeded(number)
    @how
    @given(operation.as_strategy(generation_mode=GenerationMode[kind]))
    def draw(case: Any) -> None:  # noqa: ANN401  # as above
        found.append(case)

    with contextlib.suppress(Unsatisfiable):
        draw()
    for case in found:
        yield {"phase": "fuzzing", **_whole(case)}


def _can_be_broken(operation: Any) -> bool:  # noqa: ANN401  # as above
    """Tell whether an operation has a parameter or a body to break; searching long for none costs seconds."""
    return bool(list(operation.query)) or bool(list(operation.body))


def _whole(case: Any) -> Line:  # noqa: ANN401  # as above
    parts = {"query": _query(case), "path": _path(case), "headers": _headers(case)}
    return {name: part for name, part in parts.items() if part} | _body(case)


# the parts of a request ------------------------------------------------------------------------------------


def _query(case: Any) -> dict[str, list[str]]:  # noqa: ANN401  # as above
    """Return the query as names and the texts that are sent under them."""
    found: dict[str, list[str]] = {}
    for name, value in (case.query or {}).items():
        values = value if isinstance(value, list) else [value]
        if not any(isinstance(one, dict | list) for one in values):
            found[str(name)] = [_text(one) for one in values]
    return found


def _path(case: Any) -> dict[str, str]:  # noqa: ANN401  # as above
    return {str(name): _text(value) for name, value in (case.path_parameters or {}).items()}


def _headers(case: Any) -> dict[str, str]:  # noqa: ANN401  # as above
    return {str(name): str(value) for name, value in (case.headers or {}).items()}


def _body(case: Any) -> Line:  # noqa: ANN401  # as above
    from schemathesis.core import NOT_SET  # noqa: PLC0415  # as above

    if case.body is NOT_SET or isinstance(case.body, bytes) or case.media_type != JSON_TYPE:
        return {}
    return {"body": case.body}


def _text(value: object) -> str:
    """Write a value as it stands in a query or a path."""
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, float) and value.is_integer() and math.isfinite(value):
        return str(int(value))
    return str(value)


if __name__ == "__main__":
    main()
