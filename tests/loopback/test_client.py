"""The program `callboard` end to end: pipes in, pipes out, exit codes, and nothing lost or doubled however
often the server goes away."""

import contextlib
import json
import os
import signal
import socket
import threading
import unittest

import postgres
from cli import Program, free_port
from harness import LoopbackTest
from processes import wait_until


class ClientTest(LoopbackTest):
    def start(self, server, *arguments, home="home", **how):
        port = server if isinstance(server, int) else server.port
        started = Program(self.folder / home, port, *arguments, **how)
        self.resources.callback(started.end)
        return started

    def run_to_end(self, server, *arguments, text=b"", **how):
        """Exit code, stdout, stderr."""
        started = self.start(server, *arguments, **how)
        with contextlib.suppress(BrokenPipeError):  # It may end before it has read all.
            started.say(text)
            started.end_input()
        code = started.wait_end()
        return code, started.output.decode(), started.stderr()


class Commands(ClientTest):
    def test_echo_hi_through_a_pipe(self):
        server = self.server()
        code, out, err = self.run_to_end(server, "send", "general", "--name", "ada", text=b"hi\n")
        self.assertEqual((code, err), (0, ""))
        seq, id = out.split()
        self.assertEqual((seq, self.stored(server.settings["DATABASE_URL"])[0][2:]), ("1", (id, "hi")))
        code, out, _ = self.run_to_end(server, "tail", "general", "--json", "--name", "ada")
        line = json.loads(out)
        self.assertEqual((code, line["text"], line["from"], line["seq"], line["id"]), (0, "hi", "ada", 1, id))

    def test_text_arguments_lines_and_whole_input(self):
        server = self.server()
        self.assertEqual(self.run_to_end(server, "send", "general", "two", "words", "--name", "ada")[0], 0)
        self.assertEqual(self.run_to_end(server, "send", "general", "--name", "ada", text=b"one\ntwo\n")[0], 0)
        code, out, _ = self.run_to_end(server, "send", "general", "--lines", "--quiet", "--name", "ada", text=b"a\nb")
        self.assertEqual((code, out), (0, ""))
        texts = [row[3] for row in self.stored(server.settings["DATABASE_URL"])]
        self.assertEqual(texts, ["two words", "one\ntwo", "a", "b"])
        authors = {row[1] for row in self.stored(server.settings["DATABASE_URL"])}
        self.assertEqual(len(authors), 1, "the token makes it the same author each time")

    def test_people_see_no_control_characters_and_programs_see_all(self):
        server = self.server()
        nasty = "\x1b]52;c;aGk=\x07\x1b[2J\u202e\x9b31m\x7f\x08end"
        self.joined(server, "Ada").say(nasty)
        _, out, _ = self.run_to_end(server, "tail", "general", "--name", "bob")
        self.assertFalse(set(out) & set("\x1b\x07\u202e\x9b\x7f\x08\r"), repr(out))
        _, out, _ = self.run_to_end(server, "tail", "general", "--json", "--name", "bob")
        self.assertEqual(json.loads(out)["text"], nasty)
        self.assertNotIn("\x1b", out)

    def test_tail_takes_last_and_since(self):
        server = self.server()
        ada = self.joined(server, "Ada")
        for number in range(1, 1203):
            ada.post(f"line {number}")
        ada.wait_position(1202)

        def seqs(*arguments):
            _, out, _ = self.run_to_end(server, "tail", "general", "--json", "--name", "bob", *arguments)
            return [json.loads(line)["seq"] for line in out.splitlines()]

        self.assertEqual(seqs(), list(range(1153, 1203)))
        self.assertEqual(seqs("--last", "3"), [1200, 1201, 1202])
        self.assertEqual(seqs("--since", "0"), list(range(1, 1203)))
        self.assertEqual(seqs("--since", "1200"), [1201, 1202])

    def test_two_people_chat_in_line_mode(self):
        server = self.server()
        ada = self.start(server, "general", "--name", "ada", home="ada")
        bob = self.start(server, "general", "--name", "bob", home="bob")
        ada.say("hello bob\n")
        bob.wait_output(lambda out: b"ada: hello bob" in out, "Ada's line")
        bob.say("grüß dich\n")
        ada.wait_output(lambda out: "bob: grüß dich".encode() in out, "Bob's line")
        for one in (ada, bob):
            one.end_input()
            self.assertEqual(one.wait_end(), 0)

    def test_a_closed_pipe_ends_it_quietly(self):
        server = self.server()
        ada = self.joined(server, "Ada")
        ada.say("first")
        reading, writing = os.pipe()
        tail = self.start(server, "tail", "general", "--follow", "--name", "bob", stdout=writing)
        os.close(writing)
        self.assertIn(b"first", os.read(reading, 4096))
        os.close(reading)
        ada.say("nobody reads this")
        tail.wait_end()
        self.assertEqual(tail.stderr(), "")


class ExitCodes(ClientTest):
    def assert_exit(self, expected, server, *arguments, **how):
        code, out, err = self.run_to_end(server, *arguments, **how)
        self.assertEqual(code, expected, err)
        if expected != 0:
            self.assertIn("error: ", err)
        return out, err

    def test_of_what_the_user_did(self):
        server = self.server()
        self.assert_exit(64, server, "--no-such-flag")
        self.assert_exit(64, server, "snd", "general", "x")
        self.assert_exit(64, server, "tail", "general", "--lines")
        self.assert_exit(65, server, "send", "general", "--name", "ada", text=b"x" * 8193)
        self.assert_exit(65, server, "send", "general", "--name", "ada", text=b" \n")
        self.assert_exit(65, server, "send", "general", "--name", "ada", text=b"a\x00b")
        self.assert_exit(65, server, "send", "general", "--name", "ada", text=b"\xff\xfe")
        self.assert_exit(66, server, "tail", "nowhere", "--name", "ada")
        self.assert_exit(77, server, "send", "general", "x", "--name", "ada", home="somebody else's")
        self.assert_exit(78, server, "send", "general", "x", settings={"SERVER_URL": "gopher://x"})
        self.assert_exit(0, server, "--help")
        self.assert_exit(0, server, "--version")
        self.assertEqual(self.stored(server.settings["DATABASE_URL"]), [])

    def test_no_server_is_69(self):
        with contextlib.closing(socket.socket()) as closed:
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]
            # Some at once: one of them gives up just when it would have tried again.
            runs = [self.start(port, "send", "general", "x", "--name", f"ada{number}", "--timeout", "1")
                    for number in range(8)]
            for run in runs:
                self.assertEqual(run.wait_end(), 69)
                self.assertIn("nothing was sent", run.stderr())

    def test_no_confirmation_is_75(self):
        server = self.server(self.postgres_url())
        url = server.settings["DATABASE_URL"]
        self.assert_exit(0, server, "send", "general", "first", "--name", "ada")
        with postgres.Session(url) as other:
            other.lock_room()
            self.assert_exit(75, server, "send", "general", "second", "--name", "ada", "--timeout", "2")
            other.run("rollback")

    def test_another_protocol_is_76(self):
        def answer(listener):
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")

        with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as other:
            threading.Thread(target=answer, args=(other,), daemon=True).start()
            self.assert_exit(76, other.getsockname()[1], "send", "general", "x", "--name", "ada", "--timeout", "5")
            other.shutdown(socket.SHUT_RDWR)

    def test_signals_are_130_and_143(self):
        server = self.server()
        self.joined(server, "Ada").say("there")
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            tail = self.start(server, "tail", "general", "--follow", "--name", "bob")
            tail.wait_lines(1)
            tail.process.send_signal(number)
            self.assertEqual(tail.wait_end(), code)


class Restarts(ClientTest):
    """The server goes away and comes back on its port."""

    def check_follow(self, url=None):
        server = self.server(url, port=free_port())
        tail = self.start(server, "tail", "general", "--json", "--follow", "--since", "0", "--name", "reader")
        ada = self.joined(server, "Ada")
        said = 0
        for end in (server.stop, server.kill, server.kill, server.stop):
            for _ in range(30):
                ada.say(f"line {said}")
                said += 1
            ada.drop()
            end()
            server.start()
            ada.reconnect()
        ada.say("the last")
        lines = [json.loads(line) for line in tail.wait_lines(said + 1)]
        self.assertEqual([line["seq"] for line in lines], list(range(1, said + 2)))
        self.assertEqual([line["text"] for line in lines], [f"line {n}" for n in range(said)] + ["the last"])
        tail.interrupt()
        self.assertEqual(tail.wait_end(), 130)

    def test_follow_without_gap_or_double_on_sqlite(self):
        self.check_follow()

    def test_follow_without_gap_or_double_on_postgresql(self):
        self.check_follow(self.postgres_url())

    def test_lines_are_sent_once_and_in_order_through_kills(self):
        server = self.server(port=free_port())
        url = server.settings["DATABASE_URL"]
        sender = self.start(server, "send", "general", "--lines", "--name", "sender", "--timeout", "60")
        many = 3000
        feeding = threading.Thread(target=self.feed, args=(sender, many))
        feeding.start()
        for stored in (100, 500, 1000, 1800):
            sender.wait_lines(stored)
            server.kill()
            server.start()
        feeding.join()
        self.assertEqual(sender.wait_end(120), 0, sender.stderr())
        rows = self.stored(url)
        self.assertEqual([row[3] for row in rows], [f"line {number}" for number in range(many)])
        self.assert_dense(rows)
        receipts = [tuple(line.split()) for line in sender.output.decode().splitlines()]
        self.assertEqual(receipts, [(str(seq), id) for seq, _, id, _ in rows])

    def feed(self, sender, many):
        for number in range(many):
            sender.say(f"line {number}\n")
        sender.end_input()

    def test_a_message_sent_while_the_server_is_away_arrives_once(self):
        server = self.server(port=free_port())
        chat = self.start(server, "general", "--name", "ada", home="ada")
        chat.say("before\n")
        wait_until(lambda: len(self.stored(server.settings["DATABASE_URL"])) == 1, "the first line")
        server.kill()
        chat.say("while away\n")
        server.start()
        chat.say("after\n")
        wait_until(lambda: len(self.stored(server.settings["DATABASE_URL"])) == 3, "all lines")
        chat.end_input()
        self.assertEqual(chat.wait_end(), 0, chat.stderr())
        self.assertEqual([row[3] for row in self.stored(server.settings["DATABASE_URL"])],
                         ["before", "while away", "after"])

    def test_questions_through_a_pipe_are_answered_before_it_ends(self):
        server = self.server()
        self.run_to_end(server, "send", "general", "an old one", "--name", "bob")
        code, out, err = self.run_to_end(server, "general", "--name", "ada", text=b"/who\n/history 5\n/rooms gen\n")
        self.assertEqual(code, 0, err)
        for said in ("here: ada (1)", "-- the room begins here --", "general: 1 messages"):
            self.assertIn(said, err)

    def test_a_frozen_server_is_noticed_or_waited_for_and_nothing_is_doubled(self):
        server = self.server(port=free_port())
        self.run_to_end(server, "send", "general", "first", "--name", "ada")
        server.pause()
        code, out, _ = self.run_to_end(server, "send", "general", "second", "--name", "ada", "--timeout", "2")
        self.assertIn(code, (69, 75))
        self.assertEqual(out, "")
        server.resume()
        self.assertEqual(self.run_to_end(server, "send", "general", "third", "--name", "ada")[0], 0)
        texts = [row[3] for row in self.stored(server.settings["DATABASE_URL"])]
        self.assertEqual(texts.count("third"), 1)
        self.assertLessEqual(texts.count("second"), 1)


if __name__ == "__main__":
    unittest.main()
