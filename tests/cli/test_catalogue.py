"""The commands that list and explain rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from conformance.cli.catalogue import explain, rules
from conformance.contract.rules import RULES

if TYPE_CHECKING:
    import click
    from click.testing import Result

    from conformance.contract.model import Rule


def run(command: click.Command, *arguments: str) -> Result:
    """Run a command as a shell without a terminal does."""
    return CliRunner().invoke(command, arguments)


def listed(*arguments: str) -> list[str]:
    """Give the ids that `rules --json` lists."""
    return [one["id"] for one in json.loads(run(rules, *arguments, "--json").stdout)]


def test_all_rules_are_listed() -> None:
    """Without options the JSON holds the whole catalogue in its order."""
    assert listed() == [one.id for one in RULES]


def test_the_table_fits_80_columns() -> None:
    """No line is wider than an ordinary terminal."""
    assert [line for line in run(rules).stdout.splitlines() if len(line) > 80] == []


def test_the_table_shows_every_id() -> None:
    """Each rule begins a line of the table."""
    begun = {line.split(" ")[0] for line in run(rules).stdout.splitlines()}
    assert {one.id for one in RULES} - begun == set()


def test_the_table_ends_with_counts() -> None:
    """Rules, families and levels are counted at the end."""
    assert "217 rules in 21 families: 155 MUST, 47 SHOULD, 15 NOTE." in run(rules).stdout


def test_a_listing_of_one_is_counted_in_the_singular() -> None:
    """The counts read well where there is one rule in one family."""
    assert "1 rule in 1 family: 1 MUST, 0 SHOULD, 0 NOTE." in run(rules, "--family", "PAG-01").stdout


def test_no_colour_without_a_terminal() -> None:
    """Neither command leaves escape sequences in a file or a pipe."""
    assert "\x1b" not in run(rules).stdout + run(explain, "PAG-11").stdout


def test_colour_on_a_terminal() -> None:
    """Levels are coloured where somebody looks."""
    assert "\x1b[31mMUST" in CliRunner().invoke(explain, ["PAG-01"], color=True).stdout


@pytest.mark.parametrize("name", ["RTL", "rtl", "rate_limits"])
def test_one_family_is_listed(name: str) -> None:
    """A family is named by its prefix or its noun."""
    assert listed("--family", name) == ["RTL-01", "RTL-02", "RTL-03"]


def test_one_level_is_listed() -> None:
    """Levels may be typed in lower case."""
    assert listed("--family", "SRT", "--level", "note") == ["SRT-08"]


@pytest.mark.parametrize(
    ("need", "ids"),
    [("noscope", ["AUT-07", "AUT-08"]), ("https", ["TRN-03"])],
)
def test_rules_are_listed_by_what_they_need(need: str, ids: list[str]) -> None:
    """One need gives the rules that can't be judged without it."""
    assert listed("--needs", need) == ids


def test_rules_that_one_key_is_enough_for() -> None:
    """`--needs none` gives the rules that need nothing else."""
    assert listed("--needs", "none") == [one.id for one in RULES if not one.needs]


def test_json_has_every_part_of_a_rule() -> None:
    """A rule in JSON holds what the catalogue knows of it."""
    (found,) = json.loads(run(rules, "--family", "IDM-06", "--json").stdout)
    assert {key: found[key] for key in ("id", "family", "level", "sources", "needs", "passive", "each")} == {
        "id": "IDM-06",
        "family": "IDM",
        "level": "MUST",
        "sources": [{"document": "overview", "section": "Idempotency keys for POSTs"}],
        "needs": ["clock", "write"],
        "passive": False,
        "each": False,
    }


def test_an_unknown_family_is_bad_usage() -> None:
    """A mistyped family gets a hint and the exit code of bad usage."""
    result = run(rules, "--family", "PAGG")
    assert (result.exit_code, result.stdout) == (4, "")
    assert "Did you mean PAG" in result.stderr


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.id)
def test_every_rule_is_explained(one: Rule) -> None:
    """The explanation holds the sentence, the sources, why and how, whatever the line breaks."""
    told = " ".join(run(explain, one.id.lower()).stdout.split())
    wanted = [one.title, one.why, one.how, *map(str, one.sources)]
    assert [text for text in wanted if text not in told] == []


def test_an_explanation_fits_80_columns() -> None:
    """No explanation is wider than an ordinary terminal."""
    lines = [line for one in RULES for line in run(explain, one.id).stdout.splitlines()]
    assert [line for line in lines if len(line) > 80] == []


@pytest.mark.parametrize(
    ("rule_id", "remedy"),
    [
        ("AUT-06", "PB_READ_ONLY_API_KEY"),
        ("AUT-07", "PB_NO_SCOPE_API_KEY"),
        ("AUT-09", "PB_OTHER_ORG_API_KEY"),
        ("IDM-06", "--clock-url"),
        ("EVT-01", "--listener-url"),
        ("RTL-01", "--spend-quota"),
        ("TRN-03", "https"),
        ("OBC-01", "--read-only"),
        ("PAG-01", "PB_API_KEY"),
    ],
)
def test_needs_come_with_how_to_meet_them(rule_id: str, remedy: str) -> None:
    """Whoever reads what a rule needs reads which option or key gives it."""
    needs = run(explain, rule_id).stdout.partition("Needs ")[2]
    assert remedy in needs


@pytest.mark.parametrize(
    ("rule_id", "occasion"),
    [
        ("TRN-01", "On every exchange of a run."),
        ("PAG-12", "By requests of its own."),
        ("SPC-10", "On every exchange of a run, with a verdict for each resource"),
    ],
)
def test_the_occasion_is_told(rule_id: str, occasion: str) -> None:
    """Passive rules are told from those that send requests."""
    assert f"Judged  {occasion}" in run(explain, rule_id).stdout


def test_an_unknown_rule_is_bad_usage() -> None:
    """A mistyped id gets close ones, exit code 4 and no stack trace."""
    result = run(explain, "PAG-44")
    assert (result.exit_code, result.stdout) == (4, "")
    assert "Did you mean PAG-14, PAG-04" in result.stderr
