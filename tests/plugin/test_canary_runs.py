"""A key that a target repeats wherever it can is in nothing that a run leaves: no format, journal, ledger or script."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from conformance.faults.rewriting import is_create
from conformance.reference import HONEST, Reference, serving
from conformance.reporting.json_report import read_json
from conformance.reporting.replay import script
from conformance.reporting.writer import WRITERS
from tests.plugin.test_whole_runs import CANARY, ROOT, command, environment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conformance.reference import Handler, Request, Response

pytestmark = pytest.mark.slow
SHOWN = "[PB_API_KEY]"
TRACES = (CANARY, CANARY[8:], CANARY[:24], CANARY.encode().hex())


async def parrot(request: Request, honest: Handler) -> Response:
    """Repeat the key in header fields, ids, cursors, names, messages and URLs, and archive nothing."""
    if request.path.endswith("/archive"):
        return replace(await honest(replace(request, path="/v1/nowhere")), status=500).with_json(_error(CANARY))
    response = await honest(_as_given(request))
    told = response.with_header("X-Key", f"{CANARY} {CANARY.encode().hex()}").with_header(
        "Location", f"/v1/x?key={quote(CANARY)}"
    )
    try:
        value = response.json()
    except ValueError:
        return told
    return told.with_json(_repeating(value, create=is_create(request)))


def _as_given(request: Request) -> Request:
    """Take out of ids and cursors what the suite makes of the key in them, so that they go on working."""
    plain = replace(request, path=request.path.replace(f"-{SHOWN}", ""))
    cursor = request.param("cursor")
    return plain.with_query("cursor", cursor.replace(f"-{SHOWN}", "")) if cursor else plain


def _error(key: str) -> dict[str, Any]:
    return {"error": {"code": f"code_{key}", "message": f"{key} is not the key", key: [key]}}


def _repeating(value: Any, *, create: bool) -> Any:  # noqa: ANN401  # any JSON value
    """Put the key into whatever is an object, and into each id of what was created."""
    if isinstance(value, list):
        return [_repeating(one, create=create) for one in value]
    if not isinstance(value, dict):
        return value
    told = {name: _repeating(one, create=create) for name, one in value.items()} | {f"x_{CANARY}": {"key": CANARY}}
    for name in ("message", "next_cursor", "code", "name", *(["id"] if create else [])):
        if isinstance(told.get(name), str):
            told[name] += f"-{CANARY}"
    return told


@dataclass(frozen=True)
class Kept:
    """All that a run leaves: what the terminal showed, and each file by its name."""

    terminal: str
    files: Mapping[str, bytes]
    report: Path


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Judge the parrot, with a ledger, and as GitHub Actions would."""
    folder = tmp_path_factory.mktemp("parrot")
    reference = Reference(replace(HONEST, door=parrot))
    options = ("--rules", "PAG-01,PAG-04,ERR,ARC-01,ARC-02,IDM-06,SES,HDR", "--ledger", str(folder / "ledger.jsonl"))
    with serving(reference) as base_url:
        done = subprocess.run(
            command(base_url, *options, "--report-dir", str(folder / "reports"), "-v", "-rA", "scenarios"),
            cwd=ROOT,
            env=environment() | {"GITHUB_ACTIONS": "true"},
            capture_output=True,
            text=True,
            check=False,
            timeout=200,
        )
    reference.close()
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return Kept(done.stdout + done.stderr, files, folder / "reports" / "conformance.json")


def test_the_key_was_repeated_and_everything_was_written(kept: Kept) -> None:
    """Every format, the journal of what could not be removed, annotations, attachments: all of them had a chance."""
    names = set(kept.files)
    telling = [
        all(any(name.startswith(f"reports/{format_}") for name in names) for format_ in WRITERS),
        any("made-" in name for name in names),
        any(name.endswith("-attachment.txt") for name in names),
        "::error title=" in kept.terminal,
        SHOWN.encode() in kept.files["reports/conformance.json"],
        SHOWN.encode() in kept.files["reports/conformance.html"],
    ]
    assert telling == [True] * len(telling), kept.terminal[-3000:]


def test_no_file_holds_the_key(kept: Kept) -> None:
    """Nor a half of it."""
    assert [(name, trace) for name, held in kept.files.items() for trace in TRACES if trace.encode() in held] == []


def test_the_terminal_does_not_show_the_key(kept: Kept) -> None:
    """Neither failures nor annotations do."""
    assert [trace for trace in TRACES if trace in kept.terminal] == []


def test_no_script_holds_the_key(kept: Kept) -> None:
    """It is made of what was recorded, and takes the key from the environment."""
    report = read_json(kept.report)
    scripts = [script(check, rule, report) for rule in report["rules"] for check in rule["checks"]]
    assert (any("$PB_API_KEY" in text for text in scripts), CANARY in json.dumps(scripts)) == (True, False)
