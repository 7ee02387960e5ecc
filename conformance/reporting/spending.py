"""What a run spent by family: requests, and how long the target took to answer them."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.reporting.json_report import Report


@dataclass(frozen=True, slots=True)
class Spent:
    """A family's share of the requests, and the median and 95th percentile of its answers in milliseconds."""

    family: str
    title: str
    requests: float
    share: float
    median: int | None
    slow: int | None


def spending(report: Report) -> tuple[Spent, ...]:
    """Return what each family cost, the dearest first; () for a report that does not tell."""
    spent = report["run"].get("requests_by_family") or {}
    titles = {family["id"]: family["title"] for family in report["families"]}
    seconds = _seconds(report)
    most = max(spent.values(), default=0) or 1
    rows = [
        _row(name, titles.get(name, name), (requests, requests / most), seconds.get(name, []))
        for name, requests in spent.items()
    ]
    return tuple(sorted(rows, key=lambda row: -row.requests))


def _row(name: str, title: str, cost: tuple[float, float], seconds: list[float]) -> Spent:
    requests, share = cost
    slow = quantiles(seconds, n=20)[-1] if len(seconds) > 1 else None
    return Spent(
        name,
        title,
        requests,
        round(share, 3),
        round(median(seconds) * 1000) if seconds else None,
        round(slow * 1000) if slow is not None else None,
    )


def _seconds(report: Report) -> dict[str, list[float]]:
    """Collect how long the answers took that a family's checks cite, each once."""
    took = {one["number"]: one["attempts"][-1]["seconds"] for one in report["exchanges"] if one["attempts"]}
    found: dict[str, dict[int, float]] = {}
    for rule in report["rules"]:
        cited = {number: took[number] for check in rule["checks"] for number in check["exchanges"] if number in took}
        found.setdefault(rule["family"], {}).update(cited)
    return {family: list(by_number.values()) for family, by_number in found.items()}
