"""A spec that is broken, hostile or odd gets its verdicts and a clear message; nothing hangs, nothing breaks."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from conformance.faults.publishing import operation, properties, publishes, schemas
from conformance.faults.trial import trial
from conformance.judging.verdicts import Verdict
from conformance.reference import HONEST
from conformance.reference.http import answer
from tests.scenarios.test_openapi_legal import DECLARED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.faults.publishing import Document
    from conformance.judging.results import Check
    from conformance.reference import Behaviour, Handler, Request, Response

SECONDS = 10
"""No spec may keep a run busy for longer, on a slow machine."""


def serves(response: Response) -> Behaviour:
    """Serve this in the place of the spec."""

    async def door(request: Request, honest: Handler) -> Response:
        return response if request.path == "/v1/openapi.json" else await honest(request)

    return replace(HONEST, door=door)


def serves_text(text: str) -> Behaviour:
    """Serve a text as JSON in the place of the spec."""
    return serves(replace(answer(200, {}), body=text.encode()))


def judged(behaviour: Behaviour, rule_ids: set[str]) -> Sequence[Check]:
    """Judge rules within the time that they may take."""
    began = time.perf_counter()
    checks = asyncio.run(trial(rule_ids, behaviour))
    assert time.perf_counter() - began < SECONDS
    return checks


UNREAD: dict[str, tuple[Behaviour, str]] = {
    "not found": (serves(answer(404, {"error": {"code": "not_found", "message": "No."}})), "got 404"),
    "moved": (serves(answer(302, {}, ("Location", "/openapi.yaml"))), "got 302"),
    "broken server": (serves(answer(500, {})), "got 500"),
    "empty": (serves_text(""), "gave no JSON but something else"),
    "yaml": (serves_text("openapi: 3.0.3\ninfo:\n  title: A\npaths: {}\n"), "gave no JSON but YAML"),
    "html": (serves_text("<!doctype html>"), "gave no JSON but something else"),
    "an array": (serves_text("[]"), "gave JSON that is no object"),
    "null": (serves_text("null"), "gave JSON that is no object"),
    "no version": (serves_text("{}"), "declares no version of OpenAPI but None"),
    "a number as version": (serves_text('{"openapi": 3.0}'), "declares no version of OpenAPI but 3.0"),
    "swagger 2.0": (serves_text('{"swagger": "2.0", "paths": {}}'), "declares Swagger 2.0, not OpenAPI 3.0"),
    "4.0": (serves_text('{"openapi": "4.0.0"}'), "declares OpenAPI 4.0.0, not OpenAPI 3.0"),
    "endless nesting": (serves_text('{"openapi":"3.0.3","a":' + "[" * 100_000 + "]" * 100_000 + "}"), "gave no JSON"),
}


@pytest.mark.parametrize("name", UNREAD)
def test_what_is_no_openapi_3_fails_once_and_blocks_the_rest(name: str) -> None:
    """SPC-01 says what is served; no other rule accuses anybody of anything."""
    behaviour, told = UNREAD[name]
    checks = judged(behaviour, DECLARED)
    first = next(check for check in checks if check.rule == "SPC-01")
    rest = {check.verdict for check in checks if check.rule != "SPC-01"}
    assert (first.verdict, told in first.message, rest) == (Verdict.FAIL, True, {Verdict.BLOCKED})


def test_a_spec_beyond_the_limit_of_a_body_blocks_every_rule() -> None:
    """What is over 16 MiB is not read to its end, and its size is told."""
    checks = judged(serves_text('{"openapi": "3.0.3", "x-padding": "' + "." * 50_000_000 + '"}'), DECLARED)
    assert {check.verdict for check in checks} == {Verdict.BLOCKED}
    assert "the body went over 16777216 octets" in checks[0].message


def test_openapi_3_1_is_read_but_for_its_schemas() -> None:
    """What it describes is judged; the rules on schemas are blocked, and say why."""
    checks = judged(publishes(lambda document: document.update(openapi="3.1.0")), DECLARED)
    verdicts = {(check.rule, check.verdict) for check in checks}
    assert {rule for rule, verdict in verdicts if verdict is Verdict.BLOCKED} == {
        "SPC-02",
        "SPC-06",
        "SPC-08",
        "SPC-16",
    }
    assert {rule for rule, verdict in verdicts if verdict is Verdict.FAIL} == {"SPC-01"}


def test_a_spec_with_a_key_only_is_read_with_the_key() -> None:
    """AUT-05 alone judges that it was refused without."""

    async def door(request: Request, honest: Handler) -> Response:
        refused = request.path == "/v1/openapi.json" and request.header("authorization") is None
        return answer(401, {"error": {"code": "authentication_required"}}) if refused else await honest(request)

    assert {check.verdict for check in judged(replace(HONEST, door=door), {"SPC-01", "SPC-07"})} == {Verdict.PASS}


def nested_deeply(document: Document) -> None:
    """Nest schemas 500 levels deep."""
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(500):
        schema = {"type": "array", "items": schema}
    schemas(document)["Deep"] = schema


def made_of_itself(document: Document) -> None:
    """Make the observation of itself."""
    schemas(document)["Observation"] = {"allOf": [{"$ref": "#/components/schemas/Observation"}, {"type": "object"}]}


def made_of_each_other(document: Document) -> None:
    """Make the observation of more schemas than can be counted."""
    for level in range(60):
        parts = [{"$ref": f"#/components/schemas/Level{level + 1}"}] * 2
        schemas(document)[f"Level{level}"] = {"allOf": parts}
    schemas(document)["Level60"] = schemas(document)["Observation"]
    schemas(document)["Observation"] = {"allOf": [{"$ref": "#/components/schemas/Level0"}]}


def in_a_long_row(document: Document) -> None:
    """Let schemas refer to each other in a row of thousands."""
    for number in range(5_000):
        schemas(document)[f"Row{number}"] = {"allOf": [{"$ref": f"#/components/schemas/Row{number + 1}"}]}
    schemas(document)["Row5000"] = schemas(document)["Observation"]
    schemas(document)["Observation"] = {"$ref": "#/components/schemas/Row0"}


def a_circle_of_references(document: Document) -> None:
    """Let the response of the list refer to itself."""
    responses = document["components"]["responses"]
    responses["Ring"] = {"$ref": "#/components/responses/Ring"}
    operation(document, "GET", "/observations")["responses"]["200"] = {"$ref": "#/components/responses/Ring"}


def references_to_secrets(document: Document) -> None:
    """Refer to a file, to another host, and to where nobody is."""
    own = properties(document, "Observation")
    own["observation"] = {"$ref": "file:///etc/passwd"}
    own["impact"] = {"$ref": "http://127.0.0.1:9/impact.json#/Impact"}
    document["paths"]["/employees"] = {"$ref": "../employees.json"}


def a_catastrophic_pattern(document: Document) -> None:
    """Bound the observation by a pattern on which many engines spend years."""
    for name in ("Observation", "ObservationCreate", "ObservationUpdate"):
        properties(document, name)["observation"]["pattern"] = r"^(([^<>]+)+)+$"


def no_pattern(document: Document) -> None:
    """Bound the observation by what is no pattern."""
    properties(document, "ObservationCreate")["observation"]["pattern"] = "("


def everything_of_another_type(document: Document) -> None:
    """Replace objects by arrays, numbers and nulls."""
    document["components"]["schemas"]["Observation"] = [1]
    document["components"]["securitySchemes"] = None
    document["servers"] = "https://api.performanceblocks.com/v1"
    document["paths"]["/employees"] = 7
    document["paths"]["/summaries"]["get"] = {"parameters": {"limit": 1}, "responses": [], "tags": "a", "security": 1}
    operation(document, "POST", "/observations")["requestBody"] = {"content": {"application/json": "schema"}}


def nothing_at_all(document: Document) -> None:
    """Leave only the version."""
    for name in [name for name in document if name != "openapi"]:
        del document[name]


def odd_names(document: Document) -> None:
    """Name schemas and paths with everything that has a meaning somewhere."""
    odd = "~1/%2F #[]{}\\\"'\u2028"
    document["components"]["schemas"][odd] = {"$ref": f"#/components/schemas/{odd}"}
    document["paths"][f"/{odd}"] = {"get": {"operationId": odd, "responses": {"200": {"description": odd}}}}
    properties(document, "Observation")["$ref"] = {"type": "string"}
    properties(document, "Observation")["enum"] = {"$ref": "#/components/schemas/Attribute"}


HOSTILE: tuple[tuple[Callable[[Document], None], set[str]], ...] = (
    (nested_deeply, set()),
    (made_of_itself, {"SPC-04", "SPC-07"}),
    (made_of_each_other, set()),
    (in_a_long_row, set()),
    (a_circle_of_references, {"SPC-02", "SPC-04"}),
    (references_to_secrets, {"SPC-02", "SPC-03"}),
    (a_catastrophic_pattern, set()),
    (no_pattern, set()),
    (
        everything_of_another_type,
        {"SPC-02", "SPC-03", "SPC-04", "SPC-06", "SPC-07", "SPC-09", "SPC-13", "SPC-14"},
    ),
    (nothing_at_all, {"SPC-02", "SPC-03", "SPC-07", "SPC-09", "SPC-14"}),
    (odd_names, {"SPC-02", "SPC-04", "SPC-13"}),
)


@pytest.mark.parametrize(("change", "expected"), HOSTILE, ids=[change.__name__ for change, _ in HOSTILE])
def test_a_hostile_spec_breaks_the_rules_that_it_breaks(change: Callable[[Any], None], expected: set[str]) -> None:
    """And no others; the suite itself never breaks."""
    checks = judged(publishes(change), DECLARED)
    assert [check.traceback for check in checks if check.verdict is Verdict.ERROR] == []
    assert {check.rule for check in checks if check.verdict in {Verdict.FAIL, Verdict.WARN}} == expected


def test_the_rest_of_the_suite_goes_on_beside_a_hostile_spec() -> None:
    """What is built from the spec elsewhere is undecided at worst."""

    def change(document: Document) -> None:
        for way in (made_of_itself, a_catastrophic_pattern_everywhere):
            way(document)

    checks = judged(publishes(change), {"IDM-11", "RES-01", "SRT-06", "OBC-01"})
    assert {check.verdict for check in checks} <= {Verdict.PASS, Verdict.NOT_JUDGED, Verdict.NOT_APPLICABLE}


def a_catastrophic_pattern_everywhere(document: Document) -> None:
    """Bound every text of every create by a pattern that no text matches, after years."""
    for name, schema in schemas(document).items():
        if name.endswith("Create"):
            texts = [one for one in schema["properties"].values() if one.get("type") == "string" and "enum" not in one]
            for one in texts:
                one["pattern"] = r"^(([a-z. ]+)+)+\d$"


def test_a_spec_is_shown_by_its_own_words() -> None:
    """What breaks SPC-02 is told with a pointer that leads there."""
    checks = judged(publishes(references_to_secrets), {"SPC-02"})
    told = json.dumps([check.observed for check in checks])
    assert "/components/schemas/Observation/properties/observation: $ref 'file:///etc/passwd' leads out" in told
