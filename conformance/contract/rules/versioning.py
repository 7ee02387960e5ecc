"""Rules on versions, deprecation and additions."""

from __future__ import annotations

from conformance.contract.model import Level, Rule, overview

VERSIONING = overview("Versioning")

RULES: tuple[Rule, ...] = (
    Rule(
        id="VER-01",
        level=Level.SHOULD,
        title="An operation that the spec marks deprecated answers with a Deprecation header.",
        sources=(VERSIONING,),
        why="",
        how="",
    ),
    Rule(
        id="VER-02",
        level=Level.SHOULD,
        title=(
            "Deprecation and Sunset headers, where present, are well formed (RFC 9745 date or its earlier "
            "drafts; RFC 8594 HTTP-date)."
        ),
        sources=(VERSIONING,),
        passive=True,
        why="",
        how="",
    ),
    Rule(
        id="VER-03",
        level=Level.NOTE,
        title="What a path without the version segment gets.",
        sources=(VERSIONING,),
        why="",
        how="",
    ),
    Rule(
        id="VER-04",
        level=Level.MUST,
        title=(
            "Fields, parameters or endpoints that the documents don't name never count against a target (a "
            "rule for the suite itself: no check may fail on additions)."
        ),
        sources=(VERSIONING,),
        passive=True,
        why="",
        how="",
    ),
)
