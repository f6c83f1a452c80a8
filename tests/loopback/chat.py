"""A client of callboard.v1 that trusts nothing: each frame that would break an order, leave a gap or
repeat an entry fails the test at once, wherever it comes."""

import json
import os
import time

from websocket import PATIENCE, Closed, Lost, TEXT, WebSocket, frame


def new_id():
    return os.urandom(12).hex()


class Log:
    """What one reader has of one room: a run without gap or double, and a position in it."""

    def __init__(self, room):
        self.room = room
        self.entries = []
        self.position = None
        self.epoch = None
        self.head = None
        self.mode = None
        self.members = None
        self.paging = False
        self.joining = False
        self.frames = 0

    def take(self, entries):
        for entry in entries:
            seq = entry["seq"]
            if seq != self.position + 1:
                raise AssertionError(f"{self.room}: entry {seq} came behind {self.position}")
            if entry["room"] != self.room or entry["type"] != "message":
                raise AssertionError(f"{self.room}: an entry that is none of it: {entry}")
            self.position = seq
            self.entries.append(entry)

    def take_joined(self, what):
        mode, entries, head = what["mode"], what["entries"], what["head"]
        if what["first"] != 1:
            raise AssertionError(f"a log that does not begin with 1: {what['first']}")
        if mode in ("fresh", "reset"):
            self.entries = []
            self.position = head - len(entries)
            if what["more"] != (self.position > 0):
                raise AssertionError(f"{mode}: more is {what['more']} before {self.position + 1}")
        elif what["epoch"] != self.epoch:
            raise AssertionError(f"{mode}, but of another epoch")
        elif what["more"] != (mode == "paged"):
            raise AssertionError(f"{mode} with more={what['more']}")
        self.take(entries)
        if mode != "paged" and self.position != head:
            raise AssertionError(f"{mode}: head is {head}, the last entry {self.position}")
        self.epoch, self.head, self.mode = what["epoch"], head, mode
        self.members = what["members"]
        self.paging = what["more"] if mode == "paged" else False
        self.joining = False

    def take_page(self, what):
        if not self.paging:
            raise AssertionError("a resume page, although nothing is being resumed")
        self.take(what["entries"])
        self.paging = what["more"]

    def take_message(self, what):
        if self.joining:
            return  # Of the position that the join under way replaces.
        if self.paging:
            raise AssertionError("a live message while the resume pages still come")
        self.frames += 1
        self.take([what])

    def texts(self):
        return [entry["text"] for entry in self.entries]


class Client:
    """One author's connection. Not for two threads at once."""

    def __init__(self, server, name=None, token=None, hello=True, **socket):
        self.server = server
        self.socket_options = socket
        self.token = token
        self.name = name
        self.author = None
        self.welcome = None
        self.logs = {}
        self.receipts = {}  # (room, id) -> the receipt; the same for ever
        self.refusals = {}  # (room, id) -> the last error
        self.answers = {}
        self.signals = []
        self.errors = []
        self.bye = None
        self.refs = 0
        self.socket = WebSocket(server.port, **socket)
        if hello:
            self.hello(name, token)

    # -- the connection ---------------------------------------------------------------------------

    def hello(self, name=None, token=None):
        frame_ = {"type": "hello", "token": token} if token else {"type": "hello", "name": name}
        answer = self.ask(frame_)
        if answer["type"] != "welcome":
            raise AssertionError(f"hello was refused: {answer}")
        self.welcome = answer
        self.author, self.token = answer["user"]["id"], answer["token"]
        self.name = answer["user"]["name"]
        self.server.secret(self.token)
        return answer

    def reconnect(self):
        """A new connection of the same author, behind the position of each room."""
        self.socket.wire.close()
        self.answers.clear()
        self.socket = WebSocket(self.server.port, **self.socket_options)
        self.hello(token=self.token)
        for room, log in self.logs.items():
            log.joining = True
            self.send({"type": "join", "room": room, "after": log.position, "epoch": log.epoch})

    def close(self):
        self.socket.close()

    def drop(self):
        self.socket.wire.close()

    # -- sending ----------------------------------------------------------------------------------

    def send(self, what):
        self.socket.send(what if isinstance(what, (str, bytes)) else encode(what))

    def send_all(self, frames):
        """Many frames in one write."""
        self.socket.wire.send(b"".join(frame(TEXT, encode(one)) for one in frames))

    def ask(self, what, patience=PATIENCE):
        """Sends a request and returns its answer, be it an error."""
        self.refs += 1
        ref = f"r{self.refs}"
        self.send({**what, "ref": ref})
        self.wait(lambda: ref in self.answers, f"an answer to {what}", patience)
        return self.answers.pop(ref)

    def join(self, room="general", **how):
        self.begin_join(room, **how)
        self.wait(lambda: not self.logs[room].joining, f"joined {room}")
        return self.logs[room]

    def begin_join(self, room="general", **how):
        log = self.logs.setdefault(room, Log(room))
        log.joining = True
        if "after" in how:
            log.position, log.epoch, log.entries = how["after"], how["epoch"], []
        self.send({"type": "join", "room": room, **how})
        return log

    def post(self, text, room="general", id=None):
        id = id or new_id()
        self.send({"type": "post", "room": room, "id": id, "text": text})
        return id

    def say(self, text, room="general", id=None):
        """Posts and waits for the receipt."""
        id = self.post(text, room, id)
        return self.receipt(id, room)

    def receipt(self, id, room="general", patience=PATIENCE):
        self.wait(lambda: (room, id) in self.receipts, f"a receipt for {id}", patience)
        return self.receipts[room, id]

    def refusal(self, id, room="general", patience=PATIENCE):
        self.wait(lambda: (room, id) in self.refusals, f"a refusal of {id}", patience)
        return self.refusals.pop((room, id))

    def history(self, room="general", **how):
        return self.ask({"type": "history", "room": room, **how})

    def barrier(self):
        """Everything that the server had for us before this call has been read after it."""
        answer = self.ask({"type": "ping"})
        if answer["type"] != "pong":
            raise AssertionError(f"ping was answered by {answer}")

    # -- reading ----------------------------------------------------------------------------------

    def wait(self, condition, what, patience=PATIENCE):
        deadline = time.monotonic() + patience
        while not condition():
            try:
                self.read(max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                raise AssertionError(f"{self.name}: no {what} within {patience} s") from None

    def wait_position(self, position, room="general", patience=PATIENCE):
        log = self.logs[room]
        self.wait(lambda: log.position >= position and not log.paging, f"entry {position}", patience)
        return log

    def wait_text(self, text, room="general"):
        log = self.logs[room]
        self.wait(lambda: any(e["text"] == text for e in log.entries), f"text {text!r}")

    def wait_signal(self, matches, what):
        found = []

        def condition():
            found.extend(s for s in self.signals if matches(s))
            return bool(found)

        self.wait(condition, what)
        self.signals.remove(found[0])
        return found[0]

    def read(self, patience=PATIENCE):
        """Reads one frame and puts it where it belongs; returns it."""
        what = json.loads(self.socket.read(patience))
        if "ref" in what:
            self.answers[what["ref"]] = what
        take = getattr(self, "take_" + what["type"], None)
        if take is None:
            self.signals.append(what)
        else:
            take(what)
        return what

    def read_until_closed(self, patience=PATIENCE):
        """Everything up to the close frame; its code, or None when there was none."""
        deadline = time.monotonic() + patience
        try:
            while True:
                self.read(max(0.0, deadline - time.monotonic()))
        except Closed as end:
            return end.code
        except Lost:
            return None

    def take_welcome(self, what):
        pass  # hello() reads it from the answers.

    def take_joined(self, what):
        self.logs[what["room"]].take_joined(what)

    def take_message(self, what):
        self.logs[what["room"]].take_message(what)

    def take_history(self, what):
        if what.get("resume"):
            self.logs[what["room"]].take_page(what)

    def take_posted(self, what):
        key = what["room"], what["id"]
        before = self.receipts.setdefault(key, what)
        if (before["seq"], before["at"]) != (what["seq"], what["at"]):
            raise AssertionError(f"two receipts that differ: {before} and {what}")
        self.refusals.pop(key, None)

    def take_error(self, what):
        self.errors.append(what)
        if "id" in what and "room" in what:
            self.refusals[what["room"], what["id"]] = what
        elif "ref" not in what and what.get("room") in self.logs and self.logs[what["room"]].joining:
            raise AssertionError(f"not joined: {what}")

    def take_bye(self, what):
        self.bye = what


def encode(what):
    return json.dumps(what, ensure_ascii=False, separators=(",", ":")).encode()


class GoClient:
    """The Go program's client as far as its server can see it: bare lines, no subprotocol."""

    def __init__(self, server, name, **socket):
        self.name = name
        self.lines = []  # (username, message), pages and live lines alike
        self.socket = WebSocket(server.port, protocol=None, **socket)

    def say(self, message):
        self.socket.send(encode({"username": self.name, "message": message}))

    def read(self, patience=PATIENCE):
        what = json.loads(self.socket.read(patience))
        for line in what if isinstance(what, list) else [what]:
            if set(line) != {"username", "message"}:
                raise AssertionError(f"more or less than a line: {line}")
            self.lines.append((line["username"], line["message"]))

    def wait_for(self, line, patience=PATIENCE):
        deadline = time.monotonic() + patience
        while line not in self.lines:
            self.read(max(0.0, deadline - time.monotonic()))

    def wait_for_name(self, name, patience=PATIENCE):
        deadline = time.monotonic() + patience
        while not any(username == name for username, _ in self.lines):
            self.read(max(0.0, deadline - time.monotonic()))

    def close(self):
        self.socket.close()
