"""Breaches grouped by what probably causes them: the operation that answered, and how. One bug is no thirty findings.

The exchange that decided a check is the last one it cites that its message names, with the status that the check tells
if one has it, else simply the last. Checks whose deciding exchanges are of one operation and status, and that wanted
another status, have one cause; where the status was as it should be and the content was not, the operation and the rule
tell causes apart; where several operations break the same rules in the same words, or by the same status, that is one
cause again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from conformance.judging.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.reporting.json_report import Report

Json = dict[str, Any]
BROKEN = frozenset({Verdict.FAIL, Verdict.WARN, Verdict.BLOCKED})
_STATUS = re.compile(r"\b[2-5]\d\d\b")
_OPERATION = re.compile(r"(?:^/\S+: )?\b(?:GET|POST|PUT|PATCH|DELETE) /\S*?(?=:?(?:\s|$))")
_QUERY = re.compile(r"\?[^\s']+")
"""What a request asks for, cursors among it: the operation says enough of what is behind a breach."""
_ITS = re.compile(r"\bit (?=[2-5]\d\d\b)")
_NUMBER = re.compile(r"(?<!\banswers )(?<!\bgets )(?<!\bgot )(?<!\d)\d+")
DUE = " where that is not due"
LONGEST = 160
"""So many characters of a message tell a cause."""
_COLLECTION_AND_REST = re.compile(r"^/?([^/]*)(?:/([^/]*))?(.*)$")


@dataclass(frozen=True, slots=True)
class Cause:
    """One likely cause: what a target does, how many checks it breaks or blocks, and under which rules."""

    sentence: str
    checks: int
    rules: tuple[str, ...]


def causes(report: Report) -> tuple[Cause, ...]:
    """Return the likely causes of all that is broken or blocked, the one behind most first; () where there is none."""
    exchanges = {exchange["number"]: exchange for exchange in report["exchanges"]}
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for rule in report["rules"]:
        for check in rule["checks"]:
            if check["verdict"] in BROKEN:
                found[_key(rule, check, exchanges)].append((rule["id"], _plain(check), str(check["message"])))
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for key, told in found.items():
        alike[_alike(key, told)].append(key)
    made = [_cause(keys, [one for key in keys for one in found[key]]) for keys in alike.values()]
    return tuple(sorted(made, key=lambda cause: (-cause.checks, cause.rules)))


def _alike(key: str, told: Sequence[tuple[str, str, str]]) -> tuple[str, ...]:
    """Tell what causes of several operations have in common where they are one: the rules, and the answer or words."""
    if DUE not in key:
        return told[0][:2]
    method, _, answer = key.split(" ", 2)
    return method, answer, *sorted({rule for rule, _, _ in told})


def _cause(keys: Sequence[str], told: Sequence[tuple[str, str, str]]) -> Cause:
    rules = tuple(dict.fromkeys(rule for rule, _, _ in told))
    more = len(keys) - 1
    others = f", and the same of {more} other operation{'s' * (more > 1)}" if more else ""
    if DUE in keys[0]:
        return Cause(f"{keys[0]}{others}", len(told), rules)
    first = told[0][2]
    words = _OPERATION.sub("it", first).removeprefix("it: ") if len(told) > 1 else _QUERY.sub("", first)
    return Cause(f"{keys[0]}{others}: {_cut(_ITS.sub('its ', words))}", len(told), rules)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 4]} ..."


def _key(rule: Json, check: Json, exchanges: Mapping[int, Json]) -> str:
    """Name the operation and the status that was not due, or the operation and the rule that its content breaks."""
    cited = [exchanges[number] for number in check["exchanges"] if number in exchanges]
    if not cited:
        return str(rule["id"])
    named = [one for one in reversed(cited) if _names(check["message"], one)]
    decisive = next((one for one in named if _tells(check, one["response"])), (named or cited[-1:])[0])
    operation = _operation(decisive["request"])
    response = decisive["response"]
    if response is None:
        return f"{operation} gets no answer{DUE}"
    if _tells(check, response) and _is_about_status(check, response["status"]):
        return f"{operation} answers {response['status']}{_phrase(response['status'])}{DUE}"
    return f"{operation}, {rule['id']}"


def _names(message: str, exchange: Json) -> bool:
    request = exchange["request"]
    return f"{request['method']} {request['path']}" in message


def _tells(check: Json, response: Json | None) -> bool:
    """Tell whether a check speaks of the status of an answer."""
    if response is None:
        return False
    status, observed = response["status"], check["observed"]
    seen = observed.get("status") if isinstance(observed, dict) else None
    return seen == status or f" got {status}" in check["message"] or f" with {status}" in check["message"]


def _is_about_status(check: Json, status: int) -> bool:
    """Tell whether the status that a check tells is itself what was wrong: it was not expected.

    Where what was expected names no status, the content is what is wrong, but for a refusal without further words, and
    for a twin that was not accepted.
    """
    least = HTTPStatus.INTERNAL_SERVER_ERROR if check["expected"] else HTTPStatus.BAD_REQUEST
    twin = "valid twin" in check["message"]
    wrong = status >= least or twin or _STATUS.search(check["expected"]) is not None
    return wrong and str(status) not in check["expected"]


def _operation(request: Json) -> str:
    """Name an operation as a path template: what stands behind a collection's name is an id."""
    collection, item, rest = (part or "" for part in _match(request["path"]))
    return f"{request['method']} /{collection}{'/{id}' if item else ''}{rest}"


def _match(path: str) -> Sequence[str | None]:
    found = _COLLECTION_AND_REST.match(path)
    return found.groups() if found else (path, "", "")


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""


def _plain(check: Json) -> str:
    """Give a message without what differs between subjects: operations, places in a spec, ids, numbers, values.

    What a target answers with stays.
    """
    text = _OPERATION.sub("it", str(check["message"]))
    text = re.sub(r"#/\S+", "its schema", text)
    text = re.sub(r"[a-z]+_[0-9A-Za-z]{8,}", "an id", text)
    text = re.sub(r"'[^']*'", "a value", re.sub(r"\?[^\s']+", "", text))
    return _NUMBER.sub("N", text)[:160]
