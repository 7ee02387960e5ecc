"""The exit code can be trusted: 0 only if something was judged and nothing was broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Suite = Callable[..., pytest.RunResult]


def scenario(rule: str, body: str) -> str:
    """Write one scenario."""
    return f'@judges("{rule}")\nasync def test_it(target):\n    {body}\n'


@pytest.mark.parametrize(
    ("rule", "body", "options", "code"),
    [
        ("PAG-01", 'return "it holds"', (), 0),
        ("PAG-01", 'raise Violation("broken")', (), 1),
        ("PAG-03", 'raise Violation("broken")', (), 0),
        ("PAG-03", 'raise Violation("broken")', ("--strict",), 1),
        ("PAG-16", 'return Noted("It does this.")', (), 0),
        ("PAG-01", 'raise NotJudged("no data")', (), 5),
        ("PAG-01", 'raise NotApplicable("nothing there")', (), 5),
        ("PAG-01", 'raise Blocked("the twin was refused")', (), 1),
        ("PAG-01", 'raise KeyError("a bug of ours")', (), 1),
    ],
)
def test_the_exit_code_follows_the_verdict(suite: Suite, rule: str, body: str, options: tuple[str], code: int) -> None:
    """Each verdict costs what README says."""
    assert suite(scenario(rule, body), *options).ret == code


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--base-url", "localhost:1/v1"), "*is no absolute http or https URL*"),
        (("--base-url", "http://localhost:1"), "*does not end in a version segment*"),
        (("--base-url", "http://pb_test_x@localhost:1/v1"), "*carries credentials*"),
        (("--base-url", "http://localhost:99999/v1"), "*is no URL*"),
        (("--base-url", "http://127.0.0.1:9/v1"), "*No key for *PB_API_KEY*"),
        (("--rules", "PAG-4"), "*Did you mean *PAG-04*"),
        (("--rules", "NOPE"), "*no rule or family*"),
        (("--in-flight", "0"), "*--in-flight is '0'*whole number*"),
        (("--max-rps", "fast"), "*--max-rps is 'fast'*"),
        (("--request-budget", "-3"), "*--request-budget is '-3'*"),
        (("--timeout", "0"), "*--timeout is '0'*"),
        (("--listen", "8099"), "*--listen is '8099'*127.0.0.1:8099*"),
        (("--listen", "nobody.invalid:0"), "*Nothing can listen at nobody.invalid:0*"),
        (("--listener-url", "https://hooks.example.com"), "*--listen*is missing*"),
        (("--no-such-option",), "*unrecognized arguments: --no-such-option*"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_bad_use_exits_with_4_and_says_what_to_do(suite: Suite, options: tuple[str, ...], says: str) -> None:
    """No stack trace, no request."""
    result = suite(scenario("PAG-01", 'return ""'), *options)
    told = " ".join([*result.outlines, *result.errlines])
    assert (result.ret, "Traceback" in told) == (4, False)
    pytest.LineMatcher([told]).fnmatch_lines([says])


def test_a_conformance_toml_counts_where_it_is_run(suite: Suite, pytester: pytest.Pytester) -> None:
    """Also below the root that pytest finds."""
    (pytester.path / "conformance.toml").write_text("in_flight = 0\n")
    result = suite(scenario("PAG-01", 'return ""'), "--rootdir", str(pytester.path.parent))
    result.stderr.fnmatch_lines(["*in_flight in conformance.toml*"])
    assert result.ret == 4


def test_a_live_key_is_not_written_with_unasked(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pb_live_ key needs --read-only or --allow-live-writes."""
    monkeypatch.setenv("PB_API_KEY", "pb_live_0123456789abcdef")
    result = suite(scenario("PAG-01", 'return ""'), "--base-url", "http://127.0.0.1:9/v1")
    result.stderr.fnmatch_lines(["*pb_live_ key*", "*--read-only*--allow-live-writes*"])
    assert result.ret == 4


def test_a_target_that_is_not_there_exits_with_69(monkeypatch: pytest.MonkeyPatch, pytester: pytest.Pytester) -> None:
    """The message says so, and a report lists every rule as not run."""
    monkeypatch.setenv("PB_API_KEY", "pb_test_0123456789abcdef")
    pytester.makepyfile(test_it="from conformance.judging.scenario import judges\n" + scenario("PAG-01", 'return ""'))
    result = pytester.runpytest_subprocess("-p", "no:schemathesis", "--base-url", "http://127.0.0.1:9/v1")
    result.stdout.fnmatch_lines(["*ERROR: *can't be reached*", "*Nothing was judged*"])
    assert (result.ret, (pytester.path / "reports/latest/conformance.json").is_file()) == (69, True)
    result.stdout.fnmatch_lines(["Gate: failed; nothing was judged."])


def test_a_refused_key_exits_with_4(suite: Suite, monkeypatch: pytest.MonkeyPatch, refusing: str) -> None:
    """The message names the variable, never the key."""
    monkeypatch.setenv("PB_API_KEY", "pb_test_0123456789abcdef")
    result = suite(scenario("PAG-01", 'return ""'), "--base-url", refusing)
    told = " ".join([*result.outlines, *result.errlines])
    assert (result.ret, "refuses the key in PB_API_KEY" in told, "0123456789abcdef" in told) == (4, True, False)


def test_the_environment_sets_options_too(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    """CONFORMANCE_RULES deselects as --rules does."""
    monkeypatch.setenv("CONFORMANCE_RULES", "SRT")
    suite(scenario("PAG-01", 'return ""')).assert_outcomes(deselected=1)


def test_toml_sets_options_too(suite: Suite, pytester: pytest.Pytester) -> None:
    """conformance.toml in the root folder is read; the command line goes before it."""
    (pytester.path / "conformance.toml").write_text('rules = "SRT"\n')
    suite(scenario("PAG-01", 'return ""'), "--rootdir", str(pytester.path)).assert_outcomes(deselected=1)
    suite(scenario("PAG-01", 'return ""'), "--rootdir", str(pytester.path), "--rules", "PAG").assert_outcomes(passed=1)


def test_an_unknown_entry_in_toml_is_bad_use(suite: Suite, pytester: pytest.Pytester) -> None:
    """A mistyped option is told, not ignored."""
    (pytester.path / "conformance.toml").write_text("in_fligth = 3\n")
    result = suite(scenario("PAG-01", 'return ""'), "--rootdir", str(pytester.path))
    result.stderr.fnmatch_lines(["*in_fligth*does not know*"])
    assert result.ret == 4


def test_a_folder_that_cannot_be_written_is_bad_use(suite: Suite, tmp_path: Path) -> None:
    """It is told before anything is sent."""
    (tmp_path / "file").write_text("in the way")
    result = suite(scenario("PAG-01", 'return ""'), "--report-dir", str(tmp_path / "file"))
    result.stderr.fnmatch_lines(["*Nothing can be written to*", "*--report-dir*"])
    assert result.ret == 4


def test_a_root_that_pytest_took_from_an_option_is_bad_use(
    suite: Suite, pytester: pytest.Pytester, tmp_path: Path
) -> None:
    """A project's configuration would be left aside; the message says how to write it."""
    pytester.makeini("[pytest]")
    reports = tmp_path / "reports"
    reports.mkdir()
    result = suite(scenario("PAG-01", 'return ""'), "--report-dir", str(reports))
    result.stderr.fnmatch_lines([f"*pytest takes {reports} for*", f"*--report-dir={reports}*"])
    assert (result.ret, suite(scenario("PAG-01", 'return ""'), f"--report-dir={reports}").ret) == (4, 0)


def test_a_long_list_of_rules_is_no_folder(suite: Suite, pytester: pytest.Pytester) -> None:
    """Where nothing was left aside, nothing is refused."""
    pytester.makeini("[pytest]")
    rules = ",".join(f"PAG-{number:02}" for number in range(1, 15)) + ",SRT-01" * 30
    assert suite(scenario("PAG-01", 'return ""'), "--rules", rules, "--report-dir", "reports").ret == 0
