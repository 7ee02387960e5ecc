"""Where the reference keeps its data: SQLite through SQLAlchemy Core, the tables made from the spec's schemas."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    RowMapping,
    Table,
    Text,
    create_engine,
)
from sqlalchemy.pool import StaticPool

from conformance.reference.spec import Resource, Schema, specification

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy.types import TypeEngine

METADATA = MetaData()
Row = RowMapping
BY_TYPE: Mapping[str, type[TypeEngine[Any]]] = {
    "array": JSON,
    "boolean": Boolean,
    "integer": Integer,
    "string": Text,
}

ORGANIZATIONS = Table("organizations", METADATA, Column("id", Text, primary_key=True), Column("name", Text))
API_KEYS = Table(
    "api_keys",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("digest", Text, unique=True),
    Column("name", Text),
    Column("role", Text),
    Column("scopes", JSON),
    Column("organization_id", Text),
)
IDEMPOTENCY = Table(
    "idempotency_keys",
    METADATA,
    Column("owner", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", Text),
    Column("created_at", BigInteger),
    Column("status", Integer),
    Column("headers", JSON),
    Column("body", LargeBinary),
)


def is_instant(schema: Schema) -> bool:
    """Tell whether a property is a date-time, which is kept as microseconds since the epoch."""
    return schema.get("format") == "date-time"


def columns(resource: Resource) -> Iterator[Column[Any]]:
    """Make the columns of a resource: one for each property that is stored, and whose it is."""
    for name, schema in resource.fields.items():
        kind = BigInteger if is_instant(schema) else BY_TYPE[schema["type"]]
        yield Column(name, kind, primary_key=name == "id", nullable=schema.get("nullable", False) or name == "secret")
    yield Column("organization_id", Text, nullable=False, index=True)


TABLES: Mapping[str, Table] = {
    name: Table(name.lower(), METADATA, *columns(resource))
    for name, resource in specification().resources.items()
    if name != "SearchResult"  # found in other tables, kept in none
}


def fold(text: str | None) -> str | None:
    """Make texts comparable whatever their case, which SQLite itself does for ASCII only."""
    return None if text is None else text.casefold()


def engine_on(database: Path | None) -> Engine:
    """Make an engine with one connection, which the threads share under a lock."""

    def connect() -> sqlite3.Connection:
        raw = sqlite3.connect(database or ":memory:", check_same_thread=False)
        raw.create_function("fold", 1, fold, deterministic=True)
        return raw

    return create_engine("sqlite://", creator=connect, poolclass=StaticPool)


class Storage:
    """One database and the lock that serializes its use."""

    def __init__(self, database: Path | None = None) -> None:
        self._engine = engine_on(database)
        self._lock = threading.RLock()
        self.connection: Connection = self._engine.connect()

    @property
    def raw(self) -> sqlite3.Connection:
        """Give the driver's own connection."""
        connection = self.connection.connection.driver_connection
        if not isinstance(connection, sqlite3.Connection):
            raise TypeError(type(connection))
        return connection

    @property
    def empty(self) -> bool:
        """Tell whether the database has no tables yet."""
        return not self.raw.execute("select 1 from sqlite_master limit 1").fetchall()

    def create(self) -> None:
        """Create the tables that are missing."""
        with self.transaction() as connection:
            METADATA.create_all(connection)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Hold the database alone; commit at the end, roll back on an exception."""
        with self._lock, self.connection.begin():
            yield self.connection

    def copy_from(self, other: Storage) -> None:
        """Replace everything by a copy of another database."""
        with self._lock, other._lock:
            self.connection.rollback()
            other.raw.backup(self.raw)

    def close(self) -> None:
        """Let go of the database."""
        with self._lock:
            self.connection.close()
            self._engine.dispose()
