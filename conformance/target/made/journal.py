"""The journal of what a run makes: on disk before a create is sent, so that a crash too leaves a trace.

One JSON object a line. The first tells of the run: its id, the base URL, whose the keys are; never a key. Then

    {"intent": 7, "path": "/observations", "at": 1760000000.0, ...}   a create is about to be sent
    {"made": "obs_1", "path": "/observations", "answers": 7}          it was answered with this
    {"answered": 7}                                                   it was refused, or its fate has been found out
    {"archived": "obs_1"}, {"removed": "obs_1"}, {"restored": "obs_1"}

Where another key than the first is needed to remove what was made, its role stands beside the path.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.target.held_file import HeldFile, entries
from conformance.target.made.intents import Intent, Owner, keeper, told
from conformance.wire.roles import KEY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class Journal:
    """The account of one run: what it intends, what it made, and what of that is still open.

    Without a file (in-process trials) it keeps the same account in memory only. The file appears with the first
    create, and is held while the run lives. `makers` are the roles whose keys remove what was, or may have been, made.
    """

    def __init__(self, file: Path | None = None, *, run: str = "", base_url: str = "") -> None:
        self.file = file
        self.run = run
        self.base_url = base_url
        self.began = time.time()
        self.owners: dict[str, Owner] = {}
        self.makers: set[str] = set()
        self._held: HeldFile | None = None
        self._intents: dict[int, Intent] = {}
        self._count = 0
        self._paths: dict[str, str] = {}
        self._open: dict[str, str] = {}
        self._keepers: dict[str, str] = {}

    @classmethod
    def reopen(cls, file: Path) -> Journal:
        """Take over the journal of a run that has died; raise `InUse` where it lives, `OSError` where there is none."""
        journal = cls(file)
        journal._held = HeldFile.reopen(file)
        journal._replay(file)
        return journal

    @classmethod
    def peek(cls, file: Path) -> Journal:
        """Read a journal without taking it over: nothing can be written to this one."""
        journal = cls()
        journal._replay(file)
        return journal

    # write -------------------------------------------------------------------------------------------------

    def belongs(self, role: str, owner: Owner) -> None:
        """Note whose the key of a role is."""
        self.owners[role] = owner
        if self._held is not None:
            self._write(owner.entry(role))

    def intend(self, intent: Intent, *, keep_body: bool) -> int:
        """Note that a create is about to be sent, its body in the file only where asked; return its number."""
        self._count += 1
        known = self._intents[self._count] = replace(intent, number=self._count)
        self.makers.add(keeper(intent.role))
        self._write((known if keep_body else replace(known, body=None)).entry())
        return self._count

    def answered(self, number: int) -> None:
        """Note that a create made nothing, or that what it made has been found out."""
        if self._intents.pop(number, None) is not None:
            self._write({"answered": number})

    def made(self, resource_id: str, path: str, role: str | None = KEY, *, answers: int | None = None) -> None:
        """Note what a create gave to a role; a replay of an earlier one is noted once."""
        if resource_id in self._paths:
            if answers is not None:
                self.answered(answers)
            return
        self._make(resource_id, path, keeper(role))
        self._intents.pop(answers or 0, None)
        answering = {} if answers is None else {"answers": answers}
        self._write({"made": resource_id, "path": path} | answering | told(keeper(role)))

    def archived(self, resource_id: str) -> None:
        """Note that nothing remains to be done for this one."""
        if self._open.pop(resource_id, None) is not None:
            self._write({"archived": resource_id})

    def removed(self, resource_id: str) -> None:
        """Note that this one is gone, or as good as gone."""
        if self._open.pop(resource_id, None) is not None:
            self._write({"removed": resource_id})

    def restored(self, resource_id: str) -> None:
        """Note that one of ours is active again, or soon will be; what others made is theirs."""
        if resource_id in self._paths and resource_id not in self._open:
            self._open[resource_id] = self._paths[resource_id]
            self._write({"restored": resource_id})

    # read --------------------------------------------------------------------------------------------------

    def keeper_of(self, resource_id: str) -> str:
        """Give the role whose key can remove it."""
        return self._keepers.get(resource_id, KEY)

    def knows(self, resource_id: str) -> bool:
        """Tell whether this run is known to have made it."""
        return resource_id in self._paths

    def known(self, role: str) -> Sequence[tuple[str, str]]:
        """Give (id, collection path) of all that was made for a role to remove, removed or not."""
        return tuple((one, path) for one, path in self._paths.items() if self._keepers[one] == role)

    def remains(self) -> Sequence[tuple[str, str]]:
        """Give (id, collection path) of all that is still to be archived."""
        return tuple(self._open.items())

    def unanswered(self) -> Sequence[Intent]:
        """Give the creates of which nobody knows yet what they made."""
        return tuple(self._intents.values())

    @property
    def count(self) -> int:
        """How much the run is known to have made, removed or not."""
        return len(self._paths)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to be found out or removed."""
        return not self._open and not self._intents

    # end ---------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Remove the file where nothing remains; keep it, for a later cleanup, where something does."""
        if self.is_settled:
            self.discard()
        else:
            self.release()

    def release(self) -> None:
        """Let go of the file and leave it as it is; does nothing once it is closed."""
        if self._held is not None:
            self._held.close()
        self._held = self.file = None

    def discard(self) -> None:
        """Remove the file whatever remains: what it tells of has ended with its target."""
        if self._held is not None:
            self._held.remove()
        self._held = self.file = None

    def _write(self, entry: Mapping[str, Any]) -> None:
        if self.file is None:
            return
        if self._held is None:
            first = {"run": self.run, "base_url": self.base_url, "began": round(self.began, 3)}
            self._held = HeldFile.create(self.file, first)
            for role, owner in self.owners.items():
                self._held.append(owner.entry(role))
        self._held.append(entry)

    # replay ------------------------------------------------------------------------------------------------

    def _replay(self, file: Path) -> None:
        for entry in entries(file):
            self._apply(entry)

    def _apply(self, entry: Mapping[str, Any]) -> None:
        match entry:
            case {"run": str(run), "base_url": str(base_url)}:
                self.run, self.base_url, self.began = run, base_url, float(entry.get("began", 0))
            case {"organization": str(organization), "role": str(role)}:
                self.owners[role] = Owner(organization, str(entry.get("api_key", "")))
            case {"intent": int(number), "path": str()}:
                self._intents[number] = intent = Intent.read(entry)
                self.makers.add(keeper(intent.role))
                self._count = max(self._count, number)
            case {"made": str(one), "path": str(path)}:
                self._make(one, path, str(entry.get("role", KEY)))
                self._intents.pop(entry.get("answers", 0), None)
            case {"answered": int(number)}:
                self._intents.pop(number, None)
            case {"archived": str(one)} | {"removed": str(one)}:
                self._open.pop(one, None)
            case {"restored": str(one)} if one in self._paths:
                self._open[one] = self._paths[one]

    def _make(self, resource_id: str, path: str, role: str) -> None:
        self.makers.add(role)
        self._paths[resource_id] = self._open[resource_id] = path
        self._keepers[resource_id] = role
