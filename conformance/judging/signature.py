"""The signature of a breach: the same from run to run while the target breaks a rule in the same way.

Ids, cursors, dates, counts and hosts differ each time, and say nothing about the way; statuses do.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.judging.results import Check

LENGTH = 12
_VARYING = (
    (re.compile(r"https?://[^\s/]+"), "<host>"),
    (re.compile(r"%[0-9A-Fa-f]{2}"), "%"),
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\d(?:[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?)?"), "<time>"),
    (re.compile(r"\b\d{8}T\d{4}-[0-9a-f]{6}\b"), "<run>"),
    (re.compile(r"(?<=/)[^\s/?#'\"]*\d[^\s/?#'\"]*"), "<id>"),
    (re.compile(r"\b(?=\w*\d)\w{12,}\b"), "<id>"),
    (re.compile(r"(?<=cursor=)[^\s&'\"]+"), "<cursor>"),
)
_NUMBER = re.compile(r"(?P<status>\b(?:got|gets|not|or|with|status|answered) [1-5]\d\d\b)|\d+(?:\.\d+)?")


def signature(check: Check) -> str:
    """Return 12 hexadecimal digits that name in which way a check came out as it did."""
    said = (check.finding,) if check.finding else (canonical(check.message), canonical(check.expected))
    told = "\n".join((check.rule, check.subject or "", *said))
    return hashlib.sha256(told.encode("utf-8", "backslashreplace")).hexdigest()[:LENGTH]


def canonical(text: str) -> str:
    """Return a message without what differs from run to run."""
    for pattern, placeholder in _VARYING:
        text = pattern.sub(placeholder, text)
    return _NUMBER.sub(lambda found: found["status"] or "<n>", text)
