"""A chat as small as can be, as one commonly writes it with Flask-SocketIO and SQLite, for `make bench` to compare
with: `join` and `message` are acknowledged, a message once its row is stored, and the room hears it. `/room/NAME` is
the same room as a page, for who has logged in.
"""

import argparse
import os
import secrets
import signal
import sqlite3
import sys
from datetime import datetime, timezone

parser = argparse.ArgumentParser()
parser.add_argument("--folder", default=".")
# NORMAL, as such servers commonly run: what was acknowledged may be lost with the power. Or FULL.
parser.add_argument("--sync", default="NORMAL")
parser.add_argument("--mode", choices=["threading", "gevent"], default="gevent")
# How many messages room-0 has when the server starts.
parser.add_argument("--messages", type=int, default=0)
options = parser.parse_args()

if options.mode == "gevent":
    from gevent import monkey

    monkey.patch_all()

import socket  # noqa: E402  gevent has to replace both first
import threading  # noqa: E402

from flask import Flask, abort, redirect, render_template, request, session  # noqa: E402
from flask_socketio import SocketIO, emit, join_room  # noqa: E402

database = sqlite3.connect(
    os.path.join(options.folder, "messages.db"), isolation_level=None, check_same_thread=False
)
database.row_factory = sqlite3.Row
database.execute("PRAGMA journal_mode = WAL")
database.execute(f"PRAGMA synchronous = {options.sync}")
database.execute(
    """CREATE TABLE IF NOT EXISTS messages (
      id INTEGER PRIMARY KEY, room TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL, created_at TEXT NOT NULL
    )"""
)
database.execute("CREATE INDEX IF NOT EXISTS messages_of_room ON messages (room, id)")
one_at_a_time = threading.Lock()

app = Flask(__name__)
app.config["SECRET_KEY"] = secrets.token_hex(16)
io = SocketIO(app, async_mode=options.mode)


def keep(room, name, text):
    """Stores a message; its id and time."""
    created_at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    with one_at_a_time:
        row = database.execute(
            "INSERT INTO messages (room, name, text, created_at) VALUES (?, ?, ?, ?)", (room, name, text, created_at)
        )
        return row.lastrowid, created_at


@app.get("/")
def alive():
    return "ok"


@app.post("/login")
def login():
    session["name"] = request.form["name"]
    return redirect("/", 303)


@app.get("/room/<room>")
def page(room):
    if "name" not in session:
        abort(401)
    with one_at_a_time:
        newest = database.execute(
            "SELECT id, name, text, created_at FROM messages WHERE room = ? ORDER BY id DESC LIMIT 50", (room,)
        ).fetchall()
    return render_template("room.html", room=room, messages=newest[::-1])


@io.on("join")
def join(data):
    join_room(data["room"])
    return {"ok": True}


@io.on("message")
def message(data):
    name = "guest"
    number, created_at = keep(data["room"], name, data["data"])
    told = {"id": number, "room": data["room"], "name": name, "text": data["data"], "created_at": created_at}
    emit("message", told, to=data["room"])
    return {"ok": True, "id": number, "created_at": created_at}


for number in range(options.messages):
    keep("room-0", "guest", f"Message {number} of the page that is measured, as long as people's messages commonly are.")
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))


def without_delay(listener):
    """Both servers write an answer in parts, the last of which would wait some 40 ms for the client's acknowledgement
    (Nagle's algorithm beside delayed acknowledgements). On Linux accepted connections inherit the option."""
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def serve_with_gevent():
    """gevent's own server knows its port before the first request."""
    from gevent.pywsgi import WSGIServer
    from geventwebsocket.handler import WebSocketHandler

    server = WSGIServer(("127.0.0.1", 0), app, handler_class=WebSocketHandler, log=None, backlog=4096)
    server.init_socket()
    without_delay(server.socket)
    print(f"listening at http://127.0.0.1:{server.address[1]}", flush=True)
    server.serve_forever()


def serve_with_threads():
    """Werkzeug's threaded server, as Flask-SocketIO starts it."""
    import logging

    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    without_delay(server.socket)
    print(f"listening at http://127.0.0.1:{server.port}", flush=True)
    server.serve_forever()


sys.exit(serve_with_gevent() if options.mode == "gevent" else serve_with_threads())
