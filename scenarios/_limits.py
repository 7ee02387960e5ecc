"""How long and how many the fields of an observation may be (observations › Field reference)."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from conformance.contract.observation import CLEARABLE, FIELD

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS = ("observation", *CLEARABLE)


def most(field: str) -> int:
    """Return the greatest length or count that the field may have."""
    return FIELD[field].max_length or FIELD[field].max_items or 0


def text_of(field: str, length: int, character: str = "x") -> dict[str, str]:
    """Give a field a text of so many characters."""
    return {field: character * length}


LONGEST: Mapping[str, str] = MappingProxyType({field: "x" * most(field) for field in TEXTS})
"""The longest text of each field."""
