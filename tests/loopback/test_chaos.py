"""Every promise under real faults: kill -9 of the server again and again, PostgreSQL frozen, restarted and cut
off, a full disk, a broken network. All clients write down what they say and see; one checker compares that with
the database. CALLBOARD_TEST_CHAOS=10 runs ten times as many faults."""

import contextlib
import os
import pathlib
import random
import signal
import subprocess
import time
import unittest

import postgres
from cli import free_port
from crew import CrewTest
from processes import wait_until
from proxy import Proxy

TIMES = int(os.environ.get("CALLBOARD_TEST_CHAOS", "1"))


class Killed(CrewTest):
    def check_kills(self, kills, url=None):
        server = self.server(url, port=free_port())
        self.hire(server)
        for _ in range(kills):
            self.wait_receipts()
            time.sleep(random.uniform(0, 0.1))  # Each strikes elsewhere.
            server.kill()
            server.start()
        self.wait_receipts()
        self.dismiss(server.settings["DATABASE_URL"], f"{kills} kills of the server")

    def test_the_server_is_killed_again_and_again_on_sqlite(self):
        self.check_kills(50 * TIMES)

    def test_the_server_is_killed_again_and_again_on_postgresql(self):
        self.check_kills(15 * TIMES, self.postgres_url())


class Frozen(CrewTest):
    """SIGSTOP is what a database looks like whose machine hangs: nothing fails, nothing answers."""

    def freeze(self, cluster, seconds):
        """SIGSTOP to the postmaster and its children, newest first."""
        pids = self.processes_of(cluster)
        for pid in reversed(pids):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        try:
            time.sleep(seconds)
        finally:
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def processes_of(self, cluster):
        first = int(pathlib.Path(cluster.data, "postmaster.pid").read_text().split()[0])
        children = []
        for status in pathlib.Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = status.read_text().rsplit(")", 1)[1].split()
                if int(fields[1]) == first:
                    children.append(int(status.parent.name))
        return [first, *sorted(children)]

    def test_postgresql_is_frozen_restarted_and_cut_off(self):
        cluster = self.own_cluster()
        url = cluster.create_database()
        server = self.server(url, port=free_port(), STORE_PATIENCE_MS="1500")
        self.hire(server)
        cut = 0
        for _ in range(2 * TIMES):
            self.wait_receipts()
            self.freeze(cluster, 0.7)  # Within everybody's patience.
            self.wait_receipts()
            cut += postgres.cut_servers(url)
            self.wait_receipts()
            self.freeze(cluster, 4)  # Posts are refused meanwhile, and repeated.
            self.wait_receipts()
            cluster.control("-m", "fast", "restart")
            self.wait_receipts()
            cut += postgres.cut_servers(url)
            self.wait_receipts()
            cluster.control("-m", "immediate", "restart")
        self.wait_receipts()
        refused = sum(writer.refused.get("unavailable", 0) for writer in self.writers)
        self.assertGreater(refused, 0, "nobody felt that the database was frozen")
        self.assertGreater(cut, 0)
        self.dismiss(url, f"{4 * TIMES} freezes and {4 * TIMES} restarts of PostgreSQL, {cut} connections cut")


class DiskFull(CrewTest):
    def small_disk(self, megabytes):
        """A file system of a few megabytes, which takes root's rights."""
        disk = self.folder / "disk"
        disk.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(disk)],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.skipTest(f"no small disk: mounting one is not allowed here ({done.stderr.strip()})")
        self.resources.callback(subprocess.run, ["umount", "-l", str(disk)], check=True)
        return disk

    def fill(self, disk):
        """Takes all the room that is left."""
        with open(disk / "ballast", "ab", buffering=0) as ballast, contextlib.suppress(OSError):
            while True:
                ballast.write(b"x" * 4096)

    def test_a_full_disk_refuses_posts_and_loses_none(self):
        disk = self.small_disk(48)
        server = self.server(f"sqlite:{disk}/callboard.db", port=free_port(), STORE_PATIENCE_MS="700")
        self.hire(server)
        for _ in range(2 * TIMES):
            self.wait_receipts()
            refused = self.unavailable()
            self.fill(disk)
            wait_until(lambda refused=refused: self.check_alive() or self.unavailable() > refused, "posts are refused")
            wait_until(lambda: server.http("/readyz")[0] == 503, "/readyz says 503")
            self.assertEqual(server.http("/healthz")[0], 200)
            (disk / "ballast").unlink()
            wait_until(server.is_ready, "the server heals by itself")
        self.wait_receipts()
        # And a server that is killed while its disk is full.
        self.fill(disk)
        wait_until(lambda: server.http("/readyz")[0] == 503, "/readyz says 503")
        server.kill()
        (disk / "ballast").unlink()
        server.start()
        self.wait_receipts()
        self.assertEqual(self.reconnects(), len(self.writers), "clients were thrown out")
        self.dismiss(server.settings["DATABASE_URL"], f"{2 * TIMES + 1} times a full disk, {self.unavailable()} refusals")

    def unavailable(self):
        return sum(writer.refused.get("unavailable", 0) for writer in self.writers)

    def reconnects(self):
        return sum(writer.reconnects for writer in self.writers)


class Network(CrewTest):
    def test_the_network_stalls_resets_and_goes_silent(self):
        server = self.server(port=free_port(), HEARTBEAT="2")
        proxy = Proxy(server)
        self.resources.callback(proxy.end)
        self.hire(server, through=proxy)
        faults = {"stalls": 0, "resets": 0, "cuts": 0, "silences": 0, "one-way losses": 0}
        strikes = [("stalls", lambda: proxy.stall(0.5)), ("resets", proxy.reset), ("cuts", proxy.cut),
                   ("resets", proxy.reset), ("silences", proxy.go_silent), ("cuts", proxy.cut),
                   ("one-way losses", proxy.lose_one_way), ("resets", proxy.reset)]
        for name, strike in strikes * (2 * TIMES):
            self.wait_receipts()
            strike()
            faults[name] += 1
        self.wait_receipts()
        self.assertTrue(all(writer.reconnects > 0 for writer in self.writers))
        self.dismiss(server.settings["DATABASE_URL"], ", ".join(f"{count} {name}" for name, count in faults.items()))


if __name__ == "__main__":
    unittest.main()
