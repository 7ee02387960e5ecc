"""What the README shows for CI systems, tox and pytest works as it is pasted, each in an empty folder of its own.

Only the installation is left out: the commands are those of the environment that the tests run in.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from conformance.reference import Reference, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
INSTALL = "pip install performance-blocks-conformance"
REPORTS = "reports/latest"


@pytest.fixture(scope="module")
def environment() -> Iterator[dict[str, str]]:
    """Serve the reference; give the environment that the README speaks of, and the rules that are enough here."""
    ours = {
        name: value for name, value in os.environ.items() if not name.startswith(("PB_", "CONFORMANCE_", "PYTEST_"))
    }
    reference = Reference()
    with serving(reference) as base_url:
        yield ours | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PB_API_KEY": reference.keys.full,
            "BASE_URL": base_url,
            "CONFORMANCE_RULES": "SES-01",
        }
    reference.close()


def recipe(beginning: str) -> str:
    """Give the one block of code that begins so."""
    (found,) = (block for block in re.findall(r"```\w+\n(.*?)```", README, re.DOTALL) if block.startswith(beginning))
    return str(found)


def run(lines: list[str], folder: Path, environment: dict[str, str]) -> str:
    """Run lines as the shell of a CI system does, but for the installation; give what they print."""
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", "\n".join(line for line in lines if line != INSTALL)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def judged(folder: Path) -> tuple[bool, int]:
    """Tell whether what was judged is the embedded reference, and how many rules passed."""
    report = json.loads((folder / REPORTS / "conformance.json").read_text("utf-8"))
    passed = [rule for rule in report["rules"] if rule["verdict"] == "pass"]
    return report["target"]["embedded"], len(passed)


def test_github_actions(environment: dict[str, str], tmp_path: Path) -> None:
    """Every step that is a command runs, the summary is written, and what is uploaded is there."""
    job: dict[str, Any] = yaml.safe_load(recipe("on: [push]"))["jobs"]["conformance"]
    summary = tmp_path / "summary.md"
    given = environment | {"GITHUB_STEP_SUMMARY": str(summary), "GITHUB_ACTIONS": "true"}
    lines = [step["run"] for step in job["steps"] if "run" in step]
    run(lines, tmp_path, given)
    (upload,) = (step["with"]["path"] for step in job["steps"] if "upload-artifact" in step.get("uses", ""))
    assert (INSTALL in lines, set(job["env"]) <= set(environment), judged(tmp_path)) == (True, True, (False, 1))
    assert (summary.read_text("utf-8")[:14], (tmp_path / upload / "junit.xml").exists()) == ("## Conformance", True)


@pytest.mark.slow
def test_gitlab_ci(environment: dict[str, str], tmp_path: Path) -> None:
    """The script runs, and the artifacts are where they are said to be."""
    job: dict[str, Any] = yaml.safe_load(recipe("conformance:\n"))["conformance"]
    run(job["script"], tmp_path, environment)
    artifacts = [*job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"]]
    assert (INSTALL in job["script"], set(job["variables"]) <= set(environment)) == (True, True)
    assert (judged(tmp_path), [name for name in artifacts if not (tmp_path / name).exists()]) == ((False, 1), [])


@pytest.mark.slow
def test_tox(environment: dict[str, str], tmp_path: Path) -> None:
    """What tox would install is the suite, and its command runs with what tox would put in."""
    config = RawConfigParser()
    config.read_string(recipe("[testenv:conformance]"))
    section = config["testenv:conformance"]
    command = section["commands"].replace("{env:BASE_URL}", environment["BASE_URL"]).replace("{posargs}", "-x")
    run([command], tmp_path, environment)
    told = (f"pip install {section['deps']}", section["pass_env"], judged(tmp_path))
    assert told == (INSTALL, "PB_*", (False, 1))


@pytest.mark.slow
def test_plain_pytest_in_a_project_with_tests(environment: dict[str, str], tmp_path: Path) -> None:
    """The project's own tests still run as ever, and those of the suite beside them."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_own.py").write_text("def test_own():\n    pass\n", "utf-8")
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\ntestpaths = ["tests"]\n', "utf-8")
    told = run([*recipe(INSTALL).splitlines(), "pytest"], tmp_path, environment)
    assert (judged(tmp_path), told.count("1 passed")) == ((False, 1), 2)


@pytest.mark.slow
def test_the_installed_package_judges_from_an_empty_folder(environment: dict[str, str], tmp_path: Path) -> None:
    """A wheel, with nothing of the repository beside it."""
    site, folder = tmp_path / "site", tmp_path / "empty"
    folder.mkdir()
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    subprocess.run([sys.executable, "-m", "zipfile", "-e", str(wheel), str(site)], check=True, timeout=60)
    given = environment | {"PYTHONPATH": str(site)}
    where = run(["python -c 'import conformance, scenarios; print(conformance, scenarios)'"], folder, given)
    run(recipe(INSTALL).splitlines(), folder, given)
    assert (where.count(str(site)), judged(folder)) == (2, (False, 1))
