"""Lies in the Observation schemas of the published spec."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.faults.model import lies
from conformance.faults.publishing import of_property, properties, publishes, schemas

if TYPE_CHECKING:
    from conformance.faults.publishing import Document
    from conformance.reference import Behaviour

SERVED, CREATED, UPDATED = "Observation", "ObservationCreate", "ObservationUpdate"


@lies("SPC-08")
def impact_is_never_null() -> Behaviour:
    """Impact is served as a text, as the spec has it, and never null."""
    return of_property(SERVED, "impact", nullable=...)


@lies("SPC-08")
def impact_cannot_be_cleared() -> Behaviour:
    """An update takes no null for impact, as the spec has it."""
    return of_property(UPDATED, "impact", nullable=...)


@lies("SPC-08")
def there_is_a_third_type() -> Behaviour:
    """Type may be neutral, as the spec has it."""
    return of_property(SERVED, "type", enum=["strength", "opportunity", "neutral"])


@lies("SPC-08")
def a_type_is_left_out() -> Behaviour:
    """A create takes strengths alone, as the spec has it."""
    return of_property(CREATED, "type", enum=["strength"])


@lies("SPC-08")
def the_spec_allows_4001_characters() -> Behaviour:
    """Observation may have 4001 characters in a create, as the spec has it."""
    return of_property(CREATED, "observation", maxLength=4001)


@lies("SPC-08")
def the_spec_ends_at_1999_characters() -> Behaviour:
    """recommended_action may have 1999 characters in an update, as the spec has it."""
    return of_property(UPDATED, "recommended_action", maxLength=1999)


@lies("SPC-08")
def impact_has_a_character_at_least() -> Behaviour:
    """Impact has one character at least where it is served, as the spec has it."""
    return of_property(SERVED, "impact", minLength=1)


@lies("SPC-08")
def the_spec_allows_20_attributes() -> Behaviour:
    """attribute_ids may hold 20 in a create, as the spec has it."""
    return of_property(CREATED, "attribute_ids", maxItems=20)


@lies("SPC-08")
def attributes_cannot_be_cleared() -> Behaviour:
    """attribute_ids hold one at least in an update, as the spec has it."""
    return of_property(UPDATED, "attribute_ids", minItems=1)


@lies("SPC-08")
def attribute_ids_are_numbers() -> Behaviour:
    """attribute_ids hold integers where they are served, as the spec has it."""
    return of_property(SERVED, "attribute_ids", items={"type": "integer"})


@lies("SPC-08")
def observation_date_is_a_date_time() -> Behaviour:
    """observation_date is a date-time, as the spec has it."""
    return of_property(SERVED, "observation_date", format="date-time")


@lies("SPC-08")
def archived_at_is_a_date() -> Behaviour:
    """archived_at is a date, as the spec has it."""
    return of_property(SERVED, "archived_at", format="date")


@lies("SPC-08")
def the_id_is_a_uuid() -> Behaviour:
    """The id is a UUID, as the spec has it."""
    return of_property(SERVED, "id", pattern=..., format="uuid")


@lies("SPC-08")
def employee_id_may_be_a_number() -> Behaviour:
    """employee_id is a text or an integer in a create, as the spec has it."""
    either = [{"type": "string"}, {"type": "integer"}]
    return of_property(CREATED, "employee_id", type=..., oneOf=either)


@lies("SPC-08")
def observation_may_be_null() -> Behaviour:
    """An update takes null for observation, as the spec has it."""
    return of_property(UPDATED, "observation", nullable=True)


@lies("SPC-08")
def the_spec_requires_no_type() -> Behaviour:
    """A create may leave out type, as the spec has it."""
    return publishes(lambda document: schemas(document)[CREATED]["required"].remove("type"))


@lies("SPC-08")
def the_spec_requires_impact() -> Behaviour:
    """A create may not leave out impact, as the spec has it."""
    return publishes(lambda document: schemas(document)[CREATED]["required"].append("impact"))


@lies("SPC-08")
def an_update_is_whole() -> Behaviour:
    """An update must have observation, as the spec has it."""
    return publishes(lambda document: schemas(document)[UPDATED].update(required=["observation"]))


@lies("SPC-08")
def an_update_refuses_a_field() -> Behaviour:
    """An update knows no recommended_action and allows nothing that it does not know, as the spec has it."""

    def change(document: Document) -> None:
        del properties(document, UPDATED)["recommended_action"]
        schemas(document)[UPDATED]["additionalProperties"] = False

    return publishes(change)


@lies("SPC-16")
def a_bound_is_left_out() -> Behaviour:
    """recommended_action has no maximum in an update."""
    return of_property(UPDATED, "recommended_action", maxLength=...)


@lies("SPC-16")
def the_least_length_is_left_out() -> Behaviour:
    """Observation has no minimum in a create."""
    return of_property(CREATED, "observation", minLength=...)


@lies("SPC-16")
def the_most_attributes_are_left_out() -> Behaviour:
    """attribute_ids have no maximum in a create."""
    return of_property(CREATED, "attribute_ids", maxItems=...)


@lies("SPC-16")
def the_types_are_left_out() -> Behaviour:
    """Type has no enum in a create."""
    return of_property(CREATED, "type", enum=...)


@lies("SPC-16")
def a_format_is_left_out() -> Behaviour:
    """created_at has no format where it is served."""
    return of_property(SERVED, "created_at", format=...)


@lies("SPC-16")
def a_field_is_left_out() -> Behaviour:
    """A create declares no impact."""
    return publishes(lambda document: properties(document, CREATED).pop("impact"))
