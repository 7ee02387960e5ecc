"""Requests, held against the spec: every problem of a request is found before it is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jsonschema import Draft4Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from conformance.reference.clock import microseconds
from conformance.reference.errors import Problem, Refusal, invalid

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

    from conformance.reference.http import Request
    from conformance.reference.spec import Operation, Parameter, Schema

Measure = Callable[[str], int]

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DATE_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}):([0-9]{2})(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
INTEGER = re.compile(r"-?[0-9]{1,4000}")
LEAP = "60"

formats = FormatChecker(formats=())


@formats.checks("date", raises=ValueError)
def is_date(value: object) -> bool:
    """Tell whether a text is a full date of RFC 3339, which Python's own reader takes too broadly."""
    return not isinstance(value, str) or bool(DATE.fullmatch(value) and date.fromisoformat(value))


@formats.checks("date-time", raises=ValueError)
def is_date_time(value: object) -> bool:
    """Tell whether a text is a date-time of RFC 3339, with its offset."""
    return not isinstance(value, str) or read_instant(value) is not None


@formats.checks("email")
def is_email(value: object) -> bool:
    """Tell whether a text can be an address: something on both sides of one @."""
    return not isinstance(value, str) or bool(EMAIL.fullmatch(value))


def read_instant(text: str) -> int:
    """Read a date-time of RFC 3339 as microseconds since the epoch; finer digits are cut off.

    A leap second, which the calendar of Python lacks, counts as the last microsecond before the next minute.
    """
    match = DATE_TIME.fullmatch(text)
    if not match:
        raise ValueError(text)
    day, minute, second, fraction, offset = match.groups()
    leap = second == LEAP
    digits = "999999" if leap else (fraction or ".0")[1:7].ljust(6, "0")
    zone = "+00:00" if offset in "Zz" else offset
    return microseconds(datetime.fromisoformat(f"{day}T{minute}:{'59' if leap else second}.{digits}{zone}"))


def length_keyword(measure: Measure, *, too_long: bool) -> Callable[..., Iterator[ValidationError]]:
    """Make the keyword maxLength, or minLength, by that measure of a text's length."""

    def check(_: Validator, limit: int, instance: object, __: Schema) -> Iterator[ValidationError]:
        if isinstance(instance, str):
            excess = measure(instance) - limit
            if excess > 0 if too_long else excess < 0:
                yield ValidationError("wrong length")

    return check


def type_keyword(validator: Any, kind: str, instance: object, schema: Schema) -> Iterator[ValidationError]:  # noqa: ANN401 - what jsonschema calls it with
    """Check the keyword type as OpenAPI 3.0 extends it: a nullable schema admits null beside its type."""
    if not (instance is None and schema.get("nullable")) and not validator.is_type(instance, kind):
        yield ValidationError("wrong type")


@lru_cache(maxsize=64)
def dialect(measure: Measure) -> type[Validator]:
    """Make the validator of OpenAPI 3.0's schemas, an extension of draft 4, that measures texts so."""
    keywords = {
        "type": type_keyword,
        "maxLength": length_keyword(measure, too_long=True),
        "minLength": length_keyword(measure, too_long=False),
    }
    extended: type[Validator] = extend(Draft4Validator, keywords)  # type: ignore[no-untyped-call]
    return extended


@lru_cache(maxsize=4096)
def body_validator(operation: Operation, measure: Measure) -> Validator:
    """Make the validator of an operation's body."""
    return dialect(measure)(operation.body or {}, format_checker=formats)


@lru_cache(maxsize=4096)
def parameter_validator(parameter: Parameter) -> Validator:
    """Make the validator of a parameter's value."""
    return dialect(len)(parameter.schema, format_checker=formats)


# The keyword of JSON Schema that failed, as a code for programs and a sentence for people.
EXPLANATIONS: Mapping[str, tuple[str, Callable[[Any], str]]] = {
    "enum": ("invalid_enum", lambda values: "must be one of: " + ", ".join(map(str, values))),
    "type": ("invalid_type", lambda kind: f"must be of type {kind}"),
    "format": ("invalid_format", lambda name: f"must be a valid {name}"),
    "pattern": ("invalid_format", lambda _: "does not have the required form"),
    "minLength": ("too_short", lambda limit: f"must have at least {limit} characters"),
    "maxLength": ("too_long", lambda limit: f"must have at most {limit} characters"),
    "minItems": ("too_few_items", lambda limit: f"must have at least {limit} items"),
    "maxItems": ("too_many_items", lambda limit: f"must have at most {limit} items"),
    "uniqueItems": ("duplicate_items", lambda _: "must not name an item twice"),
    "minimum": ("out_of_range", lambda limit: f"must be at least {limit}"),
    "maximum": ("out_of_range", lambda limit: f"must be at most {limit}"),
}


def explain(error: ValidationError, name: str) -> Problem:
    """Say what is wrong with a field; a fault in an item of a list is the list's."""
    if error.validator == "required":
        missing = str(error.message).split("'")[1]
        return Problem(missing, "required", "is required")
    field = name or (str(error.absolute_path[0]) if error.absolute_path else "body")
    code, sentence = EXPLANATIONS[str(error.validator)]
    if not error.validator_value and error.validator == "enum":
        return Problem(field, code, "has no allowed value")
    return Problem(field, code, sentence(error.validator_value))


def problems_of(validator: Validator, value: Any, name: str = "") -> list[Problem]:  # noqa: ANN401 - a JSON value can be anything
    """Find every problem of a value, each once, in a stable order."""
    found = {explain(error, name): None for error in validator.iter_errors(value)}
    return sorted(found, key=lambda problem: (problem.field, problem.code))


def read_json(body: bytes) -> Any:  # noqa: ANN401 - a JSON document can be anything
    """Read a body as JSON text in UTF-8 whose every character can be stored; a refusal where it is none."""
    try:
        value = json.loads(body.decode(), parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise invalid(Problem("body", "malformed_json", "is not a JSON text")) from None
    return value


def _no_constant(name: str) -> None:
    raise ValueError(name)


def read_body(operation: Operation, request: Request, measure: Measure) -> dict[str, Any]:
    """Read the fields of a write that the spec knows; a refusal lists every problem at once."""
    value = read_json(request.body)
    found = problems_of(body_validator(operation, measure), value)
    if found:
        raise invalid(*found)
    return {name: value[name] for name in (operation.body or {})["properties"] if name in value}


def check_media_type(request: Request) -> None:
    """Refuse a body that is declared as something else than JSON; a charset does no harm."""
    declared = (request.header("content-type") or "application/json").split(";")[0].strip().lower()
    if declared != "application/json":
        raise Refusal("unsupported_media_type", "send the body as application/json")


Reader = Callable[[str | None], Any]


def read_parameters(operation: Operation, request: Request, readers: Mapping[str, Reader]) -> dict[str, Any]:
    """Read and validate the parameters that are sent, and the defaults of those that are not.

    A reader takes the place of the spec for the parameter that it is named for; it refuses as `invalid` does.
    """
    sent: dict[str, list[str]] = {}
    for name, value in request.query:
        sent.setdefault(name, []).append(value)
    values: dict[str, Any] = {}
    found: list[Problem] = []
    for parameter in operation.parameters.values():
        if parameter.location != "path":
            given = sent.get(parameter.name) if parameter.location == "query" else _header(request, parameter)
            value, problems = _read(parameter, given, readers.get(parameter.name))
            found += problems
            values |= {} if value is None else {parameter.name: value}
    if found:
        raise invalid(*found)
    return values


def _header(request: Request, parameter: Parameter) -> list[str] | None:
    value = request.header(parameter.name)
    return None if value is None else [value]


def _read(parameter: Parameter, given: Sequence[str] | None, reader: Reader | None) -> tuple[Any, Sequence[Problem]]:
    several = parameter.schema["type"] == "array" and parameter.explode
    if given and len(given) > 1 and not several:
        return None, [Problem(parameter.name, "repeated", "must be sent once")]
    if reader:
        return _by(reader, given[0] if given else None)
    if given is None:
        missing = [Problem(parameter.name, "required", "is required")] * parameter.required
        return parameter.schema.get("default"), missing
    value = _typed(parameter, given)
    return value, problems_of(parameter_validator(parameter), value, parameter.name)


def _by(reader: Reader, text: str | None) -> tuple[Any, Sequence[Problem]]:
    try:
        return reader(text), ()
    except Refusal as refusal:
        return None, refusal.problems


def _typed(parameter: Parameter, given: Sequence[str]) -> Any:  # noqa: ANN401 - as the spec types it
    if parameter.schema["type"] != "array":
        return coerce(parameter.schema, given[0])
    texts = given if parameter.explode else given[0].split(",") if given[0] else []
    return [coerce(parameter.schema["items"], text) for text in texts]


def coerce(schema: Schema, text: str) -> object:
    """Read a parameter's text as the type its schema names; a text that can't be read so stays a text."""
    if schema["type"] == "integer" and INTEGER.fullmatch(text):
        return int(text)
    if schema["type"] == "boolean" and text in {"true", "false"}:
        return text == "true"
    return text
