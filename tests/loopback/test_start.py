"""What cannot start says so in one clear text with what to do, leaves everything as it was, and ends
with a sysexits code."""

import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import tempfile
import types
import unittest
import urllib.parse

import postgres
from harness import LoopbackTest
from processes import program, wait_until
from proxy import Proxy
from websocket import PATIENCE


def other_password(url, password):
    parts = urllib.parse.urlsplit(url)
    return urllib.parse.urlunsplit(parts._replace(netloc=f"{parts.username}:{password}@{parts.hostname}:{parts.port}"))


class FailsToStart(LoopbackTest):
    def assert_fails(self, server, code, *words, **how):
        found, said = server.fail_to_start(**how)
        self.assertEqual(found, code, said)
        said = "".join(line for line in said.splitlines(True) if not re.match(r"\S+Z info ", line))
        self.assertTrue(said.startswith("error: "), said)
        self.assertIn("hint: ", said)
        for word in words:
            self.assertIn(word, said)
        self.assertLess(len(said), 1500, "one clear text, no dump")
        return said

    def test_bad_settings_are_told_all_at_once(self):
        server = self.server(start=False, SERVER_PORT="eight", LOG_LEVEL="loud", HEARTBEAT="-3", IS_TLS="true")
        code, said = server.fail_to_start()
        self.assertEqual(code, 78, said)
        for word in ("SERVER_PORT", "eight", "LOG_LEVEL", "loud", "HEARTBEAT", "-3", "IS_TLS"):
            self.assertIn(word, said)

    def test_a_bad_dotenv_names_file_and_line(self):
        server = self.server(start=False)
        (server.folder / ".env").write_text("# ours\n\nLOG_LEVEL=loud\n")
        code, said = server.fail_to_start()
        self.assertEqual(code, 78, said)
        self.assertIn(".env:3", said)

    def test_a_bad_database_url_does_not_show_its_password(self):
        for url in ("postgres://ada:hush-hush@127.0.0.1:no/x", "postgres://ada:hush-hush/1@127.0.0.1/x",
                    "postgres://ada:1@hush-hush@127.0.0.1/x", "mysql://ada:hush-hush@127.0.0.1/x", "sqlite:"):
            server = self.server(url, start=False)
            server.secret("hush-hush")
            code, said = server.fail_to_start()
            self.assertEqual(code, 78, said)
            self.assertNotIn("hush-hush", said)

    def test_a_directory_that_holds_no_page(self):
        for what, words in (("none", ("No such file",)), ("empty", ("index.html",)), ("letter", ("Not a directory",))):
            path = self.folder / what
            if what == "empty":
                path.mkdir()
            if what == "letter":
                path.write_text("Dear Ada")
            server = self.server(start=False, WEB_DIR=str(path))
            self.assert_fails(server, 66, str(path), "WEB_DIR", *words)
            self.assertFalse((self.folder / f"{len(self.servers) - 1}.db").exists(), "it has made a database before")

    def test_port_in_use(self):
        with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken:
            port = taken.getsockname()[1]
            server = self.server(start=False, port=port)
            self.assert_fails(server, 69, str(port), "in use", str(os.getpid()), f"SERVER_PORT={port + 1}")

    def test_unwritable_database_file(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="callboard-readonly.", dir=self.folder))
        self.folder.chmod(0o755)
        how = {}
        server = self.server(f"sqlite:{folder}/callboard.db", start=False)
        if os.geteuid() == 0:  # For root everything is writable: the server runs as nobody, from a copy.
            binary = self.folder / "callboard-server"
            shutil.copy(program("CALLBOARD_SERVER"), binary)
            binary.chmod(0o755)
            how = {"user": "nobody", "group": "nogroup", "extra_groups": [], "executable": str(binary)}
        folder.chmod(0o555)
        self.assert_fails(server, 77, f"{folder}/callboard.db", "chown", **how)
        self.assertEqual(list(folder.iterdir()), [])
        folder.chmod(0o755)

    def test_database_file_in_no_directory(self):
        server = self.server(f"sqlite:{self.folder}/none/callboard.db", start=False)
        self.assert_fails(server, 73, "mkdir")
        self.assertFalse((self.folder / "none").exists())

    def test_a_file_that_is_no_database(self):
        path = self.folder / "letter.txt"
        path.write_bytes(b"Dear Ada, this is no database at all.\n" * 100)
        before = path.read_bytes()
        self.assert_fails(self.server(f"sqlite:{path}", start=False), 65, str(path))
        self.assertEqual(path.read_bytes(), before)

    def test_another_programs_tables_stay_untouched(self):
        path = self.folder / "other.db"
        with contextlib.closing(sqlite3.connect(path)) as database:
            database.execute("create table room (what text)")
            database.commit()
        before = path.read_bytes()
        self.assert_fails(self.server(f"sqlite:{path}", start=False), 65, str(path))
        self.assertEqual(path.read_bytes(), before)

    def test_a_second_server_on_one_file(self):
        first = self.server()
        ada = self.joined(first, "Ada")
        second = self.server(first.settings["DATABASE_URL"], start=False)
        self.assert_fails(second, 69, str(first.process.pid), "DATABASE_URL")
        self.assertEqual(ada.say("unmoved")["seq"], 1)
        first.kill()  # The kernel takes the lock back, however the process ended.
        second.start()

    def test_a_newer_schema_on_sqlite_is_left_alone(self):
        server = self.server()
        self.joined(server, "Ada").say("kept")
        server.stop()
        path = server.settings["DATABASE_URL"].removeprefix("sqlite:")
        with contextlib.closing(sqlite3.connect(path)) as database:
            database.execute("insert into schema_migration (version, name) values (999, 'later')")
            database.commit()
            before = list(database.iterdump())
        self.assert_fails(server, 78, "999", "newer")
        with contextlib.closing(sqlite3.connect(path)) as database:
            self.assertEqual(list(database.iterdump()), before)

    def test_a_newer_schema_on_postgresql_is_left_alone(self):
        server = self.server(self.postgres_url())
        self.joined(server, "Ada").say("kept")
        server.stop()
        url = server.settings["DATABASE_URL"]
        postgres.sql(url, "insert into schema_migration (version, name) values (999, 'later')")
        dump = """select md5(string_agg(t::text, '|' order by t::text)) from (select r::text from room r
                  union all select e::text from entry e union all select m::text from meta m
                  union all select a::text from author a union all select s::text from schema_migration s) t"""
        before = postgres.sql(url, dump)
        self.assert_fails(server, 78, "999", "newer")
        self.assertEqual(postgres.sql(url, dump), before)

    def test_postgresql_absent_at_the_start(self):
        with contextlib.closing(socket.socket()) as closed:
            closed.bind(("127.0.0.1", 0))  # Bound and not listening: nobody else gets the port.
            server = self.server(f"postgres://ada:hush-hush@127.0.0.1:{closed.getsockname()[1]}/chat", start=False)
            self.assert_fails(server, 69, "127.0.0.1", "DATABASE_URL")

    def test_wrong_password_and_missing_database(self):
        url = self.postgres_url()
        wrong = self.server(other_password(url, "hush-hush"), start=False)
        self.assert_fails(wrong, 77, "password")
        missing = self.server(url + "_not_there", start=False)
        self.assert_fails(missing, 78, "createdb")

    def prepared_url(self):
        """PostgreSQL with our tables in it, and nobody there."""
        url = self.postgres_url()
        self.server(url).stop()
        return url

    def test_a_table_that_somebody_has_locked_is_told_in_bounded_time(self):
        for table, command in (("room", []), ("schema_migration", ["renew-epochs"])):
            url = self.prepared_url()
            server = self.server(url, start=False)
            server.arguments = command
            with postgres.Session(url) as other:
                other.run(f"begin; lock table {table}")
                self.assert_fails(server, 75, "lock timeout", "try again")

    def test_a_token_secret_that_cannot_be_had_is_told_in_bounded_time(self):
        url = self.prepared_url()
        postgres.sql(url, "delete from meta where key = 'token_secret'")
        with postgres.Session(url) as other:
            other.run("begin; insert into meta (key, value) values ('token_secret', 'not yet')")
            self.assert_fails(self.server(url, start=False), 75, "token secret", "lock timeout", "try again")
        postgres.sql(url, """create function no() returns trigger language plpgsql as 'begin raise exception ''no''; end';
                             create trigger no before insert on meta for each row execute function no()""")
        self.assert_fails(self.server(url, start=False), 70, "token secret", "report")


class Starts(LoopbackTest):
    def test_sigterm_ends_a_start_that_waits(self):
        url = self.postgres_url()
        self.server(url).stop()
        with postgres.Session(url) as other:
            other.run("begin; lock table room")
            process = self.server(url, start=False).spawn()
            self.addCleanup(process.kill)
            wait_until(lambda: postgres.waiting_for_locks(url), "a start that waits")
            process.terminate()
            self.assertEqual(process.wait(PATIENCE), 128 + signal.SIGTERM)

    def test_with_nothing_set_it_makes_callboard_db_where_it_stands(self):
        server = self.server(start=False)
        del server.settings["DATABASE_URL"]
        server.start()
        self.joined(server, "Ada").say("stored")
        self.assertTrue((server.folder / "callboard.db").exists())
        self.assertEqual((server.folder / "callboard.db").stat().st_mode & 0o077, 0, "it holds the token secret")

    def test_a_go_chat_database_is_adopted(self):
        url = self.postgres_url()
        postgres.sql(url, """create table chat_room (id serial primary key, username varchar(50), message varchar(512),
                             sent_at time);
                             insert into chat_room (username, message, sent_at)
                             select case n % 3 when 0 then 'Ken' when 1 then 'Zoë' else '' end,
                                    'line ' || n || ' \U0001f511', '12:00:00'::time + n * interval '1 second'
                             from generate_series(1, 700) n""")
        before = postgres.sql(url, "select * from chat_room order by id")
        server = self.server(url)
        go = self.go_client(server, "Linus")
        while len(go.lines) < 700:
            go.read()
        self.assertEqual([message for _, message in go.lines], [f"line {n} \U0001f511" for n in range(1, 701)])
        self.assertEqual(go.lines[0][0], "Zoë")
        self.assertEqual(go.lines[2][0], "Ken")
        server.restart()
        ada = self.client(server, "Ada")
        self.assertEqual((ada.join(last=1).head, ada.logs["general"].texts()), (700, ["line 700 \U0001f511"]))
        self.assertEqual(ada.say("after them")["seq"], 701)
        self.assertEqual(postgres.sql(url, "select * from chat_room order by id"), before)

    def test_renewed_epochs_make_every_position_a_reset(self):
        server = self.server()
        ada = self.joined(server, "Ada")
        ada.say("before")
        epoch = ada.logs["general"].epoch
        server.stop()
        server.arguments = ["renew-epochs"]
        code, said = server.fail_to_start()
        self.assertEqual((code, "1 rooms" in said), (0, True), said)
        server.arguments = []
        server.start()
        ada.reconnect()
        ada.wait(lambda: not ada.logs["general"].joining, "joined")
        self.assertEqual(ada.logs["general"].mode, "reset")
        self.assertNotEqual(ada.logs["general"].epoch, epoch)
        self.assertEqual(ada.logs["general"].texts(), ["before"])


class Drain(LoopbackTest):
    def check_drain(self, url=None):
        """SIGTERM while everybody posts: what got a receipt is stored, all are told, the exit is clean."""
        server = self.server(url)
        url = server.settings["DATABASE_URL"]
        clients = [self.joined(server, f"Poster{number}") for number in range(4)]
        go = self.go_client(server, "Linus")
        for client in clients:
            client.send_all({"type": "post", "room": "general", "id": f"p{n}", "text": f"{client.name} {n}"}
                            for n in range(60))
        clients[0].receipt("p0")
        server.terminate()
        for client in clients:
            self.assertEqual(client.read_until_closed(), 1012)
            self.assertTrue(client.bye and client.bye["reason"])
            self.assertGreaterEqual(client.bye["reconnect_after_ms"], 0)
        pauses = {client.bye["reconnect_after_ms"] for client in clients}
        self.assertGreater(len(pauses), 1, "all are told to come back at the same time")
        self.assertEqual(go.socket.read_close(), 1012)
        self.assertEqual(server.wait_end(), 0)
        rows = self.stored(url)
        self.assert_dense(rows)
        self.assert_receipts_kept(clients, rows)
        for client in clients:  # What anybody saw is stored, too.
            seen = [(e["seq"], e["author"], e["id"], e["text"]) for e in client.logs["general"].entries]
            self.assertEqual(seen, [tuple(row) for row in rows[:len(seen)]])
        self.assertTrue(any(client.receipts for client in clients))

    def test_sigterm_under_load_on_sqlite(self):
        self.check_drain()

    def test_sigterm_under_load_on_postgresql(self):
        self.check_drain(self.postgres_url())

    def test_sigterm_with_idle_silent_and_half_open_connections(self):
        server = self.server()
        ada = self.joined(server, "Ada")
        silent = self.client(server, None, hello=False)
        ada.answers_pings = silent.answers_pings = False
        server.terminate()
        self.assertEqual(ada.read_until_closed(), 1012)
        self.assertEqual(silent.read_until_closed(), 1012)
        self.assertEqual(server.wait_end(), 0)

    def test_a_second_signal_ends_it_at_once(self):
        server = self.server(self.postgres_url(), STORE_PATIENCE_MS="60000")
        ada = self.joined(server, "Ada")
        with postgres.Session(server.settings["DATABASE_URL"]) as other:
            ada.say("the room is there")
            other.lock_room()
            ada.post("never answered")
            wait_until(lambda: postgres.waiting_for_locks(server.settings["DATABASE_URL"]), "a commit that waits")
            server.terminate()
            wait_until(lambda: "stopping" in server.log(), "the first signal's effect")
            server.terminate()
            self.assertEqual(server.wait_end(), 128 + signal.SIGTERM)

    def test_a_second_signal_ends_it_also_when_only_the_database_is_waited_for(self):
        url = self.postgres_url()
        parts = urllib.parse.urlsplit(url)
        way = Proxy(types.SimpleNamespace(port=parts.port, running=None, secret=None))
        self.resources.callback(way.end)
        server = self.server(url.replace(f":{parts.port}/", f":{way.port}/") + "?connect_timeout=100")
        tasks = pathlib.Path(f"/proc/{server.process.pid}/task")
        before = set(os.listdir(tasks))
        way.open.clear()  # From here on nobody answers who connects.
        postgres.cut_servers(url)
        way.cut()
        established = re.compile(rf":{way.port:04X} 01 ")
        wait_until(lambda: established.search(pathlib.Path("/proc/net/tcp").read_text()), "a connection being made")
        server.terminate()
        # Behind this line a signal is the second; sooner, the kernel may make one of two.
        wait_until(lambda: "stopping" in server.log(), "the first signal")
        # The thread of the sockets has ended, and a new one urges the database, which nobody hears.
        wait_until(lambda: before - set(os.listdir(tasks)) and set(os.listdir(tasks)) - before, "the end of the drain")
        server.terminate()
        self.assertEqual(server.wait_end(20), 128 + signal.SIGTERM)


if __name__ == "__main__":
    unittest.main()
