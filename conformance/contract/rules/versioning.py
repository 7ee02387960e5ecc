"""Rules on versions, deprecation and additions."""

from __future__ import annotations

from conformance.contract.model import Level, Rule, overview

VERSIONING = overview("Versioning")

RULES: tuple[Rule, ...] = (
    Rule(
        id="VER-01",
        level=Level.SHOULD,
        title=("An operation that the published spec marks as deprecated SHOULD answer with a Deprecation header."),
        sources=(VERSIONING,),
        why=(
            "A client's monitoring looks for the header to learn of a removal while there is time; a mark in "
            "the spec alone is seen only by those who read the spec again."
        ),
        how=(
            "Each deprecated GET of the spec is asked, with an id from its collection and whatever its query "
            "has to have; of those that are served, each says so. Where the spec deprecates nothing the rule "
            "is not applicable."
        ),
    ),
    Rule(
        id="VER-02",
        level=Level.SHOULD,
        title="Deprecation and Sunset headers, where present, SHOULD be well formed.",
        sources=(VERSIONING,),
        passive=True,
        why="A client that parses the date to plan its migration gets an exception instead of a deadline.",
        how=(
            "Every response of the run: Deprecation may be an RFC 9745 date (@ and epoch seconds) or a form "
            "of its drafts (true, an HTTP-date), Sunset an RFC 8594 HTTP-date."
        ),
    ),
    Rule(
        id="VER-03",
        level=Level.NOTE,
        title="The run records what a path without the version segment gets.",
        sources=(VERSIONING,),
        why=(
            "Clients are told never to drop the segment; whether a slip is refused or quietly served by some "
            "version is worth knowing."
        ),
        how=(
            "A read of /observations below the base URL without its version segment, on the same host and with "
            "the key; only its status is recorded."
        ),
    ),
    Rule(
        id="VER-04",
        level=Level.MUST,
        title="Fields, parameters and endpoints beyond the documented ones MUST NOT count against a target.",
        sources=(VERSIONING,),
        passive=True,
        why=(
            "An API may grow without a new version, so a suite or a client that fails on additions would "
            "accuse every honest release."
        ),
        how=(
            "A rule for the suite itself: members and headers that no document names are added to copies of "
            "the run's exchanges, and every passive check that found nothing without them has to find nothing "
            "with them. Checks against the target's own spec are left out, as an addition belongs into that. "
            "What the target itself adds is counted. A breach is an error of the suite, not of the target."
        ),
    ),
)
