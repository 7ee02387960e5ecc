"""A model of observations as the two documents describe them: what each command must be answered, and what lists hold.

Pure and small. It predicts only what is promised: where the documents leave a status open (an update of what is
archived), any that they allow is expected, and nothing is said of what they don't speak of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeAlias

from conformance.target.instants import instant

Fields: TypeAlias = Mapping[str, Any]
"""Documented fields by name, each a JSON value."""

LEFT_OUT: Fields = {"impact": None, "recommended_action": None, "attribute_ids": []}
"""What fields are that a create leaves out (observations › Field reference). The model's creates have all others."""
CREATED, OK = frozenset({201}), frozenset({200})
REPLAYED = CREATED | OK
CONFLICT = frozenset({409})
REFUSED = frozenset(range(400, 500))


class Act(StrEnum):
    """What a command does."""

    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    ARCHIVE = "archive"
    RESTORE = "restore"
    REPLAY = "replay the create of"
    REUSE = "reuse the key of"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class View:
    """A list as it is asked for: None leaves a parameter out. Days are YYYY-MM-DD, both bounds inclusive."""

    since: str
    until: str
    type: str | None = None
    archived: str | None = None
    attribute_id: str | None = None
    sort: str | None = None
    limit: int = 100

    def query(self, employee_id: str) -> list[tuple[str, str]]:
        """Write the query, for the observations of one employee."""
        asked = {
            "filter[employee_id]": employee_id,
            "filter[observation_date][gte]": self.since,
            "filter[observation_date][lte]": self.until,
            "filter[type]": self.type,
            "filter[archived]": self.archived,
            "filter[attribute_id]": self.attribute_id,
            "sort": self.sort,
            "limit": str(self.limit),
        }
        return [(name, value) for name, value in asked.items() if value is not None]

    def shows(self, document: Document) -> bool:
        """Tell whether it holds a document."""
        fields = document.fields
        return (
            self.since <= fields["observation_date"] <= self.until
            and self.type in {None, fields["type"]}
            and (self.archived == "all" or document.archived is (self.archived == "true"))
            and (self.attribute_id is None or self.attribute_id in fields["attribute_ids"])
        )

    def in_order(self, items: Sequence[Fields]) -> bool:
        """Tell whether what is served is in the order asked for, or in the default order of observations."""
        sort = self.sort or "-observation_date"
        texts = [str(item.get(sort.lstrip("-"))) for item in items]
        moments = [moment for text in texts if (moment := instant(text))]
        values: list[Any] = moments if len(moments) == len(texts) else texts
        return values == sorted(values, reverse=sort.startswith("-"))


@dataclass(frozen=True, slots=True)
class Command:
    """One step: an act, the name of the observation that it is about, and what is sent with it."""

    act: Act
    name: str = ""
    fields: Fields = field(default_factory=dict)
    view: View | None = None

    @property
    def words(self) -> str:
        """Say it as a person would."""
        return f"{self.act} the {self.name}" if self.name else f"{self.act} them"


@dataclass(frozen=True, slots=True)
class Document:
    """An observation as it must be by now."""

    fields: Fields
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """What a command must be answered: one of these statuses, this error code, and this document, where there is one.

    `names` are the observations that a list must hold, and no others that the model knows.
    """

    statuses: frozenset[int]
    code: str = ""
    document: Document | None = None
    names: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        """Say it as a person would."""
        status = "4xx" if self.statuses == REFUSED else " or ".join(map(str, sorted(self.statuses)))
        return f"{status} {self.code}".rstrip()


@dataclass
class Model:
    """All documents by their names. `expect` tells what a command must be answered, and does it."""

    documents: dict[str, Document] = field(default_factory=dict)

    def expect(self, command: Command) -> Expected:
        """Predict the answer, and become what the documents say that a target then is."""
        match command.act:
            case Act.CREATE:
                return self._become(command.name, Document({**LEFT_OUT, **command.fields}), CREATED)
            case Act.LIST:
                view = command.view
                shown = {name for name, one in self.documents.items() if view is not None and view.shows(one)}
                return Expected(OK, names=frozenset(shown))
            case Act.REPLAY:
                return Expected(REPLAYED)
            case Act.REUSE:
                return Expected(CONFLICT, "conflict")
        return self._change(command, self.documents[command.name])

    def _change(self, command: Command, document: Document) -> Expected:
        match command.act:
            case Act.UPDATE if document.archived:
                return Expected(REFUSED)
            case Act.UPDATE:
                return self._become(command.name, replace(document, fields={**document.fields, **command.fields}))
            case Act.ARCHIVE | Act.RESTORE:
                archived = command.act is Act.ARCHIVE
                if document.archived is archived:
                    return Expected(CONFLICT, "conflict")
                return self._become(command.name, replace(document, archived=archived))
        return Expected(OK, document=document)

    def _become(self, name: str, document: Document, statuses: frozenset[int] = OK) -> Expected:
        self.documents[name] = document
        return Expected(statuses, document=document)
