"""How quick and how quiet the full-screen client is, with bounds that a loaded machine and sanitizers keep; what it
really does on a free one tells measure.py. Goals 5.1.1, 5.1.4 and 5.2.22."""

import time
import unittest

from bare import Bare
from proxy import Proxy
from screen import ScreenTest
from processes import wait_until


class Pace(ScreenTest):
    def bare(self, port, name="ada", **how):
        started = Bare(self.folder / name, port, "general", "--name", name, **how)
        self.resources.callback(started.end)
        started.until(b"online")
        return started

    def test_1_1_two_hundred_messages_appear_on_either_side_at_once(self):
        server = self.server()
        ada = self.bare(server.port)
        bob = self.joined(server, "bob")
        took = []
        for number in range(100):
            # One character that was nowhere on the screen before: ncurses sends only what differs from that.
            bob.post(chr(0x4E00 + number))
            took.append(ada.until(chr(0x4E00 + number).encode()))
            begun = time.monotonic()
            ada.type(chr(0x5000 + number) + "\r")
            bob.wait_text(chr(0x5000 + number))
            took.append(time.monotonic() - begun)
        took.sort()
        print(f"200 messages: median {took[100] * 1000:.1f} ms, p99 {took[197] * 1000:.1f} ms", flush=True)
        self.assertLess(took[100], 0.1)
        self.assertLess(took[197], 1)

    def test_2_22_nothing_wakes_an_idle_client(self):
        server = self.server()
        ada = self.bare(server.port)
        count, since = ada.switches(), time.monotonic()

        def is_idle():
            nonlocal count, since
            if (now := ada.switches()) != count:
                count, since = now, time.monotonic()
            ada.read(0.05)
            return time.monotonic() - since >= 10

        # The deadlines of the connection pass (20 s), then the first ping (25 s); behind it, nothing is due for long.
        wait_until(is_idle, "ten seconds in which no thread of the client wakes up", 60)

    def test_1_4_a_half_open_link_is_noticed_within_12_s_and_recovers_by_itself(self):
        server = self.server()
        proxy = Proxy(server)
        self.resources.callback(proxy.end)
        ada = self.screen(proxy, "general", name="ada", columns=120)
        ada.shows("online")
        bob = self.joined(server, "bob")
        ada.say("there is somebody at the keys")
        ada.shows("keys ✓")
        self.assertEqual(proxy.go_silent(), 1)
        begun = time.monotonic()
        bob.say("into the silence")
        ada.shows("reconnecting")
        self.assertLess(time.monotonic() - begun, 12)
        ada.shows(lambda text: "online" in text and "into the silence" in text)
        self.assertEqual(ada.text().count("keys ✓"), 1)


class Kept(ScreenTest):
    """How far was read outlives the process."""

    def mark(self, ada, room="general"):
        """The position that is on disk."""
        for path in (ada.home / ".local/state/callboard").glob("read-*"):
            for line in path.read_text().splitlines()[2:]:
                seq, _, name = line.split(" ", 2)
                if name == room:
                    return int(seq)
        return None

    def test_the_unread_line_and_the_counts_survive_a_restart(self):
        server = self.server()
        bob = self.joined(server, "bob")
        bob.join("tea")
        bob.say("seen")
        ada = self.in_room(server, "general", "tea", name="ada", columns=100)
        ada.shows("seen")
        ada.say("/quit")
        self.assertEqual(ada.code(), 0)
        for number in range(3):
            bob.say(f"later {number}")
        bob.say("ada: tea is ready", "tea")
        again = self.in_room(server, "general", "tea", name="ada", session="again", columns=100)
        text = again.shows(lambda text: "later 2" in text and "─ 3 new ─" in text)
        rows = text.split("\n")
        line = next(i for i, row in enumerate(rows) if "─ 3 new ─" in row)
        self.assertIn("seen", rows[line - 1])
        self.assertIn("later 0", rows[line + 1])
        again.shows("@1")
        # Killed without a word: what was in sight for some seconds has been read.
        wait_until(lambda: self.mark(again) == 4, "the mark on disk")
        again.kill(9)
        again.code()
        third = self.in_room(server, "general", "tea", name="ada", session="third", columns=100)
        third.shows(lambda text: "later 2" in text and "@1" in text)
        self.assertNotIn("new ─", third.text())

    def test_1_7_only_what_somebody_sees_is_read(self):
        server = self.server()
        bob = self.joined(server, "bob")
        for number in range(60):
            bob.say(f"early {number}")
        ada = self.in_room(server, name="ada")
        ada.shows("early 59")
        wait_until(lambda: self.mark(ada) == 60, "the mark on disk")
        ada.tmux("send-keys", "-t", "ada", "-H", "1b", "5b", "4f")  # The terminal says: not focused.
        bob.say("while she is away")
        ada.shows("1 unread")
        ada.tmux("send-keys", "-t", "ada", "-H", "1b", "5b", "49")
        ada.hides("1 unread")
        wait_until(lambda: self.mark(ada) == 61, "the mark on disk")
        ada.press("PPage")
        ada.hides("while she is away")
        bob.say("below the edge")
        ada.shows("↓ 1 new")
        ada.tmux("send-keys", "-t", "ada", "-H", "1b", "5b", "4f")
        ada.press("End")
        ada.shows("below the edge")
        ada.say("/quit")
        self.assertEqual(ada.code(), 0)
        self.assertEqual(self.mark(ada), 61)


if __name__ == "__main__":
    unittest.main()
