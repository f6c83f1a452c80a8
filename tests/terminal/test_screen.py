"""The full-screen client in a real terminal against a real server: what ux.md calls goals 5.2 (and some of
5.1), by number."""

import re
import unittest

from screen import SIGNALS, ScreenTest
from processes import wait_until


class Writing(ScreenTest):
    def test_1_1_a_message_appears_on_both_sides(self):
        server = self.server()
        ada = self.in_room(server, name="ada")
        bob = self.joined(server, "bob")
        ada.say("from the terminal")
        ada.shows("from the terminal ✓")
        bob.say("from the other side")
        ada.shows("from the other side")
        self.assertEqual([row[3] for row in self.stored(server.settings["DATABASE_URL"])],
                         ["from the terminal", "from the other side"])

    def test_2_2_an_arriving_message_changes_neither_text_nor_cursor(self):
        server = self.server()
        ada = self.in_room(server, name="ada")
        bob = self.joined(server, "bob")
        ada.type("half typed")
        ada.shows("> half typed")
        ada.press("Left", "Left")
        wait_until(lambda: ada.caret()[0] == 5 + 8, "the caret two to the left")
        for number in range(30):
            bob.say(f"arrives {number}")
        ada.shows("arrives 29")
        self.assertEqual(ada.input_line(), "half typed")
        self.assertEqual(ada.caret()[0], 5 + 8)

    def test_2_3_history_survives_a_restart_and_is_searched(self):
        server = self.server()
        ada = self.in_room(server, name="ada")
        ada.say("first thing")
        ada.shows("first thing ✓")
        ada.say("/identify hunter2")
        ada.shows("not sent")
        ada.press("C-u")
        ada.say("second thing")
        ada.shows("second thing ✓")
        ada.say("/quit")
        self.assertEqual(ada.code(), 0)
        again = self.in_room(server, name="ada", session="again")
        again.press("Up", "Up", "Up")  # Behind /quit.
        again.shows("> first thing")
        again.press("C-u", "C-r")
        again.type("sec")
        again.shows("> second thing")
        again.press("Enter")
        again.hides("search in what you typed")
        self.assertEqual(again.input_line(), "second thing")
        self.assertNotIn("hunter2", (again.home / ".local/state/callboard/history").read_text())

    def test_2_4_a_paste_is_sent_by_nobody_but_enter(self):
        server = self.server()
        ada = self.in_room(server, name="ada")
        lines = [f"line {number}" for number in range(500)]
        ada.paste("\n".join(lines))
        ada.shows("500 lines, Enter sends, Esc drops")
        ada.press("Escape")
        ada.hides("500 lines")
        ada.paste("\n".join(lines))
        ada.shows("500 lines, Enter sends, Esc drops")
        self.assertEqual(self.stored(server.settings["DATABASE_URL"]), [])
        ada.press("Enter")
        ada.shows("line 499 ✓")
        rows = self.stored(server.settings["DATABASE_URL"])
        self.assertEqual([row[3] for row in rows], ["\n".join(lines)])
        self.assertNotIn("[200~", ada.text())

    def test_2_5_the_cursor_is_right_behind_wide_characters(self):
        server = self.server()
        ada = self.in_room(server, name="ada")
        ada.type("你好😀é")
        wait_until(lambda: ada.caret()[0] == 5 + 7, "the caret behind seven columns")
        ada.press("BSpace", "BSpace")
        wait_until(lambda: ada.caret()[0] == 5 + 4, "the caret behind four columns")
        ada.press("C-u")
        ada.type("\U0001fae8")
        ada.shows("> □")
        ada.press("C-u")
        ada.say("new \U0001fae8 face")
        ada.shows("new □  face ✓")

    def test_2_14_tab_completes_the_last_speaker_first(self):
        server = self.server()
        people = {name: self.joined(server, name) for name in ("bob", "bert")}
        ada = self.in_room(server, name="ada")
        for name in ("bert", "bob"):
            people[name].say(f"{name} speaks")
        ada.shows("bob speaks")
        for keys, effect in ((("b", "Tab"), "bob:"), (("Tab",), "bert:"), (("BTab",), "bob:"),
                             (("C-u", "/", "h", "i", "Tab"), "/history"),
                             (("C-u", "/", "j", "o", "i", "n", "Space", "g", "Tab"), "/join general"),
                             (("C-u", ":", "s", "m", "i", "Tab"), "😀")):
            ada.press(*keys)
            ada.shows(lambda text, effect=effect: f"ada> {effect}" in text)

    def test_2_20_commands(self):
        server = self.server()
        ada = self.in_room(server, name="ada", rows=40)
        for text, effect in (("/help", "/history"), ("/who", "here: ada (1)"), ("/rooms", "general: 0 messages"),
                             ("/notify osc777", "osc777"), ("/jion tea", "did you mean /join?")):
            ada.say(text)
            ada.shows(effect)
            ada.press("C-u")
        ada.say("//x")
        ada.shows("/x ✓")
        ada.say("/me waves")
        ada.shows("ada waves ✓")
        ada.say("/join tea")
        ada.shows(" tea ")
        ada.say("/leave")
        ada.shows("left tea")
        self.assertEqual([row[3] for row in self.stored(server.settings["DATABASE_URL"])], ["/x", "/me waves"])

    def test_1_9_what_fails_can_be_edited_and_dropped(self):
        server = self.server()
        ada = self.in_room(server, name="ada")
        ada.paste("x" * 9000)
        ada.press("Enter")
        ada.shows("not stored:")
        server.settings["SERVER_PORT"] = str(server.port)
        server.stop()
        ada.shows("reconnecting")
        ada.press("M-r")
        ada.hides("not stored:")
        server.start()
        ada.say("/reconnect")
        ada.shows("not stored:")
        ada.press("M-e")
        ada.hides("not stored:")
        ada.press("C-u")
        ada.say("shorter")
        ada.shows("shorter ✓")
        ada.paste("y" * 9000)
        ada.press("Enter")
        ada.shows("not stored:")
        ada.press("M-x")
        ada.hides("not stored:")


class Reading(ScreenTest):
    def test_2_11_alt_a_goes_to_mentions_first_and_looking_reads_nothing(self):
        server = self.server()
        ada = self.in_room(server, "general", "tea", "cake", name="ada", columns=100)
        bob = self.joined(server, "bob", "tea")
        bob.join("cake")
        bob.say("nothing special", "tea")
        bob.say("ada: come here", "cake")
        ada.shows(lambda text: "@1" in text and "2 unread" in text)
        ada.press("M-Down", "M-Down", "M-Up")
        ada.press("Escape")
        self.assertIn("2 unread", ada.shows("general"))
        ada.press("M-a")
        ada.shows("ada: come here")
        ada.shows("1 unread")
        ada.press("M-a")
        ada.shows("nothing special")
        ada.hides("unread")

    def test_2_12_the_unread_line_and_new_below(self):
        server = self.server()
        bob = self.joined(server, "bob")
        for number in range(60):
            bob.say(f"early {number}")
        ada = self.in_room(server, name="ada")
        ada.shows("early 59")
        ada.press("PPage")
        ada.hides("early 59")
        for number in range(3):
            bob.say(f"late {number}")
        ada.shows("↓ 3 new")
        ada.press("End")
        text = ada.shows("late 2")
        rows = text.split("\n")
        line = next(i for i, row in enumerate(rows) if "─ 3 new ─" in row)
        self.assertIn("early 59", rows[line - 1])
        self.assertIn("late 0", rows[line + 1])
        self.assertNotIn("↓", text)

    def test_scrolling_back_reads_the_whole_history_and_comes_back(self):
        server = self.server()
        bob = self.joined(server, "bob")
        for number in range(700):
            bob.post(f"entry {number}.")
        bob.wait_position(700)
        ada = self.in_room(server, name="ada")
        ada.shows("entry 699.")
        for _ in range(200):
            ada.press("PPage")
            if "entry 0." in ada.text():
                break
        ada.shows("entry 0.")
        ada.press("C-End")
        ada.shows("entry 699.")

    def test_2_17_resizing_loses_nothing(self):
        server = self.server()
        ada = self.in_room(server, name="ada", columns=200, rows=50)
        ada.say("a text that stays, however small the window becomes")
        ada.shows("becomes ✓")
        ada.type("typed")
        ada.resize(40, 10)
        ada.shows(lambda text: "│" not in text and "> typed" in text)
        ada.resize(20, 5)
        ada.shows(lambda text: "> typed" in text and "becomes ✓" in text)
        ada.resize(200, 50)
        ada.shows(lambda text: "│" in text and "however small the window becomes ✓" in text and "ada> typed" in text)

    def test_2_18_without_colours_all_can_be_told_apart(self):
        server = self.server()
        bob = self.joined(server, "bob")
        ada = self.in_room(server, "general", name="ada", settings={"NO_COLOR": "1"})
        bob.say("hello ada")
        ada.shows("» hello ada")
        ada.paste("x" * 9000)
        ada.press("Enter")
        ada.shows("not stored:")
        self.assertIn("✗", ada.text())
        self.assertFalse(re.search(r"\x1b\[[0-9;]*(3[0-7]|38|4[0-7]|48|9[0-7])", ada.text(colours=True)))
        colourful = self.in_room(server, "general", name="eve")
        colourful.shows("hello ada")
        self.assertTrue(re.search(r"\x1b\[[0-9;]*38", colourful.text(colours=True)))

    def test_2_15_mentions_ring_when_nobody_looks(self):
        server = self.server()
        bob = self.joined(server, "bob")
        ada = self.in_room(server, "general", name="ada", settings={"NOTIFY": "osc777"})
        ada.type("x")  # Somebody is there.
        ada.shows("> x")
        bob.say("ada: one")
        ada.shows("ada: one")
        self.assertNotIn(b"\x1b]777", ada.bytes())
        ada.tmux("send-keys", "-t", "ada", "-H", "1b", "5b", "4f")  # The terminal says: not focused.
        bob.say("ada: two")
        ada.shows("ada: two")
        wait_until(lambda: b"\x1b]777;notify;bob in general;ada: two\x07" in ada.bytes(), "the notification")
        ada.tmux("send-keys", "-t", "ada", "-H", "1b", "5b", "49")
        bob.say("ada: three")
        ada.shows("ada: three")
        self.assertEqual(ada.bytes().count(b"\x1b]777"), 1)


    def test_2_15_a_mention_rings_the_bell_of_a_window_that_nobody_looks_at(self):
        server = self.server()
        bob = self.joined(server, "bob")
        ada = self.in_room(server, "general", name="ada")  # The bell is what is not asked for.
        ada.tmux("set-option", "-g", "monitor-bell", "on")
        ada.tmux("new-window", "-d", "cat")

        def flag():
            return ada.tmux("list-windows", "-F", "#{window_index} #{window_bell_flag}").split("\n")[0]

        ada.tmux("send-keys", "-t", "ada:0", "-H", "1b", "5b", "49")  # The terminal says: focused.
        bob.say("ada: one")
        ada.shows("ada: one")
        ada.tmux("select-window", "-t", "ada:1")
        bob.say("ada: two")
        wait_until(lambda: "ada: two" in ada.tmux("capture-pane", "-p", "-t", "ada:0"), "the message")
        self.assertEqual(flag(), "0 0")
        ada.tmux("send-keys", "-t", "ada:0", "-H", "1b", "5b", "4f")
        bob.say("no name in it")
        bob.say("ada: three")
        wait_until(lambda: flag() == "0 1", "the bell")

    def test_what_is_loaded_is_searched_and_marked(self):
        server = self.server()
        bob = self.joined(server, "bob")
        for number in range(80):
            bob.say(f"line {number} of Tea" if number % 40 == 7 else f"line {number}")
        ada = self.in_room(server, name="ada")
        ada.shows("line 79")
        ada.say("/search tea")
        ada.shows("line 47 of Tea")
        self.assertIn("\x1b[7mTea", ada.text(colours=True))
        ada.press("M-p")
        ada.shows("line 7 of Tea")
        ada.press("M-p")
        ada.shows("no older message")
        ada.press("M-n")
        ada.shows("line 47 of Tea")
        ada.say("/search")
        ada.shows(lambda _: "\x1b[7mTea" not in ada.text(colours=True))
        ada.press("End")
        ada.shows("line 79")

    def test_keys_that_nobody_knows_leave_nothing_in_the_text(self):
        server = self.server()
        ada = self.in_room(server, name="ada")
        ada.type("a")
        for sequence in ("1b 5b 39 39 3b 35 75", "1b 5b 32 37 3b 35 3b 31 33 7e", "1b 4f 70", "1b 5b 3f 36 32 63"):
            ada.tmux("send-keys", "-t", "ada", "-H", *sequence.split())
        ada.type("b")
        ada.shows("> a0b")


class Connection(ScreenTest):
    def test_2_16_the_status_bar_tells_the_state_and_a_restart_loses_nothing(self):
        server = self.server(port=0)
        ada = self.in_room(server, name="ada")
        ada.shows(lambda text: re.search(r"online \d+(\.\d)? ms", text))
        port = server.port
        server.stop()
        ada.shows(lambda text: re.search(r"reconnecting in \d+ s \(try \d+\) /reconnect", text))
        ada.say("typed while offline")
        ada.shows("typed while offline …")
        server.settings["SERVER_PORT"] = str(port)
        server.start()
        ada.say("/reconnect")
        ada.shows("typed while offline ✓")
        self.assertEqual([row[3] for row in self.stored(server.settings["DATABASE_URL"])], ["typed while offline"])


class Restoring(ScreenTest):
    MODES = ("alternate_on", "mouse_any_flag")

    def assert_restored(self, ada):
        self.assertEqual(ada.modes("before"), ada.modes("after"))
        self.assertEqual(ada.display("#{alternate_on}#{mouse_any_flag}#{cursor_flag}"), "001")
        for mode in (b"2004", b"1004", b"1049"):
            last = max(re.finditer(rb"\x1b\[\?" + mode + b"([hl])", ada.bytes()), key=lambda m: m.start(), default=None)
            if last:
                self.assertEqual(last.group(1), b"l", f"mode {mode} is still on")

    def test_2_10_every_way_out_restores_the_terminal(self):
        server = self.server()
        for name, number in SIGNALS.items():
            with self.subTest(signal=name):
                ada = self.in_room(server, name="ada" + name)
                ada.kill(number)
                self.assertNotEqual(ada.code(), 0)
                self.assert_restored(ada)
        ada = self.in_room(server, name="quits")
        ada.press("C-d")
        self.assertEqual(ada.code(), 0)
        self.assert_restored(ada)

    def test_an_unknown_terminal_is_told_and_works_in_lines(self):
        server = self.server()
        # ncurses forgets some memory of its own when it refuses a terminal.
        ada = self.screen(server, "general", name="ada",
                          settings={"TERM": "nosuchterminal", "ASAN_OPTIONS": "detect_leaks=0"})
        ada.shows("going on in lines")
        ada.shows("connected to")
        ada.say("a line")
        wait_until(lambda: self.stored(server.settings["DATABASE_URL"]), "the line in the database")
        ada.press("C-d")
        self.assertEqual(ada.code(), 0)


class HostileText(ScreenTest):
    def test_2_1_no_message_reaches_the_terminal_as_a_command(self):
        server = self.server()
        mallory = self.joined(server, "mallory")
        ada = self.in_room(server, name="ada")
        title = ada.display("#{pane_title}")
        before = len(ada.bytes())
        for text in ("\x1b]0;PWNED\x07", "\x1b[2J\x1b[1;1H", "\x9b31mred\x9b0m", "\x1b[?1049l", "\u202eevil", "a\x08b\x7f",
                     "\x1b]52;c;aGk=\x07", "\x1bP1$r\x1b\\", "z" + "\u0301" * 200, "\x1b[?2004l", "\r\rforged\r"):
            mallory.say(text)
        mallory.say("the last one")
        ada.shows("the last one")
        self.assertEqual(ada.display("#{pane_title}"), title)
        sent = ada.bytes()[before:]
        for bad in (b"\x1b]0;", b"\x1b]52", b"\x9b3", b"\x1bP", b"\x1b[?1049l", b"\x1b[?2004l", "\u202e".encode()):
            self.assertNotIn(bad, sent)
        ada.say("still whole")
        ada.shows("still whole ✓")


if __name__ == "__main__":
    unittest.main()
