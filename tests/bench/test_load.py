"""The load generator finishes against the server and against the reference, and fails against a
server that loses, doubles or reorders entries."""

import json
import os
import pathlib
import socket
import subprocess
import sys
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "loopback"))

from harness import LoopbackTest  # noqa: E402
from postgres import sql  # noqa: E402
from processes import plain_environment  # noqa: E402

BENCH = pathlib.Path(os.environ["CALLBOARD_BENCH"])
SMALL = ["members=20", "senders=3", "window=2", "warm_ms=50", "time_ms=200"]


def load(port, scenario, *words, tag="testab"):
    return subprocess.run([BENCH / "callboard-load", scenario, f"port={port}", f"tag={tag}", *words], timeout=120,
                          capture_output=True, text=True, env=plain_environment())


def figures(done):
    if done.returncode != 0:
        raise AssertionError(f"load ended with {done.returncode}: {done.stdout} {done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


class AgainstTheServer(LoopbackTest):
    def test_people_talk(self):
        server = self.server()
        result = figures(load(server.port, "talk", f"pid={server.process.pid}", *SMALL))
        self.assertGreater(result["deliveries"], 0)
        self.assertGreater(result["cpu_us_per_delivery"], 0)
        self.assertEqual([result[fault] for fault in ("lost", "doubled", "disordered", "refused")], [0] * 4)

    def test_one_message_at_a_time(self):
        self.assertGreater(figures(load(self.server().port, "talk", "lockstep=1", *SMALL))["deliveries"], 0)

    def test_offered_load_and_slow_readers(self):
        result = figures(load(self.server().port, "talk", "rate=100", "slow=2", *SMALL))
        self.assertGreater(result["latency_p99_ms"], 0)

    def test_idle_connections(self):
        server = self.server()
        result = figures(load(server.port, "idle", f"pid={server.process.pid}", "members=20", "steps=2",
                              "calm_ms=60", "time_ms=50"))
        self.assertEqual(result["members"], 20)
        self.assertIn("pss_kib_10", result)

    def test_pages_and_storms(self):
        server = self.server()
        figures(load(server.port, "talk", *SMALL))  # fills room 0
        self.assertGreater(figures(load(server.port, "page", "long_room=0", tag="reader"))["entries"], 0)
        stormed = figures(load(server.port, "storm", "members=20", "turns=1", "last=5", tag="joiner"))
        self.assertGreater(stormed["long_ms"], 0)

    def test_everybody_comes_back(self):
        server = self.server()
        with subprocess.Popen([BENCH / "callboard-load", "avalanche", f"port={server.port}", "tag=testab", "members=20",
                               "rooms=2", "posts=20"], stdout=subprocess.PIPE, text=True,
                              env=plain_environment()) as process:
            self.addCleanup(process.kill)
            self.assertEqual(process.stdout.readline(), "ready\n")
            server.settings["SERVER_PORT"] = str(server.port)
            server.kill()
            server.start()
            out, _ = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(json.loads(out)["back"], 20)


class AgainstTheReference(LoopbackTest):
    def reference(self, *words):
        process = subprocess.Popen([BENCH / "callboard-reference", *words], stdout=subprocess.PIPE, text=True,
                                   env=plain_environment())
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.addCleanup(process.stdout.close)
        return json.loads(process.stdout.readline())["port"]

    def schema_of(self, store):
        return (ROOT / "sql" / store / "001_log.sql").read_text()

    def test_gathering_and_not(self):
        for how in ("gather", "each"):
            self.assertGreater(figures(load(self.reference(how), "talk", *SMALL))["deliveries"], 0)

    def test_both_stores_hold_what_was_shown(self):
        self.run_sqlite(self.schema_of("sqlite"))
        figures(load(self.reference("gather", self.sqlite_url()), "talk", *SMALL))
        self.assertGreater(self.run_sqlite("select count(*) from entry"), 0)
        url = self.postgres_url()
        sql(url, self.schema_of("postgres"))
        result = figures(load(self.reference("gather", url), "talk", *SMALL))
        stored = int(sql(url, "select count(*) from entry")[0][0])
        self.assertGreaterEqual(stored, result["deliveries"] // 20)

    def test_plain_insert(self):
        url = self.postgres_url()
        sql(url, self.schema_of("postgres"))
        self.run_sqlite(self.schema_of("sqlite"))
        for database in (url, self.sqlite_url()):
            done = subprocess.run([BENCH / "callboard-insert", f"database={database}", "tag=testab", "time_ms=20"],
                                  capture_output=True, text=True, timeout=120, env=plain_environment())
            self.assertGreater(figures(done)["rows_per_s"], 0)

    def run_sqlite(self, text):
        import sqlite3
        link = sqlite3.connect(self.folder / "callboard.db")
        self.addCleanup(link.close)
        if not text.startswith("select"):
            return link.executescript(text)
        return link.execute(text).fetchone()[0]


class Liar(threading.Thread):
    """Speaks just enough of the protocol to break a promise: the posts of its one client get the given numbers."""

    def __init__(self, numbers):
        super().__init__(daemon=True)
        self.numbers = list(numbers)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def run(self):
        wire, _ = self.listener.accept()
        with wire, self.listener:
            data = b""
            while b"\r\n\r\n" not in data:
                data += wire.recv(4096)
            wire.sendall(b"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
            data = b""
            while chunk := wire.recv(4096):
                data = self.answer(wire, data + chunk)

    def answer(self, wire, data):
        while len(data) >= 6 and len(data) >= (size := self.size_of(data)):
            head = 8 if data[1] & 127 == 126 else 6
            text = bytes(b ^ data[head - 4 + i % 4] for i, b in enumerate(data[head:size]))
            data = data[size:]
            for what in self.answers(json.loads(text)):
                payload = json.dumps(what, separators=(",", ":")).encode()
                length = bytes([len(payload)]) if len(payload) < 126 else b"\x7e" + len(payload).to_bytes(2, "big")
                wire.sendall(b"\x81" + length + payload)
        return data

    @staticmethod
    def size_of(data):
        length = data[1] & 127
        return 8 + int.from_bytes(data[2:4], "big") if length == 126 else 6 + length

    def answers(self, what):
        if what["type"] == "hello":
            yield {"type": "welcome", "user": {}, "token": "t"}
        elif what["type"] == "join":
            yield {"type": "joined", "room": what["room"], "epoch": "e", "first": 1, "head": 0, "mode": "fresh", "entries": []}
        elif self.numbers:
            for seq in self.numbers.pop(0):
                yield {"type": "message", "room": what["room"], "seq": seq, "id": what["id"], "from": "x", "author": "x" * 32,
                       "text": what["text"], "at": "2026-11-23T17:02:26.123Z"}
            yield {"type": "posted", "room": what["room"], "id": what["id"], "seq": 1, "at": "x", "duplicate": False}


class AgainstALiar(unittest.TestCase):
    def faults(self, *numbers):
        liar = Liar(numbers)
        liar.start()
        done = load(liar.port, "talk", "members=1", "senders=1", "window=1", "warm_ms=10", "time_ms=50", "patience_ms=300")
        self.assertEqual(done.returncode, 1, done.stdout)
        return done.stderr

    def test_a_lost_entry(self):
        self.assertIn("lost 1", self.faults([1], [3]))

    def test_a_doubled_entry(self):
        self.assertIn("doubled 1", self.faults([1], [2, 2]))

    def test_a_post_that_became_two_entries(self):
        self.assertIn("doubled 1", self.faults([1, 2]))

    def test_an_entry_that_never_comes(self):
        self.assertIn("everybody has every post", self.faults([1], []))


if __name__ == "__main__":
    unittest.main()
