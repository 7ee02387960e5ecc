"""The sentence, the outcome and the counts: incomplete never reads as a pass."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conformance.contract.model import Need
from conformance.contract.needs import REMEDIES, WANTED
from conformance.judging.results import Check
from conformance.judging.verdicts import Verdict
from conformance.reporting.summary import Outcome, summarize

if TYPE_CHECKING:
    from conformance.judging.results import Results


def _with(results: Results, rule: str, verdict: Verdict) -> Results:
    """Change the verdict of one rule's checks."""
    checks = tuple(replace(one, verdict=verdict) if one.rule == rule else one for one in results.checks)
    return replace(results, checks=checks)


def test_a_run_without_blemish_conforms(clean: Results) -> None:
    """Everything judged, nothing broken, run complete."""
    assert summarize(clean).outcome == Outcome.CONFORMS


def test_the_sentence_of_a_run_without_blemish_has_every_denominator(clean: Results) -> None:
    """The sentence names the counts, the target, the cost and the moment."""
    expected = (
        "155 of 155 MUST rules hold against https://api.example.test/v1, none broken; "
        "0 of 47 judged SHOULD rules broken; 812 requests in 9.4 s on 2026-04-07 at 16:00 UTC."
    )
    assert summarize(clean).sentence == expected


def test_the_sentence_of_a_broken_run_says_where_every_must_has_gone(mixed: Results) -> None:
    """Holding, broken, blocked, unjudged and unrun MUST rules add up to the denominator."""
    expected = (
        "144 of 154 MUST rules hold against https://api.example.test/v1, 2 broken (PAG-09, OBC-16), "
        "1 met an error of the suite, 1 blocked, 2 not judged, 4 not run; 1 of 45 judged SHOULD rules broken; "
        "812 requests in 9.4 s on 2026-04-07 at 16:00 UTC."
    )
    assert summarize(mixed).sentence == expected


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (Verdict.FAIL, Outcome.BREAKS),
        (Verdict.ERROR, Outcome.INCOMPLETE),
        (Verdict.BLOCKED, Outcome.INCOMPLETE),
        (Verdict.NOT_RUN, Outcome.INCOMPLETE),
        (Verdict.NOT_JUDGED, Outcome.CONFORMS),
        (Verdict.NOT_APPLICABLE, Outcome.CONFORMS),
    ],
)
def test_one_verdict_decides_the_outcome(clean: Results, verdict: Verdict, expected: Outcome) -> None:
    """A single rule that ended so decides how the whole run is called."""
    assert summarize(_with(clean, "PAG-09", verdict)).outcome == expected


def test_a_rule_without_any_check_makes_the_run_incomplete(clean: Results) -> None:
    """A rule that was left out was not judged, whatever the others say."""
    checks = tuple(check for check in clean.checks if check.rule != "PAG-09")
    assert summarize(replace(clean, checks=checks)).outcome == Outcome.INCOMPLETE


def test_a_single_subject_left_out_makes_the_run_incomplete(clean: Results) -> None:
    """A deselected item beside a passed one of the same rule shows, although the rule reads as passed."""
    left_out = replace(clean.checks[0], verdict=Verdict.NOT_RUN, subject="employees")
    assert summarize(replace(clean, checks=(*clean.checks, left_out))).outcome == Outcome.INCOMPLETE


def test_an_interrupted_run_is_incomplete(clean: Results) -> None:
    """Passes alone don't make up for the end that is missing."""
    run = replace(clean.run, ended="interrupted")
    assert summarize(replace(clean, run=run)).outcome == Outcome.INCOMPLETE


def test_an_interrupted_run_says_so_first(clean: Results) -> None:
    """The sentence opens with how the run ended."""
    run = replace(clean.run, ended="interrupted")
    assert summarize(replace(clean, run=run)).sentence.startswith("Incomplete (interrupted): 155 of 155 MUST")


def test_a_run_without_checks_judged_nothing(clean: Results) -> None:
    """An empty run is no pass."""
    assert summarize(replace(clean, checks=())).outcome == Outcome.NOTHING_JUDGED


def test_an_unreachable_target_is_named_in_the_sentence(clean: Results) -> None:
    """Nothing judged, and why."""
    run = replace(clean.run, ended="target unreachable: connection refused", requests=1, seconds=0.3)
    sentence = summarize(replace(clean, checks=(), run=run)).sentence
    expected = (
        "Nothing was judged (target unreachable: connection refused): 0 of 155 MUST rules hold against "
        "https://api.example.test/v1, none broken, 155 not run; 1 request in 0.3 s on 2026-04-07 at 16:00 UTC."
    )
    assert sentence == expected


def test_noted_behaviour_alone_judges_nothing(clean: Results) -> None:
    """What binds no target proves nothing about one."""
    checks = tuple(check for check in clean.checks if check.verdict is Verdict.NOTED)
    assert summarize(replace(clean, checks=checks)).outcome == Outcome.NOTHING_JUDGED


def test_a_warning_breaks_the_contract_under_a_strict_gate(clean: Results) -> None:
    """The outcome agrees with the gate."""
    warned = _with(clean, "PAG-11", Verdict.WARN)
    strict = replace(warned, run=replace(warned.run, options={"strict": True}))
    assert summarize(strict).outcome == Outcome.BREAKS


def test_a_warning_alone_conforms(clean: Results) -> None:
    """A broken SHOULD is counted, and fails nothing without a strict gate."""
    assert summarize(_with(clean, "PAG-11", Verdict.WARN)).outcome == Outcome.CONFORMS


def test_the_embedded_reference_is_called_by_its_name(clean: Results) -> None:
    """A reader must not take a run against the reference for one against a target of theirs."""
    target = replace(clean.target, base_url="http://127.0.0.1:4010/v1", embedded=True)
    sentence = summarize(replace(clean, target=target)).sentence
    assert "hold against the embedded reference at http://127.0.0.1:4010/v1" in sentence


def test_many_broken_rules_are_counted_not_listed(clean: Results) -> None:
    """The sentence stays one that a person reads."""
    failed = tuple(
        replace(check, verdict=Verdict.FAIL) if check.rule.startswith("LIM") else check for check in clean.checks
    )
    sentence = summarize(replace(clean, checks=failed)).sentence
    assert "8 broken (LIM-01, LIM-02, LIM-03, LIM-04, LIM-05 and 3 more)" in sentence


def test_a_missing_need_is_one_reason_for_all_its_rules(mixed: Results) -> None:
    """Rules that lack the same thing stand together, with how to give it."""
    groups = {group.need: group for group in summarize(mixed).unjudged}
    assert (groups["ro"].rules, groups["ro"].reason, groups["ro"].hint) == (
        ("AUT-06", "AUT-12"),
        "There is no read-only key.",
        "Set PB_READ_ONLY_API_KEY to a key that may read and not write.",
    )


def test_errors_and_blocks_come_before_what_is_missing(mixed: Results) -> None:
    """The reasons are ordered by what they say about the run, worst first."""
    verdicts = [group.verdict for group in summarize(mixed).unjudged]
    assert list(dict.fromkeys(verdicts)) == [
        Verdict.ERROR,
        Verdict.BLOCKED,
        Verdict.NOT_JUDGED,
        Verdict.NOT_RUN,
    ]


def test_there_is_a_remedy_for_every_need() -> None:
    """Whatever can be missing, a report says how to give it."""
    assert set(REMEDIES) == set(WANTED) == set(Need)


def test_reasons_that_differ_in_the_resource_alone_are_told_once(mixed: Results) -> None:
    """The first stands for all, and says how many there are."""
    told = [
        ("PAG-09", "a walk takes 2 items, /summaries holds 0", "Put items into /summaries."),
        ("PAG-09", "a walk takes 2 items, /review-items holds 1", "Put items into /review-items."),
        ("PAG-10", "a walk takes 2 items, /summaries holds 0", "Put items into /summaries."),
        ("PAG-10", "a walk takes 3 items, /summaries holds 0", "Put items into /summaries."),
    ]
    checks = [
        Check(f"item[{number}]", rule, Verdict.NOT_JUDGED, message=message, hint=hint)
        for number, (rule, message, hint) in enumerate(told)
    ]
    groups = [group for group in summarize(replace(mixed, checks=tuple(checks))).unjudged if group.checks]
    assert [(group.reason, group.rules, group.checks) for group in groups][:1] == [
        ("a walk takes 2 items, /summaries holds 0 (and 2 more like it)", ("PAG-09", "PAG-10"), 4)
    ]
