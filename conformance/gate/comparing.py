"""Two reports side by side, check by check: what regressed, what was fixed, what is new, whose behaviour changed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from conformance.judging.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Report = Mapping[str, Any]
    Check = Mapping[str, Any]
    Key = tuple[str, str, str]
    """Rule, name and finding ("" for most)."""
    Checks = Mapping[Key, Check]

HOLDS = frozenset({Verdict.PASS, Verdict.NOTED})
BROKEN = frozenset({Verdict.FAIL, Verdict.WARN})
_GONE = {"verdict": Verdict.PASS, "message": "It was not found any more.", "value": None}
UNSETTLED = frozenset({Verdict.BLOCKED, Verdict.ERROR})


@dataclass(frozen=True, slots=True)
class Change:
    """One check of which the two reports say different things; a verdict is "" where a report lacks the check.

    `kind` is one of KINDS. `before` and `after` are the verdicts, `was` and `now` what was said.
    """

    kind: str
    rule: str
    check: str
    subject: str
    before: str
    after: str
    was: str
    now: str


KINDS: Mapping[str, str] = {
    "regressed": "held before, and is broken, blocked or in error now; or a warning became a failure",
    "new": "broken now, and not judged before",
    "other": "broken before and now, in another way",
    "fixed": "was broken, and holds now",
    "behaviour": "does something else where the documents are silent",
    "lost": "was judged before, and is not any more",
}
"""The kinds of change, the worst first. Only `regressed` fails a gate."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes between two reports, the worst first; `still` counts the checks that are broken as before."""

    before: str
    after: str
    changes: tuple[Change, ...]
    still: int

    def of(self, kind: str) -> tuple[Change, ...]:
        """Return the changes of one kind."""
        return tuple(change for change in self.changes if change.kind == kind)

    @property
    def sentence(self) -> str:
        """Say in one sentence what changed."""
        counts = [f"{len(self.of(kind))} {name}" for kind, name in _NAMES.items() if self.of(kind)]
        return f"{', '.join(counts) or 'nothing changed'}; {self.still} broken as before."

    def as_json(self) -> dict[str, Any]:
        """Give plain values: the changes by kind, and what each kind means."""
        changes = {kind: [asdict(change) for change in self.of(kind)] for kind in KINDS}
        about = {"before": self.before, "after": self.after, "sentence": self.sentence, "still_broken": self.still}
        return about | {"kinds": dict(KINDS), "changes": changes}


_NAMES = {
    "regressed": "regressed",
    "new": "newly judged and broken",
    "other": "broken in another way",
    "fixed": "fixed",
    "behaviour": "behave otherwise",
    "lost": "no longer judged",
}


def compare(before: Report, after: Report) -> Comparison:
    """Compare two reports, as json_report reads them, check by check: by rule, scenario and subject."""
    old, new = _checks(before), _checks(after)
    found = [change for key, was, now in _pairs(old, new) if (change := _change(key, was, now))]
    order = list(KINDS)
    still = sum(
        key in old and _verdict(old[key]) in BROKEN and _signature(old[key]) == _signature(check)
        for key, check in new.items()
        if _verdict(check) in BROKEN
    )
    changes = tuple(sorted(found, key=lambda change: (order.index(change.kind), change.rule)))
    return Comparison(_named(before), _named(after), changes, still)


def _named(report: Report) -> str:
    return f"{report['target']['base_url']}, {report['run']['started']}, run {report['run']['id']}"


def _checks(report: Report) -> Checks:
    """Return the checks by rule, name and finding."""
    checks = ((rule["id"], check) for rule in report["rules"] for check in rule["checks"])
    return {(rule, name_of(check["item"]), check.get("finding", "")): check for rule, check in checks}


def _pairs(old: Checks, new: Checks) -> Iterator[tuple[Key, Check | None, Check | None]]:
    """Pair what the two reports say of each check; a finding meets the item as a whole where that found nothing."""
    several = {key[:2] for key in (*old, *new) if key[2]}
    asked = {key[:2] for key in new}
    for key in dict.fromkeys((*new, *old)):
        whole = (*key[:2], "")
        if key[2] or key[:2] not in several:
            gone = _GONE if key in old and key[:2] in asked else None
            yield key, old.get(key) or old.get(whole), new.get(key) or new.get(whole) or gone


def name_of(item: str, finding: str = "") -> str:
    """Name a check by its item, without the path of the package, which is another where that is installed."""
    file, *rest = item.split("::", 1)
    return " ".join(filter(None, ("::".join((file.rpartition("/")[2], *rest)), finding)))


def _verdict(check: Check | None) -> Verdict | None:
    return Verdict(check["verdict"]) if check else None


def _signature(check: Check) -> str:
    return str(check.get("signature") or check["message"])


def _change(key: Key, old: Check | None, new: Check | None) -> Change | None:
    kind = _kind(old, new)
    if kind is None:
        return None
    told = new or old or {}
    return Change(
        kind=kind,
        rule=key[0],
        check=name_of(*key[1:]),
        subject=str(told.get("subject") or ""),
        before=old["verdict"] if old else "",
        after=new["verdict"] if new else "",
        was=old["message"] if old else "",
        now=new["message"] if new else "",
    )


def _kind(old: Check | None, new: Check | None) -> str | None:
    before, after = _verdict(old), _verdict(new)
    held, broke = before in HOLDS, after in BROKEN
    both = old is not None and new is not None
    kinds = {
        "regressed": (held and after in BROKEN | UNSETTLED) or (before is Verdict.WARN and after is Verdict.FAIL),
        "new": broke and before not in HOLDS | BROKEN,
        "other": broke and before in BROKEN and both and _signature(old or {}) != _signature(new or {}),
        "fixed": before in BROKEN and after in HOLDS,
        "behaviour": before is after is Verdict.NOTED and both and (old or {})["value"] != (new or {})["value"],
        "lost": before in HOLDS | BROKEN and after not in HOLDS | BROKEN,
    }
    return next((kind for kind, is_so in kinds.items() if is_so), None)
