"""The catalogue is whole, its ids stay, and each rule says what a reader needs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from conformance.contract import errors, events
from conformance.contract.model import Level, Need, Rule, observations, overview
from conformance.contract.rules import FAMILIES, RULES, UnknownRule, rule, select

IDS = Path(__file__).with_name("rule_ids.txt").read_text(encoding="utf-8").split()

OVERVIEW_SECTIONS = frozenset(
    {
        "Plan availability",
        "What the API is for",
        "Base URL",
        "REST principles",
        "Versioning",
        "Resource list",
        "Pagination",
        "Sorting",
        "Filtering",
        "Expanding relationships",
        "Idempotency keys for POSTs",
        "Authentication",
        "Standard request headers",
        "Standard response headers",
        "OpenAPI specification",
        "Postman",
        "TypeScript clients",
        "A minimal first request",
        "Where to go next",
    }
)
OBSERVATIONS_SECTIONS = frozenset(
    {
        "Plan availability",
        "Resource shape",
        "Field reference",
        "Expand paths",
        "List observations",
        "Query parameters",
        "Example response",
        "Get an observation",
        "Create an observation",
        "Request body",
        "Validation rules",
        "Update an observation",
        "Restrictions",
        "Archive an observation",
        "Restore an observation",
        "Webhook events",
        "Common error responses",
        "Use cases",
        "Importing from another tool",
        "Capturing from a custom Slack command",
        "Generating recommended actions later",
        "Related",
    }
)
SECTIONS = frozenset(
    {overview(section) for section in OVERVIEW_SECTIONS} | {observations(section) for section in OBSERVATIONS_SECTIONS}
)

each_rule = pytest.mark.parametrize("one", RULES, ids=lambda one: one.id)


def test_ids_stay() -> None:
    """The ids, and their order, are those once published: reports, waivers and runs refer to them."""
    assert [one.id for one in RULES] == IDS


def test_ids_are_unique() -> None:
    """No two rules share an id."""
    assert len({one.id for one in RULES}) == 217


def test_levels_are_counted() -> None:
    """As many rules have each level as the ledger gives it."""
    assert Counter(one.level for one in RULES) == {Level.MUST: 155, Level.SHOULD: 47, Level.NOTE: 15}


def test_every_family_holds_its_own() -> None:
    """A family's rules all bear its prefix."""
    assert {(family.prefix, one.family) for family in FAMILIES for one in family.rules} == {
        (family.prefix, family.prefix) for family in FAMILIES
    }


def test_every_need_is_some_rules() -> None:
    """No need is listed that nothing needs."""
    assert frozenset(need for one in RULES for need in one.needs) == frozenset(Need)


@each_rule
def test_title_has_the_word_of_its_level(one: Rule) -> None:
    """A sentence is as binding as its level: of MUST and SHOULD it has that word and not the other."""
    words = {word.strip(".,:;") for word in one.title.split()} & {"MUST", "SHOULD"}
    assert words == ({one.level.value} if one.level is not Level.NOTE else set())


@pytest.mark.parametrize("one", [one for one in RULES if one.level is Level.NOTE], ids=lambda one: one.id)
def test_a_note_says_what_is_recorded(one: Rule) -> None:
    """A NOTE promises nothing about the target, only what the run will write down."""
    assert one.title.startswith("The run records ")


@each_rule
@pytest.mark.parametrize("part", ["title", "why", "how"])
def test_texts_are_sentences(one: Rule, part: str) -> None:
    """Each text begins and ends as a sentence does and has no space too many."""
    text = getattr(one, part)
    assert (text[-1], text) == (".", " ".join(text.split()))


@each_rule
def test_title_is_one_sentence(one: Rule) -> None:
    """What a rule asks is one sentence that fits on two lines of a report."""
    assert ". " not in one.title
    assert len(one.title) <= 170


def test_no_text_is_used_twice() -> None:
    """Two rules that read alike would be one rule."""
    assert [title for title, times in Counter(one.title for one in RULES).items() if times > 1] == []


@each_rule
def test_sources_are_real_sections(one: Rule) -> None:
    """Each rule cites sections that the two documents have, at least one and none twice."""
    assert set(one.sources) - SECTIONS == set()
    assert len(one.sources) == len(set(one.sources)) > 0


def test_a_rule_is_found_in_any_case() -> None:
    """An id may be typed in lower case and with spaces around it."""
    assert rule(" pag-11 ").id == "PAG-11"


def test_an_unknown_id_names_close_ones() -> None:
    """A mistyped id leads to the right one."""
    with pytest.raises(UnknownRule) as raised:
        rule("PGA-11")
    assert "PAG-11" in raised.value.matches
    assert "PAG-11" in raised.value.hint


def test_a_family_is_no_rule() -> None:
    """A family's name in the place of an id is answered with ids of that family."""
    with pytest.raises(UnknownRule, match="family and no rule") as raised:
        rule("PAG")
    assert raised.value.matches == ("PAG-01", "PAG-02", "PAG-03")


def test_nothing_like_it_lists_the_families() -> None:
    """A name that resembles none is answered with the names of all families."""
    with pytest.raises(UnknownRule) as raised:
        rule("?")
    assert "TRN, VER, RES" in raised.value.hint


@pytest.mark.parametrize("expression", ["PAG-04,RTL", "rtl, pag-04", "rate_limits,PAG-04,PAG-04,RTL-01,"])
def test_a_selection_is_in_catalogue_order(expression: str) -> None:
    """Ids, prefixes and nouns may be mixed and repeated; what they name comes once and in order."""
    assert [one.id for one in select(expression)] == ["PAG-04", "RTL-01", "RTL-02", "RTL-03"]


@pytest.mark.parametrize(("expression", "name"), [("PAG-04,PAGG", "PAGG"), ("ARC-99", "ARC-99"), (" , ", " , ")])
def test_a_selection_of_nothing_is_refused(expression: str, name: str) -> None:
    """A name that names nothing never selects quietly less than was meant, and an empty list never all."""
    with pytest.raises(UnknownRule) as raised:
        select(expression)
    assert raised.value.name == name


def test_the_error_table_names_known_rules() -> None:
    """Each line of the error table is provoked under rules of the catalogue."""
    named = {rule_id for kind in errors.ERRORS for rule_id in kind.rules}
    assert named - set(IDS) == set()


def test_events_name_known_rules() -> None:
    """Each event is judged under a rule of the catalogue."""
    assert {event.rule for event in events.EVENTS} - set(IDS) == set()
