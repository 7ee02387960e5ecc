"""Runs made up for the reports: one that has everything in it, evil strings included, and a clean one."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract.model import Level
from conformance.contract.rules import RULES
from conformance.faults.model import all_faults
from conformance.judging.results import Check, Results, RunFacts, TargetFacts
from conformance.judging.run import Run as JudgingRun
from conformance.judging.scenario import all_scenarios
from conformance.judging.verdicts import Verdict
from conformance.reference import Reference, serving
from conformance.target.settings import Settings
from conformance.wire.exchange import Attempt, Exchange, Request, Response
from conformance.wire.roles import Roles

if TYPE_CHECKING:
    from collections.abc import Callable

BASE = "https://api.example.test/v1"
COLLECTIONS = ("observations", "employees", "conversations", "summaries", "notifications")
EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\x00\u202e\ud800]]>&\"'"
LIGHTS = {
    "kind": "endpoint",
    "subject": EVIL,
    "documents": "there",
    "spec": EVIL,
    "observed": EVIL,
    "differ": ["documents/spec"],
}
COVERAGE: dict[str, Any] = {
    "summary": {
        part: {"of": 2, "seen": 1} for part in ("operations", "served", "statuses", "parameters", "values", "bounds")
    },
    "never_seen": {"operations": [EVIL]},
    "operations": [
        {
            "operation": EVIL,
            "documented": False,
            "answers": 0,
            "served": 0,
            "statuses": {"200": 0},
            "undeclared": {},
            "inputs": {
                EVIL: {"sent": 1, "values": {EVIL: 1}, "bounds": {"maximum": {"value": 1, "at": 0, "beyond": 0}}}
            },
        }
    ],
}


@dataclass
class Run:
    """Builds results check by check; exchanges are made as they are cited."""

    checks: list[Check] = field(default_factory=list)
    exchanges: dict[int, Exchange] = field(default_factory=dict)

    def check(self, rule: str, verdict: Verdict, subject: str | None = None, **said: Any) -> None:  # noqa: ANN401  # whatever a Check takes
        """Add a check, with an item named after its rule."""
        name = f"scenarios/test_sample.py::test_{rule.lower().replace('-', '_')}"
        item = said.pop("item", f"{name}[{subject}]" if subject else name)
        self.checks.append(Check(item, rule, verdict, subject, seconds=0.125, **said))

    def exchange(self, **given: Any) -> int:  # noqa: ANN401  # whatever a message takes
        """Add an exchange and give its number."""
        number = len(self.exchanges) + 1
        path = given.get("path", "/observations?limit=2")
        request = Request(
            method=given.get("method", "GET"),
            url=BASE + path,
            path=path.partition("?")[0],
            headers=(("Authorization", "Bearer [PB_API_KEY]"), ("Accept", "application/json")),
            body=given.get("sent", b""),
            role="full",
        )
        answer = given.get("body", b'{"data": [], "next_cursor": null, "has_more": false}')
        headers = (("Content-Type", "application/json"), ("X-Request-ID", "req_1"), *given.get("headers", ()))
        response = None if given.get("fault") else Response(given.get("status", 200), headers, answer)
        attempt = Attempt(1775577600.0, 0.042, response.status if response else None, given.get("fault"))
        self.exchanges[number] = Exchange(number, request, response, (attempt,), given.get("asked_by", "PAG-09"))
        return number

    def results(self, **said: Any) -> Results:  # noqa: ANN401  # whatever the facts of a run take
        """Give what was built, as a run against an https target."""
        run = {"id": "run_7f3a", "started": "2026-04-07T16:00:00Z", "seconds": 9.4, "requests": 812}
        target = {"base_url": BASE, "embedded": False, "organization": "Example Ltd", "plan": "agentic"}
        run |= {name: said.pop(name) for name in ("ended", "options") if name in said}
        target |= {name: said.pop(name) for name in ("missing", "base_url", "embedded") if name in said}
        facts = TargetFacts(**target, key_name="conformance")
        return Results(RunFacts(**run), facts, tuple(self.checks), self.exchanges, **said)


@pytest.fixture
def clean() -> Results:
    """Give a run in which every rule was judged and holds."""
    run = Run()
    for rule in RULES:
        verdict = Verdict.NOTED if rule.level is Level.NOTE else Verdict.PASS
        run.check(rule.id, verdict, message="It holds.", exchanges=(run.exchange(asked_by=rule.id),))
    return run.results()


@pytest.fixture
def mixed() -> Results:
    """Give a run with every verdict in it, and with evil strings in every place that a target fills."""
    run = Run()
    missing = {"ro": "There is no read-only key.", "clock": "The target's clock can't be moved."}
    for rule in RULES:
        _judge(run, rule.id, blind=bool({need.value for need in rule.needs} & set(missing)))
    reasons = {rule.id: "Only PAG and its like were selected." for rule in RULES}
    return run.results(missing=missing, reasons=reasons, coverage=COVERAGE, triangle=(LIGHTS,), unread=EVIL)


def _judge(run: Run, rule: str, *, blind: bool) -> None:
    special = _SPECIAL.get(rule)
    if special:
        special(run, rule)
    elif blind:
        run.check(rule, Verdict.NOT_JUDGED, message="A key is missing.")
    elif rule.startswith(("PAG", "RES")):
        for subject in COLLECTIONS:
            number = run.exchange(path=f"/{subject}?limit=2", asked_by=rule)
            run.check(rule, Verdict.PASS, subject, message=f"{subject} keep to it.", exchanges=(number,))
    elif not rule.startswith("EVT"):
        run.check(rule, Verdict.PASS, message="It holds.", exchanges=(run.exchange(asked_by=rule),))


def _broken_walk(run: Run, rule: str) -> None:
    pages = [json.dumps({"data": [{"id": f"obs_{n}"}], "next_cursor": f"c{n}", "has_more": True}) for n in (1, 2)]
    for subject in COLLECTIONS:
        verdict = Verdict.FAIL if subject in {"employees", "observations"} else Verdict.PASS
        paths = (f"/{subject}?limit=2", f"/{subject}?limit=2&cursor=c1")
        numbers = [run.exchange(path=path, body=page.encode()) for path, page in zip(paths, pages, strict=True)]
        run.check(
            rule,
            verdict,
            subject,
            message="The walk ended with 119 of 120 items: obs_01HXX9YK7Z8N2P3Q4R5S6T7U8V was skipped.",
            expected="120 items, each once",
            observed={"visited": 119, "skipped": ["obs_01HXX9YK7Z8N2P3Q4R5S6T7U8V"], "repeated": []},
            exchanges=tuple(numbers),
        )


def _evil(run: Run, rule: str) -> None:
    evil = EVIL.encode("utf-8", "replace")
    number = run.exchange(path=f"/x?q={EVIL}", body=evil, headers=(("X-Evil", EVIL),), asked_by=EVIL, method=EVIL)
    said = {"message": EVIL, "expected": EVIL, "observed": {EVIL: [EVIL, float("nan")]}, "hint": EVIL}
    run.check(rule, Verdict.FAIL, EVIL, item=f"x.py::test_{EVIL}", exchanges=(number,), **said)


def _broken_should(run: Run, rule: str) -> None:
    body = json.dumps({"error": {"code": "validation_error", "message": "limit is not a number"}}).encode()
    number = run.exchange(path="/employees?limit=abc", status=422, body=body)
    said = {"expected": "400 validation_error", "observed": "422 validation_error"}
    run.check(rule, Verdict.WARN, "employees", message="limit=abc gets 422.", exchanges=(number,), **said)
    run.check(rule, Verdict.PASS, "observations", message="It holds.")


def _undecided(verdict: Verdict, message: str) -> Callable[[Run, str], None]:
    return lambda run, rule: run.check(rule, verdict, message=message, hint="Mend the create first.")


def _error(run: Run, rule: str) -> None:
    number = run.exchange(fault="the connection was closed before an answer came")
    run.check(
        rule,
        Verdict.ERROR,
        message="KeyError: 'data'",
        traceback="Traceback ...\nKeyError: 'data'",
        exchanges=(number,),
    )


def _noted(run: Run, rule: str) -> None:
    for subject in ("observations", "employees"):
        sentence = "A cursor is accepted with another limit."
        run.check(rule, Verdict.NOTED, subject, message=sentence, value={"status": 200}, exchanges=(run.exchange(),))


_SPECIAL = {
    "PAG-09": _broken_walk,
    "OBC-16": _evil,
    "PAG-08": _broken_should,
    "ARC-08": _error,
    "PAG-16": _noted,
    "ARC-02": _undecided(Verdict.BLOCKED, "The archive that it builds on was refused with 500."),
    "TRN-03": _undecided(Verdict.NOT_APPLICABLE, "The target is not served over https."),
}


@pytest.fixture(scope="session")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Judge pagination on a served reference that lies about it."""
    lie = next(fault for fault in all_faults() if fault.name == "last_page_leaves_out_next_cursor")
    reference = Reference(lie.behaviour())
    scenarios = [one for one in all_scenarios() if one.rule.family == "PAG"]
    with serving(reference) as base_url:
        settings = Settings(base_url=base_url, report_dir=tmp_path_factory.mktemp("broken"), settle=0.3)
        judging = JudgingRun(settings, Roles({"key": reference.keys.full}), scenarios)
        judging.open()
        checks = [judging.check(one.item, within=60) for one in scenarios]
        judging.close()
    reference.close()
    return judging.results(checks, ended="complete", reasons={})


@pytest.fixture
def run() -> Run:
    """Give an empty run to build on."""
    return Run()
