"""The service of a model as a process of its own, and how to ask it."""

import json
import re
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any

from stage import SECONDS, Stage

_ADDRESS = re.compile(r"serving \S+ at (http://\S+) - ")
JSON = {"content-type": "application/json"}


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back."""

    status: int
    text: str

    @property
    def document(self) -> Any:
        """Return the JSON that came back."""
        return json.loads(self.text)


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: its address, and what it said before it gave it."""

    address: str
    said: str

    def ask(self, path: str, content: Any = None, headers: Mapping[str, str] | None = None) -> Answered:
        """Send bytes as they are, and anything else as JSON; without content, get."""
        body = content if isinstance(content, bytes) or content is None else json.dumps(content).encode()
        asked = urllib.request.Request(self.address + path, body, {**JSON, **(headers or {})})  # noqa: S310 - loopback
        try:
            answer: HTTPResponse = urllib.request.urlopen(asked, timeout=SECONDS)  # noqa: S310
        except urllib.error.HTTPError as error:
            return Answered(error.code, error.read().decode())
        with answer:
            return Answered(answer.status, answer.read().decode())

    @property
    def port(self) -> int:
        """Return the port it listens on."""
        return int(self.address.rpartition(":")[2])


@contextmanager
def serving(stage: Stage, *arguments: str) -> Iterator[Service]:
    """Start `portfolio serve-model` in the workspace on a free port; end it after use."""
    process = stage.start("serve-model", *arguments, "--port", "0")
    assert process.stderr is not None
    said: list[str] = []
    try:
        for line in process.stderr:
            said.append(line)
            if found := _ADDRESS.search(line):
                yield Service(found[1], "".join(said))
                break
        else:
            raise AssertionError("".join(said))
    finally:
        process.terminate()
        try:
            process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
