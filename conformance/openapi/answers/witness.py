"""openapi-core in a process of its own: `python -m conformance.openapi.answers.witness`.

It reads one JSON object from standard input, {"document": ..., "cases": [...]}, and prints for each case in turn a line
with what openapi-core has against it: a JSON array, empty where it has nothing, or null where it could not say. So what
was said stands, should the rest come too late. A case is an answer {"method", "path", "status", "headers", "body"} to
an operation, or a {"pattern", "text"} for Python's `re`.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import sys
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOST = "http://target.invalid"
"""The only server of the document, whatever it names (RFC 2606)."""
SECONDS = 2
"""A case is given so long, where the system has alarms."""
NICENESS = 5


class _TooLong(Exception):  # noqa: N818  # an alarm, no error
    """The time for a case is over."""


@dataclass
class _Request:
    """A request as openapi-core wants it."""

    method: str
    path: str
    host_url: str = HOST
    content_type: str = "application/json"
    body: bytes | None = None
    parameters: Any = None


@dataclass
class _Response:
    """An answer as openapi-core wants it."""

    status_code: int
    content_type: str
    data: bytes
    headers: Any = field(repr=False)


def main() -> None:
    """Hear the cases and say what there is against each."""
    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICENESS)
    asked = json.load(sys.stdin)
    judge = _judge(asked["document"])
    for case in asked["cases"]:
        sys.stdout.write(json.dumps(_said(judge, case)) + "\n")
        sys.stdout.flush()


def _said(judge: Callable[[dict[str, Any]], list[Any]], case: dict[str, Any]) -> list[Any] | None:
    """Judge one case within its time; None where that does not work out."""
    try:
        with _alarm():
            return judge(case)
    except Exception:  # noqa: BLE001  # whatever a library makes of a document that it was not made for
        return None


@contextlib.contextmanager
def _alarm() -> Iterator[None]:
    if not hasattr(signal, "SIGALRM"):
        yield
        return
    signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _ring(*_: object) -> None:
    raise _TooLong


def _judge(document: dict[str, Any]) -> Callable[[dict[str, Any]], list[Any]]:
    from openapi_core import OpenAPI  # noqa: PLC0415  # slow to import, and needed in this process only
    from openapi_core.configurations import Config  # noqa: PLC0415
    from openapi_core.datatypes import RequestParameters  # noqa: PLC0415
    from werkzeug.datastructures import Headers  # noqa: PLC0415

    warnings.simplefilter("ignore")
    api = OpenAPI.from_dict(document, config=Config(spec_validator_cls=None))  # type: ignore[arg-type]  # SPC-02 judges that

    def judge(case: dict[str, Any]) -> list[Any]:
        if "pattern" in case:
            return [] if re.search(case["pattern"], case["text"]) else [{"path": []}]
        headers = Headers([tuple(pair) for pair in case["headers"]])
        request = _Request(case["method"].lower(), case["path"], parameters=RequestParameters())
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        response = _Response(case["status"], kind, case["body"].encode("latin-1"), headers)
        return [told for error in api.iter_apicall_response_errors(request, response) for told in _told(error)]

    return judge


def _told(error: BaseException) -> Iterator[dict[str, Any]]:
    """Put an error of openapi-core into places: paths into the body, or the name of a header."""
    name = getattr(error, "name", None)
    inner = getattr(error.__cause__, "schema_errors", None)
    if name is not None:
        yield {"header": str(name), "text": str(error)}
    elif inner is not None:
        yield from ({"path": list(one.absolute_path), "text": one.message[:200]} for one in inner)
    else:
        yield {"other": type(error.__cause__ or error).__name__, "text": str(error.__cause__ or error)[:200]}


if __name__ == "__main__":
    main()
