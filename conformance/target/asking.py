"""Who is asking: the rule or the evidence on whose behalf the current task sends its requests."""

from __future__ import annotations

from contextvars import ContextVar

ASKER: ContextVar[str] = ContextVar("ASKER", default="conformance")
"""A rule id such as "PAG-11", or the name of evidence that several rules share; it stands in the User-Agent."""
