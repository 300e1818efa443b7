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


async def main() -> None:
    """Connects, joins, and answers until the process is stopped."""
    await client.connect(URL, auth=lambda: {"token": TOKEN, "rooms": seen})
    joined = await client.call("join", {"room": ROOM})
    if not joined["ok"]:
        sys.exit(joined["error"]["message"])
    seen.setdefault(ROOM, joined["room"]["last_seq"])
    print(f"listening in {joined['room']['name']}", flush=True)
    await client.wait()


asyncio.run(main())
