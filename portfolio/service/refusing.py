"""Requests that get no answer: too long, or wrong in a way that is named."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from portfolio.service.bodies import Refused, Wrong
from portfolio.words import did_you_mean

MOST_BYTES = 2 << 20
"""Of one request."""
_MOST_NAMED = 100
_MOST_SHOWN = 60
_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
App = Callable[[_Message, _Receive, _Send], Awaitable[None]]


class Bounded:
    """Reads a request before the app below does, and answers with 413 where it is too long."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        """Answer one request, or leave it to the app."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        content, more = b"", True
        while more and len(content) <= MOST_BYTES:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            content, more = content + message.get("body", b""), message.get("more_body", False)
        if len(content) > MOST_BYTES:
            refused = Refused(detail=f"the request has more than {MOST_BYTES >> 20} MiB; send fewer rows at once")
            await JSONResponse(refused.model_dump(), 413)(scope, receive, send)
            return
        whole: list[_Message] = [{"type": "http.request", "body": content, "more_body": False}]

        async def again() -> _Message:
            return whole.pop() if whole else await receive()

        await self._app(scope, again, send)


def name_columns(columns: Iterable[str]) -> Callable[[Request, Exception], Awaitable[JSONResponse]]:
    """Return what answers a request that is not as described: 422, with the columns that are missing or wrong."""
    known = list(columns)

    async def answer(_request: Request, error: Exception) -> JSONResponse:
        found = error.errors() if isinstance(error, RequestValidationError) else ()
        return JSONResponse(_refused(found, known).model_dump(), 422)

    return answer


def _refused(errors: Iterable[Mapping[str, Any]], known: list[str]) -> Refused:
    missing: list[str] = []
    unknown: list[str] = []
    wrong: list[Wrong] = []
    said: list[str] = []
    for error in list(errors)[:_MOST_NAMED]:
        place = [part for part in error["loc"] if part not in ("body", "row", "rows")] or [""]
        row, column = (place[0], place[1:2]) if isinstance(place[0], int) else (0, place[:1])
        name = _shown(column[0]) if column else ""
        where = f"row {row + 1}: " if isinstance(place[0], int) else ""
        if error["type"] == "missing" and name:
            missing.append(name)
            said.append(f"{where}column {name!r} is missing")
        elif error["type"] == "extra_forbidden":
            unknown.append(name)
            hint = did_you_mean(name, known)
            said.append(f"{where}there is no column {name!r}{'; ' if hint else ''}{hint}")
        else:
            message = str(error["msg"]).lower()
            wrong.append(Wrong(row=row, column=name, message=message))
            said.append(f"{where}column {name!r}: {message}" if name in known else f"{where}{message}")
    return Refused(detail="; ".join(said), missing=missing, unknown=unknown, wrong=wrong)


def _shown(name: object) -> str:
    """Return a column's name as it can be sent back: short, and without halves of characters."""
    return str(name).encode("utf-8", "backslashreplace").decode()[:_MOST_SHOWN]
