"""Which exchanges the HTML report shows, and how: each once, the telling ones first, within a budget."""

from __future__ import annotations

import base64
import json
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from markupsafe import escape

from conformance.reporting.html.indentation import indented
from conformance.reporting.values import cut, visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.reporting.json_report import Report

EVIDENCE_BYTES = 900_000
"""What all evidence together may weigh; with everything else the page stays under 2 MB."""

_FRAME = 900  # bytes of markup around one exchange
_MOST = 6  # exchanges shown of a long story


@dataclass(frozen=True, slots=True)
class Shown:
    """One exchange as text to read: both messages in the form of HTTP/1.1, JSON laid out, and as curl."""

    number: int
    method: str
    target: str
    status: str
    milliseconds: int | None
    request: str
    response: str
    curl: str
    attempts: tuple[str, ...]
    asked_by: str

    @property
    def weight(self) -> int:
        """Bytes that it takes in the page, escapes included."""
        texts = (self.target, self.request, self.response, self.curl, self.asked_by, *self.attempts)
        return _FRAME + sum(weigh(text) for text in texts)


@dataclass(frozen=True, slots=True)
class Citation:
    """The exchanges behind a finding, in order: `shown` here, `elsewhere` on the page, or left out."""

    shown: tuple[Shown, ...] = ()
    elsewhere: tuple[int, ...] = ()
    left_out: int = 0

    @property
    def count(self) -> int:
        """How many exchanges the finding rests on."""
        return len(self.shown) + len(self.elsewhere) + self.left_out


@dataclass
class Evidence:
    """The exchanges of a report, handed out once each until the budget is spent.

    Ask for the most telling ones first: what comes later gets what is left. `cited` says how many checks rest on an
    exchange: what set-up and discovery asked is shared by many, what decides a check is its own.
    """

    exchanges: Mapping[int, Mapping[str, Any]]
    cited: Mapping[int, int] = field(default_factory=dict)
    budget: int = EVIDENCE_BYTES
    placed: set[int] = field(default_factory=set)

    def cite(self, numbers: Sequence[int], *, body: int, most: int = _MOST) -> Citation:
        """Show the `most` particular of these exchanges in order, with up to `body` characters of each body."""
        shown: list[Shown] = []
        elsewhere: list[int] = []
        for number in self._particular(numbers, most):
            if number in self.placed:
                elsewhere.append(number)
            elif self.afford((one := show(self.exchanges[number], body)).weight):
                self.placed.add(number)
                shown.append(one)
        return Citation(tuple(shown), tuple(elsewhere), len(numbers) - len(shown) - len(elsewhere))

    def _particular(self, numbers: Sequence[int], most: int) -> list[int]:
        known = {number for number in numbers if number in self.exchanges}
        return sorted(sorted(known, key=lambda number: (self.cited.get(number, 1), -number))[:most])

    def afford(self, weight: int) -> bool:
        """Take `weight` bytes from the budget, if it has them."""
        if weight > self.budget:
            return False
        self.budget -= weight
        return True


def evidence_of(report: Report) -> Evidence:
    """Give the evidence of a report, none of it placed yet."""
    cited = Counter(number for rule in report["rules"] for check in rule["checks"] for number in check["exchanges"])
    return Evidence({exchange["number"]: exchange for exchange in report["exchanges"]}, cited)


def weigh(text: str) -> int:
    """Give the bytes that a text takes once it is escaped."""
    return len(str(escape(text)).encode())


def show(exchange: Mapping[str, Any], body: int) -> Shown:
    """Turn an exchange of the JSON report into text to read, with at most `body` characters of each body."""
    request, response = exchange["request"], exchange["response"]
    attempts = exchange["attempts"]
    return Shown(
        number=exchange["number"],
        method=visible(cut(request["method"], 20)),
        target=visible(cut(_target(request["url"]), 300)),
        status=_status(response["status"]) if response else "no response",
        milliseconds=round(attempts[-1]["seconds"] * 1000) if attempts else None,
        request=_message(f"{request['method']} {request['url']}", request, body),
        response=_message(_status(response["status"]), response, body) if response else "",
        curl=visible(cut(exchange["curl"], 4 * body)),
        attempts=tuple(_attempt(attempt) for attempt in attempts if len(attempts) > 1 or attempt.get("fault")),
        asked_by=visible(cut(exchange["asked_by"], 200)),
    )


def value_text(value: object) -> str:
    """Write a JSON value to read: text as it is, anything else indented."""
    return visible(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2))


def _target(url: str) -> str:
    """Leave scheme and host out: the path and the query tell exchanges apart."""
    _, _, rest = url.partition("://")
    _, slash, path = rest.partition("/")
    return slash + path if slash else url


def _status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _message(start: str, message: Mapping[str, Any], body: int) -> str:
    fields = "".join(f"\n{name}: {value}" for name, value in message["headers"])
    content = _body(message["body"], body)
    return visible(cut(start + fields, body + 1000)) + (f"\n\n{content}" if content else "")


def _body(body: Mapping[str, Any] | None, limit: int) -> str:
    if body is None:
        return ""
    if "base64" in body:
        return f"({body['bytes']:,} bytes that are no UTF-8; they begin with {_begin(body['base64'])})"
    text = indented(body["text"]) if not body["cut"] else body["text"]
    remark = f"\n({body['cut']:,} of {body['bytes']:,} bytes are not in the report)" if body["cut"] else ""
    return visible(cut(text, limit)) + remark


def _begin(content: str) -> str:
    return base64.b64decode(content[:64]).hex(" ")


def _attempt(attempt: Mapping[str, Any]) -> str:
    outcome = attempt.get("fault") or f"status {attempt.get('status')}"
    waited = f", after waiting {attempt['waited']:.1f} s" if attempt.get("waited", 0) >= 1 else ""
    return visible(cut(f"{outcome} in {attempt['seconds'] * 1000:.0f} ms{waited}", 400))
