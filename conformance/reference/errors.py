"""Refusals, and the error envelope that tells a client of them.

Refusal
├── invalid(...)      400 validation_error, with one problem a field
└── every other code  by its name in the table of statuses
ForeignDatabaseError  an OSError: the file that a reference was to be kept in is not one of its own
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from conformance.reference.http import Pairs, Response, answer

if TYPE_CHECKING:
    from collections.abc import Iterable

# observations, Common error responses; 405 and 415 are RFC 9110's, the documents are silent on them.
STATUSES = MappingProxyType(
    {
        "validation_error": 400,
        "authentication_required": 401,
        "permission_denied": 403,
        "not_found": 404,
        "method_not_allowed": 405,
        "conflict": 409,
        "unsupported_media_type": 415,
        "unprocessable": 422,
        "rate_limited": 429,
        "internal_error": 500,
    }
)


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field."""

    field: str
    code: str
    message: str


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, no error of the program
    """A request that is refused: its code, a message for people, the problems by field, headers to add."""

    def __init__(self, code: str, message: str, problems: Iterable[Problem] = (), *, headers: Pairs = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.problems = tuple(problems)
        self.headers = headers


class ForeignDatabaseError(OSError):
    """A file that is no database of a reference."""


def invalid(*problems: Problem) -> Refusal:
    """Make the refusal of a request with invalid fields, all of them at once."""
    count = len({problem.field for problem in problems})
    return Refusal("validation_error", f"{count} field{'s' * (count != 1)} failed validation", problems)


def envelope(refusal: Refusal, status: int) -> Response:
    """Write a refusal as the documents' error envelope (observations, Common error responses)."""
    error: dict[str, object] = {"code": refusal.code, "message": refusal.message}
    if refusal.problems:
        error["details"] = [vars(problem) for problem in refusal.problems]
    return answer(status, {"error": error}, *refusal.headers)
