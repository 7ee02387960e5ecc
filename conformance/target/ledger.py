"""The ledger: Idempotency-Keys that one run uses, for a later run to use again. A line of JSON for each.

It is written whole or not at all, and holds no API key, only the id of the one that was used.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.contract.headers import IDEMPOTENCY_HOURS
from conformance.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from conformance.target.made.intents import Owner

REMEMBERED = timedelta(hours=IDEMPOTENCY_HOURS)
SPARE = timedelta(minutes=1)
"""Kept away from 24 hours, before and after: answers take time, and clocks may tell whole seconds."""
JUST_BEFORE = timedelta(hours=1)
"""A key is used again no earlier than so long before 24 hours are over."""
BEFORE, AFTER = "IDM-06", "IDM-07"
"""The rules that keys are kept for: they are used again just before 24 hours are over, or at any time afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A create of an earlier run, to be sent again for a rule; `made` is the id that it gave.

    `at` is when it was, by the target's clock; `organization` and `api_key` are ids, as the session tells them.
    """

    rule: str
    base_url: str
    organization: str
    api_key: str
    run: str
    at: datetime
    key: str
    body: Mapping[str, Any]
    made: str

    @property
    def opens(self) -> datetime:
        """From when on it can be judged, by the target's clock."""
        return self.at + (REMEMBERED - JUST_BEFORE if self.rule == BEFORE else REMEMBERED + SPARE)

    @property
    def closes(self) -> datetime | None:
        """Until when it can be judged, by the target's clock; None for ever."""
        return self.at + REMEMBERED - SPARE if self.rule == BEFORE else None

    def is_due(self, now: datetime) -> bool:
        """Tell whether it can be judged now."""
        return self.opens <= now and not self.is_late(now)

    def is_late(self, now: datetime) -> bool:
        """Tell whether it can't be judged any more."""
        return self.closes is not None and now > self.closes

    def is_of(self, base_url: str, owner: Owner) -> bool:
        """Tell whether it was made at this target with this API key."""
        return (self.base_url, self.organization, self.api_key) == (base_url, owner.organization, owner.api_key)


class Ledger:
    """The entries in a file, which need not be there yet."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def entries(self) -> Sequence[Entry]:
        """Read them all; raise `UsageProblem` where the file can't be read, or is no ledger."""
        try:
            lines = self.file.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise self._no_ledger(error.strerror or str(error)) from None
        except UnicodeDecodeError:
            raise self._no_ledger("it is no text in UTF-8") from None
        return tuple(self._entry(number, line) for number, line in enumerate(lines, start=1) if line.strip())

    def change(self, *, take: Collection[Entry] = (), put: Collection[Entry] = ()) -> None:
        """Take entries out and put others in, whatever else stands there by now."""
        kept = [one for one in self.entries() if one not in take]
        text = "".join(json.dumps(asdict(one) | {"at": one.at.isoformat()}) + "\n" for one in (*kept, *put))
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self._write(text)
        except OSError as error:
            problem = f"The ledger {self.file} can't be written: {error.strerror or error}."
            raise UsageProblem(problem, hint="Give another --ledger.") from None

    def _write(self, text: str) -> None:
        """Write beside the file, and put that into its place."""
        handle, name = tempfile.mkstemp(dir=self.file.parent, prefix=f".{self.file.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as whole:
                whole.write(text)
            Path(name).replace(self.file)
        finally:
            Path(name).unlink(missing_ok=True)

    def _entry(self, number: int, line: str) -> Entry:
        try:
            told = json.loads(line)
            entry = Entry(**{**told, "at": datetime.fromisoformat(told["at"])})
        except (ValueError, TypeError, KeyError, RecursionError):
            raise self._no_ledger(f"line {number} is no entry") from None
        texts = (entry.base_url, entry.organization, entry.api_key, entry.run, entry.key, entry.made)
        written = isinstance(entry.body, dict) and isinstance(entry.body.get("observation"), str)
        known = entry.rule in {BEFORE, AFTER} and entry.at.tzinfo is not None
        if not (written and known) or not all(isinstance(text, str) for text in texts):
            raise self._no_ledger(f"line {number} is no entry")
        return entry

    def _no_ledger(self, why: str) -> UsageProblem:
        hint = "Mend it, or move it away; it was left as it is."
        return UsageProblem(f"The ledger {self.file} can't be read: {why}.", hint=hint)
