"""exchanges.har: the cited exchanges as an HTTP Archive 1.2, for the viewers of browsers and proxies.

Source of the format: the HAR 1.2 specification of the Web Performance Working Group.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.reporting.json_report import Report

Json = dict[str, Any]
UNKNOWN = -1
"""What HAR writes for a size that is not known."""


def to_har(report: Report) -> str:
    """Write the exchanges of a report, in the order of their numbers; bodies as far as the report holds them."""
    suite = report["suite"]
    entries = [_entry(exchange) for exchange in report["exchanges"]]
    log = {"version": "1.2", "creator": {"name": suite["name"], "version": suite["version"]}, "entries": entries}
    return json.dumps({"log": log}, ensure_ascii=False) + "\n"


def _entry(exchange: Mapping[str, Any]) -> Json:
    attempts = exchange["attempts"]
    last: Mapping[str, Any] = attempts[-1] if attempts else {"started": 0.0, "seconds": 0.0}
    milliseconds = round(last["seconds"] * 1000, 3)
    return {
        "startedDateTime": datetime.fromtimestamp(last["started"], UTC).isoformat(timespec="milliseconds"),
        "time": milliseconds,
        "request": _request(exchange["request"]),
        "response": _response(exchange["response"], last.get("fault")),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": f"exchange {exchange['number']}, asked by {exchange['asked_by']}",
    }


def _request(request: Mapping[str, Any]) -> Json:
    query = parse_qsl(urlsplit(request["url"]).query, keep_blank_values=True)
    told = {
        "method": request["method"],
        "url": request["url"],
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(request["headers"]),
        "queryString": _pairs(query),
        "headersSize": UNKNOWN,
        "bodySize": request["body"]["bytes"] if request["body"] else 0,
    }
    return told | ({"postData": _post(request)} if request["body"] else {})


def _post(request: Mapping[str, Any]) -> Json:
    body = request["body"]
    text = body.get("text", body.get("base64", ""))
    return {"mimeType": _header(request["headers"], "content-type"), "params": [], "text": text} | _cut(body)


def _response(response: Mapping[str, Any] | None, fault: str | None) -> Json:
    """Write a response; where none came, the status 0 that browsers write, and what broke as `_error`."""
    status = response["status"] if response else 0
    headers = response["headers"] if response else []
    body = response["body"] if response else None
    told = {
        "status": status,
        "statusText": _phrase(status),
        "httpVersion": response["http_version"] if response else "",
        "cookies": [],
        "headers": _pairs(headers),
        "content": _content(headers, body),
        "redirectURL": _header(headers, "location"),
        "headersSize": UNKNOWN,
        "bodySize": body["bytes"] if body else 0,
    }
    return told | ({"_error": fault} if fault else {})


def _content(headers: Sequence[Sequence[str]], body: Mapping[str, Any] | None) -> Json:
    told: Json = {"size": body["bytes"] if body else 0, "mimeType": _header(headers, "content-type")}
    if body and "base64" in body:
        return told | {"text": body["base64"], "encoding": "base64"} | _cut(body)
    return told | ({"text": body["text"]} | _cut(body) if body else {})


def _cut(body: Mapping[str, Any]) -> Json:
    return {"comment": f"{body['cut']} of {body['bytes']} bytes are left out"} if body["cut"] else {}


def _pairs(pairs: Sequence[Sequence[str]]) -> list[Json]:
    return [{"name": name, "value": value} for name, value in pairs]


def _header(headers: Sequence[Sequence[str]], wanted: str) -> str:
    return next((value for name, value in headers if name.lower() == wanted), "")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
