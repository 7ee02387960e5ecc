"""Every option of a run, once: its name, its environment variable, its place in TOML, its default.

The command line, the environment (CONFORMANCE_...) and TOML ([tool.conformance] in pyproject.toml, or a
conformance.toml) are three spellings of this one table; the first that speaks wins, in that order.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.errors import UsageProblem
from conformance.wire.options import WireOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _flag(text: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    return words[text.strip().lower()]


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError
    return number


def _address(text: str) -> str:
    """Read HOST:PORT; an IPv6 host stands in brackets."""
    host, colon, port = text.rpartition(":")
    if not (colon and host) or not 0 <= int(port) <= 65535:  # noqa: PLR2004  # RFC 9293: a port has 16 bits
        raise ValueError
    return text


def _web_address(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+\S*", text):
        raise ValueError
    return text


def _rate(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError
    return number


def _seconds(text: str) -> float:
    return 0.0 if float(text) == 0 else _rate(text)


@dataclass(frozen=True, slots=True)
class Option:
    """One option: `name` as in TOML, `parse` from text, `wants` what to write there instead.

    `pytests_own` says that pytest has a flag of that name, which then means both.
    """

    name: str
    parse: Callable[[str], Any]
    default: Any
    help: str
    wants: str
    metavar: str | None = None
    choices: tuple[str, ...] = ()
    pytests_own: bool = False

    @property
    def flag(self) -> str:
        """Its spelling on the command line."""
        return "--" + self.name.replace("_", "-")

    @property
    def env(self) -> str:
        """Its spelling in the environment."""
        return "CONFORMANCE_" + self.name.upper()

    @property
    def is_switch(self) -> bool:
        """Whether it takes no value on the command line."""
        return self.parse is _flag

    def read(self, raw: object, where: str) -> Any:  # noqa: ANN401  # each option has its own type
        """Parse what stands at `where`; raise `UsageProblem` saying what to write instead."""
        try:
            value = self.parse(str(raw))
        except (ValueError, KeyError):
            raise UsageProblem(f"{where} is {raw!r}.", hint=f"Give {self.wants}.") from None
        if self.choices and value not in self.choices:
            raise UsageProblem(f"{where} is {raw!r}.", hint=f"Give {self.wants}.")
        return value


_OFF = False

OPTIONS: tuple[Option, ...] = (
    Option("report_dir", Path, Path("reports/latest"), "write the reports here", "a folder", "DIR"),
    Option("read_only", _flag, _OFF, "send no writes: rules that need them are not judged", "true or false"),
    Option("allow_live_writes", _flag, _OFF, "write with a pb_live_ key too", "true or false"),
    Option("leave_data", _flag, _OFF, "judge creates whose results can't be removed again too", "true or false"),
    Option(
        "disposable",
        _flag,
        _OFF,
        "nothing at the target is worth keeping: --leave-data, and --fuzz deep changes and deletes what was there",
        "true or false",
    ),
    Option("rules", str, "", "judge only these rules or families, e.g. PAG-04,ARC", "ids or families", "IDS"),
    Option("strict", _flag, _OFF, "a broken SHOULD fails the run", "true or false", pytests_own=True),
    Option("require_judged", _flag, _OFF, "a MUST rule that could not be judged fails the run", "true or false"),
    Option("waivers", Path, None, "known breaches that don't fail the run until a day", "a TOML file", "FILE"),
    Option(
        "fail_on",
        str,
        "broken",
        "what fails the run: what is broken, or only what regressed since --baseline",
        "broken or regressed",
        "broken|regressed",
        choices=("broken", "regressed"),
    ),
    Option("baseline", Path, None, "the conformance.json of the run to compare with", "a file", "FILE"),
    Option("in_flight", _positive, 16, "requests under way at once (default 16)", "a whole number, 1 or more", "N"),
    Option("max_rps", _rate, None, "never send more requests a second than this", "a number above 0", "N"),
    Option("request_budget", _positive, None, "send no more requests than this", "a whole number, 1 or more", "N"),
    Option("timeout", _rate, 10.0, "seconds to wait for an answer (default 10)", "seconds, above 0", "SECONDS"),
    Option("settle", _seconds, 5.0, "seconds a list may lag behind writes (default 5)", "0 or more seconds", "SECONDS"),
    Option(
        "clock_url",
        _web_address,
        "",
        'move the target\'s clock by POSTing {"advance_seconds": N} here',
        "an http or https URL",
        "URL",
    ),
    Option(
        "ledger",
        Path,
        None,
        "remember Idempotency-Keys here, and judge their 24 hours in a later run",
        "a file",
        "FILE",
    ),
    Option(
        "listen", _address, "", "receive webhooks at this address", "an address such as 127.0.0.1:8099", "HOST:PORT"
    ),
    Option(
        "listener_url", _web_address, "", "the URL by which the target reaches --listen", "an http or https URL", "URL"
    ),
    Option("spend_quota", _flag, _OFF, "spend the rate limit of a key, last and alone", "true or false"),
    Option(
        "fuzz",
        str,
        "quick",
        "ask what the spec suggests: off, quick (some 140 requests), deep (minutes), or again what failed before",
        "off, quick, deep or again",
        "off|quick|deep|again",
        choices=("off", "quick", "deep", "again"),
    ),
    Option(
        "failures",
        str,
        "",
        "remember what fuzzing found here, and ask it first (a file, or a URL to read it from)",
        "a file or a URL",
        "FILE|URL",
    ),
    Option("seed", _count, None, "draw whatever is random from this number", "a whole number, 0 or more", "N"),
)


CONFORMANCE_TOML = "conformance.toml"
BASE_URL_VARIABLE = "CONFORMANCE_BASE_URL"
"""Beside PYTEST_BASE_URL, which pytest-base-url reads."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of one run, resolved. `hints` are ids from TOML that spare the suite its discovery.

    `settle` and `timeout` are seconds; `max_rps` requests a second; `request_budget` requests.
    """

    base_url: str = ""
    report_dir: Path = Path("reports/latest")
    read_only: bool = False
    allow_live_writes: bool = False
    leave_data: bool = False
    disposable: bool = False
    rules: str = ""
    strict: bool = False
    require_judged: bool = False
    waivers: Path | None = None
    fail_on: str = "broken"
    baseline: Path | None = None
    in_flight: int = 16
    max_rps: float | None = None
    request_budget: int | None = None
    timeout: float = 10.0
    settle: float = 5.0
    clock_url: str = ""
    ledger: Path | None = None
    listen: str = ""
    listener_url: str = ""
    spend_quota: bool = False
    fuzz: str = "quick"
    failures: str = ""
    seed: int | None = None
    hints: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_disposable(self) -> bool:
        """Whether nothing at the target is worth keeping, as of the embedded reference, which ends with the run."""
        return self.disposable or not self.base_url

    @property
    def is_deep(self) -> bool:
        """Whether the run may take minutes."""
        return self.fuzz == "deep"

    @property
    def looks_deep(self) -> bool:
        """Whether fuzzing asks all that may be asked, or what failed of that before."""
        return self.fuzz in {"deep", "again"}

    @property
    def wire_options(self) -> WireOptions:
        """Those that bound what is sent."""
        return WireOptions(
            in_flight=self.in_flight,
            max_rps=self.max_rps,
            request_budget=self.request_budget,
            timeout=self.timeout,
        )


HINTS: Mapping[str, str] = {
    "employee_ids": "employees that observations may be written about",
    "attribute_ids": "attributes that observations may be tagged with",
    "deactivated_employee_ids": "deactivated employees",
    "manager_ids": "managers with direct and indirect reports",
}
"""Lists of ids that a team can put into TOML where discovery finds none."""


def toml_settings(root: Path) -> tuple[Mapping[str, Any], str]:
    """Return the suite's table of `root` and where it stands: conformance.toml before pyproject.toml.

    Raises `UsageProblem` where a file is no TOML or has an entry that the suite doesn't know.
    """
    for name, path_in_file in ((CONFORMANCE_TOML, ()), ("pyproject.toml", ("tool", "conformance"))):
        table = _table(root / name, path_in_file)
        if table:
            _refuse_unknown(table, name)
            return table, name
    return {}, ""


def _table(file: Path, keys: tuple[str, ...]) -> Mapping[str, Any]:
    if file.name == CONFORMANCE_TOML and file.is_dir():
        raise UsageProblem(
            f"{file.name} is a folder.", hint="The suite reads a file of this name: move the folder away."
        )
    if not file.is_file():
        return {}
    try:
        table: Any = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageProblem(f"{file.name} is no TOML: {error}.", hint="Mend it, or move it away.") from None
    for key in keys:
        table = table.get(key, {}) if isinstance(table, dict) else {}
    return table if isinstance(table, dict) else {}


def _refuse_unknown(table: Mapping[str, Any], name: str) -> None:
    known = {option.name for option in OPTIONS} | {"base_url"} | set(HINTS)
    unknown = sorted(key for key in table if key.replace("-", "_") not in known)
    if unknown:
        close = [match for one in unknown for match in get_close_matches(one.replace("-", "_"), known, 1)]
        hint = f"Did you mean {', '.join(close)}?" if close else f"Known: {', '.join(sorted(known))}."
        if any("key" in one.lower() for one in unknown):
            hint = "Keys come by environment only, such as PB_API_KEY."
        raise UsageProblem(f"{name} has {', '.join(unknown)}, which the suite does not know.", hint=hint)


def resolve(given: Mapping[str, Any], environ: Mapping[str, str], root: Path) -> Settings:
    """Settle every option from the command line (`given`, None where not given), environment and TOML."""
    table, file = toml_settings(root)
    table = {key.replace("-", "_"): value for key, value in table.items()}
    values = {option.name: _settle(option, given, environ, (table, file)) for option in OPTIONS}
    values["hints"] = {name: _id_list(table[name], name) for name in HINTS if name in table}
    values["base_url"] = _base_url(given, environ) or _text(table.get("base_url", ""), "base_url")
    return Settings(**{item.name: values[item.name] for item in fields(Settings)})


def _settle(
    option: Option, given: Mapping[str, Any], environ: Mapping[str, str], toml: tuple[Mapping[str, Any], str]
) -> Any:  # noqa: ANN401  # each option has its own type
    table, file = toml
    if given.get(option.name) not in (None, False):
        return option.read(given[option.name], option.flag)
    if environ.get(option.env):
        return option.read(environ[option.env], option.env)
    if option.name in table:
        return option.read(_line(table[option.name]), f"{option.name} in {file}")
    return option.default


def _line(value: object) -> object:
    """Write a list as the command line would: with commas."""
    return ",".join(map(str, value)) if isinstance(value, list) else value


def _base_url(given: Mapping[str, Any], environ: Mapping[str, str]) -> str:
    """Return the base URL, "" where none is spoken of; an empty one was meant to be something, so it is refused."""
    spoken = [url for url in (given.get("base_url"), environ.get(BASE_URL_VARIABLE)) if url is not None]
    if "" in spoken[:1]:
        raise UsageProblem("The base URL is empty.", hint="Leave it out to judge the embedded reference.")
    return str(spoken[0]) if spoken else ""


def refuse_unknown_variables(environ: Mapping[str, str]) -> None:
    """Raise `UsageProblem` for a variable that begins like ours and is none of them."""
    known = [*(option.env for option in OPTIONS), BASE_URL_VARIABLE]
    for name in sorted(environ):
        if name.startswith("CONFORMANCE_") and name not in known:
            close = get_close_matches(name, known, 1)
            hint = f"Did you mean {close[0]}?" if close else f"Known: {', '.join(known)}."
            raise UsageProblem(f"{name} is no variable of the suite.", hint=hint)


def _text(value: object, name: str) -> str:
    if isinstance(value, str):
        return value
    raise UsageProblem(f"{name} is {value!r}.", hint=f'Give a text, such as {name} = "https://api.example.com/v1".')


def _id_list(value: object, name: str) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise UsageProblem(f"{name} is {value!r}.", hint=f'Give a list of ids, such as {name} = ["..."].')
