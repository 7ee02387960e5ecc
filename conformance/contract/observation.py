"""The observation, field by field. Source: observations, Field reference and Validation rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A documented field of the observation.

    `type` is the JSON type ("string" or "array" of strings), `format` "date", "date-time" or None. Lengths
    count characters and are inclusive, `max_items` counts entries. `required` and `read_only` are meant of a
    create, `patchable` of an update: None where the documents neither offer nor forbid it.
    """

    name: str
    type: str = "string"
    nullable: bool = False
    enum: tuple[str, ...] = ()
    format: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    max_items: int | None = None
    unique_items: bool = False
    required: bool = False
    read_only: bool = False
    patchable: bool | None = False


TYPES = ("strength", "opportunity")
"""The kinds of observation."""

ID_PATTERN = re.compile(r"obs_[0-9A-Z]{26}")
"""The whole id (OBS-02). Wider than a ULID's alphabet, as the documents' own example is (OBS-11)."""

STRICT_ID_PATTERN = re.compile(r"obs_[0-7][0-9A-HJKMNP-TV-Z]{25}")
"""The whole id where what follows obs_ is a ULID of 128 bits in Crockford's Base32."""

FIELDS: tuple[Field, ...] = (
    Field(name="id", read_only=True),
    # The reference doesn't mark it as required; the documented shape and the validation rules make it so.
    Field(name="employee_id", required=True),
    Field(name="type", enum=TYPES, required=True),
    Field(name="observation", min_length=1, max_length=4000, required=True, patchable=True),
    Field(name="impact", nullable=True, min_length=0, max_length=2000, patchable=True),
    Field(name="recommended_action", nullable=True, min_length=0, max_length=2000, patchable=True),
    Field(name="attribute_ids", type="array", max_items=12, unique_items=True, patchable=True),
    # The body of an update doesn't list it and no restriction forbids it.
    Field(name="observation_date", format="date", patchable=None),
    Field(name="created_at", format="date-time", read_only=True),
    Field(name="updated_at", format="date-time", read_only=True),
    Field(name="archived_at", nullable=True, format="date-time", read_only=True),
)
"""All 11, in documented order."""

FIELD: Mapping[str, Field] = MappingProxyType({field.name: field for field in FIELDS})

REQUIRED = tuple(field.name for field in FIELDS if field.required)
READ_ONLY = tuple(field.name for field in FIELDS if field.read_only)
WRITABLE = tuple(field.name for field in FIELDS if not field.read_only)
PATCHABLE = tuple(field.name for field in FIELDS if field.patchable)
CLEARABLE = tuple(field.name for field in FIELDS if field.patchable and field.nullable)
"""Those that null clears by an update; an empty array clears attribute_ids."""

ATTRIBUTE_FIELDS = ("id", "name", "category", "tone")
"""What each nested attribute holds. Source: observations, Expand paths."""
