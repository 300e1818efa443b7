"""python-socketio's synchronous client, told what to do by the matrix run."""

from __future__ import annotations

import json
import sys
from typing import Any

import requests
import socketio  # type: ignore[import-untyped]

from orders import BINARY, RETRY_SECONDS, Seen, tell


class Obedient:
    """One client after another."""

    def __init__(self) -> None:
        self.client = socketio.Client()
        self.seen = Seen("")

    def connect(self, order: dict[str, Any]) -> None:
        """Connects a new client; a refusal is reported as the event `connect_error`."""
        session = requests.Session()
        # Else a REQUESTS_CA_BUNDLE in the environment takes the place of `verify`.
        session.trust_env = False
        session.verify = order["ca"]
        self.seen = Seen(order["token"], order["rooms"])
        self.client = socketio.Client(http_session=session, reconnection_delay=RETRY_SECONDS, randomization_factor=0)
        self.client.on("*", self.seen.hear)
        self.client.on("connect_error", lambda error: self.seen.hear("connect_error", error))
        try:
            self.client.connect(order["url"], auth=self.seen.auth, transports=order["transports"])
            tell(done="connect", transport=self.client.transport())
        except socketio.exceptions.ConnectionError as refusal:
            tell(done="connect", refused=str(refusal))

    def obey(self, order: dict[str, Any]) -> None:
        """Does what one line asks for."""
        match order["do"]:
            case "connect":
                self.connect(order)
            case "follow":
                self.seen.rooms[order["room"]] = order["seq"]
            case "ask":
                number = order["number"]
                payload = BINARY if order["binary"] else order["payload"]
                self.client.emit(order["event"], payload, callback=lambda ack: tell(number=number, ack=ack))
            case "close":
                self.client.disconnect()
                tell(done="close")


def main() -> None:
    """Obeys until standard input ends."""
    obedient = Obedient()
    for line in sys.stdin:
        obedient.obey(json.loads(line))
    if obedient.client.connected:
        obedient.client.disconnect()


main()
