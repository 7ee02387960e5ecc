"""The journal knows what is still to be archived, and what it knows is on disk before anybody relies on it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx

from conformance.target.made.cleanup import clean_up
from conformance.target.made.intents import Intent
from conformance.target.made.journal import Journal

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.target.target import Target
    from tests.target.conftest import Ask, Open


def lines_of(file: Path) -> list[dict[str, Any]]:
    """Read the entries of a journal but for the first, which tells of the run."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()][1:]


def intended(journal: Journal, **about: Any) -> int:  # noqa: ANN401  # the fields of an intent
    """Note an intent to create an observation, and give its number."""
    return journal.intend(Intent(number=0, path="/observations", **about), keep_body=True)


def test_an_intent_is_on_disk_while_the_create_is_in_flight(answering: Open, ask: Ask, tmp_path: Path) -> None:
    """A crash at that moment leaves a trace to clean up by."""
    file = tmp_path / "folder" / "made.jsonl"
    seen: list[dict[str, Any]] = []

    def handler(_request: httpx.Request) -> httpx.Response:
        seen.extend(lines_of(file))
        return httpx.Response(201, json={"id": "obs_1"})

    ask(answering(handler, journal=Journal(file)), lambda target: target.create({"observation": "x"}))
    assert [(one["intent"], one["path"], one["body"]) for one in seen] == [(1, "/observations", '{"observation":"x"}')]


def test_a_restore_is_on_disk_while_it_is_in_flight(answering: Open, ask: Ask, tmp_path: Path) -> None:
    """What may be active again by now counts as active."""
    file = tmp_path / "made.jsonl"
    seen: list[dict[str, Any]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/restore"):
            seen.extend(lines_of(file))
        return httpx.Response(201 if request.url.path.endswith("/observations") else 200, json={"id": "obs_1"})

    async def make_archive_restore(target: Target) -> None:
        await target.create({"observation": "x"})
        await target.archive("obs_1")
        await target.restore("obs_1")

    ask(answering(handler, journal=Journal(file)), make_archive_restore)
    assert seen[-1] == {"restored": "obs_1"}


def test_what_was_made_is_on_disk(answering: Open, ask: Ask, tmp_path: Path) -> None:
    """The id that came back stands beside its collection."""
    journal = Journal(tmp_path / "made.jsonl")
    opening = answering(lambda _: httpx.Response(201, json={"data": {"id": "obs_1"}}), journal=journal)
    ask(opening, lambda target: target.create({"observation": "x"}))
    assert lines_of(tmp_path / "made.jsonl")[-1] == {"made": "obs_1", "path": "/observations", "answers": 1}


def test_archived_ones_are_done_with(tmp_path: Path) -> None:
    """They no longer remain."""
    journal = Journal(tmp_path / "made.jsonl")
    journal.made("obs_1", "/observations")
    journal.made("obs_2", "/observations")
    journal.archived("obs_1")
    assert journal.remains() == (("obs_2", "/observations"),)


def test_restored_ones_remain_again() -> None:
    """An archived one of ours that was restored is to be archived once more."""
    journal = Journal()
    journal.made("obs_1", "/observations")
    journal.archived("obs_1")
    journal.restored("obs_1")
    assert journal.remains() == (("obs_1", "/observations"),)


def test_what_others_made_is_theirs() -> None:
    """Restoring or archiving it changes nothing in our account."""
    journal = Journal()
    journal.restored("obs_1")
    journal.archived("obs_1")
    assert journal.remains() == ()


def test_a_replay_makes_nothing_new() -> None:
    """The same id again, also after it was archived, is the same one."""
    journal = Journal()
    journal.made("obs_1", "/observations")
    journal.archived("obs_1")
    journal.made("obs_1", "/observations")
    assert journal.remains() == ()


def test_what_another_organization_made_is_removed_by_its_key(tmp_path: Path) -> None:
    """Its role stands in the journal; a read-only key's things are the first key's to remove."""
    journal = Journal(tmp_path / "made.jsonl")
    journal.made("obs_1", "/observations", "other_org")
    journal.made("obs_2", "/observations", "read_only")
    assert [journal.keeper_of(one) for one, _ in journal.remains()] == ["other_org", "key"]
    assert [line.get("role") for line in lines_of(tmp_path / "made.jsonl")] == ["other_org", None]


def test_the_file_goes_where_nothing_remains(tmp_path: Path) -> None:
    """An empty account needs no file."""
    journal = Journal(tmp_path / "made.jsonl")
    journal.made("obs_1", "/observations", answers=intended(journal))
    journal.archived("obs_1")
    journal.close()
    assert list(tmp_path.iterdir()) == []


def test_the_file_stays_where_something_remains(tmp_path: Path) -> None:
    """A later cleanup finds its ids there."""
    journal = Journal(tmp_path / "made.jsonl")
    journal.made("obs_1", "/observations")
    journal.close()
    assert lines_of(tmp_path / "made.jsonl") == [{"made": "obs_1", "path": "/observations"}]


def test_the_file_stays_where_a_create_was_lost(tmp_path: Path) -> None:
    """What nobody knows the id of is still named by its key."""
    journal = Journal(tmp_path / "made.jsonl")
    intended(journal, key="k1")
    journal.close()
    assert [line["key"] for line in lines_of(tmp_path / "made.jsonl")] == ["k1"]


def test_a_run_that_makes_nothing_leaves_no_file(answering: Open, ask: Ask, tmp_path: Path) -> None:
    """Reading alone needs no journal."""
    opening = answering(lambda _: httpx.Response(200, json={}), journal=Journal(tmp_path / "made.jsonl"))

    async def read_and_leave(target: Target) -> None:
        await target.get("/session")
        await clean_up(target)

    ask(opening, read_and_leave)
    assert list(tmp_path.iterdir()) == []
