"""Counts the words of whoever writes "!count some words". Answers each message once, also after a break."""

import asyncio
import os
import sys

import socketio

URL = os.environ["PARLOR_URL"]
TOKEN = os.environ["PARLOR_TOKEN"]
ROOM = os.environ.get("PARLOR_ROOM", "lobby")

seen: dict[str, int] = {}  # the last seq heard in each room: after a break, the server sends what came since
client = socketio.AsyncClient()


@client.on("message")
async def hear(message: dict) -> None:
    """Answers a question that was not answered yet."""
    seen[message["room"]] = message["seq"]
    command, _, rest = message["text"].partition(" ")
    if command != "!count":
        return
    answer = f"@{message['name']} {len(rest.split())} words"
    # One client_id for one question: however often this is sent, it is said once.
    await client.emit(
        "message",
        {"room": message["room"], "data": answer, "client_id": f"count-{message['id']}"},
        callback=lambda ack: None if ack["ok"] else print(ack["error"]["message"], file=sys.stderr),
    )


@client.on("connect")
async def join() -> None:
    """Listens to the room, from the last message that was heard."""
    since = {"seq": seen[ROOM]} if ROOM in seen else {}
    await client.emit("join", {"room": ROOM, **since}, callback=joined)


def joined(ack: dict) -> None:
    """Notes from where to go on after a break."""
    if not ack["ok"]:
        sys.exit(ack["error"]["message"])
    if ROOM not in seen:
        print(f"listening in {ack['room']['name']}", flush=True)
    seen.setdefault(ROOM, ack["room"]["last_seq"])


async def main() -> None:
    """Connects, and again when the server was stopped: the library comes back by itself from other breaks only."""
    while True:
        await client.connect(URL, auth={"token": TOKEN}, retry=True)
        await client.wait()


asyncio.run(main())
