#!/usr/bin/env python3
"""Nothing that was typed is lost or sent twice, and the terminal is whole, however the client ends: killed, stopped,
hung up, at any moment and on any line (goals 5.1.3 and 5.2.10)."""

import contextlib
import os
import pty
import random
import re
import signal
import subprocess
import unittest

from bare import Bare
from screen import ScreenTest, Shell
from flaky_proxy import FlakyProxy
from processes import plain_environment, program, wait_until

KILLS = 30


class CrashTest(ScreenTest):
    def texts(self, server, room="general"):
        return [row[3] for row in self.stored(server.settings["DATABASE_URL"], room)]

    def on_disk(self, home, kind):
        """All that stands in files of this kind."""
        found = b""
        for path in (home / ".local/state/callboard").glob(kind + "-*"):
            with contextlib.suppress(FileNotFoundError):  # Another process has just taken it over.
                found += path.read_bytes()
        return found.decode()


class Killed(CrashTest):
    def test_what_is_being_typed_stands_in_its_room_again(self):
        server = self.server()
        ada = self.in_room(server, "general", "tea", name="ada", columns=100)
        ada.type("half a thought")
        ada.press("M-Enter")
        ada.type("and another half")
        ada.press("M-2")
        ada.shows(lambda text: "▸tea" in text)
        ada.type("for tea")
        wait_until(lambda: "for tea" in (kept := self.on_disk(ada.home, "drafts")) and "another half" in kept, "both drafts on disk")
        ada.kill(signal.SIGKILL)
        ada.code()
        again = self.in_room(server, "general", name="ada", session="again", columns=100)
        again.shows("ada> half a thought\n     and another half")
        again.press("C-u", "BSpace", "C-u")
        again.say("/join tea")
        again.shows("ada> for tea")
        again.press("Enter")
        again.shows("for tea ✓")
        wait_until(lambda: not self.on_disk(again.home, "drafts"), "no draft on disk")
        self.assertEqual((self.texts(server), self.texts(server, "tea")), ([], ["for tea"]))

    def test_1_3_what_was_written_offline_outlives_the_client_and_is_sent_once_and_in_order(self):
        server = self.server()
        ada = self.in_room(server, name="ada")
        ada.say("zero")
        ada.shows("zero ✓")
        server.settings["SERVER_PORT"] = str(server.port)
        server.stop()
        ada.shows("reconnecting")
        for text in ("one", "two"):
            ada.say(text)
            ada.shows(text + " …")
        wait_until(lambda: " two\n" in self.on_disk(ada.home, "outbox"), "both messages on disk")
        ada.kill(signal.SIGKILL)
        ada.code()
        again = self.screen(server, "general", name="ada", session="again")
        again.shows("two …")
        again.say("three")
        again.shows("three …")
        self.assertRegex(again.text(), r"(?s)one ….*two ….*three …")
        server.start()
        again.say("/reconnect")
        again.shows(lambda text: all(f"{word} ✓" in text for word in ("zero", "one", "two", "three")))
        self.assertEqual(self.texts(server), ["zero", "one", "two", "three"])
        again.say("/quit")
        self.assertEqual(again.code(), 0)
        self.assertEqual(self.on_disk(again.home, "outbox"), "")

    def test_many_kills_on_a_flaky_line(self):
        """As loopback_outbox does it with lines; here through the editor, with drafts on disk beside the outbox."""
        seed = random.randrange(1 << 32)
        print(f"seed {seed}", flush=True)
        dice = random.Random(seed)
        server = self.server()
        proxy = FlakyProxy(lambda: server.port, seed, cut=0)
        self.resources.callback(proxy.end)
        home = self.folder / "ada"
        self.joined(server, "bob")

        def taken():
            """How many lines the client has: stored, or on its disk."""
            numbers = re.findall(r"line%20(\d+)\n", self.on_disk(home, "outbox"))
            return max([-1, *map(int, numbers), *(int(text.split()[1]) for text in self.texts(server))]) + 1

        first = Bare(home, proxy.port, "general", "--name", "ada")
        first.until(b"online")  # Now the name has its token.
        first.end()
        proxy.cut = 0.02
        for _ in range(KILLS):
            begin = taken()
            ada = Bare(home, proxy.port, "general", "--name", "ada")
            ada.until(b"\x1b[?1004h")
            ada.type("\x15" + "".join(f"line {number}\r" for number in range(begin, begin + 6)) + "half a l")
            goal = begin + dice.choice([0, 1, 3, 6])
            where = dice.choice([taken, lambda: len(self.texts(server))])
            with contextlib.suppress(AssertionError):  # A line that keeps breaking is not waited for.
                wait_until(lambda: ada.read(0) is not None and where() >= goal, f"{goal} lines", 3)
            ada.kill()
        proxy.cut = 0
        goal = taken()
        last = Bare(home, proxy.port, "general", "--name", "ada")
        self.resources.callback(last.kill)
        try:
            wait_until(lambda: last.read(0) is not None and len(self.texts(server)) >= goal, "all lines", 120)
        except AssertionError as error:
            self.fail(f"{error}; stored: {self.texts(server)}, on disk: {self.on_disk(home, 'outbox')!r}, the screen: {last.output[-3000:]!r}")
        rows = self.stored(server.settings["DATABASE_URL"])
        self.assertEqual([row[3] for row in rows], [f"line {number}" for number in range(goal)])
        self.assert_dense(rows)
        self.assertGreater(goal, KILLS / 2)
        print(f"{KILLS} kills, {proxy.cuts} cuts, {goal} lines", flush=True)


class Stopped(CrashTest):
    def test_2_10_ctrl_z_gives_the_terminal_to_the_shell_and_fg_brings_all_back(self):
        server = self.server()
        ada = Shell(self.folder, server.port, "general", "--name", "ada", name="ada")
        self.resources.callback(ada.end)
        ada.shows("$")
        ada.say("stty -a > before; ./program")
        ada.shows("online")
        ada.type("half typed")
        ada.shows("> half typed")
        ada.press("C-z")
        ada.shows("Stopped")
        self.assertEqual(ada.display("#{alternate_on}#{cursor_flag}"), "01")
        ada.say("stty -a > after; echo done")
        ada.shows("\ndone")
        self.assertEqual((self.folder / "before").read_text(), (self.folder / "after").read_text())
        for mode in (b"2004", b"1004"):
            self.assertGreater(ada.bytes().rfind(b"\x1b[?" + mode + b"l"), ada.bytes().rfind(b"\x1b[?" + mode + b"h"))
        ada.resize(70, 20)
        ada.say("fg")
        ada.shows(lambda text: "> half typed" in text and "online" in text)
        ada.type("!")
        ada.shows("> half typed!")
        self.assertEqual(ada.display("#{alternate_on}"), "1")
        self.assertGreater(ada.bytes().rfind(b"\x1b[?2004h"), ada.bytes().rfind(b"\x1b[?2004l"))
        ada.press("C-u", "C-d")
        ada.shows(lambda text: text.rstrip().endswith("$"))
        self.assertEqual(ada.display("#{alternate_on}"), "0")


class HungUp(CrashTest):
    def test_a_terminal_that_goes_without_a_signal_ends_the_client(self):
        server = self.server()
        near, far = pty.openpty()
        home = self.folder / "home"
        home.mkdir()
        environment = plain_environment({"HOME": str(home), "SERVER_URL": f"ws://127.0.0.1:{server.port}/", "TERM": "xterm-256color"})
        # A session without a controlling terminal: nobody sends SIGHUP when this one goes.
        client = subprocess.Popen([program("CALLBOARD_CLIENT"), "general", "--name", "ada"], env=environment, stdin=far, stdout=far,
                                  stderr=far, start_new_session=True)
        self.resources.callback(client.wait)
        self.resources.callback(client.kill)
        os.close(far)
        seen = b""
        while b"online" not in seen:
            seen += os.read(near, 65536)
        os.write(near, "sent before\rhalf typed Ω".encode())
        while "Ω".encode() not in seen:
            seen += os.read(near, 65536)
        os.close(near)
        self.assertEqual(client.wait(30), 0)
        wait_until(lambda: self.texts(server) == ["sent before"] or "sent%20before" in self.on_disk(home, "outbox"), "the message")
        self.assertIn("half typed Ω", self.on_disk(home, "drafts"))


if __name__ == "__main__":
    unittest.main()
