"""Rules on resources and their paths."""

from __future__ import annotations

from conformance.contract.model import Level, Need, Rule, overview

A_MINIMAL_FIRST_REQUEST = overview("A minimal first request")
EXPANDING_RELATIONSHIPS = overview("Expanding relationships")
RESOURCE_LIST = overview("Resource list")
REST_PRINCIPLES = overview("REST principles")

RULES: tuple[Rule, ...] = (
    Rule(
        id="RES-01",
        level=Level.MUST,
        title="Each of the 14 documented resources MUST answer GET at its documented path.",
        sources=(RESOURCE_LIST,),
        each=True,
        why=(
            "Every integration starts from these paths; a 404 or 405 there leaves a whole part of the "
            "product out of reach."
        ),
        how=(
            "A GET without parameters: 200 with JSON is expected, 400 where the resource wants a query "
            "(search), and 403 where the key lacks the scope, which is not judged. A 404, 405 or any other "
            "status breaks the rule."
        ),
    ),
    Rule(
        id="RES-02",
        level=Level.SHOULD,
        title="An unknown path below the base URL SHOULD get 404 not_found in the error envelope.",
        sources=(REST_PRINCIPLES,),
        why=(
            "A client's error handler reads error.code; a bare web server page makes a typing mistake look "
            "like an outage."
        ),
        how=(
            "A GET of made-up paths, at the top and further down, with a valid key, beside an accepted GET of "
            "a documented one."
        ),
    ),
    Rule(
        id="RES-03",
        level=Level.MUST,
        title=(
            "An item of a collection MUST be readable at the collection's path followed by its id, and MUST "
            "carry that same id."
        ),
        sources=(REST_PRINCIPLES,),
        each=True,
        why=(
            "Clients store ids and read the item back by them; without that, nothing that a list shows can "
            "be followed up."
        ),
        how=(
            "An item of each collection's first page is read by its id, bare or inside data; collections that "
            "are empty are not judged. What search finds are items of other collections."
        ),
    ),
    Rule(
        id="RES-04",
        level=Level.SHOULD,
        title=(
            "A method that the documents don't give a resource SHOULD be refused with a 4xx and SHOULD change nothing."
        ),
        sources=(REST_PRINCIPLES,),
        needs=frozenset({Need.WRITE}),
        why=(
            "A client library that sends PUT or DELETE by mistake should be told so, rather than lose data "
            "by an undocumented path."
        ),
        how=(
            "PUT and DELETE on an observation that the run created, and GET of its archive action: it must "
            "then read back unchanged. A 2xx whose request had no effect breaks the rule too. A method that "
            "the published spec declares is an addition and not judged."
        ),
    ),
    Rule(
        id="RES-05",
        level=Level.NOTE,
        title=(
            "The run records whether a single resource comes bare or inside a data member, and whether all "
            "resources do alike."
        ),
        sources=(EXPANDING_RELATIONSHIPS, A_MINIMAL_FIRST_REQUEST),
        each=True,
        why=(
            "The documents show both shapes; a client has to know which one to unwrap, and wants one answer "
            "for all resources."
        ),
        how=(
            "One item of each collection is read by id, and the session. Every other check reads either shape, "
            "so neither choice costs anything."
        ),
    ),
)
