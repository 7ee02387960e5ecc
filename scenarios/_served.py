"""Every observation that an exchange served, and what the passive rules of OBS ask of each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from conformance.contract.observation import FIELDS, TYPES
from conformance.contract.resources import SPEC_PATH
from conformance.judging.verdicts import Violation
from conformance.target.reading import unwrap
from scenarios._answers import has_own_parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from conformance.target.reading import Resource
    from conformance.wire.exchange import Exchange

    Check = Callable[[Resource], list[str] | None]

_SINGLE = {
    "GET": re.compile(r"/observations/[^/]+"),
    "PATCH": re.compile(r"/observations/[^/]+"),
    "POST": re.compile(r"/observations(/[^/]+/(archive|restore))?"),
}
_NAMES = {field.name for field in FIELDS}
_REPLACED = {"employee_id": "employee", "attribute_ids": "attributes"}
RECOGNIZED = 8
"""So many documented fields make an object elsewhere (a search result, say) an observation; fewer, a mention of it."""


_SERVED: WeakKeyDictionary[Exchange, tuple[Resource, ...]] = WeakKeyDictionary()
"""What each exchange served, found once for all the rules that ask."""


def served(exchange: Exchange) -> Sequence[Resource]:
    """Give the observations of a successful answer: told by where it was asked, elsewhere by what they look like.

    Fields that expand replaces are taken out, as EXP judges those. Where the query has a parameter of the target's own,
    nothing is known of what it lets through.
    """
    if exchange not in _SERVED:
        _SERVED[exchange] = tuple(_found(exchange))
    return _SERVED[exchange]


def _found(exchange: Exchange) -> Iterator[Resource]:
    response = exchange.response
    if response is None or not 200 <= response.status < 300 or not response.is_json:
        return
    found = _by_path(exchange, response.json)
    if found is not None and has_own_parameters(exchange):
        return
    aside = _replaced_by_expand(exchange)
    for observation in _elsewhere(exchange, response.json) if found is None else found:
        yield {name: value for name, value in observation.items() if name not in aside}


def missing(exchange: Exchange, observation: Resource) -> list[str]:
    """Name the documented fields that an observation lacks, those aside that expand may have replaced."""
    aside = _replaced_by_expand(exchange)
    if _by_path(exchange, {}) is None:
        aside |= {name for name, nested in _REPLACED.items() if nested in observation}
    return [field.name for field in FIELDS if field.name not in observation and field.name not in aside]


def judge_each(exchange: Exchange, check: Check, *, expected: str) -> bool:
    """Raise `Violation` with the first complaint of `check`; tell whether it had anything to judge.

    `check` gives its complaints about one observation, or None where it can't judge it.
    """
    judged = False
    for observation in served(exchange):
        complaints = check(observation)
        judged = judged or complaints is not None
        if complaints:
            observed = {"id": observation.get("id"), "complaints": complaints}
            raise Violation(f"an observation's {complaints[0]}", expected=expected, observed=observed)
    return judged


def _by_path(exchange: Exchange, value: object) -> list[Resource] | None:
    """Give what the path says are observations; None where it says nothing."""
    data = value.get("data") if isinstance(value, dict) else None
    listed = [item if isinstance(item, dict) else {} for item in data] if isinstance(data, list) else None
    if exchange.method == "GET" and exchange.path == "/observations":
        return listed or []
    single = _SINGLE.get(exchange.method)
    if single is None or not single.fullmatch(exchange.path):
        return None
    return [unwrap(value) or {}] if listed is None else listed


def _elsewhere(exchange: Exchange, value: object) -> Iterator[Resource]:
    """Find whole observations in the answers of other resources; the spec's examples are none."""
    left: list[Any] = [] if exchange.path == SPEC_PATH else [value]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            left.extend(one.values())
            if _is_observation(one):
                yield one
        elif isinstance(one, list):
            left.extend(one)


def _is_observation(value: Resource) -> bool:
    """Tell by id and fields; a hit of a search that says what it is in `type` is a wrapping, no observation."""
    resource_id = value.get("id")
    known = len(_NAMES & value.keys()) + len(set(_REPLACED.values()) & value.keys())
    wrapping = value.get("type") not in TYPES and str(value.get("type")).startswith("observation")
    return isinstance(resource_id, str) and resource_id.startswith("obs_") and known >= RECOGNIZED and not wrapping


def _replaced_by_expand(exchange: Exchange) -> set[str]:
    asked = [value for name, value in exchange.request.query if name in {"expand", "expand[]"}]
    # in whatever case: a target may take EMPLOYEE for employee
    heads = {path.strip().partition(".")[0].casefold() for value in asked for path in value.split(",")}
    # the overview's own example expands an observation's employee by the path manager (EXP-09)
    subject = {"employee_id"} if heads & {"employee", "manager"} else set()
    return subject | ({"attribute_ids"} if "attributes" in heads else set())
