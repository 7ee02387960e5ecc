"""No secret outlives the moment of recording, and nothing else is touched."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest

from conformance.wire.exchange import Attempt, Request, Response
from conformance.wire.redaction import Redactor

KEY = 'canary/7Qm+x"Zt\\4nLw9_Kb2~Rv8'  # holds what JSON, URLs and base64 each write in their own way
PLAIN = "pb_canary_7Qmx0Zt4nLw9Kb2Rv8"
REDACTOR = Redactor({"PB_API_KEY": KEY, "PB_QUOTA_API_KEY": PLAIN})


def everywhere(character: str) -> str:
    """Spell a character as a percent-encoded octet."""
    return f"%{ord(character):02X}"


@pytest.mark.parametrize(
    "spelled",
    [
        KEY,
        KEY.upper(),
        quote(KEY, safe=""),
        quote(KEY, safe="").lower(),
        "".join(map(everywhere, KEY)),
        json.dumps(KEY)[1:-1],
        json.dumps(KEY)[1:-1].replace("/", "\\/"),
        "".join(f"\\u{ord(character):04x}" for character in KEY),
        "".join(f"&#{ord(character)};" for character in KEY),
        KEY.replace('"', "&#34;").replace("/", "&#x2F;"),
        KEY.encode().hex(),
        KEY.encode().hex().upper(),
        KEY.encode("utf-16-le").decode("latin-1")[:-1],
    ],
)
def test_every_spelling_of_a_secret_is_found(spelled: str) -> None:
    """A secret is replaced by its name, however it is written."""
    assert REDACTOR.text(f"<{spelled}>") == "<[PB_API_KEY]>"


@pytest.mark.parametrize("before", ["", "a", "ab", "key:"])
@pytest.mark.parametrize("after", ["", "z", "zy"])
def test_base64_is_found_at_every_alignment(before: str, after: str) -> None:
    """A secret inside a longer base64 text leaves nothing of itself that can be decoded."""
    coded = base64.b64encode(f"{before}{KEY}{after}".encode()).decode()
    assert "[PB_API_KEY]" in REDACTOR.text(coded)


def test_url_safe_base64_is_found() -> None:
    """The other alphabet of base64 hides no secret."""
    coded = base64.urlsafe_b64encode(KEY.encode()).decode()
    assert "[PB_API_KEY]" in REDACTOR.text(coded)


@pytest.mark.parametrize("piece", [PLAIN[:16], PLAIN[-16:], PLAIN[5:22], PLAIN[1:]])
def test_a_long_piece_counts_as_the_secret(piece: str) -> None:
    """Sixteen characters in a row are enough to be taken out."""
    assert REDACTOR.text(f"({piece})") == "([PB_QUOTA_API_KEY])"


@pytest.mark.parametrize("name", ["secret", "signing_secret", "signingKey", "secret_key"])
def test_a_member_that_is_named_a_secret_is_one(name: str) -> None:
    """A webhook's signing secret may have any shape; what stands beside it stays."""
    body = json.dumps({"url": "https://x.example", name: 'a"b\\', "secrets": 2}).encode()
    assert json.loads(REDACTOR.octets(body)) == {"url": "https://x.example", name: "[redacted_secret]", "secrets": 2}


def test_a_short_piece_stays() -> None:
    """The last characters of a key, as many APIs show them, are no secret."""
    assert REDACTOR.text(f"...{PLAIN[-4:]}") == f"...{PLAIN[-4:]}"


def test_a_short_secret_is_not_found_inside_words() -> None:
    """A key as short as a word is replaced where it stands alone only."""
    assert Redactor({"PB_API_KEY": "obs"}).text("Bearer obs, observations") == "Bearer [PB_API_KEY], observations"


def test_a_secret_that_begins_like_another_is_replaced_whole() -> None:
    """Of two secrets the longer one is looked for first."""
    redactor = Redactor({"PB_API_KEY": "pb_demo_key_aaaa", "PB_QUOTA_API_KEY": "pb_demo_key_aaaa_quota"})
    assert redactor.text("pb_demo_key_aaaa_quota") == "[PB_QUOTA_API_KEY]"


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("key pb_live_9fK3mZq8Xy7T", "key [redacted_key]"),
        ("key pb_test_9fK3mZq8Xy7T.", "key [redacted_key]."),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw==", "[redacted_secret]"),
        ("Bearer pb_live_...", "Bearer pb_live_..."),
    ],
)
def test_what_looks_like_a_secret_is_taken_for_one(text: str, redacted: str) -> None:
    """Keys and signing secrets of others are known by their shape, and placeholders of documents are not."""
    assert REDACTOR.text(text) == redacted


@pytest.mark.parametrize(
    ("name", "value", "redacted"),
    [
        ("Authorization", f"Bearer {PLAIN}", "Bearer [PB_QUOTA_API_KEY]"),
        ("authorization", "Bearer made-up", "Bearer [redacted]"),
        ("Authorization", "Basic a2V5Og==", "Basic [redacted]"),
        ("Authorization", "Bearer ", "Bearer "),
        ("Authorization", "Bearer", "Bearer"),
        ("Authorization", "token-without-scheme", "[redacted]"),
        ("Cookie", "session=1", "[redacted]"),
        ("Set-Cookie", "session=1; Path=/", "[redacted]"),
        ("X-Request-ID", "req_1", "req_1"),
    ],
)
def test_credentials_in_headers(name: str, value: str, redacted: str) -> None:
    """Of credentials only the scheme is kept, whoever they belong to."""
    assert REDACTOR.headers(((name, value),)) == ((name, redacted),)


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"error": {"message": f"bad key {KEY}"}}).encode(),
        json.dumps([KEY, PLAIN, PLAIN[:16]]).encode(),
        json.dumps({KEY: 1}).encode(),
        json.dumps([PLAIN, "\\u0070" + PLAIN[1:]]).encode(),
    ],
)
def test_json_stays_json(body: bytes) -> None:
    """A redacted JSON body still parses."""
    json.loads(body)
    assert Response(200, body=REDACTOR.octets(body)).is_json


def test_a_secret_outside_strings_leaves_json_as_well() -> None:
    """A key that is all digits may stand as a number; it becomes a string."""
    redactor = Redactor({"PB_API_KEY": "1234567890123456"})
    assert json.loads(redactor.octets(b'{"a": 1234567890123456, "b": 1}')) == {"a": "[PB_API_KEY]", "b": 1}


def test_octets_that_are_no_text_come_back_unchanged() -> None:
    """A body without secrets is kept octet by octet."""
    assert REDACTOR.octets(bytes(range(256))) == bytes(range(256))


def test_secrets_are_found_among_octets() -> None:
    """A body that is no text hides no secret."""
    assert REDACTOR.octets(b"\xff\x00" + PLAIN.encode() + b"\xfe") == b"\xff\x00[PB_QUOTA_API_KEY]\xfe"


def test_a_fault_is_redacted() -> None:
    """What an exception said about an attempt may quote a secret."""
    assert REDACTOR.attempt(Attempt(0.0, 0.0, None, f"bad {KEY}")).fault == "bad [PB_API_KEY]"


def test_it_shows_no_secret_itself() -> None:
    """Printing what holds the secrets does not print them."""
    assert PLAIN not in repr(REDACTOR._secrets)


def request(token: str = PLAIN) -> Request:
    """Give a request with a bearer token."""
    return Request("GET", "https://t/v1/a", "/a", headers=(("Authorization", f"Bearer {token}"),))


@pytest.mark.parametrize(
    ("response", "repeats"),
    [
        (Response(200, body=PLAIN.encode()), True),
        (Response(200, (("X-Key", quote(PLAIN)),)), True),
        (Response(200, body=base64.b64encode(PLAIN.encode())), True),
        (Response(200, body=KEY.encode()), False),
        (Response(200, body=PLAIN[-4:].encode()), False),
        (Response(200, body=b"{}"), False),
        (None, False),
    ],
)
def test_an_answer_that_repeats_the_key(response: Response | None, repeats: bool) -> None:  # noqa: FBT001 - expected
    """The key that was sent counts, whole and in any spelling; another key or its end does not."""
    assert REDACTOR.repeats_key(request(), response) is repeats


def test_a_made_up_token_counts_when_it_is_long() -> None:
    """A target that repeats an unknown key would repeat a real one."""
    assert REDACTOR.repeats_key(request("made-up-but-long-token"), Response(401, body=b"made-up-but-long-token"))


def test_a_made_up_token_that_is_a_word_does_not_count() -> None:
    """The word "bad" in an error message is no repeated key."""
    assert not REDACTOR.repeats_key(request("bad"), Response(401, body=b"bad key"))
