"""The end of a session: clean up, write the reports, settle the exit code, say what came of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from conformance.contract.rules import RULES
from conformance.gate.comparing import compare
from conformance.gate.deciding import NOTHING, decide
from conformance.judging.runner import ALIKE
from conformance.judging.scenario import all_scenarios
from conformance.judging.verdicts import Verdict
from conformance.openapi.insight import with_insight
from conformance.reporting.annotations import workflow_commands
from conformance.reporting.json_report import to_json
from conformance.reporting.summary import summarize as summary_of
from conformance.reporting.unjudged import sentence
from conformance.reporting.writer import write_report

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conformance.plugin import Session
    from conformance.reporting.summary import Summary
    from conformance.reporting.unjudged import Unjudged
    from conformance.target.settings import Settings

SHOWN_IDS = 5
SHOWN_GROUPS = 8
"""So many reasons for not judging are shown in the terminal; the report has them all."""


def reason(session: pytest.Session, exitstatus: int, ours: Session) -> str:
    """Say why the session ended before its end, "complete" where it did not."""
    if ours.ended != "complete":
        return ours.ended
    if exitstatus == pytest.ExitCode.INTERRUPTED:
        return "interrupted"
    if exitstatus == pytest.ExitCode.INTERNAL_ERROR:
        return "pytest met an internal error"
    if isinstance(session.shouldfail, str) or isinstance(session.shouldstop, str):
        return str(session.shouldfail or session.shouldstop)
    return "complete" if _is_reached(session, ours) else "interrupted"


def _is_reached(session: pytest.Session, ours: Session) -> bool:
    """Tell whether every item had its turn: of two Ctrl-C in a row pytest may not tell the first one.

    A worker of pytest-xdist has its share of the items.
    """
    return hasattr(session.config, "workerinput") or all(item.nodeid in ours.reached for item in session.items)


def finish(ours: Session) -> None:
    """Clean up the target and write the reports; a report that can't be written is an error of the suite."""
    run = ours.run
    if run is None:
        return
    run.close()
    results = run.results(list(ours.checks.values()), ended=ours.ended, reasons=reasons_not_run(ours))
    ours.results = with_insight(results, run.answered)
    report = to_json(ours.results)
    since = compare(ours.policy.baseline, report) if ours.policy.baseline else None
    ours.decision = decide(ours.policy, ours.results.rules, ours.waivers, since=since, ended=ours.ended)
    ours.report = report | {"gate": ours.decision.as_json(), "comparison": since.as_json() if since else None}
    try:
        ours.written = write_report(ours.report, ours.settings.report_dir)
    except OSError as error:
        ours.unwritten = f"The reports could not be written to {ours.settings.report_dir}: {error.strerror or error}"


def reasons_not_run(ours: Session) -> Mapping[str, str]:
    """Say of each rule without a check why it has none."""
    asked = {scenario.rule.id for scenario in all_scenarios()}
    started = {scenario.rule.id for scenario in ours.scenarios.values()}
    reasons = {}
    for rule in RULES:
        if rule.id not in asked:
            reasons[rule.id] = "No scenario of this version of the suite judges it."
        elif rule.id not in started:
            reasons[rule.id] = "It was deselected."
        else:
            reasons[rule.id] = f"The run ended before it: {ours.ended}."
    return reasons


def exit_code(exitstatus: int, ours: Session) -> int:
    """Return 0 only if something was judged, the gate passed, the reports are written and no other test failed."""
    if exitstatus not in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED, pytest.ExitCode.TESTS_FAILED}:
        return exitstatus
    if ours.unwritten or ours.others_failed:
        return pytest.ExitCode.TESTS_FAILED
    if ours.decision is None or ours.decision.reasons == (NOTHING,):
        return pytest.ExitCode.NO_TESTS_COLLECTED
    return pytest.ExitCode.OK if ours.decision.passed else pytest.ExitCode.TESTS_FAILED


def summarize(terminal: pytest.TerminalReporter, ours: Session) -> None:
    """Write the closing section; nothing where no scenario was meant to run."""
    if ours.results is None:
        _nothing_selected(terminal, ours)
        return
    summary = summary_of(ours.results)
    _should(terminal, ours)
    terminal.section("conformance", "=")
    if ours.unreachable:
        terminal.write_line(f"ERROR: {ours.unreachable.message}", red=True)
        terminal.write_line(f"       {ours.unreachable.hint}", red=True)
    else:
        _reasons(terminal, summary)
    for line in (*_never_served(ours), *_leftovers(ours)):
        terminal.write_line(line, yellow=True)
    if ours.run is not None and ours.run.answers_alike:
        terminal.write_line(f"{ours.run.base_url} does not look like this API: {ALIKE}.", red=True)
        terminal.write_line("       Is the base URL right, version segment included?", red=True)
    _decision(terminal, ours, summary)
    for path in ours.written:
        if path.suffix == ".html":
            terminal.write_line(f"Report: {path}")
    _annotate(terminal, ours)


def _decision(terminal: pytest.TerminalReporter, ours: Session, summary: Summary) -> None:
    for line in ours.waivers.told(ours.checks.values()):
        terminal.write_line(line, yellow=True)
    terminal.write_line(summary.sentence, bold=True)
    if ours.decision:
        terminal.write_line(ours.decision.sentence, bold=True, green=ours.decision.passed, red=not ours.decision.passed)


def _annotate(terminal: pytest.TerminalReporter, ours: Session) -> None:
    """Mark the run's page with the worst breaches where GitHub Actions reads along."""
    if os.environ.get("GITHUB_ACTIONS") == "true" and ours.report is not None:
        for line in workflow_commands(ours.report):
            terminal.write_line(line)


def _nothing_selected(terminal: pytest.TerminalReporter, ours: Session) -> None:
    """Say why nothing ran where --rules left no scenario over, and that a report on disk is an earlier one."""
    if ours.rules is None or ours.scenarios or not ours.deselected:
        return
    terminal.section("conformance", "=")
    terminal.write_line(f"Nothing was judged: no scenario of this version judges {ours.settings.rules}.", bold=True)
    terminal.write_line(f"No report was written; what {ours.settings.report_dir} holds is of an earlier run.")


def _reasons(terminal: pytest.TerminalReporter, summary: Summary) -> None:
    for group in summary.unjudged[:SHOWN_GROUPS]:
        _group(terminal, group)
    if len(summary.unjudged) > SHOWN_GROUPS:
        terminal.write_line(f"... and {len(summary.unjudged) - SHOWN_GROUPS} more reasons, in the report")


def _should(terminal: pytest.TerminalReporter, ours: Session) -> None:
    checks = [one for check in ours.checks.values() for one in check.singly]
    warned = [check for check in checks if check.verdict is Verdict.WARN]
    if not warned or ours.settings.strict:
        return
    terminal.section("SHOULD rules broken (--strict makes them fail)", "-", yellow=True)
    for check in warned:
        terminal.write_line(f"{check.rule}  {check.item.rpartition('/')[2]}", yellow=True)
        terminal.write_line(f"        {check.message}")


def _group(terminal: pytest.TerminalReporter, group: Unjudged) -> None:
    shown = ", ".join(group.rules[:6]) + (f" and {len(group.rules) - 6} more" if len(group.rules) > 6 else "")  # noqa: PLR2004
    told = " ".join(sentence(text) for text in (group.reason, group.hint) if text)
    terminal.write_line(f"{group.verdict.words}: {told} [{shown}]")


def _never_served(ours: Session) -> list[str]:
    """Name what a whole run never saw served, so that little is known of it, and how to have it asked for."""
    coverage = ours.results.coverage if ours.results is not None else None
    if not coverage or ours.ended != "complete" or len(ours.scenarios) < len(all_scenarios()):
        return []
    labels, of = coverage["never_seen"]["served"], coverage["summary"]["served"]["of"]
    if not labels:
        return []
    shown = ", ".join(labels[:SHOWN_IDS]) + (f" and {len(labels) - SHOWN_IDS} more" if labels[SHOWN_IDS:] else "")
    return [f"Never served in this run: {len(labels)} of {of} operations ({shown}).{_asking_for_more(ours.settings)}"]


def _asking_for_more(settings: Settings) -> str:
    """Say by which options a run asks for what a careful one leaves alone, if it has not done so."""
    if settings.read_only:
        return " --read-only sends no writes."
    if settings.is_disposable:
        return "" if settings.looks_deep else " --fuzz deep asks for more."
    return " --fuzz deep --disposable asks for more, where nothing at the target is worth keeping."


def _leftovers(ours: Session) -> list[str]:
    lines = [ours.unwritten] if ours.unwritten else []
    if ours.run is None:
        return lines
    left, directory = ours.run.left, ours.settings.report_dir
    if left.behind:
        ids = ", ".join(left.behind[:SHOWN_IDS]) + (", ..." if len(left.behind) > SHOWN_IDS else "")
        lines.append(f"Left behind: {len(left.behind)} things that the run made could not be removed ({ids}).")
    if left.unknown:
        what = "a create" if left.unknown == 1 else f"{left.unknown} creates"
        lines.append(f"Unknown: what was made by {what} whose answer never came.")
    if left.behind or left.unknown:
        lines.append(f"{ours.run.journal_file} remembers them; {_cleanup(directory)} tries again.")
    lines += [f"Earlier: {one.sentence}" for one in left.earlier]
    if left.waiting:
        lines.append(f"Earlier runs left things here ({left.waiting}); {_cleanup(directory)} removes them.")
    return lines


def _cleanup(directory: Path) -> str:
    """Name the command that cleans up by the journals in a folder."""
    return f"`conformance cleanup --report-dir {directory}`"
