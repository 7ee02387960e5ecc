"""The pytest plugin: options, items to verdicts, exit codes, reports.

Scenarios are ordinary pytest functions marked with their rule (judging.scenario). When the run loop begins, all
selected ones start in one event loop (judging.run); each item then waits for its own check, in pytest's order.
Without scenarios among the collected items the plugin does nothing.
"""

from __future__ import annotations

import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract.rules import rule as rule_of
from conformance.errors import EX_UNAVAILABLE, TargetError, UsageProblem
from conformance.judging.run import Run
from conformance.judging.scenario import Scenario
from conformance.judging.verdicts import Verdict
from conformance.plugin import ending, options
from conformance.plugin.outcomes import SHOWN, WAIVED, deliver, pack, unpack
from conformance.plugin.progress import Progress
from conformance.reporting.writer import discard_report

if TYPE_CHECKING:
    from collections.abc import Generator

    from conformance.gate.deciding import Decision
    from conformance.judging.results import Check

SESSION = pytest.StashKey["Session"]()
CHECK = pytest.StashKey["Check"]()


class Session:
    """What the plugin remembers of one pytest session."""

    def __init__(self, config: pytest.Config) -> None:
        self.settings = options.settings_of(config)
        self.rules = options.chosen_rules(self.settings)
        self.scenarios: dict[str, Scenario] = {}
        self.checks: dict[str, Check] = {}
        self.run: Run | None = None
        self.ended = "complete"
        self.written: list[Any] = []
        self.report: dict[str, Any] | None = None
        self.results: Any = None
        self.unwritten = ""
        self.deselected = 0
        self.unreachable: TargetError | None = None
        self.waivers = options.waivers_of(self.settings)
        self.policy = options.policy_of(self.settings)
        self.decision: Decision | None = None
        self.others_failed = False
        self.reached: set[str] = set()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the suite's options."""
    options.offer(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker and read the options, so that a wrong one ends the run before it begins."""
    config.addinivalue_line("markers", "rule(id): the rule of the contract that a scenario judges")
    config.stash[SESSION] = Session(config)


@pytest.fixture(name="target")
def _target() -> None:
    """Stand in for the target: the runner hands the real one to the scenario."""


@pytest.fixture(name="exchange")
def _exchange() -> None:
    """Stand in for each exchange that a passive scenario judges."""


@pytest.fixture(name="exchanges")
def _exchanges() -> None:
    """Stand in for all exchanges that a passive scenario judges."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what --rules leaves out, and put passive scenarios last: they judge what the others asked."""
    ours = config.stash[SESSION]
    found = {item.nodeid: scenario for item in items if (scenario := _scenario(item)) is not None}
    dropped = [item for item in items if item.nodeid in found and _left_out(found[item.nodeid], ours)]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
    ours.deselected = len(dropped)
    left = [item for item in items if item not in dropped]
    items[:] = sorted(left, key=lambda item: item.nodeid in found and found[item.nodeid].passive)
    ours.scenarios = {item.nodeid: found[item.nodeid] for item in items if item.nodeid in found}
    _ = session


def _scenario(item: pytest.Item) -> Scenario | None:
    mark = item.get_closest_marker("rule")
    if mark is None or not isinstance(item, pytest.Function):
        return None
    callspec = getattr(item, "callspec", None)
    subject = next(iter(callspec.params.values()), None) if callspec else None
    return Scenario(item.nodeid, rule_of(mark.args[0]), item.function, subject)


def _left_out(scenario: Scenario, ours: Session) -> bool:
    return ours.rules is not None and scenario.rule.id not in ours.rules


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Reach the target and start all selected scenarios before the first item waits; run nothing if it is not there."""
    ours = session.config.stash[SESSION]
    if not ours.scenarios or session.config.option.collectonly or _is_xdist_controller(session.config):
        return None
    _refuse_to_run_on_errors(session)
    ours.run = Run(ours.settings, options.roles_of(), tuple(ours.scenarios.values()))
    discard_report(ours.settings.report_dir)
    _take_sigterm_for_ctrl_c()
    try:
        ours.run.open()
    except UsageProblem as problem:
        ours.run.close()
        ours.run = None
        raise pytest.UsageError(options.told(problem)) from None
    except TargetError as error:
        ours.unreachable = error
        ours.ended = error.message
        return True
    return None


def _take_sigterm_for_ctrl_c() -> None:
    """End as by Ctrl-C, cleaned up and with a report, where a container or a CI server asks for the end."""
    with suppress(ValueError):  # not the main thread's to decide
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_unconfigure() -> None:
    """Give SIGTERM back."""
    if signal.getsignal(signal.SIGTERM) is signal.default_int_handler:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _refuse_to_run_on_errors(session: pytest.Session) -> None:
    if session.testsfailed and not session.config.option.continue_on_collection_errors:
        raise session.Interrupted(f"{session.testsfailed} error(s) during collection")


def _is_xdist_controller(config: pytest.Config) -> bool:
    return bool(config.getoption("numprocesses", None)) and not hasattr(config, "workerinput")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Wait for the item's check instead of calling the function, and end the item as the check says."""
    ours = pyfuncitem.config.stash[SESSION]
    scenario = ours.scenarios.get(pyfuncitem.nodeid)
    if scenario is None or ours.run is None:
        return None
    check = _wait(pyfuncitem, ours.run)
    check = ours.waivers.marked(check)
    pyfuncitem.stash[CHECK] = check
    deliver(check, scenario.rule, strict=ours.settings.strict, exchanges=ours.run.exchanges(check))
    return True


def _wait(item: pytest.Function, run: Run) -> Check:
    progress = Progress(item.config, lambda: run.progress().words)
    try:
        while True:
            try:
                return run.check(item.nodeid, within=0.2)
            except TimeoutError:
                progress.tick()
    finally:
        progress.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Give the report the check, as plain values: reports travel between pytest-xdist's processes."""
    report = yield
    check = item.stash.get(CHECK, None)
    if report.when == "call" and check is not None:
        vars(report)["conformance"] = pack(check)
        rule = rule_of(check.rule)
        report.user_properties += [("rule", rule.id), ("level", rule.level.value), ("verdict", check.verdict.value)]
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, Any] | None:
    """Show each verdict under its own letter and word."""
    packed = getattr(report, "conformance", None)
    if packed is None or report.when != "call":
        return None
    verdict = Verdict(packed["verdict"])
    if packed["waived"]:
        return WAIVED
    if verdict is Verdict.WARN and report.failed:
        return "failed", "F", ("WARN (strict)", {"red": True})
    category, letter, word = SHOWN[verdict]
    return category, letter, word


class Collector:
    """Collects the checks where the reports arrive: in this process, or in xdist's controller."""

    def __init__(self, ours: Session) -> None:
        self.ours = ours

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the check that came with a report."""
        self.ours.reached.add(report.nodeid)
        packed = getattr(report, "conformance", None)
        if packed is not None and report.when == "call":
            check = unpack(packed)
            self.ours.checks[check.item] = check
        elif report.failed:
            self.ours.others_failed = True


def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin to collect checks."""
    session.config.pluginmanager.register(Collector(session.config.stash[SESSION]), "conformance-collector")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> Generator[None, None, None]:
    """Clean up the target, write the reports and settle the exit code, whatever ended the session."""
    ours = session.config.stash[SESSION]
    if ours.run is not None:
        ours.ended = ending.reason(session, exitstatus, ours)
        ending.finish(ours)
        session.exitstatus = EX_UNAVAILABLE if ours.unreachable else ending.exit_code(exitstatus, ours)
    return (yield)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say in the end what was judged, what broke, what could not be judged and why, and where the report is."""
    ending.summarize(terminalreporter, config.stash[SESSION])
