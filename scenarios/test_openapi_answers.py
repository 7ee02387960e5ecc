"""SPC: every answer of the run held against the published spec (overview › OpenAPI specification)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from conformance.contract.headers import RETRY_AFTER
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, NotJudged, Violation, Violations
from conformance.openapi.answers.held import Answers, Held
from conformance.openapi.answers.second_opinion import Opinion, second_opinion
from conformance.openapi.document.operations import ENDPOINTS, OTHERS, subject_of
from conformance.openapi.insight import spec_of
from scenarios._answers import declares_json_body, is_answer, owes_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.openapi.answers.findings import Finding
    from conformance.openapi.document.operations import Operation
    from conformance.openapi.document.published import Published
    from conformance.wire.exchange import Exchange

SHOWN = 100
"""So many findings on one subject become checks of their own."""
JSON = "application/json"
BAD_REQUEST, NOT_ACCEPTABLE, UNSUPPORTED, UNPROCESSABLE, UNAVAILABLE = 400, 406, 415, 422, 503
"""RFC 9110: Bad Request, Not Acceptable, Unsupported Media Type, Unprocessable Content, Service Unavailable."""
SUBJECTS = (*ENDPOINTS, OTHERS)
_WITHOUT_BODY = frozenset({"HEAD", "OPTIONS"})
_JUDGED: WeakKeyDictionary[Exchange, tuple[int, asyncio.Task[tuple[Held, Opinion]]]] = WeakKeyDictionary()
"""What came of each run, by the exchange that fetched its spec and the number of exchanges there were."""


async def _held(exchanges: Sequence[Exchange], spec: Published) -> tuple[Held, Opinion]:
    """Hold all answers against the spec, once for all subjects."""
    number, task = _JUDGED.get(spec.exchange, (0, None))
    if task is None or number != len(exchanges):
        task = asyncio.get_running_loop().create_task(_hold(exchanges, spec))
        _JUDGED[spec.exchange] = len(exchanges), task
    return await asyncio.shield(task)


async def _hold(exchanges: Sequence[Exchange], spec: Published) -> tuple[Held, Opinion]:
    held = Answers(spec).hold(one for one in exchanges if owes_json(one))
    return held, await second_opinion(spec.document, held)


@judges("SPC-10", over=SUBJECTS)
async def test_answers_are_valid_by_the_spec(exchanges: Sequence[Exchange], endpoint: str) -> str:
    """Media type, headers and body of each are as the spec has them; it takes two validators to find a breach."""
    spec = spec_of(exchanges, schemas=True)
    _require_described(spec, endpoint)
    held, opinion = await _held(exchanges, spec)
    _expect_no_finding(_of_subject(opinion.shared, endpoint))
    _require_judged(held, opinion, endpoint)
    counts = {key: number for key, number in held.counts.items() if subject_of(key[0]) == endpoint}
    if not counts:
        hint = "Declare the statuses that it answers with (SPC-11)."
        raise NotJudged(f"no answer of {endpoint} whose status the spec declares was seen", hint=hint)
    return f"{sum(counts.values())} answers of {len(counts)} declared kinds are valid{_doubts(opinion, endpoint)}"


def _require_described(spec: Published, endpoint: str) -> None:
    if not any(subject_of(one) == endpoint for one in spec.operations):
        raise Blocked(f"the spec does not describe {endpoint}")


def _of_subject(findings: Iterable[Finding], endpoint: str) -> list[Finding]:
    return [finding for finding in findings if subject_of(finding.operation) == endpoint]


def _expect_no_finding(findings: Sequence[Finding]) -> None:
    if findings:
        more = f", and {len(findings) - 1} places more" if len(findings) > 1 else ""
        told = f"an answer is not as the spec has it: {findings[0]}{more}"
        found = {f"SPC-10 {one.id}": _invalid(one) for one in findings[:SHOWN]}
        if len(findings) > SHOWN:
            left = f"{len(findings) - SHOWN} places more are broken"
            found["SPC-10 more"] = Violation(left, exchanges=_numbers(findings[-1]))
        raise Violations(told, found)


def _numbers(finding: Finding) -> list[int]:
    return [finding.exchanges[0].number]


def _invalid(finding: Finding) -> Violation:
    return Violation(
        str(finding),
        expected=f"what is valid by #{finding.deviation.place}",
        observed=finding.deviation.text,
        exchanges=_numbers(finding),
    )


def _require_judged(held: Held, opinion: Opinion, endpoint: str) -> None:
    """Leave undecided what could not be held against the spec, or not by both validators."""
    for operation, reason in held.unreadable.items():
        if subject_of(operation) == endpoint:
            raise Blocked(f"{operation.label}: {reason}")
    unheard = _of_subject(opinion.unheard, endpoint)
    if unheard:
        raise NotJudged(f"there is no second opinion on {unheard[0]}", hint="Look at it by hand.")


def _doubts(opinion: Opinion, endpoint: str) -> str:
    """Say what only one of the two validators had something against, which is held against nobody."""
    doubted = [f"{finding}" for finding in _of_subject(opinion.doubted, endpoint)]
    doubted += [text for operation, text in opinion.alone if subject_of(operation) == endpoint]
    return f"; only one of two validators refuses {doubted[0]}" if doubted else ""


@judges("SPC-11", over=SUBJECTS)
def test_every_status_is_declared(exchanges: Sequence[Exchange], endpoint: str) -> str:
    """Each status that an operation answered with is declared for it: itself, its range, or by default."""
    spec = spec_of(exchanges, schemas=False)
    _require_described(spec, endpoint)
    answers = Answers(spec)
    seen = [one for one in exchanges if is_answer(one) and one.method not in _WITHOUT_BODY and not _is_beside(one)]
    known = [(one, answers.routes.find(one.method, one.path)) for one in seen]
    own = [one for one, operation in known if operation and _is_of(operation, endpoint, one)]
    undeclared = answers.undeclared(own)
    if undeclared:
        found = {f"SPC-11 {one.label} {status}": _undeclared(one, those) for (one, status), those in undeclared.items()}
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        raise Violations(f"{next(iter(found.values())).message}{more}", found)
    if not own:
        raise NotJudged(f"no answer of {endpoint} was seen", hint="Give the key the scope to use it.")
    statuses = sorted({one.status for one in own if one.status is not None})
    return f"all of {', '.join(map(str, statuses))} are declared, in {len(own)} answers"


def _undeclared(operation: Operation, answers: Sequence[Exchange]) -> Violation:
    many = f" ({len(answers)} times)" if len(answers) > 1 else ""
    return Violation(
        f"{operation.label} answers {answers[0].status}, which the spec does not declare{many}",
        expected=f"one of {', '.join(operation.responses)}",
        observed=answers[0].status,
        exchanges=[answers[0].number],
    )


def _is_beside(exchange: Exchange) -> bool:
    """Tell whether an answer is not the operation's own, but one of HTTP before it, whatever is asked.

    A 503 says when to come back; 406 and 415 refuse media types of which the documents say nothing (TRN-05), and so
    other charsets.
    """
    accepted = exchange.request.header("accept") or JSON
    other = {
        UNAVAILABLE: exchange.header(RETRY_AFTER.name) is not None,
        NOT_ACCEPTABLE: JSON not in accepted and "*/*" not in accepted,
        UNSUPPORTED: not declares_json_body(exchange),
    }
    return other.get(exchange.status or 0, False)


def _is_of_a_body(exchange: Exchange, operation: Operation) -> bool:
    """Tell whether an action that takes no body refuses one that is not an empty object: it may, or look at none."""
    is_action = operation.method == "POST" and "/{}/" in operation.path and not operation.request_body.value
    sent = exchange.request.header("content-type") is not None and exchange.request.json != {}
    return is_action and sent and exchange.status in {BAD_REQUEST, UNPROCESSABLE}


def _is_of(operation: Operation, endpoint: str, exchange: Exchange) -> bool:
    return subject_of(operation) == endpoint and not _is_of_a_body(exchange, operation)
