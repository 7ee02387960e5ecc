"""Rules on the published OpenAPI document."""

from __future__ import annotations

from conformance.contract.model import Level, Rule, observations, overview

BASE_URL = overview("Base URL")
FIELD_REFERENCE = observations("Field reference")
LIST_OBSERVATIONS = observations("List observations")
OPENAPI_SPECIFICATION = overview("OpenAPI specification")
PAGINATION = overview("Pagination")
POSTMAN = overview("Postman")

RULES: tuple[Rule, ...] = (
    Rule(
        id="SPC-01",
        level=Level.MUST,
        title="It declares OpenAPI 3.0.x.",
        sources=(OPENAPI_SPECIFICATION,),
        why="",
        how="",
    ),
    Rule(
        id="SPC-02",
        level=Level.MUST,
        title=(
            "It validates against the OpenAPI 3.0 schema, and all its references resolve inside the document."
        ),
        sources=(OPENAPI_SPECIFICATION,),
        why="",
        how="",
    ),
    Rule(
        id="SPC-03",
        level=Level.MUST,
        title=(
            "It describes every documented endpoint with its method (the 14 resources; the six observation "
            "operations)."
        ),
        sources=(OPENAPI_SPECIFICATION,),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="SPC-04",
        level=Level.MUST,
        title="Every operation has its response shapes, and every write its request body.",
        sources=(OPENAPI_SPECIFICATION,),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="SPC-05",
        level=Level.MUST,
        title="It declares every documented parameter of the observation list.",
        sources=(OPENAPI_SPECIFICATION, LIST_OBSERVATIONS),
        why="",
        how="",
    ),
    Rule(
        id="SPC-06",
        level=Level.MUST,
        title="limit is an integer with default 50 and maximum 100 on every collection.",
        sources=(OPENAPI_SPECIFICATION, LIST_OBSERVATIONS, PAGINATION),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="SPC-07",
        level=Level.MUST,
        title="components.schemas has Employee, Observation and Summary.",
        sources=(OPENAPI_SPECIFICATION, LIST_OBSERVATIONS, PAGINATION),
        why="",
        how="",
    ),
    Rule(
        id="SPC-08",
        level=Level.MUST,
        title=(
            "The Observation schemas agree with the field reference: types, nullability, enum, lengths, item "
            "limit, formats, required on create: nothing in them contradicts it."
        ),
        sources=(OPENAPI_SPECIFICATION, LIST_OBSERVATIONS, PAGINATION, FIELD_REFERENCE),
        why="",
        how="",
    ),
    Rule(
        id="SPC-09",
        level=Level.MUST,
        title=(
            "securitySchemes declares an HTTP bearer scheme, every operation but the spec's own requires it."
        ),
        sources=(OPENAPI_SPECIFICATION, LIST_OBSERVATIONS, PAGINATION, FIELD_REFERENCE),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="SPC-10",
        level=Level.MUST,
        title="Every response seen in the run, fuzzing included, validates against the spec's schema for it.",
        sources=(OPENAPI_SPECIFICATION, LIST_OBSERVATIONS, PAGINATION, FIELD_REFERENCE),
        passive=True,
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="SPC-11",
        level=Level.SHOULD,
        title="Every status seen is declared for its operation.",
        sources=(OPENAPI_SPECIFICATION, LIST_OBSERVATIONS, PAGINATION, FIELD_REFERENCE),
        passive=True,
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="SPC-12",
        level=Level.SHOULD,
        title=(
            "Every operation has an operationId (their uniqueness is part of SPC-02); a client can be "
            "generated from the spec with a common generator."
        ),
        sources=(OPENAPI_SPECIFICATION, LIST_OBSERVATIONS, PAGINATION, FIELD_REFERENCE),
        why="",
        how="",
    ),
    Rule(
        id="SPC-13",
        level=Level.SHOULD,
        title="Each operation has one tag, one per resource.",
        sources=(POSTMAN,),
        why="",
        how="",
    ),
    Rule(
        id="SPC-14",
        level=Level.SHOULD,
        title="servers names a base URL that ends in the version segment.",
        sources=(BASE_URL,),
        why="",
        how="",
    ),
    Rule(
        id="SPC-15",
        level=Level.SHOULD,
        title="components.schemas has one schema for every other resource too.",
        sources=(OPENAPI_SPECIFICATION,),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="SPC-16",
        level=Level.SHOULD,
        title=(
            "The Observation schemas state every bound of the field reference, so that a generated client "
            "knows it."
        ),
        sources=(OPENAPI_SPECIFICATION, FIELD_REFERENCE),
        why="",
        how="",
    ),
)
