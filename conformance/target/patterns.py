"""Patterns of a published spec, matched in bounded time: a regular expression of the target's may be a trap.

Python's `re` takes exponential time on some; here patterns are read as ECMA 262 writes them (as OpenAPI has it) by an
engine that gives up after a bounded number of steps.
"""

from __future__ import annotations

from functools import lru_cache

import jsonschema_rs


@lru_cache(maxsize=256)
def _validator(pattern: str) -> jsonschema_rs.Draft202012Validator | None:
    try:
        return jsonschema_rs.Draft202012Validator({"pattern": pattern})
    except (jsonschema_rs.ValidationError, ValueError):
        return None


def is_pattern(pattern: object) -> bool:
    """Tell whether this is a regular expression that can be matched."""
    return isinstance(pattern, str) and _validator(pattern) is not None


def matches(pattern: str, text: str) -> bool:
    """Tell whether a pattern is found in a text; one that can't be read, or not in time, is not."""
    validator = _validator(pattern)
    return validator is not None and validator.is_valid(text)
