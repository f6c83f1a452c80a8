"""The Go program's client as it is: what it really sent, taken off the wire, byte for byte, masks
included; and what it can read."""

import json
import pathlib
import unittest

from chat import GoClient
from harness import LoopbackTest
from websocket import WebSocket, mask_bytes

HERE = pathlib.Path(__file__).resolve().parent

# What its two users had typed; it trims lines and sends no empty ones. Go escapes <, > and &.
LINUS = ["Good evening.", 'Grüße \U0001f511 <b>&amp;</b> "quoted" \\ back\\slash', "trimmed", "x" * 200, "the end"]
KEN = ["Ken was here", "你好"]


def recorded(name):
    """The upgrade request and the frames of a recording."""
    lines = (HERE / f"recorded_go_{name}.hex").read_text().splitlines()
    request, *frames = (bytes.fromhex(line) for line in lines if not line.startswith("#"))
    return request, frames


class Replayed(GoClient):
    """A connection opened by the recorded request."""

    def __init__(self, server, name, request):
        self.name = name
        self.lines = []
        self.socket = WebSocket(server.port, request=request)


class Recorded(LoopbackTest):
    def replay(self, server, name):
        request, frames = recorded("ken" if name == "Ken" else "linus")
        client = Replayed(server, name, request)
        self.clients.append(client)
        return client, frames

    def test_the_recording_is_what_it_is_taken_for(self):
        request, frames = recorded("linus")
        self.assertTrue(request.startswith(b"GET / HTTP/1.1\r\n"))
        self.assertNotIn(b"Protocol", request)
        self.assertNotIn(b"Origin", request)
        self.assertEqual(len(frames), len(LINUS))
        self.assertEqual(frames[0][0], 0x81)
        line = json.loads(mask_bytes(frames[0][6:], frames[0][2:6]))
        self.assertEqual(line, {"username": "Linus", "message": LINUS[0]})

    def check_two(self, url=None):
        server = self.server(url)
        ada = self.joined(server, "Ada")
        linus, linus_frames = self.replay(server, "Linus")
        ken, ken_frames = self.replay(server, "Ken")
        for frame in linus_frames:
            linus.socket.wire.send(frame)
        ken.wait_for(("Linus", LINUS[-1]))
        for frame in ken_frames:
            ken.socket.wire.send(frame)
        linus.wait_for(("Ken", KEN[-1]))
        ada.wait_position(len(LINUS) + len(KEN))
        # The other gets each line once and in order, the sender gets none of its own.
        self.assertEqual(ken.lines, [("Linus", text) for text in LINUS])
        self.assertEqual(linus.lines, [("Ken", text) for text in KEN])
        seen = [(entry["from"], entry["text"]) for entry in ada.logs["general"].entries]
        self.assertEqual(seen, [("~Linus", text) for text in LINUS] + [("~Ken", text) for text in KEN])
        authors = {entry["from"]: entry["author"] for entry in ada.logs["general"].entries}
        self.assertEqual(len(set(authors.values())), 2)
        # Whoever comes later gets all of it as arrays of such lines.
        late, _ = self.replay(server, "Late")
        late.wait_for(("Ken", KEN[-1]))
        self.assertEqual(late.lines, ken.lines + linus.lines)

    def test_two_recorded_clients_on_sqlite(self):
        self.check_two()

    def test_two_recorded_clients_on_postgresql(self):
        self.check_two(self.postgres_url())

    def test_lines_sent_in_one_burst_are_stored_once_and_in_order(self):
        server = self.server()
        ada = self.joined(server, "Ada")
        linus, frames = self.replay(server, "Linus")
        linus.socket.wire.send(b"".join(frames * 100))
        ada.wait_position(100 * len(LINUS))
        self.assertEqual(ada.logs["general"].texts(), LINUS * 100)

    def test_its_user_may_think_for_long_before_it_reads(self):
        """It reads nothing until its user has typed a name, and so answers no ping: it stays."""
        server = self.server(HEARTBEAT="1")
        thinking, frames = self.replay(server, "Linus")
        quiet = self.joined(server, "Quiet")
        quiet.socket.answers_pings = False
        # A v1 client that is silent for two heartbeats is closed: by then a go client would have been, too.
        self.assertEqual(quiet.read_until_closed(), 4001)
        ada = self.joined(server, "Ada")
        ada.say("Linus thinks still")
        thinking.socket.wire.send(frames[0])
        ada.wait_text(LINUS[0])
        thinking.wait_for(("Ada", "Linus thinks still"))
        self.assertEqual(thinking.lines, [("Ada", "Linus thinks still")])


if __name__ == "__main__":
    unittest.main()
