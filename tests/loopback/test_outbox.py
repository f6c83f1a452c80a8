"""What was typed into `callboard` outlives its process: it is stored once and in order, however often the client is
killed and the line is cut."""

import contextlib
import random
import re
import unittest

import postgres
from cli import Program
from flaky_proxy import FlakyProxy
from harness import LoopbackTest
from processes import wait_until

KILLS = 100


class OutboxTest(LoopbackTest):
    def start(self, port, *arguments, home="home", **how):
        started = Program(self.folder / home, port, *arguments, **how)
        self.resources.callback(started.end)
        return started

    def run_to_end(self, port, *arguments, text=b"", **how):
        started = self.start(port, *arguments, **how)
        with contextlib.suppress(BrokenPipeError):
            started.say(text)
            started.end_input()
        return started.wait_end(), started.output.decode(), started.stderr()

    def outboxes(self, home="home"):
        return sorted((self.folder / home / ".local/state/callboard").glob("outbox-*"))

    def on_disk(self):
        """The texts that stand in any outbox, waiting or not."""
        texts = []
        for path in self.outboxes():
            with contextlib.suppress(FileNotFoundError):  # Another process has just taken it over.
                for found in re.findall(rb"(?m)^[0-9a-f]{8} post \S* \S* (\S*)$", path.read_bytes()):
                    texts.append(re.sub(rb"%(..)", lambda byte: bytes([int(byte[1], 16)]), found).decode())
        return texts

    def texts(self, server):
        return [row[3] for row in self.stored(server.settings["DATABASE_URL"])]

    def token_for(self, server, name):
        """A first run that is not killed: without its token, the name would stay taken."""
        self.assertEqual(self.run_to_end(server.port, "rooms", "--name", name)[0], 0)


class Kills(OutboxTest):
    def wait_for(self, condition, what, client):
        try:
            wait_until(condition, what, 200)  # A line that keeps breaking is dialled half a minute apart.
        except AssertionError as error:
            self.fail(f"{error}; the client says: {client.stderr()}")

    def test_a_hundred_kills_and_a_flaky_line(self):
        seed = random.randrange(1 << 32)
        print(f"seed {seed}", flush=True)
        dice = random.Random(seed)
        server = self.server()
        proxy = FlakyProxy(lambda: server.port, seed, cut=0)
        self.resources.callback(proxy.end)
        self.token_for(proxy, "ada")
        proxy.cut = 0.02
        taken = 0  # Lines that the client has: stored, or on its disk.

        def count_taken():
            numbers = {int(text.split()[1]) for text in self.on_disk()} | {int(text.split()[1]) for text in self.texts(server)}
            return max(numbers, default=-1) + 1

        self.joined(server, "Bob")  # The room is there from the beginning.
        for _ in range(KILLS):
            client = self.start(proxy.port, "general", "--name", "ada")
            client.say("".join(f"line {number}\n" for number in range(taken, taken + 12)))
            end = dice.choice(["start", "start", "taken", "taken", "stored"])
            if end == "start":  # At any point of it: a bounded wait for nothing.
                with contextlib.suppress(AssertionError):
                    wait_until(lambda: False, "nothing", dice.random() * 0.3)
            else:
                wanted = dice.choice([1, 2, 5, 12])
                count = count_taken if end == "taken" else lambda: len(self.texts(server))
                goal = wanted + (taken if end == "taken" else count())
                self.wait_for(lambda: count() >= goal, f"{wanted} more lines {end}", client)
            client.process.kill()
            client.process.wait()
            taken = max(taken, count_taken())
            client.end()
        proxy.cut = 0  # Everything has gone wrong by now; what is left must come through.
        last = self.start(proxy.port, "general", "--name", "ada")
        self.wait_for(lambda: len(self.texts(server)) >= taken, "all lines", last)
        last.end_input()
        self.assertEqual(last.wait_end(60), 0, last.stderr())
        # A chat ends without waiting for receipts of what it did not say; a send's own one is the last.
        self.assertEqual(self.run_to_end(proxy.port, "send", "general", "the end", "--name", "ada")[0], 0)
        rows = self.stored(server.settings["DATABASE_URL"])
        self.assertEqual([row[3] for row in rows], [f"line {number}" for number in range(taken)] + ["the end"])
        self.assert_dense(rows)
        self.assertEqual(len({row[1] for row in rows}), 1)
        self.assertEqual(self.outboxes(), [])
        self.assertGreater(proxy.cuts, 2)
        print(f"{KILLS} kills, {proxy.cuts} cuts, {taken} lines", flush=True)


class Restarts(OutboxTest):
    def test_what_send_could_not_deliver_goes_first_next_time(self):
        server = self.server(self.postgres_url())
        url = server.settings["DATABASE_URL"]
        self.assertEqual(self.run_to_end(server.port, "send", "general", "first", "--name", "ada")[0], 0)
        with postgres.Session(url) as other:
            other.lock_room()
            code, out, err = self.run_to_end(server.port, "send", "general", "second", "--name", "ada", "--timeout", "2")
            self.assertEqual((code, out), (75, ""))
            self.assertIn("stay in the outbox", err)
            self.assertEqual(len(self.outboxes()), 1)
            other.run("rollback")
        code, out, err = self.run_to_end(server.port, "send", "general", "third", "--name", "ada")
        self.assertEqual((code, out.split()[0]), (0, "3"))
        self.assertIn("1 message from before", err)
        self.assertEqual(self.texts(server), ["first", "second", "third"])
        self.assertEqual(self.outboxes(), [])

    def test_a_room_that_nobody_opens_gets_its_message_too(self):
        server = self.server(self.postgres_url())
        self.assertEqual(self.run_to_end(server.port, "send", "general", "first", "--name", "ada")[0], 0)
        with postgres.Session(server.settings["DATABASE_URL"]) as other:
            other.lock_room()
            self.assertEqual(self.run_to_end(server.port, "send", "general", "second", "--name", "ada", "--timeout", "2")[0], 75)
            other.run("rollback")
        chat = self.start(server.port, "elsewhere", "--name", "ada")
        wait_until(lambda: self.texts(server) == ["first", "second"], "the message of before")
        chat.end_input()
        self.assertEqual(chat.wait_end(), 0, chat.stderr())

    def test_two_clients_of_one_author_send_nothing_twice(self):
        server = self.server()
        self.token_for(server, "ada")
        many = 200
        clients = [self.start(server.port, "send", "general", "--lines", "--name", "ada") for _ in range(3)]
        for number, client in enumerate(clients):
            client.say("".join(f"{number} {line}\n" for line in range(many)))
            client.end_input()
        for client in clients:
            self.assertEqual(client.wait_end(), 0, client.stderr())
        texts = self.texts(server)
        for number in range(3):
            self.assertEqual([text for text in texts if text.startswith(f"{number} ")],
                             [f"{number} {line}" for line in range(many)])

    def test_a_damaged_outbox_is_set_aside_and_said(self):
        server = self.server()
        self.token_for(server, "ada")
        folder = self.folder / "home/.local/state/callboard"
        token = next(folder.glob("token-*"))
        damaged = folder / f"outbox-{token.name.removeprefix('token-')}-00000000000000000001-1"
        damaged.write_bytes(b"00000000 post general id lost%20words\n")
        code, _, err = self.run_to_end(server.port, "send", "general", "new", "--name", "ada")
        self.assertEqual(code, 0)
        self.assertIn("is damaged in line 1", err)
        kept = folder / (damaged.name + ".damaged")
        self.assertIn(str(kept), err)
        self.assertEqual(kept.read_bytes(), b"00000000 post general id lost%20words\n")
        self.assertEqual(self.texts(server), ["new"])


if __name__ == "__main__":
    unittest.main()
