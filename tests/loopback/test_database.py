"""PostgreSQL locked, restarted, crashed, cut off and gone, while people post: nothing is shown before it is
stored, nothing is lost or doubled, everybody is told, and it heals by itself."""

import unittest

import postgres
from harness import LoopbackTest
from poster import Poster
from processes import wait_until


class Visible(LoopbackTest):
    def test_a_message_is_visible_nowhere_before_its_commit_and_then_everywhere(self):
        server = self.server(self.postgres_url(), STORE_PATIENCE_MS="60000")
        url = server.settings["DATABASE_URL"]
        ada, grace = self.joined(server, "Ada"), self.joined(server, "Grace")
        fresh = self.client(server, "Fresh")  # Here already: a new name has to be stored, too.
        linus = self.go_client(server, "Linus")
        ada.say("there before")
        linus.wait_for(("Ada", "there before"))
        grace.wait_position(1)
        with postgres.Session(url) as other:
            other.lock_room()
            ada.post("held", id="held")
            wait_until(lambda: postgres.waiting_for_locks(url) == 1, "a commit that waits")
            # Whoever asks in whatever way now: it is not there.
            ada.barrier()
            grace.barrier()
            self.assertEqual((len(ada.receipts), ada.errors), (1, []))
            for client in (ada, grace, fresh):
                log = client.join()
                self.assertEqual((log.texts(), log.head), (["there before"], 1))
                self.assertEqual(len(client.history(after=0)["entries"]), 1)
            newcomer = self.go_client(server, "Ken")
            newcomer.wait_for(("Ada", "there before"))
            rooms = fresh.ask({"type": "rooms", "prefix": "general"})["rooms"]
            self.assertEqual(rooms[0]["head"], 1)
            self.assertEqual(server.metric("entries_published_total"), 1)
            ada.barrier()
            self.assertNotIn(("general", "held"), ada.receipts)
            other.run("commit")
            self.assertEqual(ada.receipt("held")["seq"], 2)
        for client in (ada, grace, fresh):
            client.wait_position(2)
            self.assertEqual(client.logs["general"].texts(), ["there before", "held"])
        for client in (linus, newcomer):
            client.wait_for(("Ada", "held"))
            self.assertEqual(client.lines, [("Ada", "there before"), ("Ada", "held")])

    def test_a_locked_room_does_not_stop_what_needs_no_commit(self):
        server = self.server(self.postgres_url(), STORE_PATIENCE_MS="500")
        url = server.settings["DATABASE_URL"]
        ada, grace = self.joined(server, "Ada"), self.client(server, "Grace")
        ada.say("first")
        with postgres.Session(url) as other:
            other.lock_room()
            refused = ada.refusal(ada.post("second", id="second"))
            self.assertEqual(refused["code"], "unavailable")
            self.assertGreater(refused["retry_after_ms"], 0)
            self.assertEqual(grace.join().texts(), ["first"])
            other.run("rollback")
        # It is stored meanwhile, or now: once.
        ada.say("second", id="second")
        grace.wait_position(2)
        self.assert_same_log(grace.logs["general"], self.stored(url))


class Reading(LoopbackTest):
    def test_reads_that_wait_delay_no_post(self):
        """Every reader is stuck in the database; who posts and who reads along does not notice."""
        server = self.server(self.postgres_url(), STORE_PATIENCE_MS="60000", HISTORY_READERS="2")
        url = server.settings["DATABASE_URL"]
        ada, grace = self.joined(server, "Ada"), self.joined(server, "Grace")
        # Reads pass a gate, inserts do not: PostgreSQL sends these to the table below.
        postgres.sql(url, """
            insert into room (name, epoch, head) values ('old', 'e', 2000);
            insert into entry (room_id, seq, kind, author_id, author_name, client_id, body, at)
            select r.id, s, 1, 'a', 'a', s, s, now() from room r, generate_series(1, 2000) s where r.name = 'old';
            alter table entry rename to kept;
            create function gate() returns boolean language plpgsql volatile as
            $$ begin perform pg_advisory_xact_lock_shared(7); return true; end $$;
            create view entry as select * from kept where gate()""")
        curious = [self.joined(server, f"Curious{number}", room="old") for number in range(3)]
        with postgres.Session(url) as other:
            other.run("select pg_advisory_lock(7)")
            for number, client in enumerate(curious):
                client.send({"type": "history", "room": "old", "after": 500 * number, "limit": 10, "ref": "page"})
            wait_until(lambda: postgres.waiting_for_locks(url) == 2, "two reads that wait")
            for number in range(20):
                ada.say(f"meanwhile {number}")
            grace.wait_position(20)
            self.assertEqual(postgres.waiting_for_locks(url), 2)
            self.assertFalse(any(client.answers for client in curious))
            other.run("select pg_advisory_unlock(7)")
        for number, client in enumerate(curious):
            client.wait(lambda: "page" in client.answers, "its page")
            entries = client.answers.pop("page")["entries"]
            self.assertEqual([entry["seq"] for entry in entries], list(range(500 * number + 1, 500 * number + 11)))


class UnderLoad(LoopbackTest):
    """Three authors post without end while `fault` happens; then everything is compared."""

    def check(self, url, fault, times, between=100, **settings):
        server = self.server(url, **settings)
        posters = [Poster(server, f"Poster{number}", (f"{number} says {n}" for n in range(10 ** 9)))
                   for number in range(3)]
        reader = self.joined(server, "Reader")
        for poster in posters:
            poster.start()
        for _ in range(times):
            self.wait_receipts(posters, between)
            fault(server)
        self.wait_receipts(posters, between)
        for poster in posters:
            poster.stop()
        for poster in posters:
            self.clients.append(poster.finish())
        rows = self.stored(url)
        self.assert_dense(rows)
        self.assert_receipts_kept([poster.client for poster in posters], rows)
        for poster in posters:
            mine = [id for _, author, id, _ in rows if author == poster.client.author]
            self.assertEqual(mine, poster.posted, "an author's messages are not stored as they were sent")
        # The reader stayed connected all the time.
        reader.wait_position(len(rows))
        self.assert_same_log(reader.logs["general"], rows)
        self.assertEqual([poster.reconnects for poster in posters], [0, 0, 0], "clients were thrown out")
        wait_until(server.is_ready, "readiness")
        return server, posters

    def wait_receipts(self, posters, more):
        before = sum(poster.acknowledged() for poster in posters)

        def arrived():
            for poster in posters:
                if poster.failure is not None:
                    raise poster.failure
            return sum(poster.acknowledged() for poster in posters) >= before + more

        wait_until(arrived, f"{more} more receipts", patience=90)

    def test_postgresql_restarted_under_load(self):
        cluster = self.own_cluster()
        modes = iter(["fast", "immediate", "fast"])

        def restart(_):
            cluster.control("-m", next(modes), "restart")

        server, _ = self.check(cluster.create_database(), restart, 3)
        self.assertGreater(server.metric("store_retries_total"), 0, "no restart was felt")

    def test_postgresql_crashed_under_load(self):
        cluster = self.own_cluster()
        self.check(cluster.create_database(), lambda _: cluster.crash(), 2)

    def test_connections_cut_under_load(self):
        url = self.postgres_url()
        cut = []
        server, _ = self.check(url, lambda _: cut.append(postgres.cut_servers(url)), 12, between=40)
        self.assertGreaterEqual(sum(cut), 6)  # It may be reconnecting when its turn comes.
        self.assertGreater(server.metric("store_retries_total"), 0, "no cut was felt")


class Gone(LoopbackTest):
    def test_lost_in_the_middle_and_back_again(self):
        cluster = self.own_cluster()
        url = cluster.create_database()
        server = self.server(url, STORE_PATIENCE_MS="700")
        ada, grace = self.joined(server, "Ada"), self.joined(server, "Grace")
        for number in range(20):
            ada.say(f"line {number}")
        grace.wait_position(20)
        cluster.stop("immediate")

        ids = [ada.post(f"later {number}") for number in range(5)]
        for number, id in enumerate(ids):
            refused = ada.refusal(id)
            self.assertIn(refused["code"], ("unavailable", "busy"))
            self.assertGreater(refused["retry_after_ms"], 0)
            if number == 0:
                self.assertEqual(refused["code"], "unavailable")
                self.assertNotIn("127.0.0.1", refused["message"], "clients are told no addresses")
        wait_until(lambda: server.http("/readyz")[0] == 503, "/readyz says 503")
        self.assertEqual(server.http("/healthz")[0], 200)
        # Reading goes on, from the cache; a newcomer who has a token, too.
        self.assertEqual(len(grace.history(before=21, limit=20)["entries"]), 20)
        tab = self.client(server, None, token=ada.token)
        self.assertEqual(len(tab.join().entries), 20)
        resumed = self.client(server, None, token=grace.token)
        log = resumed.join("general", after=5, epoch=grace.logs["general"].epoch)
        self.assertEqual((log.mode, len(log.entries)), ("resumed", 15))
        grace.barrier()
        self.assertEqual(grace.logs["general"].position, 20, "something unstored was shown")

        cluster.start()
        wait_until(server.is_ready, "the server heals by itself")
        for number, id in enumerate(ids):
            ada.say(f"later {number}", id=id)
        for client in (ada, grace, tab, resumed):
            client.wait_position(25)
        self.assert_same_log(grace.logs["general"], self.stored(url))
        self.assertEqual(grace.logs["general"].texts()[20:], [f"later {number}" for number in range(5)])

    def test_sigterm_while_the_database_is_gone_is_orderly(self):
        cluster = self.own_cluster()
        server = self.server(cluster.create_database())
        ada = self.joined(server, "Ada")
        ada.say("before")
        cluster.stop("immediate")
        linus = self.go_client(server, "Linus")
        linus.say("after, too")
        id = ada.post("after")
        ada.barrier()
        server.terminate()
        self.assertEqual(ada.read_until_closed(), 1012)
        self.assertEqual(ada.refusals["general", id]["code"], "unavailable")
        self.assertTrue(ada.bye)
        linus.wait_for_name("callboard")
        self.assertTrue(linus.lines[-1][1].startswith("not stored: "), linus.lines)
        self.assertEqual(linus.socket.read_close(), 1012)
        self.assertEqual(server.wait_end(), 0)

    def test_a_newcomers_name_is_refused_with_patience_while_the_database_is_gone(self):
        cluster = self.own_cluster()
        server = self.server(cluster.create_database(), STORE_PATIENCE_MS="500")
        cluster.stop("immediate")
        client = self.client(server, None, hello=False)
        refused = client.ask({"type": "hello", "name": "Newcomer"})
        self.assertEqual((refused["type"], refused["code"]), ("error", "unavailable"))
        self.assertGreater(refused["retry_after_ms"], 0)
        cluster.start()
        wait_until(server.is_ready, "the server heals by itself")
        client.hello("Newcomer")


class Replaced(LoopbackTest):
    def test_a_database_set_back_under_a_running_server_begins_everybody_anew(self):
        """A backup is restored while people are connected: nobody keeps positions of the log that is gone."""
        server = self.server(self.postgres_url())
        url = server.settings["DATABASE_URL"]
        ada, grace = self.joined(server, "Ada"), self.joined(server, "Grace")
        for number in range(5):
            ada.say(f"line {number}")
        grace.wait_position(5)
        epoch = grace.logs["general"].epoch
        postgres.sql(url, """
            begin; delete from entry where seq > 3; update room set head = 3; commit;
            select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()""")
        for client in (grace, ada):  # Nobody has to post for that.
            self.assertEqual(client.read_until_closed(), 4000)
            client.reconnect()
            client.wait(lambda log=client.logs["general"]: not log.joining, "joined")
            log = client.logs["general"]
            self.assertEqual((log.mode, log.texts()), ("reset", ["line 0", "line 1", "line 2"]))
            self.assertNotEqual(log.epoch, epoch)
        ada.say("after the restore")
        grace.wait_position(4)
        self.assert_same_log(grace.logs["general"], self.stored(url))

    def test_a_damaged_room_is_refused_and_the_others_go_on(self):
        server = self.server(self.postgres_url())
        url = server.settings["DATABASE_URL"]
        ada, grace = self.joined(server, "Ada"), self.joined(server, "Grace", room="healthy")
        ada.say("one")
        ada.say("two")
        server.stop()
        postgres.sql(url, "update room set head = 1 where name = 'general'")
        server.start()
        for client in (ada, grace):
            client.reconnect()
            client.wait(lambda logs=client.logs: not any(log.joining for log in logs.values()), "joined")
        for number in range(3):
            refused = ada.refusal(ada.post(f"lost {number}"))
            self.assertEqual(refused["code"], "internal")
            self.assertEqual(grace.say(f"line {number}", room="healthy")["seq"], number + 1)
        self.assertTrue(server.is_ready())


if __name__ == "__main__":
    unittest.main()
