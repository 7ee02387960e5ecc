"""The error table: which code goes with which status. Source: observations, Common error responses."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """A line of the table: `causes` in our own words, `rules` the ids under which each is provoked."""

    status: int
    code: str
    causes: tuple[str, ...]
    rules: tuple[str, ...]


ERRORS: tuple[ErrorKind, ...] = (
    ErrorKind(
        400,
        "validation_error",
        ("a required field is missing", "a value is out of bounds", "a date is malformed"),
        ("OBC-05", "OBC-06", "OBC-12", "OBC-13", "LIM-02", "FLT-20", "SRT-06", "PAG-08"),
    ),
    ErrorKind(
        401,
        "authentication_required",
        ("there is no API key", "the API key is not valid"),
        ("AUT-01", "AUT-02", "AUT-03"),
    ),
    ErrorKind(
        403,
        "permission_denied",
        ("the key lacks the scope",),
        ("AUT-06", "AUT-07", "AUT-08", "AUT-12"),
    ),
    ErrorKind(
        404,
        "not_found",
        ("the id was never issued", "the record is another organization's"),
        ("OBS-08", "OBU-10", "ARC-09", "AUT-09"),
    ),
    ErrorKind(
        409,
        "conflict",
        ("it is archived already", "it is not archived", "the idempotency key was used for another body"),
        ("ARC-02", "ARC-04", "IDM-03"),
    ),
    ErrorKind(
        422,
        "unprocessable",
        ("the employee or attribute referred to is not in the organization",),
        ("OBC-08", "OBC-09", "OBC-10", "OBC-18", "OBU-10"),
    ),
    ErrorKind(429, "rate_limited", ("the quota is spent",), ("RTL-01",)),
)

ERROR_CODES: Mapping[int, str] = MappingProxyType({kind.status: kind.code for kind in ERRORS})
"""The code of each documented status."""
ERROR_STATUSES: Mapping[str, int] = MappingProxyType({kind.code: kind.status for kind in ERRORS})
"""The status of each documented code."""

DETAIL_FIELDS = ("field", "code", "message")
"""What each entry of error.details holds."""
INVALID_ENUM = "invalid_enum"
"""The one detail code that the documents show."""
