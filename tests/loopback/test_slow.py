"""Nobody suffers for another: a reader that stops reading costs a bounded amount, loses nothing, and the
others do not notice."""

import os
import signal
import socket
import threading
import unittest

import postgres
from harness import LoopbackTest
from websocket import TEXT, Lost, Wire, frame, upgrade_request


def widen(client):
    """It reads again, and as fast as others."""
    client.socket.wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)


class SlowReaders(LoopbackTest):
    def check_slow(self, url, many):
        """8 kB are said so often while some do not read. They catch up by `message` frames without gap or double."""
        server = self.server(url, CACHE_BYTES=str(1 << 20), OUTBOX_HIGH_BYTES="131072", PAGE_BYTES="131072", HEARTBEAT="300")
        ada, canary = self.joined(server, "Ada"), self.joined(server, "Canary")
        slow = [self.joined(server, f"Slow{number}", receive_buffer=4096) for number in range(3)]
        go = self.go_client(server, "Linus", receive_buffer=4096)
        ada.say("the first")
        for client in slow:
            client.wait_position(1)
        go.wait_for(("Ada", "the first"))
        before = server.resident_kb()
        server.forget_peak()
        text = "x" * 8000
        sent = 0
        while sent < many:
            ids = [f"n{number}" for number in range(sent, min(sent + 32, many))]
            ada.send_all({"type": "post", "room": "general", "id": id, "text": f"{id} {text}"} for id in ids)
            for id in ids:
                ada.receipt(id)
            sent += len(ids)
            canary.wait_position(sent + 1)
        ada.wait_position(many + 1)
        grown = server.peak_kb() - before
        print(f"peak while {len(slow) + 1} clients did not read {many * 8} kB: {grown} KiB more", flush=True)
        if many * 8 > 40_000:  # Less proves nothing.
            self.assertLess(grown, 36 * 1024, "the server grew by so many KiB")
        catching_up = [threading.Thread(target=self.catch_up, args=(client, many)) for client in slow]
        for thread in catching_up:
            thread.start()
        for thread in catching_up:
            thread.join()
        for client in slow:
            log = client.logs["general"]
            self.assertEqual(log.position, many + 1)
            self.assertEqual(log.entries, ada.logs["general"].entries)
            # Live all the time: no page of a resume, no new join.
            self.assertEqual(log.frames, many + 1)
        widen(go)
        go.wait_for(("Ada", f"n{many - 1} {text}"))
        self.assertEqual([line[1].split(" ")[0] for line in go.lines[1:]], [f"n{n}" for n in range(many)])

    def catch_up(self, client, many):
        widen(client)
        client.wait_position(many + 1)

    def test_a_slow_reader_catches_up_on_sqlite(self):
        self.check_slow(None, 1500)

    def test_a_slow_reader_catches_up_on_postgresql(self):
        self.check_slow(self.postgres_url(), 6000)

    def test_a_read_that_hangs_delays_no_commit(self):
        """The reader's backend stands still in the middle of a read; posts and live messages go on meanwhile."""
        cluster = self.own_cluster()
        url = cluster.create_database()
        server = self.server(url, HISTORY_READERS="1", STORE_PATIENCE_MS="60000")
        ada = self.joined(server, "Ada")
        for number in range(40):
            ada.say(f"old {number}")
        server.restart()  # The cache is empty.
        ada = self.client(server, None, token=ada.token)
        ada.join(last=0)
        self.assertEqual(len(ada.history(before=31, limit=10)["entries"]), 10)
        readers = postgres.sql(url, """select pid from pg_stat_activity where datname = current_database()
                                       and pid <> pg_backend_pid() and query ilike '%entry%' and query ilike '%limit%'
                                       and query not ilike '%insert%'""")
        self.assertEqual(len(readers), 1, "one reader")
        pid = int(readers[0][0])
        os.kill(pid, signal.SIGSTOP)
        try:
            ada.send({"type": "history", "room": "general", "before": 11, "limit": 5, "ref": "hangs"})
            for number in range(20):
                self.assertEqual(ada.say(f"meanwhile {number}")["seq"], 41 + number)
            ada.wait_position(60)
            self.assertNotIn("hangs", ada.answers)
        finally:
            os.kill(pid, signal.SIGCONT)
        ada.wait(lambda: "hangs" in ada.answers, "the page")
        self.assertEqual([entry["seq"] for entry in ada.answers["hangs"]["entries"]], [6, 7, 8, 9, 10])

    def test_who_does_not_read_is_not_read(self):
        """A client that asks and asks and never reads is held back by TCP, not by the server's memory."""
        server = self.server(OUTBOX_HIGH_BYTES="131072", PAGE_BYTES="131072")
        ada = self.joined(server, "Ada")
        for number in range(200):
            ada.say(f"{number} " + "x" * 4000)
        before = server.resident_kb()
        server.forget_peak()
        greedy = self.joined(server, "Greedy", receive_buffer=4096)
        greedy.socket.wire.socket.settimeout(2)
        request = frame(TEXT, '{"type":"history","room":"general","after":0,"limit":500}')
        asked = 0
        try:
            while asked < 200_000:
                greedy.socket.wire.socket.sendall(request * 100)
                asked += 100
        except TimeoutError:
            pass
        self.assertLess(asked, 200_000, "the server reads on although nobody takes its answers")
        self.assertEqual(ada.say("unmoved")["seq"], 201)
        self.assertLess(server.peak_kb() - before, 48 * 1024)
        greedy.drop()

    def test_half_requests_cost_others_nothing(self):
        server = self.server()
        ada = self.joined(server, "Ada")
        before = server.metric("connections")
        wires = []
        for number in range(100):
            wire = Wire(server.port)
            wire.send(upgrade_request(server.port)[:number * 2])
            wires.append(wire)
        ada.say("unmoved")
        for wire in wires[:50]:
            wire.reset()
        for wire in wires[50:]:
            wire.close()
        while server.metric("connections") > before + 1:
            ada.barrier()
        ada.say("unmoved still")

    def test_churn_leaves_no_descriptors_behind(self):
        server = self.server()
        ada = self.joined(server, "Ada")

        def descriptors():
            return len(os.listdir(f"/proc/{server.process.pid}/fd"))

        before = descriptors()
        for number in range(150):
            client = self.client(server, None, token=ada.token)
            self.clients.remove(client)
            client.begin_join()
            if number % 2:
                client.socket.reset()
            else:
                try:
                    client.close()
                except Lost:
                    pass
            while server.metric("sessions") > 4:  # An author's connections are bounded.
                ada.barrier()
        while server.metric("sessions") > 1:
            ada.barrier()
        self.assertLessEqual(descriptors(), before + 2)
        ada.say("unmoved")


if __name__ == "__main__":
    unittest.main()
