"""Waivers and baselines in a run: what is shown, and what the exit code says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Suite = Callable[..., pytest.RunResult]

BROKEN = '@judges("PAG-01")\nasync def test_it(target):\n    raise Violation("it broke")\n'
HOLDING = '@judges("PAG-01")\nasync def test_it(target):\n    return "it holds"\n'


def signature_in(report: Path) -> str:
    """Read the signature of the one breach of a report."""
    rules = json.loads(report.read_text("utf-8"))["rules"]
    return str(next(check["signature"] for rule in rules for check in rule["checks"] if rule["id"] == "PAG-01"))


def waiver(signature: str, expires: str) -> str:
    """Write a waiver."""
    fields = {"rule": "PAG-01", "signature": signature, "owner": "api-team", "reason": "PB-1"}
    return (
        "[[waiver]]\n" + "".join(f'{name} = "{value}"\n' for name, value in fields.items()) + f"expires = {expires}\n"
    )


def test_a_waived_breach_passes_the_gate_and_stays_a_breach(suite: Suite, pytester: pytest.Pytester) -> None:
    """Exit 0, shown as waived, still counted as broken."""
    suite(BROKEN)
    signature = signature_in(pytester.path / "reports/latest/conformance.json")
    (pytester.path / "waivers.toml").write_text(waiver(signature, "2999-01-31"), "utf-8")
    done = suite(BROKEN, "--waivers", "waivers.toml")
    done.stdout.fnmatch_lines(["*1 broken (PAG-01; 1 of them waived)*", "Gate: passed.", "*1 waived*"])
    assert done.ret == 0


@pytest.mark.parametrize(("source", "code"), [(BROKEN, 1), (HOLDING, 1)], ids=["broken", "holding"])
def test_an_expired_waiver_fails_the_gate(suite: Suite, pytester: pytest.Pytester, source: str, code: int) -> None:
    """Whether its breach is still there or not."""
    suite(BROKEN)
    signature = signature_in(pytester.path / "reports/latest/conformance.json")
    (pytester.path / "waivers.toml").write_text(waiver(signature, "2020-01-31"), "utf-8")
    done = suite(source, "--waivers", "waivers.toml")
    done.stdout.fnmatch_lines(["The waiver of PAG-01 expired on 2020-01-31*", "Gate: failed;*waiver has expired*"])
    assert done.ret == code


def test_a_waiver_of_a_breach_that_is_gone_is_told(suite: Suite, pytester: pytest.Pytester) -> None:
    """It fails nothing before its day."""
    (pytester.path / "waivers.toml").write_text(waiver("0123456789ab", "2999-01-31"), "utf-8")
    done = suite(HOLDING, "--waivers", "waivers.toml")
    done.stdout.fnmatch_lines(["The waiver of PAG-01 covers nothing any more*"])
    assert done.ret == 0


def test_a_breach_that_the_baseline_has_does_not_fail_a_gate_on_regressions(
    suite: Suite, pytester: pytest.Pytester
) -> None:
    """What held in the baseline does."""
    codes = []
    for before in (BROKEN, HOLDING):
        suite(before)
        baseline = (pytester.path / "reports/latest/conformance.json").rename(pytester.path / "baseline.json")
        codes.append(int(suite(BROKEN, "--fail-on", "regressed", "--baseline", str(baseline)).ret))
    assert codes == [0, 1]


def test_a_must_that_was_not_judged_fails_where_that_is_required(suite: Suite) -> None:
    """Also rules that were not asked at all."""
    done = suite(HOLDING, "--require-judged")
    done.stdout.fnmatch_lines(["Gate: failed; * MUST rules were not judged*"])
    assert done.ret == 1


def test_another_failing_test_of_the_session_fails_it(suite: Suite) -> None:
    """A gate on regressions says nothing about a project's own tests."""
    assert suite(HOLDING + "\ndef test_ours():\n    assert False\n").ret == 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--waivers", "none.toml"), "*none.toml can't be read*"),
        (("--fail-on", "regressed"), "*Give --baseline FILE*"),
        (("--fail-on", "regressed", "--baseline", "none.json"), "*none.json can't be read*"),
        (("--fail-on", "nothing"), "*Give broken or regressed*"),
    ],
    ids=" ".join,
)
def test_a_gate_that_is_set_up_wrongly_is_told(suite: Suite, options: tuple[str, ...], says: str) -> None:
    """Exit 4, before anything is sent."""
    done = suite(HOLDING, *options)
    done.stderr.fnmatch_lines([says])
    assert done.ret == 4
