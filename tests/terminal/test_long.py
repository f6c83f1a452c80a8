"""A room of 100,000 messages: read back to its very beginning and forward again, in bounded memory."""

import contextlib
import re
import sqlite3
import unittest

from screen import ScreenTest
from processes import resident_kb

COUNT = 100_000


class LongRoom(ScreenTest):
    def long_server(self):
        """A server whose room `general` has COUNT entries of three people, one a minute."""
        server = self.server()
        server.stop()
        with contextlib.closing(sqlite3.connect(server.settings["DATABASE_URL"].removeprefix("sqlite:"))) as database:
            database.execute("insert into room (name, epoch, head) values ('general', ?, ?)", ("f" * 32, COUNT))
            room = database.execute("select id from room where name = 'general'").fetchone()[0]
            database.executemany(
                "insert into entry (room_id, seq, kind, author_id, author_name, client_id, body, at) values (?, ?, 1, ?, ?, ?, ?, ?)",
                ((room, seq, f"{seq % 3:032x}", ("grace", "ken", "barbara")[seq % 3], f"c{seq}", f"message {seq}.", self.at(seq))
                 for seq in range(1, COUNT + 1)))
            database.commit()
        return server.start()

    @staticmethod
    def at(seq):
        return 1764000000000 + seq * 60000

    @staticmethod
    def shown(ada):
        """The numbers of the messages on the screen, which follow each other once it is painted to its end."""
        def numbers(text):
            return [int(number) for number in re.findall(r"message (\d+)\.", text)]

        def is_whole(text):
            return (found := numbers(text)) and found == list(range(found[0], found[0] + len(found)))

        return numbers(ada.shows(is_whole))

    def turn(self, ada, key, is_there):
        """Pages up or down until it is there. A key at the edge of what is loaded moves nothing; the next one does."""
        for _ in range(5000):
            if is_there(self.shown(ada)):
                return
            ada.press(key, key, "x")  # The letter shows that the keys before it have been taken.
            ada.shows("ada> x")
            ada.press("C-u")
            ada.hides("ada> x")
        self.fail("it never came")

    def test_to_the_beginning_and_back(self):
        server = self.long_server()
        ada = self.in_room(server, name="ada", columns=100, rows=40)
        ada.shows(f"message {COUNT}.")
        ada.press("C-Home")
        # The day is its first row: nothing lies before it.
        ada.shows(lambda text: "message 1." in text and f"message {COUNT}." not in text and "November 2025" in text.split("\n")[0])
        # Forward through several pages of the log: none is left out or doubled on the way.
        self.turn(ada, "NPage", lambda numbers: numbers[-1] >= 1000)
        bob = self.client(server, "bob")
        bob.join(last=1)
        bob.say("meanwhile, at the end")
        ada.shows("↓ 1 new")
        ada.press("End")
        ada.shows("meanwhile, at the end")
        ada.hides("↓")
        # Up through more than the window holds.
        held = resident_kb(ada.pid())
        self.turn(ada, "PPage", lambda numbers: numbers[0] <= COUNT - 12_000)
        print(f"{held} kB at the end, {resident_kb(ada.pid())} kB twelve thousand messages above it", flush=True)
        ada.press("C-End")
        ada.shows("meanwhile, at the end")


if __name__ == "__main__":
    unittest.main()
