"""Who is asking: the rule or the evidence on whose behalf the current task sends its requests."""

from __future__ import annotations

from contextvars import ContextVar

ASKER: ContextVar[str] = ContextVar("ASKER", default="conformance")
"""A rule id such as "PAG-11", or the name of evidence that several rules share; it stands in the User-Agent."""

CAUSE: ContextVar[str] = ContextVar("CAUSE", default="conformance")
"""The one scenario, or the evidence, that makes the current task ask; no two of a run have the same."""


def ask_as(asker: str, cause: str) -> None:
    """Let the current task, and those that it starts, ask in this name and for this cause from now on."""
    ASKER.set(asker)
    CAUSE.set(cause)
