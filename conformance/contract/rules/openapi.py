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
        title="The published spec MUST declare OpenAPI 3.0.",
        sources=(OPENAPI_SPECIFICATION,),
        why="Generators choose their parser by this number, and much that 3.1 changed makes a 3.0 tool fail.",
        how="The openapi member must be 3.0 with any patch version.",
    ),
    Rule(
        id="SPC-02",
        level=Level.MUST,
        title=("The published spec MUST be valid OpenAPI 3.0, with every reference resolved inside the document."),
        sources=(OPENAPI_SPECIFICATION,),
        why=(
            "An invalid document stops a client generator, and a reference to a private host can't be "
            "followed by a client."
        ),
        how=(
            "The document is validated against the OpenAPI 3.0 schema and its rules, such as unique "
            "operationIds; every $ref must point within it."
        ),
    ),
    Rule(
        id="SPC-03",
        level=Level.MUST,
        title="The published spec MUST describe every documented endpoint with its method.",
        sources=(OPENAPI_SPECIFICATION,),
        each=True,
        why="What the spec leaves out is missing from every generated client.",
        how=(
            "The paths of the 14 resources and the six operations on observations, with or without the "
            "version segment as servers has it. Names of path parameters are free."
        ),
    ),
    Rule(
        id="SPC-04",
        level=Level.MUST,
        title=(
            "Every operation of the published spec MUST have the shapes of its responses, and every write "
            "that takes a body that body."
        ),
        sources=(OPENAPI_SPECIFICATION,),
        each=True,
        why="Without a schema a generated client returns an untyped value, and the compiler no longer helps.",
        how=(
            "Each operation: at least one success response with a JSON schema, and a request body for POST "
            "and PATCH. Archive and restore, which take none, are left out."
        ),
    ),
    Rule(
        id="SPC-05",
        level=Level.MUST,
        title="The published spec MUST declare every documented parameter of the observation list.",
        sources=(OPENAPI_SPECIFICATION, LIST_OBSERVATIONS),
        why="A generated client has no way to send a filter that the spec doesn't know.",
        how=(
            "limit, cursor, sort, expand and the nine documented filters, as single parameters or as members "
            "of a deepObject filter."
        ),
    ),
    Rule(
        id="SPC-06",
        level=Level.MUST,
        title=(
            "The published spec MUST declare limit as an integer with default 50 and maximum 100 on every collection."
        ),
        sources=(OPENAPI_SPECIFICATION, PAGINATION),
        each=True,
        why=(
            "Generated clients validate limit before they send it, and refuse what the API would take, or the reverse."
        ),
        how="The limit parameter of each collection, references followed.",
    ),
    Rule(
        id="SPC-07",
        level=Level.MUST,
        title="The published spec MUST have the component schemas Employee, Observation and Summary.",
        sources=(OPENAPI_SPECIFICATION,),
        why=("They become the class names of a generated client; other names break code written by the documents."),
        how="The names under components.schemas, each with a schema that says something; further ones are allowed.",
    ),
    Rule(
        id="SPC-08",
        level=Level.MUST,
        title="The Observation schemas of the published spec MUST NOT contradict the field reference.",
        sources=(OPENAPI_SPECIFICATION, FIELD_REFERENCE),
        why="Generated types that call a nullable field required text fail to decode the first null.",
        how=(
            "Each schema is asked with values for type, nullability, enum, lengths, item count, format and "
            "required fields, for reading, creating and updating, however it is written. A bound left out is no "
            "contradiction (SPC-16)."
        ),
    ),
    Rule(
        id="SPC-09",
        level=Level.MUST,
        title=(
            "The published spec MUST declare an HTTP bearer scheme, and every operation but the spec's own "
            "MUST require it."
        ),
        sources=(OPENAPI_SPECIFICATION,),
        each=True,
        why=("A generated client sends the key only where the spec says that it is needed, and gets 401 elsewhere."),
        how="components.securitySchemes, and the security of each operation or of the whole document.",
    ),
    Rule(
        id="SPC-10",
        level=Level.MUST,
        title="Every response MUST validate against the schema that the published spec has for it.",
        sources=(OPENAPI_SPECIFICATION,),
        passive=True,
        each=True,
        why="A typed client decodes by the schema; one field that differs and the whole page is lost to it.",
        how=(
            "Every response of the run, fuzzing included, against the media type, headers and schema for its "
            "operation and status. A breach is what two validators agree on, grouped by its place in the spec; "
            "each operation has a verdict of its own."
        ),
    ),
    Rule(
        id="SPC-11",
        level=Level.SHOULD,
        title="Every status that an operation answers with SHOULD be declared for it in the published spec.",
        sources=(OPENAPI_SPECIFICATION,),
        passive=True,
        each=True,
        why="Generated clients throw an unspecific error on a status that they were not told of.",
        how="Every response of the run; a range such as 4XX and default count as declared.",
    ),
    Rule(
        id="SPC-12",
        level=Level.SHOULD,
        title=(
            "Every operation of the published spec SHOULD have an operationId from which a client can be generated."
        ),
        sources=(OPENAPI_SPECIFICATION,),
        why=("It becomes the method's name; without it a generator invents one, which changes with the next version."),
        how=(
            "The operationId of each operation, as a generator would turn it into a name; and "
            "openapi-python-client makes a client of the spec, every module of which is imported."
        ),
    ),
    Rule(
        id="SPC-13",
        level=Level.SHOULD,
        title="Each operation of the published spec SHOULD have exactly one tag, one for each resource.",
        sources=(POSTMAN,),
        why="Postman makes its folders, and generators their classes, from the tags.",
        how=(
            "The tags of each operation; all operations of a resource must share theirs, and no two "
            "resources one. The names are free."
        ),
    ),
    Rule(
        id="SPC-14",
        level=Level.SHOULD,
        title="servers in the published spec SHOULD name a base URL that ends in the version segment.",
        sources=(BASE_URL,),
        why="Imported as it stands, every request of a generated client otherwise goes to the wrong path.",
        how=(
            "The URLs of the servers, variables filled with their defaults, relative ones read against the spec's "
            "own. Where the paths begin with the version segment, it must not come twice."
        ),
    ),
    Rule(
        id="SPC-15",
        level=Level.SHOULD,
        title="The published spec SHOULD have one component schema for every other resource too.",
        sources=(OPENAPI_SPECIFICATION,),
        each=True,
        why=(
            "A resource without a schema of its own has an anonymous type in each method of a generated "
            "client, none of them interchangeable."
        ),
        how=(
            "The remaining resources: the schema of a single item must be reached by a reference. The "
            "documents name only three, hence no MUST."
        ),
    ),
    Rule(
        id="SPC-16",
        level=Level.SHOULD,
        title=("The Observation schemas of the published spec SHOULD state every bound of the field reference."),
        sources=(OPENAPI_SPECIFICATION, FIELD_REFERENCE),
        why=(
            "A generated client can then check a text's length before it sends it, instead of learning it from a 400."
        ),
        how=(
            "Lengths, item count, enum and formats of each field that can be created or updated; enum and formats "
            "of each that is served. A field that is not declared at all has no bounds either."
        ),
    ),
)
