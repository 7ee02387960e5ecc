"""Options have three spellings; the command line goes before the environment, and that before TOML."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.errors import UsageProblem
from conformance.target.settings import OPTIONS, Settings, refuse_unknown_variables, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping


def settings(
    folder: Path, given: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None, *, toml: str = ""
) -> Settings:
    """Resolve settings with this conformance.toml."""
    (folder / "conformance.toml").write_text(toml, "utf-8")
    return resolve(given or {}, environ or {}, folder)


def test_without_a_word_the_defaults_hold(tmp_path: Path) -> None:
    """The table's defaults are those of the class."""
    assert settings(tmp_path) == Settings()


def test_the_command_line_goes_first(tmp_path: Path) -> None:
    """What is typed wins over environment and TOML."""
    got = settings(tmp_path, {"in_flight": "2"}, {"CONFORMANCE_IN_FLIGHT": "3"}, toml="in_flight = 4")
    assert got.in_flight == 2


def test_the_environment_goes_before_toml(tmp_path: Path) -> None:
    """A variable wins over a file."""
    assert settings(tmp_path, {}, {"CONFORMANCE_IN_FLIGHT": "3"}, toml="in_flight = 4").in_flight == 3


def test_toml_goes_before_the_default(tmp_path: Path) -> None:
    """A file wins over nothing."""
    assert settings(tmp_path, {}, {"CONFORMANCE_IN_FLIGHT": ""}, toml="in_flight = 4").in_flight == 4


def test_toml_may_write_hyphens(tmp_path: Path) -> None:
    """in-flight and in_flight are one option."""
    assert settings(tmp_path, toml="in-flight = 4").in_flight == 4


def test_conformance_toml_goes_before_pyproject(tmp_path: Path) -> None:
    """Where both have a table, the file of our own counts."""
    (tmp_path / "pyproject.toml").write_text("[tool.conformance]\nin_flight = 5\ntimeout = 6\n", "utf-8")
    got = settings(tmp_path, toml="in_flight = 4")
    assert (got.in_flight, got.timeout) == (4, 10.0)


def test_pyproject_has_a_table_for_the_suite(tmp_path: Path) -> None:
    """[tool.conformance] is read where there is no file of our own."""
    (tmp_path / "pyproject.toml").write_text("[tool.conformance]\nin_flight = 5\n", "utf-8")
    assert settings(tmp_path).in_flight == 5


@pytest.mark.parametrize(
    ("option", "text", "value"),
    [
        ("report_dir", "out/today", Path("out/today")),
        ("read_only", "yes", True),
        ("read_only", "OFF", False),
        ("allow_live_writes", "1", True),
        ("rules", "PAG-04,ARC", "PAG-04,ARC"),
        ("strict", "true", True),
        ("max_rps", "2.5", 2.5),
        ("request_budget", "500", 500),
        ("timeout", "0.5", 0.5),
        ("settle", "3", 3.0),
    ],
)
def test_each_option_is_read_from_the_environment(tmp_path: Path, option: str, text: str, value: object) -> None:
    """CONFORMANCE_ and its name in capitals."""
    assert getattr(settings(tmp_path, {}, {f"CONFORMANCE_{option.upper()}": text}), option) == value


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("in_flight", "0"),
        ("in_flight", "2.5"),
        ("max_rps", "0"),
        ("max_rps", "nan"),
        ("timeout", "inf"),
        ("settle", "-1"),
        ("request_budget", "many"),
        ("read_only", "perhaps"),
        ("timeout", "soon"),
    ],
)
def test_a_bad_value_is_told_where_it_stands(tmp_path: Path, option: str, text: str) -> None:
    """The message names the spelling that was used and the value, the hint what to give."""
    variable = f"CONFORMANCE_{option.upper()}"
    with pytest.raises(UsageProblem) as refused:
        settings(tmp_path, {}, {variable: text})
    wants = next(one.wants for one in OPTIONS if one.name == option)
    assert (refused.value.message, refused.value.hint) == (f"{variable} is {text!r}.", f"Give {wants}.")


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("in_flight = 0", "in_flight in conformance.toml is 0."),
        ("base_url = 5", "base_url is 5."),
        ('employee_ids = "emp_1"', "employee_ids is 'emp_1'."),
        ("employee_ids = [1]", "employee_ids is [1]."),
        ("in_fligth = 3", "conformance.toml has in_fligth, which the suite does not know."),
        ('api_key = "pb_test_1"', "conformance.toml has api_key, which the suite does not know."),
        ("in_flight =", "conformance.toml is no TOML: Invalid value (at end of document)."),
    ],
)
def test_a_bad_entry_in_toml_is_told(tmp_path: Path, toml: str, told: str) -> None:
    """The file, the entry and the value stand in the message."""
    with pytest.raises(UsageProblem) as refused:
        settings(tmp_path, toml=toml)
    assert (refused.value.message, bool(refused.value.hint)) == (told, True)


def test_hints_are_lists_of_ids(tmp_path: Path) -> None:
    """What discovery is spared comes from TOML alone."""
    got = settings(tmp_path, toml='employee_ids = ["emp_1", "emp_2"]\nattribute_ids = []')
    assert got.hints == {"employee_ids": ("emp_1", "emp_2"), "attribute_ids": ()}


def test_the_base_url_of_the_command_line_goes_before_that_of_toml(tmp_path: Path) -> None:
    """Both spell one thing."""
    toml = 'base_url = "https://toml.example.com/v1"'
    given = {"base_url": "https://given.example.com/v1"}
    got = settings(tmp_path, given, toml=toml).base_url, settings(tmp_path, toml=toml).base_url
    assert got == ("https://given.example.com/v1", "https://toml.example.com/v1")


def test_rules_may_be_a_list_in_toml(tmp_path: Path) -> None:
    """A list of ids is what a TOML file would naturally hold."""
    assert settings(tmp_path, toml='rules = ["SES", "PAG-04"]').rules == "SES,PAG-04"


def test_the_base_url_is_read_from_the_environment(tmp_path: Path) -> None:
    """CONFORMANCE_BASE_URL is a spelling like those of the other options."""
    assert settings(tmp_path, {}, {"CONFORMANCE_BASE_URL": "https://a.example/v1"}).base_url == "https://a.example/v1"


@pytest.mark.parametrize(("given", "environ"), [({"base_url": ""}, {}), ({}, {"CONFORMANCE_BASE_URL": ""})])
def test_an_empty_base_url_is_refused(tmp_path: Path, given: dict[str, str], environ: dict[str, str]) -> None:
    """A variable that was never set must not turn a gate into a look at the embedded reference."""
    with pytest.raises(UsageProblem, match="base URL is empty"):
        settings(tmp_path, given, environ)


def test_a_misspelt_variable_is_told_with_what_comes_close() -> None:
    """It is refused, not ignored."""
    with pytest.raises(UsageProblem) as refused:
        refuse_unknown_variables({"CONFORMANCE_RULEZ": "PAG", "PATH": "/bin"})
    assert (refused.value.message, refused.value.hint) == (
        "CONFORMANCE_RULEZ is no variable of the suite.",
        "Did you mean CONFORMANCE_RULES?",
    )


@pytest.mark.parametrize(
    ("toml", "hint"),
    [
        ('rulez = "PAG"', "Did you mean rules?"),
        ("xyz = 1", "Known: "),
        ('api_key = "pb_test_1"', "Keys come by environment only, such as PB_API_KEY."),
    ],
)
def test_an_unknown_entry_is_told_with_what_comes_close(tmp_path: Path, toml: str, hint: str) -> None:
    """A key stands in no file."""
    with pytest.raises(UsageProblem) as refused:
        settings(tmp_path, toml=toml)
    assert refused.value.hint.startswith(hint)


def test_a_folder_of_that_name_is_told(tmp_path: Path) -> None:
    """It is not passed over."""
    (tmp_path / "conformance.toml").mkdir()
    with pytest.raises(UsageProblem, match="is a folder"):
        resolve({}, {}, tmp_path)


def test_lists_may_be_said_not_to_lag_at_all(tmp_path: Path) -> None:
    """Zero seconds to settle."""
    assert settings(tmp_path, {"settle": "0"}).settle == 0
