"""`conformance init` writes a conformance.toml that a run reads, that says what was found, and that holds no key."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.reference import HONEST, Reference, serving
from conformance.target.settings import HINTS, OPTIONS, Settings, resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference import Handler, Request, Response
    from tests.cli.conftest import Ended, Served

    Command = Callable[..., Ended]

FILE = Path("conformance.toml")


@pytest.fixture
def written(command: Command, served: Served) -> str:
    """Let it ask about a few rules; give what it wrote."""
    ended = command(
        "init", "--base-url", served.url, "--rules", "SES,AUT", "--settle", "3", PB_API_KEY=served.reference.keys.full
    )
    assert ended.code == 0, ended.told
    return FILE.read_text("utf-8")


def test_the_file_sets_what_was_given_and_nothing_else(written: str, served: Served) -> None:
    """The rest are comments."""
    assert tomllib.loads(written) == {"base_url": served.url, "rules": "SES,AUT", "settle": 3.0}


def test_each_line_that_is_commented_out_can_be_used(written: str) -> None:
    """Every option and every hint has one, and a run would accept them all."""
    everything = re.sub(r"^# (?=[a-z_]+ = )", "", written, flags=re.MULTILINE)
    FILE.write_text(everything, "utf-8")
    resolve({}, {}, Path())
    assert set(tomllib.loads(everything)) == {"base_url", *(option.name for option in OPTIONS), *HINTS}


def test_the_hints_are_ids_that_the_target_has(written: str, served: Served) -> None:
    """Employees, say."""
    line = next(line for line in written.splitlines() if line.startswith("# employee_ids"))
    ids = tomllib.loads(line.removeprefix("# "))["employee_ids"]
    headers = {"Authorization": f"Bearer {served.reference.keys.full}"}
    assert [httpx.get(f"{served.url}/employees/{one}", headers=headers).status_code for one in ids] == [200] * 3


def test_it_says_which_keys_work_and_what_waits_for_the_others(written: str) -> None:
    """By the names of their variables."""
    told = {line.split()[1]: line.split(maxsplit=2)[2] for line in written.splitlines() if line.startswith("#   PB_")}
    assert (told["PB_API_KEY"].startswith("works with "), told["PB_READ_ONLY_API_KEY"]) == (
        True,
        "not given; 2 rules wait for it",
    )


def test_no_key_stands_in_it(written: str, served: Served) -> None:
    """Nor anything like one."""
    assert (served.reference.keys.full in written, "pb_test_" in written) == (False, False)


def test_a_run_reads_it_as_it_is(written: str, served: Served, tmp_path: Path) -> None:
    """`conformance run` without an option judges the target and the rules that the file names."""
    assert written
    file = tmp_path / FILE
    file.write_text(written.replace("SES,AUT", "SES-02"), "utf-8")
    environ = {"PB_API_KEY": served.reference.keys.full, "PATH": ""}
    code = "from conformance.cli import main; main()"
    ended = subprocess.run(  # noqa: PLW1510  # the exit code is what is looked at
        [sys.executable, "-c", code, "run"], cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, served.url in ended.stdout) == (0, True), ended.stdout + ended.stderr


def test_it_overwrites_nothing(command: Command, written: str) -> None:
    """Exit 4, without a request, and with what to say."""
    assert written
    code, told = command("init", "--base-url", "http://127.0.0.1:9/v1", PB_API_KEY="pb_test_key")
    assert (code, "--force" in told, FILE.read_text("utf-8")) == (4, True, written)


def test_force_keeps_the_settings_that_are_there(command: Command, written: str) -> None:
    """Hints, too."""
    FILE.write_text(f'{written}\nmanager_ids = ["emp_1"]\n', "utf-8")
    before = tomllib.loads(FILE.read_text("utf-8"))
    code, told = command("init", "--force")
    assert (code, tomllib.loads(FILE.read_text("utf-8"))) == (0, before), told


def test_it_tells_what_to_do_next(command: Command, served: Served) -> None:
    """A key to give, a look, a run."""
    told = command("init", "--base-url", served.url, "--rules", "AUT", PB_API_KEY=served.reference.keys.full).told
    assert [word in told for word in ("export PB_READ_ONLY_API_KEY", "conformance doctor", "conformance run")] == [
        True
    ] * 3


def test_it_wants_to_know_which_target(command: Command) -> None:
    """Exit 4; the embedded reference needs no file."""
    code, told = command("init")
    assert (code, "--base-url" in told, FILE.exists()) == (4, True, False)


def test_a_base_url_that_holds_a_key_is_not_written_down(command: Command, served: Served) -> None:
    """Exit 4, and no file."""
    url = served.url.removesuffix("/v1") + f"/{served.reference.keys.full}/v1"
    code, told = command("init", "--base-url", url, PB_API_KEY=served.reference.keys.full)
    assert (code != 0, served.reference.keys.full in told, FILE.exists()) == (True, False, False)


def test_what_a_target_says_of_itself_stays_in_its_comment(command: Command) -> None:
    """A line break in the name of an organization, say, begins no entry."""

    async def renamed(request: Request, handler: Handler) -> Response:
        response = await handler(request)
        return replace(response, body=response.body.replace(b"Acme Inc", b"Acme\\nstrict = true\\u007f"))

    reference = Reference(replace(HONEST, door=renamed))
    with serving(reference) as url:
        ended = command("init", "--base-url", url, "--rules", "SES", PB_API_KEY=reference.keys.full)
    reference.close()
    assert (ended.code, resolve({}, {}, Path())) == (0, Settings(base_url=url, rules="SES")), ended.told
