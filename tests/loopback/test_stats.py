"""Figures for operators: who may see them, what they say, and that nobody pays while nobody looks."""

import base64
import json
import unittest

from harness import LoopbackTest
from processes import wait_until
from websocket import PATIENCE, Wire, ask_http

import time


class Stream:
    """Reads /stats/events as a browser's EventSource does."""

    def __init__(self, port, fields=()):
        self.wire = Wire(port)
        lines = ["GET /stats/events HTTP/1.1", f"Host: 127.0.0.1:{port}", *fields]
        self.wire.send(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.head = self.wire.take_until(b"\r\n\r\n", time.monotonic() + PATIENCE).decode("latin-1")

    def event(self):
        lines = self.wire.take_until(b"\n\n", time.monotonic() + PATIENCE).decode().strip("\n").split("\n")
        fields = dict(line.split(": ", 1) for line in lines)
        return fields["event"], json.loads(fields["data"])

    def sample(self, holds, what):
        """Reads on until a sample says so."""
        deadline = time.monotonic() + PATIENCE
        while True:
            name, data = self.event()
            if name == "sample" and holds(data):
                return data
            if time.monotonic() > deadline:
                raise AssertionError(f"no sample with {what}; the last one: {data}")

    def close(self):
        self.wire.close()


class Figures(LoopbackTest):
    def stream(self, server, **how):
        stream = Stream(server.port, **how)
        self.addCleanup(stream.close)
        return stream

    def test_what_is_said_is_what_happens(self):
        server = self.server()
        stream = self.stream(server)
        self.assertIn(" 200 OK\r\n", stream.head)
        self.assertIn("text/event-stream", stream.head)
        self.assertIn("trusted-types 'none'", stream.head)
        name, history = stream.event()
        self.assertEqual(name, "history")
        columns = history["series"]
        self.assertEqual({len(column) for column in columns.values()}, {0})
        first = stream.sample(lambda s: True, "anything")
        self.assertEqual(set(first) - {"mailboxes", "busiest"}, set(columns))
        ada, bob = self.joined(server, "Ada"), self.joined(server, "Bob")
        self.joined(server, "Eve", room="attic")
        for number in range(20):
            ada.say(f"message {number}")
        busy = stream.sample(lambda s: s["messages_per_s"] > 0 and s["delivery_p99_us"] is not None, "messages")
        self.assertGreater(busy["commit_p50_us"], 0)
        self.assertGreaterEqual(busy["commit_p99_us"], busy["commit_p50_us"])
        self.assertGreaterEqual(busy["delivery_p99_us"], busy["delivery_p50_us"])
        self.assertGreater(busy["deliveries_per_s"], busy["messages_per_s"], "two members see each message")
        self.assertEqual((busy["sessions"], busy["rooms"], busy["connections"]), (3, 2, 4))
        self.assertEqual(busy["busiest"][0][0], "general")
        self.assertGreater(busy["mailbox"], 0)
        self.assertEqual(busy["mailbox"], busy["mailboxes"][0][1])
        self.assertIn("room", dict(busy["mailboxes"]))
        bob.socket.wire.close()

    def test_nobody_looks_and_nothing_is_sampled(self):
        server = self.server()
        ada = self.joined(server, "Ada")
        ada.say("unwatched")
        self.assertEqual(server.metric("stats_samples_total"), 0)
        stream = self.stream(server)
        ada.say("watched")
        stream.sample(lambda s: True, "anything")
        stream.close()
        wait_until(lambda: server.metric("connections") == 2, "the stream's end")  # Ada, and this question.
        before = server.metric("stats_samples_total")
        self.assertGreaterEqual(before, 1)
        # The I/O thread's clock goes on: a session is asked for its life each second.
        for number in range(3):
            ada.say(f"unwatched {number}")
            time.sleep(0.5)  # Not for a condition: nothing must happen in this time.
        self.assertEqual(server.metric("stats_samples_total"), before)
        name, history = self.stream(server).event()
        self.assertEqual(name, "history")
        self.assertEqual(len(history["series"]["at"]), before, "the next reader gets what the first one saw")

    def test_with_a_token_everybody_must_show_it(self):
        token = "an-operator's-secret-of-this-test"
        server = self.server(ADMIN_TOKEN=token)
        server.secret(token)
        for target in ("/stats", "/stats/events"):
            for shown in ([], ["Authorization: Bearer wrong"], ["Authorization: Basic Og=="]):
                status, head, body = server.http(target, fields=shown)
                self.assertEqual((status, head["www-authenticate"].split()[0]), (401, "Basic"))
                self.assertIn(b"ADMIN_TOKEN", body)
        basic = base64.b64encode(f"me:{token}".encode()).decode()
        for shown in (f"Authorization: Bearer {token}", f"Authorization: Basic {basic}"):
            self.assertEqual(self.stream(server, fields=[shown]).event()[0], "history")

    def test_without_a_token_only_this_machine_looks(self):
        server = self.server()
        for field in ("X-Forwarded-For: 10.0.0.1", "Forwarded: for=10.0.0.1"):
            status, _, body = server.http("/stats/events", fields=[field])
            self.assertEqual(status, 403)
            self.assertIn(b"ADMIN_TOKEN", body)
        wire = Wire(server.port)
        wire.send(b"GET /stats/events HTTP/1.1\r\nHost: rebound.example\r\n\r\n")
        self.assertIn(b" 403 ", wire.take_until(b"\r\n\r\n", time.monotonic() + PATIENCE))
        wire.close()
        self.assertEqual(server.http("/stats/events", method="POST")[0], 405)
        self.assertEqual(server.metric("stats_samples_total"), 0)

    def test_a_bad_token_is_refused_at_the_start_and_not_shown(self):
        for token in ("short", "with a space in it, and long", "ünïcödé-and-long-enough"):
            server = self.server(start=False, ADMIN_TOKEN=token)
            server.secret(token)
            code, said = server.fail_to_start()
            self.assertEqual(code, 78, said)
            self.assertIn("openssl rand", said)

    def test_a_stopping_server_does_not_wait_for_its_streams(self):
        server = self.server()
        stream = self.stream(server)
        self.assertEqual(stream.event()[0], "history")
        began = time.monotonic()
        server.stop()
        self.assertLess(time.monotonic() - began, 5)


if __name__ == "__main__":
    unittest.main()
