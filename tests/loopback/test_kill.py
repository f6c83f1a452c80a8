"""kill -9 of the server while people post: what was acknowledged is there, once and in order, and what
was not is repeated until it is."""

import json
import os
import unittest

import postgres
from harness import LoopbackTest
from poster import Poster
from processes import wait_until
from websocket import WebSocket

KILLS = int(os.environ.get("CALLBOARD_TEST_KILLS", "6"))


class Kill(LoopbackTest):
    def check_kills(self, url=None, **settings):
        server = self.server(url, **settings)
        posters = [Poster(server, f"Poster{number}", (f"{number} says {n}" for n in range(10 ** 9)))
                   for number in range(4)]
        reader = Poster(server, "Reader", [])  # Posts nothing, and comes back like the others.
        for poster in posters:
            poster.start()
        for _ in range(KILLS):
            # Each kill hits work under way, wherever it stands then.
            before = sum(poster.acknowledged() for poster in posters)
            wait_until(lambda before=before: self.alive(posters) and
                       sum(poster.acknowledged() for poster in posters) > before + 150, "150 more receipts")
            server.kill()
            server.start()
        before = sum(poster.acknowledged() for poster in posters)
        wait_until(lambda: self.alive(posters) and sum(p.acknowledged() for p in posters) > before + 50, "50 more")
        for poster in posters:
            poster.stop()
        for poster in posters:
            self.clients.append(poster.finish())
        self.check_everything(server, posters, reader)
        self.assertTrue(all(poster.reconnects >= 1 for poster in posters))

    def alive(self, posters):
        for poster in posters:
            if poster.failure is not None:
                raise poster.failure
        return True

    def check_everything(self, server, posters, reader):
        rows = self.stored(server.settings["DATABASE_URL"])
        self.assert_dense(rows)
        self.assert_receipts_kept([poster.client for poster in posters], rows)
        for poster in posters:
            mine = [id for _, author, id, _ in rows if author == poster.client.author]
            self.assertEqual(mine, poster.posted, "an author's messages are not stored as they were sent")
            poster.client.wait_position(len(rows))
            self.assert_same_log(poster.client.logs["general"], rows)
        reader.come_back()
        self.clients.append(reader.client)
        reader.client.wait_position(len(rows))
        self.assert_same_log(reader.client.logs["general"], rows)

    def test_acknowledged_posts_survive_kills_on_sqlite(self):
        self.check_kills()

    def test_acknowledged_posts_survive_kills_on_postgresql(self):
        self.check_kills(self.postgres_url())

    def test_acknowledged_posts_survive_kills_where_actors_have_threads_of_their_own(self):
        self.check_kills(WORKER_THREADS="2")

    def test_a_dead_servers_commit_reaches_the_next_servers_clients(self):
        """The row is locked by another, the server is killed while its commit waits: when the lock goes, the
        dead server's transaction commits, and the client that joined the new server gets the entry without
        another post."""
        server = self.server(self.postgres_url())
        url = server.settings["DATABASE_URL"]
        ada = self.joined(server, "Ada")
        ada.say("before")
        grace = self.joined(server, "Grace")
        with postgres.Session(url) as other:
            other.lock_room()
            ada.post("from the grave", id="grave")
            wait_until(lambda: postgres.waiting_for_locks(url) >= 1, "a commit that waits")
            server.kill()
            server.start()
            grace.reconnect()  # Joins behind "before".
            wait_until(lambda: postgres.waiting_for_locks(url) >= 2, "the new server's room waits, too")
            other.run("rollback")
            grace.wait_text("from the grave")
        self.assertEqual(grace.logs["general"].texts()[-1], "from the grave")
        # Its author repeats it, and it is that one entry.
        ada.reconnect()
        receipt = ada.say("from the grave", id="grave")
        self.assertEqual((receipt["seq"], receipt["duplicate"]), (2, True))
        ada.say("after")
        grace.wait_position(3)
        self.assertEqual(grace.logs["general"].texts()[-2:], ["from the grave", "after"])
        self.assert_dense(self.stored(url))

    def check_lost_welcomes(self, url=None):
        """A new author's client dies without having read its welcome, the server is killed: the same hello with its
        claim is the same author, and for everybody else the name is taken."""
        server = self.server(url)
        for number in range(6):
            name, claim = f"Ada{number}", f"a-secret-of-ada-{number}"
            hasty = WebSocket(server.port)
            hasty.send(json.dumps({"type": "hello", "name": name, "claim": claim}))
            wait_until(lambda name=name: self.owner(server, name), "the store has the name")
            owner = self.owner(server, name)
            if number % 3 == 0:
                hasty.reset()
            elif number % 3 == 1:
                server.kill()
                server.start()
            # Else the server still holds the connection: nobody has read of it or told it.
            stranger = self.client(server, f"Stranger{number}")
            other = self.client(server, None, hello=False)
            for fields in ({"name": name}, {"name": name, "claim": "another-secret-than-hers"}):
                self.assertEqual(other.ask({"type": "hello", **fields})["code"], "name_taken")
            again = other.ask({"type": "hello", "name": name, "claim": claim})
            self.assertEqual((again["type"], again.get("user", {}).get("id")), ("welcome", owner))
            server.secret(again["token"])
            self.assertNotEqual(stranger.author, owner)
            hasty.wire.close()

    def owner(self, server, name):
        return self.names(server.settings["DATABASE_URL"]).get(name.lower())

    def test_a_lost_welcome_holds_the_name_for_its_asker_on_sqlite(self):
        self.check_lost_welcomes()

    def test_a_lost_welcome_holds_the_name_for_its_asker_on_postgres(self):
        self.check_lost_welcomes(self.postgres_url())

    def check_lost_receipts(self, url=None):
        """The client dies at the moment of sending, again and again, and repeats: once stored, one receipt."""
        server = self.server(url)
        ada = self.joined(server, "Ada")
        for number in range(100):
            hasty = WebSocket(server.port)
            frames = [{"type": "hello", "token": ada.token}, {"type": "join", "room": "general", "last": 0},
                      {"type": "post", "room": "general", "id": f"h{number}", "text": f"hasty {number}"}]
            for one in frames:
                hasty.send(json.dumps(one))
            if number % 3 == 0:
                hasty.reset()
            elif number % 3 == 1:
                hasty.wire.close()
            else:
                hasty.close()
            ada.say(f"hasty {number}", id=f"h{number}")
            if number % 10 == 0:
                ada.say(f"hasty {number}", id=f"h{number}")
        rows = self.stored(server.settings["DATABASE_URL"])
        self.assertEqual([row[2] for row in rows], [f"h{number}" for number in range(100)])
        self.assert_same_log(ada.wait_position(100), rows)

    def test_a_post_whose_receipt_is_lost_is_stored_once_on_sqlite(self):
        self.check_lost_receipts()

    def test_a_post_whose_receipt_is_lost_is_stored_once_on_postgresql(self):
        self.check_lost_receipts(self.postgres_url())


if __name__ == "__main__":
    unittest.main()
