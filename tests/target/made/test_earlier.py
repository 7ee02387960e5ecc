"""What a run left that was killed is found by its journal, and nothing else is touched."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.errors import Unanswered
from conformance.judging.embedded import ROLES
from conformance.reference import HONEST, Behaviour, Reference
from conformance.target.made.earlier import Access, Settlement, journals, left_by_the_dead, settle, settle_all
from conformance.target.made.intents import Intent, Owner
from conformance.target.made.journal import Journal
from conformance.target.made.owners import name_owners
from conformance.target.settings import Settings
from conformance.target.target import Target
from conformance.wire.client import Client, WireOptions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from conformance.reference import Handler, Request, Response

BASE_URL = "http://target.test/v1"
RUN = "20260101T0000-abcdef"
SETTINGS = Settings(base_url=BASE_URL, settle=0.2)
SUBSCRIPTION = {"url": "https://hooks.example.com/a-path-of-ours", "event_types": ["observation.created"]}


class World:
    """A reference, and runs against it that die."""

    def __init__(self, folder: Path, behaviour: Behaviour = HONEST) -> None:
        self.folder = folder
        self.reference = Reference(behaviour)
        self.keys = {role: getattr(self.reference.keys, name) for name, role in ROLES.items()}
        self.losing = False
        self.asked: list[str] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a request, or do what it says and lose the answer."""
        self.asked.append(f"{request.method} {request.url.path.removeprefix('/v1')}")
        response = await httpx.ASGITransport(self.reference.asgi).handle_async_request(request)
        if self.losing and request.method == "POST":
            raise httpx.ReadError("cut off", request=request)
        return response

    def client(self, **keys: str) -> Client:
        """Give a client with these keys beside the first."""
        known = {"key": self.keys["key"], **keys}
        return Client(BASE_URL, known, run_id=RUN, options=WireOptions(retries=0), transport=httpx.MockTransport(self))

    def die(self, doing: Callable[[Target], Awaitable[Any]], *, owned: bool = True, **keys: str) -> Journal:
        """Do something in a run that is not cleaned up after; give its journal, which nobody holds any more."""

        async def live() -> Journal:
            async with self.client(**keys) as client:
                journal = Journal(self.folder / f"made-{RUN}.jsonl", run=RUN, base_url=BASE_URL)
                target = Target(client, SETTINGS, run_id=RUN, journal=journal)
                if owned:
                    await name_owners(target)
                await doing(target)
                journal.release()
                return journal

        return asyncio.run(live())

    def settle(
        self,
        keys: dict[str, str] | None = None,
        *,
        losing: bool = False,
        **settings: Any,  # noqa: ANN401  # fields of Settings
    ) -> Settlement:
        """Settle the one journal in the folder; the target answers again by then, unless it goes on losing answers."""
        self.losing = losing
        access = Access(
            {"key": self.keys["key"]} if keys is None else keys,
            replace(SETTINGS, **settings),
            WireOptions(),
            httpx.MockTransport(self),
        )
        (file,) = journals(self.folder)
        return asyncio.run(settle(file, access))

    def active(self, path: str = "/observations", role: str = "key") -> set[str]:
        """Read the ids of a collection."""

        async def read() -> set[str]:
            async with self.client(**{role: self.keys[role]}) as client:
                target = Target(client, SETTINGS, run_id=RUN)
                return set((await target.walk(path, {"limit": "100"}, role=role)).ids)

        return asyncio.run(read())


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Give a world whose journals are in an empty folder."""
    made = World(tmp_path)
    yield made
    made.reference.close()


async def make_two(target: Target) -> None:
    """Make two observations, and archive and restore one."""
    await target.make()
    made = await target.make_archived()
    await target.restore(made.id)


async def lose(target: Target, *creates: dict[str, Any], path: str = "/observations") -> None:
    """Send creates whose answers never come."""
    for body in creates:
        with pytest.raises(Unanswered):
            await target.post(path, json=body)


# found -----------------------------------------------------------------------------------------------------


def test_what_is_known_is_removed(world: World) -> None:
    """With its journal."""
    before = world.active()
    world.die(make_two)
    settled = world.settle()
    assert (settled.found, settled.is_done, world.active(), journals(world.folder)) == (2, True, before, [])
    assert settled.sentence == f"Run {RUN} at {BASE_URL}: found 2, removed 2, left nothing."


def test_creates_whose_answers_never_came_are_found_by_what_they_say(world: World) -> None:
    """Their bodies are not in the journal: the text names the run."""
    before = world.active()

    async def doing(target: Target) -> None:
        body = await target.body()
        world.losing = True
        await lose(target, body, body)

    world.die(doing)
    assert len(world.active() - before) == 2
    settled = world.settle()
    assert (settled.found, settled.is_done, world.active()) == (2, True, before)


def test_creates_that_say_nothing_are_sent_again_under_their_keys(world: World) -> None:
    """The replay tells what they made, and nothing more is made."""
    before = world.active("/webhooks"), world.active()

    async def doing(target: Target) -> None:
        body = await target.body(observation="x")
        world.losing = True
        await lose(target, body)
        await lose(target, SUBSCRIPTION, path="/webhooks")

    world.die(doing)
    settled = world.settle()
    assert (settled.found, settled.is_done, (world.active("/webhooks"), world.active())) == (2, True, before)


def test_what_can_not_be_replayed_is_found_by_a_text_that_only_we_would_write(world: World) -> None:
    """Such as the URL of an inbox, of which nobody else could know."""
    before = world.active("/webhooks")
    url = "https://hooks.example.com/0123456789abcdef0123456789abcdef"
    body = json.dumps(SUBSCRIPTION | {"url": url}).encode()

    async def doing(target: Target) -> None:
        await target.post("/webhooks", content=body, headers={"Content-Type": "application/json"})

    world.die(doing)
    (file,) = journals(world.folder)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    unknown = [{**line, "at": 0} if "intent" in line else line for line in lines if "made" not in line]
    file.write_text("".join(f"{json.dumps(line)}\n" for line in unknown))
    settled = world.settle()
    assert (settled.found, settled.is_done, world.active("/webhooks")) == (1, True, before)


def test_a_create_that_never_arrived_leaves_nothing(world: World) -> None:
    """It is not sent again where its text would tell."""

    async def doing(target: Target) -> None:
        body = await target.body()
        intent = Intent(0, "/observations", key="k1", body=str(body).encode(), signed=True)
        target.journal.intend(intent, keep_body=False)

    world.die(doing)
    settled = world.settle()
    assert (settled.found, settled.is_done) == (0, True)
    assert "POST /observations" not in world.asked


def test_another_organizations_things_are_removed_by_its_key(world: World) -> None:
    """Without that key they are left, and it is told which is missing."""
    other = {"other_org": world.keys["other_org"]}
    before = world.active(role="other_org")

    async def doing(target: Target) -> None:
        employee = (await target.page("/employees", role="other_org")).ids[0]
        body = await target.body(employee_id=employee)
        await target.create(body, role="other_org")
        await target.make()

    world.die(doing, **other)
    without = world.settle()
    assert (without.found, len(without.left), "PB_OTHER_ORG_API_KEY is not set" in without.sentence) == (2, 1, True)
    assert world.settle({"key": world.keys["key"], **other}).is_done
    assert world.active(role="other_org") == before


def test_a_cleanup_that_was_killed_itself_can_be_taken_up(world: World) -> None:
    """What it had removed is on record, line by line."""
    world.die(make_two)
    (file,) = journals(world.folder)
    half = Journal.reopen(file)
    half.archived(half.remains()[0][0])
    half.release()
    assert world.settle().found == 1


def test_a_torn_last_line_does_no_harm(world: World) -> None:
    """What it was about is found by its intent."""
    before = world.active()
    world.die(make_two)
    (file,) = journals(world.folder)
    lines = file.read_bytes().splitlines(keepends=True)
    torn = next(number for number, line in enumerate(lines) if b'"made"' in line)
    file.write_bytes(b"".join(lines[:torn]) + lines[torn][:20])
    assert (world.settle().is_done, world.active()) == (True, before)


# left alone ------------------------------------------------------------------------------------------------


def test_a_run_that_lives_is_left_alone(world: World) -> None:
    """Its journal is held."""
    world.die(make_two)
    (file,) = journals(world.folder)
    holder = Journal.reopen(file)
    world.asked.clear()
    settled = world.settle()
    holder.release()
    assert (settled.is_done, "still under way" in settled.sentence, world.asked) == (False, True, [])


def test_another_organization_is_left_alone(world: World) -> None:
    """Where the session tells that the key is of another one."""
    world.die(make_two)
    settled = world.settle({"key": world.keys["other_org"]})
    assert (settled.is_done, "is of org_" in settled.sentence) == (False, True)
    assert {line.split()[0] for line in world.asked[-1:]} == {"GET"}


async def hide_session(request: Request, honest: Handler) -> Response:
    """Refuse /session to every key."""
    response = await honest(request)
    return replace(response, status=403) if request.path == "/v1/session" else response


@pytest.mark.parametrize(("role", "is_done"), [("key", True), ("other_org", False)])
def test_without_a_session_what_the_key_can_read_tells(tmp_path: Path, role: str, is_done: bool) -> None:  # noqa: FBT001
    """A key that can read a thing of the run's is of its organization; no other key removes anything."""
    world = World(tmp_path, replace(HONEST, door=hide_session))
    world.die(make_two)
    settled = world.settle({"key": world.keys[role]})
    world.reference.close()
    assert settled.is_done == is_done


def test_a_target_that_is_gone_is_told(world: World) -> None:
    """Nothing is forgotten."""
    world.die(make_two)

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    access = Access(world.keys, SETTINGS, WireOptions(retries=0), httpx.MockTransport(refuse))
    (file,) = journals(world.folder)
    settled = asyncio.run(settle(file, access))
    assert (settled.unreachable, settled.is_done, file.is_file()) == (True, False, True)


# unknown ---------------------------------------------------------------------------------------------------


def test_what_nobody_can_tell_is_told(world: World) -> None:
    """A create that says nothing, and whose key has been forgotten since."""

    async def doing(target: Target) -> None:
        intent = Intent(0, "/webhooks", key="k1", body=b"{}", at=time.time() - 24 * 60 * 60)
        target.journal.intend(intent, keep_body=True)

    world.die(doing)
    settled = world.settle()
    assert (settled.unknown, settled.is_done, len(journals(world.folder))) == (1, False, 1)
    assert "nothing tells what 1 of its creates made" in settled.sentence


def test_a_target_that_goes_on_losing_answers_leaves_something_unknown(world: World) -> None:
    """A create that says nothing stays open, and is settled once the target answers."""
    before = world.active()

    async def doing(target: Target) -> None:
        body = await target.body(observation="x")
        world.losing = True
        await lose(target, body)

    world.die(doing)
    still = world.settle(losing=True)
    assert (still.unknown, still.is_done) == (1, False)
    assert (world.settle().is_done, world.active()) == (True, before)


def test_a_key_that_is_honoured_no_more_is_no_proof(world: World) -> None:
    """What the second request made goes, and the fate of the first stays open."""
    before = world.active()

    async def doing(target: Target) -> None:
        body = str(await target.body(observation="x")).replace("'", '"').encode()
        intent = Intent(0, "/observations", key="never sent", body=body, at=time.time() - 60)
        intent = replace(intent, content_type="application/json")
        target.journal.intend(intent, keep_body=True)

    world.die(doing)
    settled = world.settle()
    assert (settled.found, settled.left, settled.unknown, world.active()) == (1, (), 1, before)


# which -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "organization", "expected"),
    [(BASE_URL, "", 1), (BASE_URL, "org_1", 1), (BASE_URL, "org_2", 0), ("http://another.test/v1", "org_1", 0)],
)
def test_a_run_takes_up_what_was_left_at_its_own_target(
    tmp_path: Path, where: str, organization: str, expected: int
) -> None:
    """The same base URL and, as far as is told, the same organization."""
    journal = Journal(tmp_path / "made-r1.jsonl", run="r1", base_url=BASE_URL)
    journal.belongs("key", Owner("org_1"))
    journal.made("obs_1", "/observations")
    journal.release()
    assert len(left_by_the_dead(tmp_path, where, Owner(organization))) == expected


def test_time_bounds_what_is_settled(world: World) -> None:
    """What there is no time for waits."""
    world.die(make_two)
    access = Access(world.keys, SETTINGS, WireOptions(), httpx.MockTransport(world))
    assert asyncio.run(settle_all(journals(world.folder), access, within=0.0)) == []
    assert len(left_by_the_dead(world.folder, BASE_URL, Owner())) == 1
