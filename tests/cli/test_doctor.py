"""`conformance doctor` says what can be judged and what to give, and exits by it."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conformance.contract.model import Need
from conformance.contract.needs import REMEDIES
from conformance.contract.rules import select
from conformance.reference import HONEST, Reference, Response, serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conformance.reference import Handler, Request
    from tests.cli.conftest import Ended, Served

    Command = Callable[..., Ended]


def test_it_exits_with_0_where_all_can_be_judged(command: Command, served: Served) -> None:
    """It says so, and what a run will cost."""
    code, told = command(
        "doctor", "--base-url", served.url, "--rules", "SES,PAG", PB_API_KEY=served.reference.keys.full
    )
    assert (code, "Of 21 rules: 21 judged." in told, "requests; this sent " in told) == (0, True, True), told


def test_it_tells_of_a_rule_that_can_not_be_judged_what_to_give(command: Command, served: Served) -> None:
    """Exit 1; the variable is named beside the rule and among the remedies."""
    code, told = command("doctor", "--base-url", served.url, "--rules", "AUT", PB_API_KEY=served.reference.keys.full)
    assert (code, "AUT-06   MUST not judged" in told, told.count("PB_READ_ONLY_API_KEY") >= 2) == (1, True, True), told


def test_it_shows_which_keys_work(command: Command, served: Served) -> None:
    """And which are refused, or were not given."""
    keys = {"PB_API_KEY": served.reference.keys.full, "PB_READ_ONLY_API_KEY": "pb_test_refused"}
    told = command("doctor", "--base-url", served.url, "--rules", "SES", **keys).told
    shown = {
        line.split()[0]: line.split(maxsplit=1)[1].partition(",")[0] for line in told.splitlines() if "_KEY" in line
    }
    assert (shown["PB_API_KEY"], shown["PB_READ_ONLY_API_KEY"], shown["PB_NO_SCOPE_API_KEY"]) == (
        "works",
        "refused (401)",
        "not given",
    )


def test_json_has_every_rule_with_its_outlook(command: Command, served: Served) -> None:
    """Rules that wait for something have the reason and the remedy of each check."""
    arguments = ("doctor", "--base-url", served.url, "--rules", "AUT", "--json")
    told = json.loads(command(*arguments, PB_API_KEY=served.reference.keys.full).told)
    of_aut_06 = next(one for one in told["rules"] if one["id"] == "AUT-06")
    assert [one["id"] for one in told["rules"]] == [rule.id for rule in select("AUT")]
    assert (of_aut_06["outlook"], of_aut_06["unjudged"][0]["hint"]) == ("not judged", REMEDIES[Need.RO])


def test_a_budget_that_is_too_small_is_told(command: Command, served: Served) -> None:
    """It would leave rules unjudged, whatever the keys."""
    arguments = ("doctor", "--base-url", served.url, "--rules", "SES", "--request-budget", "60")
    assert "--request-budget" in command(*arguments, PB_API_KEY=served.reference.keys.full).told


def test_no_output_holds_a_key(command: Command, served: Served) -> None:
    """Neither as text nor as JSON."""
    key = served.reference.keys.full
    arguments = ("doctor", "--base-url", served.url, "--rules", "SES,AUT")
    told = [command(*arguments, *more, PB_API_KEY=key).told for more in ((), ("--json",))]
    assert [key in one for one in told] == [False, False]


def test_it_leaves_the_folder_as_it_was(command: Command, served: Served, tmp_path: Path) -> None:
    """No reports, no journal."""
    command("doctor", "--base-url", served.url, "--rules", "SES", PB_API_KEY=served.reference.keys.full)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "environ", "says"),
    [
        (("--base-url", "nonsense"), {"PB_API_KEY": "pb_test_key"}, "no absolute http or https URL"),
        (("--base-url", "http://127.0.0.1:9/v1"), {}, "PB_API_KEY"),
        (("--rules", "NOPE"), {}, "conformance rules"),
        (("--max-rps", "0"), {}, "--max-rps"),
        ((), {"CONFORMANCE_NOPE": "1"}, "CONFORMANCE_NOPE"),
    ],
)
def test_a_wrong_use_exits_with_4(
    command: Command, arguments: tuple[str, ...], environ: dict[str, str], says: str
) -> None:
    """With what to do instead, and before anything is sent."""
    code, told = command("doctor", *arguments, **environ)
    assert (code, says in told, "Traceback" in told) == (4, True, False), told


def test_a_key_that_is_refused_exits_with_4(command: Command, served: Served) -> None:
    """As in a run."""
    code, told = command("doctor", "--base-url", served.url, "--rules", "SES", PB_API_KEY="pb_test_refused")
    assert (code, "refuses the key in PB_API_KEY" in told) == (4, True), told


def test_a_target_that_is_not_there_exits_with_69(command: Command) -> None:
    """With the question that helps."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        code, told = command("doctor", "--base-url", url, "--rules", "SES", PB_API_KEY="pb_test_key")
    assert (code, "Is it running" in told) == (69, True), told


def test_a_target_that_is_something_else_exits_with_1(command: Command) -> None:
    """Nothing that it answers means anything."""

    async def nothing(_request: Request, _handler: Handler) -> Response:
        return Response(200, (("Content-Type", "application/json"),), b"{}")

    reference = Reference(replace(HONEST, door=nothing))
    with serving(reference) as url:
        code, told = command("doctor", "--base-url", url, "--rules", "SES", PB_API_KEY="pb_test_key")
    reference.close()
    assert (code, "does not look like this API" in told) == (1, True), told


def test_a_key_that_is_shut_out_is_told_what_it_needs(command: Command, served: Served) -> None:
    """The base URL is not to blame."""
    code, told = command(
        "doctor", "--base-url", served.url, "--rules", "SES", PB_API_KEY=served.reference.keys.no_scope
    )
    assert (code, "session:read" in told, "base URL right" in told) == (1, True, False), told
