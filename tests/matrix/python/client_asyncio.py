"""python-socketio's asyncio client, told what to do by the matrix run."""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
from typing import Any

import aiohttp
import socketio  # type: ignore[import-untyped]

from orders import BINARY, RETRY_SECONDS, Seen, tell


class Obedient:
    """One client after another, and the HTTP sessions that they leave behind."""

    def __init__(self) -> None:
        self.client = socketio.AsyncClient()
        self.seen = Seen("")
        self.session: aiohttp.ClientSession | None = None

    async def connect(self, order: dict[str, Any]) -> None:
        """Connects a new client; a refusal is reported as the event `connect_error`."""
        await self.close()
        trusted = ssl.create_default_context(cafile=order["ca"])
        self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusted))
        self.seen = Seen(order["token"], order["rooms"])
        self.client = socketio.AsyncClient(
            http_session=self.session, reconnection_delay=RETRY_SECONDS, randomization_factor=0
        )
        self.client.on("*", self.seen.hear)
        self.client.on("connect_error", lambda error: self.seen.hear("connect_error", error))
        try:
            await self.client.connect(order["url"], auth=self.seen.auth, transports=order["transports"])
            tell(done="connect", transport=self.client.transport())
        except socketio.exceptions.ConnectionError as refusal:
            tell(done="connect", refused=str(refusal))

    async def close(self) -> None:
        """Ends the present client and its session."""
        if self.client.connected:
            await self.client.disconnect()
        if self.session:
            await self.session.close()
            self.session = None

    async def obey(self, order: dict[str, Any]) -> None:
        """Does what one line asks for."""
        match order["do"]:
            case "connect":
                await self.connect(order)
            case "follow":
                self.seen.rooms[order["room"]] = order["seq"]
            case "ask":
                number = order["number"]
                payload = BINARY if order["binary"] else order["payload"]
                await self.client.emit(order["event"], payload, callback=lambda ack: tell(number=number, ack=ack))
            case "close":
                await self.close()
                tell(done="close")


async def main() -> None:
    """Obeys until standard input ends."""
    obedient = Obedient()
    while line := await asyncio.to_thread(sys.stdin.readline):
        await obedient.obey(json.loads(line))
    await obedient.close()


asyncio.run(main())
