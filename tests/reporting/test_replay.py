"""The script of a breach replays its scenario from nothing: with ids of its own, and nothing left behind."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.judging.verdicts import Verdict
from conformance.reference import HONEST, Reference, serving
from conformance.reporting.json_report import to_json
from conformance.reporting.replay import script
from conformance.wire.exchange import Attempt, Exchange, Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.reporting.conftest import Run


def scripted(run: Run, **said: str) -> str:
    """Write the script of a run's one breach."""
    report = to_json(run.results(**said))
    rule = next(rule for rule in report["rules"] if rule["checks"])
    return script(rule["checks"][0], rule, report)


@pytest.fixture
def served() -> Iterator[tuple[str, str]]:
    """Serve a reference that archives again and again; give its base URL and its key."""
    lying = replace(HONEST, permitted=lambda action, row: action == "archive" or HONEST.permitted(action, row))
    reference = Reference(lying)
    with serving(reference) as base_url:
        yield base_url, reference.keys.full
    reference.close()


def lived(run: Run, base_url: str, key: str) -> None:
    """Do what a scenario does: create, archive, archive again, read a page and the next; and record it."""
    authorization = {"Authorization": f"Bearer {key}"}
    with httpx.Client(headers=authorization) as client:
        person = client.get(f"{base_url}/employees?limit=1").json()["data"][0]["id"]
        body = {"employee_id": person, "type": "strength", "observation": 'it\'s $HOME `id` "quoted"'}
        made = client.post(f"{base_url}/observations", json=body, headers={"Idempotency-Key": "k1"})
        path = f"{base_url}/observations/{made.json()['id']}"
        answers = [made, client.post(f"{path}/archive"), client.post(f"{path}/archive")]
        first = client.get(f"{base_url}/observations?limit=1")
        answers += [first, client.get(f"{base_url}/observations", params={"limit": 1, "cursor": _cursor(first)})]
    numbers = tuple(recorded(run, answer, base_url) for answer in answers)
    run.check("ARC-02", Verdict.FAIL, message="it was archived again", exchanges=numbers)


def _cursor(page: httpx.Response) -> str:
    return str(page.json()["next_cursor"])


def recorded(run: Run, answer: httpx.Response, base_url: str) -> int:
    """Keep an answer as a run's recorder does, with the key taken out."""
    asked = answer.request
    headers = [(name, value) for name, value in asked.headers.items() if name != "authorization"]
    url = str(asked.url)
    request = Request(
        method=asked.method,
        url=url,
        path=url.removeprefix(base_url).partition("?")[0],
        headers=(*headers, ("Authorization", "Bearer [PB_API_KEY]")),
        body=asked.content,
        role="key",
    )
    number = len(run.exchanges) + 1
    response = Response(answer.status_code, tuple(answer.headers.items()), answer.content)
    run.exchanges[number] = Exchange(number, request, response, (Attempt(0.0, 0.1, answer.status_code),))
    return number


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_a_script_replays_what_a_run_did_and_cleans_up(run: Run, served: tuple[str, str]) -> None:
    """Each status is the one that the run saw, on an observation of its own, which is archived at the end."""
    base_url, key = served
    lived(run, base_url, key)
    text = scripted(run, base_url=base_url)
    environment = {"PB_API_KEY": key, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        ["/bin/sh", "-c", text], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    statuses = [line.strip("()") for line in done.stdout.splitlines() if line.startswith("(")]
    told = [line for line in done.stdout.splitlines() if '"$HOME' in line or "it's $HOME" in line]
    texts = [json.loads(line)["observation"] for line in told[:1]]
    assert (statuses, texts, done.stderr) == (
        ["201", "200", "200", "200", "200"],
        ['it\'s $HOME `id` "quoted"'],
        "",
    )


def test_what_a_target_sent_can_not_leave_its_quotes(run: Run) -> None:
    """A path or a body with quotes and substitutions stays a word; a comment stays a comment."""
    evil = "/x?q='$(touch pwned)'"
    number = run.exchange(path=evil, sent=b"';touch pwned;'", method="POST")
    run.check("PAG-09", Verdict.FAIL, message="broken\ntouch pwned", exchanges=(number,))
    lines = [line for line in scripted(run).splitlines() if line.startswith("touch")]
    assert lines == []


def test_an_answer_that_nests_too_deep_to_read_is_a_step_like_any(run: Run) -> None:
    """Nothing is captured from it, and the report is written."""
    number = run.exchange(body=b'{"data": ' + b"[" * 100_000)
    run.check("PAG-09", Verdict.FAIL, message="broken", exchanges=(number,))
    assert "1. GET /observations (the run saw 200)" in scripted(run)


def test_a_check_without_exchanges_has_no_script(run: Run) -> None:
    """There is nothing to replay."""
    run.check("PAG-09", Verdict.FAIL, message="broken")
    assert scripted(run) == ""


def test_the_script_is_one_that_a_shell_reads(mixed: Any) -> None:  # noqa: ANN401  # the fixture
    """Whatever a target sent."""
    report = to_json(mixed)
    texts = [script(check, rule, report) for rule in report["rules"] for check in rule["checks"][:2]]
    checked = [subprocess.run(["/bin/sh", "-n"], input=text, text=True, check=False, timeout=20) for text in texts[:40]]
    assert {done.returncode for done in checked} == {0}
