"""What both Python clients of the matrix share: orders are lines of JSON on standard input, answers on standard output."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from typing import Any

RETRY_SECONDS = 0.2
"""How long a client waits before it comes back, in place of the library's one to five seconds."""

BINARY = b"\x00\x01\xfe\xff"
"""A payload that can only travel as a binary attachment."""

_writing = threading.Lock()


def tell(**answer: Any) -> None:
    """Writes one answer; handlers of the synchronous client run on threads of their own."""
    with _writing:
        print(json.dumps(answer), flush=True)


@dataclass
class Seen:
    """The credential, and the newest change heard in each room: what a client that resumes sends as `auth`."""

    token: str
    rooms: dict[str, int] = field(default_factory=dict)

    def auth(self) -> dict[str, Any]:
        """The payload of the CONNECT packet, current at each reconnection."""
        return {"token": self.token, "rooms": self.rooms}

    def hear(self, event: str, payload: Any = None) -> None:
        """Reports an event, and moves on in the room of a message."""
        if event == "message" and payload["room"] in self.rooms:
            self.rooms[payload["room"]] = max(self.rooms[payload["room"]], payload["seq"])
        tell(heard=event, payload=payload)
