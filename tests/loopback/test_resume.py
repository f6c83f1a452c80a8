"""Nothing missed: whoever comes back with its last position gets exactly what followed, in pages, across
restarts, while others post, and without the server growing."""

import contextlib
import sqlite3
import threading
import unittest

import postgres
from chat import Log
from harness import LoopbackTest
from poster import Poster

MANY = 100_000

MANY_ROWS = """
  insert into room (name, epoch, head) values ('archive', 'e0c0ffee00000000e0c0ffee00000000', {many});
  with recursive n(n) as (select 1 union all select n + 1 from n where n < {many})
  insert into entry (room_id, seq, kind, author_id, author_name, client_id, body, at)
  select (select id from room where name = 'archive'), n, 1, 'a' || n % 7, 'Author ' || n % 7, 'c' || n,
         'Entry ' || n || ' ' || {filler}, {at} from n;"""


class Resume(LoopbackTest):
    def check_restart(self, url=None):
        server = self.server(url)
        ada, grace = self.joined(server, "Ada"), self.joined(server, "Grace")
        ada.join("workshop")
        for number in range(10):
            ada.say(f"before {number}")
        grace.wait_position(10)
        grace.drop()
        for number in range(5):
            ada.say(f"while away {number}")
        ada.say("kept", room="workshop")
        server.restart()
        ada.reconnect()
        grace.reconnect()
        grace.wait_position(15)
        ada.say("after the restart")
        grace.wait_position(16)
        ada.wait_position(16)
        self.assertEqual(grace.logs["general"].mode, "resumed")
        self.assertEqual((ada.author, ada.name), (ada.welcome["user"]["id"], "Ada"))
        rows = self.stored(server.settings["DATABASE_URL"])
        self.assert_same_log(grace.logs["general"], rows)
        self.assert_same_log(ada.logs["general"], rows)
        self.assertEqual(ada.wait_position(1, "workshop").texts(), ["kept"])
        # A name is its author's across the restart, too.
        other = self.client(server, None, hello=False)
        self.assertEqual(other.ask({"type": "hello", "name": "Grace"})["code"], "name_taken")

    def test_resume_across_a_restart_on_sqlite(self):
        self.check_restart()

    def test_resume_across_a_restart_on_postgresql(self):
        self.check_restart(self.postgres_url())

    def test_resume_from_every_position_gives_exactly_what_follows(self):
        server = self.server()
        ada = self.joined(server, "Ada")
        for number in range(1, 13):
            ada.say(f"line {number}")
        epoch = ada.logs["general"].epoch
        other = self.client(server, "Grace")
        for after in [0, 1, 5, 11, 12]:
            log = other.join("general", after=after, epoch=epoch)
            self.assertEqual((log.mode, log.texts()), ("resumed", [f"line {n}" for n in range(after + 1, 13)]))
        # Without reading in between: each join replaces the one before it.
        for after in (3, 7, 10):
            other.send({"type": "join", "room": "general", "after": after, "epoch": epoch, "ref": f"a{after}"})
        for after in (3, 7, 10):
            other.logs["general"] = Log("general")
            other.logs["general"].position, other.logs["general"].epoch = after, epoch
            other.wait(lambda after=after: f"a{after}" in other.answers, "joined")
            self.assertEqual(len(other.answers[f"a{after}"]["entries"]), 12 - after)

    def test_paging_while_others_post(self):
        """A resume through many pages under constant posting ends, and joins the live flow without a seam."""
        server = self.server(self.postgres_url())
        self.fill(server, 6000)
        going = [Poster(server, f"Poster{number}", (f"{number} {n}" for n in range(10 ** 9)), room="archive")
                 for number in range(2)]
        for poster in going:
            poster.start()
        readers = []
        for number in range(3):
            reader = self.client(server, f"Reader{number}")
            log = reader.join("archive", after=0, epoch="e0c0ffee00000000e0c0ffee00000000")
            self.assertEqual(log.mode, "paged")
            reader.wait(lambda log=log: not log.paging, "the last page")
            readers.append(reader)
        # They are live now: each sees what is posted from here on.
        target = max(reader.logs["archive"].position for reader in readers) + 200
        for reader in readers:
            reader.wait_position(target, "archive")
            self.assertGreater(reader.logs["archive"].frames, 0, "nothing came live")
        # And pages back at the same time.
        page = readers[0].history("archive", before=3000, limit=500)
        self.assertEqual([entry["seq"] for entry in page["entries"]], list(range(2500, 3000)))
        for poster in going:
            poster.stop()
        for poster in going:
            self.clients.append(poster.finish())
        rows = self.stored(server.settings["DATABASE_URL"], "archive")
        self.assert_dense(rows)
        for reader in readers:
            reader.wait_position(len(rows), "archive")
            self.assert_same_log(reader.logs["archive"], rows)
        self.assertGreater(len(rows), 6200)

    # -- 100,000 entries --------------------------------------------------------------------------

    def fill(self, server, many):
        """Writes the rows into the database itself: what is tested is reading them."""
        url = server.settings["DATABASE_URL"]
        if url.startswith("postgres"):
            postgres.sql(url, MANY_ROWS.format(many=many, filler="repeat('x', 200)", at="date_trunc('seconds', now())"))
        else:
            path = url.removeprefix("sqlite:")
            with contextlib.closing(sqlite3.connect(path, timeout=60)) as database:
                database.executescript(MANY_ROWS.format(many=many, filler="printf('%.200c', 'x')", at="1700000000000"))

    def check_many(self, url=None):
        server = self.server(url, CACHE_BYTES=str(1 << 20))
        self.fill(server, MANY)
        # What every resume needs once, such as connections and statements, is not what is measured.
        warm = self.client(server, "Warm")
        warm.join("archive", after=MANY - 3000, epoch="e0c0ffee00000000e0c0ffee00000000")
        warm.wait_position(MANY, "archive")
        warm.close()
        before = server.resident_kb()
        server.forget_peak()
        readers = [self.client(server, f"Reader{number}") for number in range(2)]
        for reader in readers:
            reader.begin_join("archive", after=0, epoch="e0c0ffee00000000e0c0ffee00000000")

        def read(reader):
            reader.wait_position(MANY, "archive", patience=150)

        other = threading.Thread(target=read, args=(readers[1],))
        other.start()
        try:
            read(readers[0])
        finally:
            other.join()
        grown = server.peak_kb() - before
        for reader in readers:
            log = reader.logs["archive"]
            self.assertEqual(log.mode, "paged")
            self.assertEqual(len(log.entries), MANY)  # That they are dense and in order, Log has checked.
            self.assertEqual(log.entries[0]["text"][:8], "Entry 1 ")
            self.assertTrue(log.entries[-1]["text"].startswith(f"Entry {MANY} "))
        # 40 MB of JSON for each went through; a server that keeps them shows it.
        self.assertLess(grown, 24 * 1024, "the server grew by so many KiB")
        print(f"peak while {2 * MANY} entries were read: {grown} KiB more", flush=True)

    def test_a_hundred_thousand_entries_in_flat_memory_on_postgresql(self):
        self.check_many(self.postgres_url())

    def test_a_hundred_thousand_entries_in_flat_memory_on_sqlite(self):
        self.check_many()


if __name__ == "__main__":
    unittest.main()
