"""How the answer to a filtered list is held against what is known.

It is judged by every item served (each matches, once a page) and by the rows that are known to be there (all that
match are served). Because lists may lag and pages may shift under writers, an answer that breaks a rule is asked
for again until it doesn't, or the time that lists may take is over.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from conformance.contract.observation import FIELD
from conformance.errors import Missing, Refused
from conformance.judging.expect import expect_status
from conformance.judging.verdicts import Blocked, Violation
from conformance.target.planting import planted
from conformance.target.plants import PLANTS, newest_first
from scenarios._creates import comparable
from scenarios._filtering import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from conformance.target.plants import Planting
    from conformance.target.reading import Resource, Walk
    from conformance.target.target import Target

SHOWN = 5
"""So many items are shown of each kind of breach."""


@dataclass(frozen=True, slots=True)
class Judge:
    """What an answer is held against: which items may be served, which known rows must be, and how often.

    `wrong` says what is wrong with an item, given the row that it is known as or itself; "" where nothing is. `alike`
    is which fields of a known row have to be served as they are.
    """

    wrong: Callable[[Question, Resource], str]
    must: Callable[[Question, Resource], bool]
    once: bool = False
    alike: frozenset[str] = frozenset()


def _matches(question: Question, row: Resource) -> str:
    return "does not match" if question.keeps(row) is False else ""


def _in_state(question: Question, row: Resource) -> str:
    if question.right_state(row):
        return ""
    return "is archived" if row.get("archived_at") is not None else "is not archived"


def _anything(_question: Question, _row: Resource) -> str:
    return ""


def _nothing(_question: Question, _row: Resource) -> bool:
    return False


FILTER = Judge(_matches, Question.expects, once=True)
"""The filter: what matches and nothing else; in which state, filter[archived] has rules of its own for."""
ONLY_MATCHES = Judge(_matches, _nothing)
"""Nothing that does not match."""
ONLY_STATE = Judge(_in_state, _nothing)
"""Nothing in another state than the one asked for."""
STATE = Judge(_in_state, Question.expects)
"""What matches in the state asked for, and nothing in another."""
ALL_MATCHES = Judge(_anything, Question.expects)
"""What matches, whatever comes with it."""


AS_MADE = Judge(_anything, _nothing, alike=frozenset(FIELD) - {"id", "created_at", "updated_at", "archived_at"})
"""Known rows as they were made: a list may follow late, and a change of state is another matter."""


async def answer(target: Target, question: Question) -> Walk:
    """Ask a question once a run. Raises `Refused` where it is not answered with a page."""
    return await target.once(f"list {urlencode(question.sent)}", lambda: _fresh(target, question))


async def _fresh(target: Target, question: Question) -> Walk:
    planting = await planted(target)
    wanted = [row["id"] for row in planting.rows if question.expects(row)]
    return await newest_first(target, planting, question.sent, wanted)


async def judge(target: Target, question: Question, by: Judge = FILTER) -> str:
    """Hold the answer to a question against `by`; return what that rests on, raise `Violation` where it is broken."""
    planting = await planted(target)
    seen: list[Walk] = []
    breaches: list[Violation] = []

    async def holds() -> bool:
        seen.append(await _fresh(target, question) if seen else await answer(target, question))
        breaches[:] = _breaches(planting, question, (seen[-1], by))
        return not breaches

    try:
        await holds() or await target.eventually(holds)
    except Refused as refused:
        raise _refusal(refused) from None
    if breaches:
        raise breaches[0]
    return _sentence(planting, question, seen[-1])


async def require_sound(target: Target, *questions: Question) -> None:
    """Block unless each of `questions` is answered as it must be: what is put together from them shows nothing then."""
    for question in questions:
        try:
            await target.once(f"judge {urlencode(question.sent)}", partial(judge, target, question))
        except Violation as breach:
            raise Blocked(f"{question.name} alone is not heeded as documented: {breach.message}") from None


def _refusal(refused: Refused) -> Exception:
    """Tell a documented filter that is refused, which breaks its rule, from an answer that can't be read."""
    if refused.exchange is not None:
        try:
            expect_status(refused.exchange, 200)
        except Violation as breach:
            return breach
    return refused


def both_sides(planting: Planting, question: Question) -> None:
    """Raise `Missing` unless some known row must be served and some other must not, by the filter itself."""
    inside = any(question.expects(row) for row in planting.rows)
    outside = any(question.keeps(row) is False and question.right_state(row) for row in planting.rows)
    if not (inside and outside):
        raise Missing(f"observations that {question.name} keeps, and others that it leaves out", hint=PLANTS)


def _breaches(planting: Planting, question: Question, judged: tuple[Walk, Judge]) -> list[Violation]:
    walk, by = judged
    known = planting.by_id
    intruders = [(item, wrong) for item in walk.items if (wrong := by.wrong(question, _known(known, item)))]
    served = set(walk.ids)
    absent = [row for row in planting.rows if by.must(question, row) and row["id"] not in served]
    found = [_intrusion(question, walk, intruders)] if intruders else []
    unlike = [other for item in walk.items if by.alike and (other := _unlike(known, item, by.alike))]
    found += [_infidelity(question, walk, unlike)] if unlike else []
    found += [_repetition(question, walk, twice)] if by.once and (twice := _repeated(walk)) else []
    if absent and not walk.ended:
        raise Blocked(f"the list of {question.name} did not end within {len(walk.pages)} pages")
    return found + ([_absence(question, walk, absent)] if absent else [])


def _known(known: dict[str, Resource], item: Resource) -> Resource:
    """Judge what we know by what we know of it, and everything else by how it is served."""
    identifier = item.get("id")
    return known.get(identifier, item) if isinstance(identifier, str) else item


def _unlike(known: dict[str, Resource], item: Resource, fields: Iterable[str]) -> Resource:
    """Give of an item that is known what is served otherwise, and its id; nothing where all is as it was made."""
    row = _known(known, item)
    one, other = comparable(item), comparable(row)
    wrong = {name: item[name] for name in sorted(fields) if name in row and one.get(name) != other.get(name)}
    return {"id": item.get("id"), **wrong} if wrong else {}


def _repeated(walk: Walk) -> list[str]:
    """Find ids that one page holds twice: across pages writers may have shifted them."""
    return [one for page in walk.pages for one, times in Counter(map(str, page.ids)).items() if times > 1]


def _intrusion(question: Question, walk: Walk, intruders: Sequence[tuple[Resource, str]]) -> Violation:
    item, wrong = intruders[0]
    return Violation(
        f"{question.name} serves {item.get('id')}, which {wrong} ({len(intruders)} of {len(walk.items)} items)",
        expected="only items that match every filter, in the state asked for",
        observed=_brief(item for item, _ in intruders),
        exchanges=_numbers(walk),
    )


def _infidelity(question: Question, walk: Walk, unlike: Sequence[Resource]) -> Violation:
    fields = ", ".join(sorted({name for wrong in unlike for name in wrong} - {"id"}))
    return Violation(
        f"{question.name} serves {unlike[0]['id']} with another {fields} than it was made with",
        expected="every observation as it is by id",
        observed=list(unlike[:SHOWN]),
        exchanges=_numbers(walk),
    )


def _repetition(question: Question, walk: Walk, twice: Sequence[str]) -> Violation:
    return Violation(
        f"{question.name} serves {twice[0]} twice on one page",
        expected="every item once",
        observed=twice[:SHOWN],
        exchanges=_numbers(walk),
    )


def _absence(question: Question, walk: Walk, absent: Sequence[Resource]) -> Violation:
    return Violation(
        f"{question.name} leaves out {absent[0]['id']}, which matches ({len(absent)} such)",
        expected=f"these among the {len(walk.items)} items served",
        observed=_brief(absent),
        exchanges=_numbers(walk),
    )


def _numbers(walk: Walk) -> list[int]:
    return [page.exchange.number for page in walk.pages]


def _brief(items: Iterable[Resource]) -> list[Resource]:
    shown = ("id", "employee_id", "type", "attribute_ids", "observation_date", "created_at", "archived_at")
    return [{name: item.get(name) for name in shown} for item in items][:SHOWN]


def _sentence(planting: Planting, question: Question, walk: Walk) -> str:
    inside = sum(question.expects(row) for row in planting.rows)
    outside = len(planting.rows) - inside
    return (
        f"{inside} known observations in, {outside} out, all {len(walk.items)} items served as asked ({question.name})"
    )


async def judge_both_sides(target: Target, question: Question, by: Judge = FILTER) -> str:
    """Judge a filter where known rows lie on both sides of it."""
    both_sides(await planted(target), question)
    return await judge(target, question, by)


def some_match(planting: Planting, question: Question) -> None:
    """Raise `Missing` unless some known row must be served."""
    if not any(question.expects(row) for row in planting.rows):
        raise Missing(f"an observation that {question.name} keeps", hint=PLANTS)
