"""A server that says whatever a test wants, in frames that are well-formed: what the real one would never let
through (names, rooms, sentences) reaches a client by this one."""

import base64
import hashlib
import json
import random
import socket
import threading

from screen import Screen  # noqa: F401  For the path to the loopback tests.
from websocket import frame

EVIL = ("\x1b]0;PWNED\x07", "\x1b[2J\x1b[1;1H", "\x9b31mred\x9b0m", "\x1b[?1049l", "\u202eevil", "a\x08b\x7f", "\x1b]52;c;aGk=\x07",
        "\x1bP1$r\x1b\\", "\x1b[?2004l", "\r\rforged\r", "\x1b[?1000h", "\x1b[?25l", "\x1b[4h", "\x1b[?7l", "\x1b[5;6r", "\x1bc", "\x1b(0",
        "\x0e", "\x0f", "\x1b#8", "\x1b[?1;5h", "\x1b_app\x1b\\", "\x1b^pm\x1b\\", "\u2066\u2069", "\u200d\ufe0f", "\U000e0041", "z\u0301\u0301",
        "你好", "👨\u200d👩\u200d👧", "\U0001fae8", "\n\n", "\t", "word ", "\x85\x90\x9d0;PWNED\x9c", "\x1b[6n", "\x1b[c", "\x05", "%s%n")


class Mischief:
    """Strings of evil pieces and random characters, the same for the same seed."""

    def __init__(self, seed):
        self.dice = random.Random(seed)

    def text(self, most=8):
        pieces = [self.dice.choice(EVIL) if self.dice.random() < 0.6 else chr(self.dice.choice((self.dice.randrange(1, 0x100),
                  self.dice.randrange(0x2000, 0x2100), self.dice.randrange(0x1F300, 0x1FAFF)))) for _ in range(self.dice.randrange(1, most))]
        return "".join(pieces)


class EvilServer:
    """Welcomes everybody into any room. `tell` says a frame to the client that is there."""

    def __init__(self, answer=None, **welcome):
        self.answer = answer  # Instead of a handshake: these bytes.
        self.welcome = {"user": {"id": "id-a", "name": "ada"}, "token": "t", "server": "evil/1", "heartbeat_s": 25,
                        "limits": {"text_bytes": 8192, "frame_bytes": 65536, "name_chars": 50, "room_chars": 64, "rooms": 100,
                                   "requests_under_way": 64, "page": 500}, **welcome}
        self.joined = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.client = None
        self.seq = 0
        threading.Thread(target=self.serve, daemon=True).start()

    def end(self):
        self.listener.shutdown(socket.SHUT_RDWR)  # Wakes whoever waits in accept().
        self.listener.close()
        if self.client:
            self.client.close()

    def tell(self, **what):
        self.client.sendall(frame(1, json.dumps(what), mask=None))

    def say(self, text, name="mallory", room="general"):
        self.seq += 1
        self.tell(type="message", room=room, seq=self.seq, id=f"m{self.seq}", author="id-" + str(self.seq % 7), text=text,
                  at="2026-11-23T17:02:26.123Z", **{"from": name})

    # -- the other end ----------------------------------------------------------------------------

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            try:
                with client, client.makefile("rb") as stream:
                    self.converse(client, stream)
            except (OSError, EOFError, ValueError):
                pass  # It has gone, as clients do.

    def converse(self, client, stream):
        head = b"".join(iter(stream.readline, b"\r\n")).decode()
        if self.answer:
            client.sendall(self.answer)
            return
        key = next(line.split(": ")[1] for line in head.split("\r\n") if line.lower().startswith("sec-websocket-key"))
        accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
        client.sendall(f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                       f"Sec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: callboard.v1\r\n\r\n".encode())
        self.client = client
        while True:
            self.react(json.loads(self.read(stream)))

    @staticmethod
    def read(stream):
        """The text of one masked frame."""
        head = stream.read(2)
        if len(head) < 2 or head[0] & 15 == 8:
            raise EOFError
        count = head[1] & 127
        if count == 126:
            count = int.from_bytes(stream.read(2), "big")
        mask = stream.read(4)
        return bytes(byte ^ mask[i % 4] for i, byte in enumerate(stream.read(count))).decode()

    def react(self, asked):
        ref, kind = {"ref": asked["ref"]} if "ref" in asked else {}, asked["type"]
        if kind == "hello":
            self.tell(type="welcome", **ref, **self.welcome)
        elif kind == "join":
            self.tell(type="joined", **ref, room=asked["room"], epoch="e", first=1, head=0, mode="fresh", entries=[], more=False, members=2)
            self.joined.set()
        elif kind == "ping":
            self.tell(type="pong", **ref)
        elif kind == "rooms":
            self.tell(type="rooms", **ref, rooms=self.rooms)
        elif kind == "who":
            self.tell(type="who", **ref, room=asked["room"], names=self.names, members=len(self.names))
        elif kind == "post":
            self.tell(type="error", **ref, code="too_long", message=self.sentence, id=asked["id"], room=asked["room"])

    rooms, names, sentence = [], [], "no"
