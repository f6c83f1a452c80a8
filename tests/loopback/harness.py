"""The test case of the loopback tests: everything that a test starts is ended and judged with it."""

import contextlib
import pathlib
import shutil
import sqlite3
import tempfile
import unittest

import postgres
from chat import Client, GoClient
from processes import Server


class LoopbackTest(unittest.TestCase):
    """Each test has a folder of its own, and as many servers and clients as it wants."""

    maxDiff = 2000

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="callboard-loopback."))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.servers = []
        self.clients = []
        self.resources = contextlib.ExitStack()  # What servers stand on: it goes after them.
        self.addCleanup(self.resources.close)
        self.addCleanup(self.judge)

    def judge(self):
        for client in self.clients:
            client.socket.wire.close()
        problems = []
        for server in self.servers:
            try:
                server.end()
            except AssertionError as error:
                problems.append(str(error))
            problems += server.verdict()
        if problems:
            raise AssertionError("\n".join(problems))

    # -- what a test is made of -------------------------------------------------------------------

    def sqlite_url(self, name="callboard.db"):
        return f"sqlite:{self.folder / name}"

    def postgres_url(self):
        cluster = postgres.shared_cluster()
        url = cluster.create_database()
        self.resources.callback(cluster.drop_database, url)
        return url

    def own_cluster(self):
        """A PostgreSQL that this test may stop."""
        cluster = postgres.Cluster.start_own()
        self.resources.callback(cluster.end)
        return cluster

    def server(self, url=None, start=True, **settings):
        """A server on a database of its own, SQLite unless `url` says otherwise."""
        number = len(self.servers)
        folder = self.folder / f"server{number}"
        folder.mkdir()
        port = settings.pop("port", 0)
        url = url or self.sqlite_url(f"{number}.db")
        server = Server(folder, url, settings, port)
        if url.startswith("postgres"):
            server.secrets |= {postgres.urllib.parse.urlsplit(url).password} - {None}
        self.servers.append(server)
        return server.start() if start else server

    def client(self, server, name, **how):
        client = Client(server, name, **how)
        self.clients.append(client)
        return client

    def joined(self, server, name, room="general", **how):
        client = self.client(server, name, **how)
        client.join(room)
        return client

    def go_client(self, server, name, **how):
        client = GoClient(server, name, **how)
        self.clients.append(client)
        return client

    # -- what a test asks -------------------------------------------------------------------------

    def stored(self, url, room="general"):
        """What the database itself holds: (seq, author, id, text) in order."""
        if url.startswith("postgres"):
            return postgres.entries(url, room)
        file = f"file:{url.removeprefix('sqlite:')}?mode=ro"
        with contextlib.closing(sqlite3.connect(file, uri=True, timeout=30)) as database:
            return database.execute("""select seq, author_id, client_id, body from entry
                                       where room_id = (select id from room where name = ?) order by seq""",
                                    (room,)).fetchall()

    def names(self, url):
        """Whose each name is by the database: key -> author id."""
        query = "select name_key, author_id from author"
        if url.startswith("postgres"):
            return dict(postgres.sql(url, query))
        file = f"file:{url.removeprefix('sqlite:')}?mode=ro"
        with contextlib.closing(sqlite3.connect(file, uri=True, timeout=30)) as database:
            return dict(database.execute(query).fetchall())

    def assert_dense(self, rows):
        self.assertEqual([row[0] for row in rows], list(range(1, len(rows) + 1)), "the log has a gap or a double")

    def assert_same_log(self, log, rows):
        """A reader's log, from its first entry on, is what the database holds."""
        seen = [(e["seq"], e["author"], e["id"], e["text"]) for e in log.entries]
        if seen != [tuple(row) for row in rows]:
            self.assertEqual(seen[:3], rows[:3])
            first = next((i for i, (a, b) in enumerate(zip(seen, rows)) if a != tuple(b)), min(len(seen), len(rows)))
            self.fail(f"reader and database differ from entry {first + 1} on: {len(seen)} and {len(rows)} entries, "
                      f"{seen[first:first + 1]} and {rows[first:first + 1]}")

    def assert_receipts_kept(self, clients, rows):
        """Each receipt names the one place where its message is."""
        places = {(author, id): seq for seq, author, id, _ in rows}
        self.assertEqual(len(places), len(rows), "a message is stored twice")
        for client in clients:
            for (_, id), receipt in client.receipts.items():
                self.assertEqual(places.get((client.author, id)), receipt["seq"], f"{client.name}: {id}")
