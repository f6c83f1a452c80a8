"""What is measured and by what: a private PostgreSQL, servers of either kind, the load generator."""

import contextlib
import json
import os
import pathlib
import random
import signal
import string
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "loopback"))

from postgres import Cluster, sql  # noqa: E402
from processes import Server, plain_environment  # noqa: E402

LONG_ROOM, SHORT_ROOM = 99999, 99998  # b99999 with a million entries, b99998 with a thousand
LONG, SHORT = 1_000_000, 1_000
SEED = {
    "postgres": """
insert into room (name, epoch, head) values ('b{room}', md5('b{room}'), {entries});
insert into entry (room_id, seq, kind, author_id, author_name, client_id, body, at)
select r.id, s, 0, md5((s % 100)::text), 'author ' || (s % 100), 'seed' || lpad(s::text, 12, '0'),
       repeat('The quick brown fox jumps over the lazy dog. ', 2) || s, clock_timestamp()
from room r, generate_series(1, {entries}) s where r.name = 'b{room}';
""",
    "sqlite": """
insert into room (name, epoch, head) values ('b{room}', lower(hex(randomblob(16))), {entries});
with recursive n(s) as (select 1 union all select s + 1 from n where s < {entries})
insert into entry (room_id, seq, kind, author_id, author_name, client_id, body, at)
select r.id, s, 0, printf('%032x', s % 100), 'author ' || (s % 100), printf('seed%012d', s),
       'The quick brown fox jumps over the lazy dog. The quick brown fox jumps over the lazy dog. ' || s,
       1763900000000 + s
from room r, n where r.name = 'b{room}';
""",
}


def new_tag():
    return "".join(random.choices(string.ascii_lowercase, k=6))


class Target:
    """A server that is up."""

    def __init__(self, port, pid, server=None):
        self.port, self.pid, self.server = port, pid, server


class Machine:
    """Everything that runs during a benchmark; ends with it."""

    def __init__(self, build, shared_buffers="256MB"):
        self.programs = {name: str(pathlib.Path(build, folder, name)) for folder, name in (
            ("server", "callboard-server"), ("bench", "callboard-load"), ("bench", "callboard-reference"),
            ("bench", "callboard-insert"))}
        for path in self.programs.values():
            if not os.access(path, os.X_OK):
                raise SystemExit(f"bench: {path} is not built; ./run bench builds it")
        os.environ["CALLBOARD_SERVER"] = self.programs["callboard-server"]
        self.stack = contextlib.ExitStack()
        self.folder = pathlib.Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="callboard-bench.")))
        self.cluster = Cluster.start_own()
        self.stack.callback(self.cluster.end)
        sql(self.cluster.url, f"alter system set shared_buffers = '{shared_buffers}'", self.cluster.bin)
        self.cluster.control("-m", "fast", "restart")
        self.durable = {name: sql(self.cluster.url, f"show {name}", self.cluster.bin)[0][0]
                        for name in ("fsync", "synchronous_commit", "server_version")}
        # What the reference and the plain insert write into: the server's own tables.
        self.plain = self.cluster.create_database("bench_plain")
        sql(self.plain, (ROOT / "sql/postgres/001_log.sql").read_text(), self.cluster.bin)
        self.long = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stack.close()

    # -- databases --------------------------------------------------------------------------------

    @contextlib.contextmanager
    def database(self, store, template=None):
        """The URL of a fresh database; `template` is one of postgres to begin with."""
        if store == "sqlite":
            folder = tempfile.mkdtemp(dir=self.folder)
            yield f"sqlite:{folder}/callboard.db"
            subprocess.run(["rm", "-rf", folder], check=True)
            return
        name = "bench_" + new_tag()
        source = f' template "{template}"' if template else ""
        sql(self.cluster.url, f'create database "{name}"{source}', self.cluster.bin)
        url = self.cluster.url.rsplit("/", 1)[0] + "/" + name
        yield url
        self.cluster.drop_database(url)

    @contextlib.contextmanager
    def plain_database(self, store):
        """With the server's tables, for those who only insert."""
        if store == "postgres":
            with self.database(store, "bench_plain") as url:
                yield url
            return
        with self.database(store) as url:
            run_sqlite(url, (ROOT / "sql/sqlite/001_log.sql").read_text())
            yield url

    def long_database(self, store):
        """One for the whole run: a room of a million entries, another of a thousand."""
        if store not in self.long:
            holder = self.database(store)
            url = holder.__enter__()
            with self.callboard(url):
                pass  # makes the schema
            for room, entries in ((LONG_ROOM, LONG), (SHORT_ROOM, SHORT)):
                text = SEED[store].format(room=room, entries=entries)
                if store == "postgres":
                    sql(url, text, self.cluster.bin)
                else:
                    run_sqlite(url, text)
            if store == "postgres":
                sql(url, "vacuum analyze entry; checkpoint", self.cluster.bin)
            self.long[store] = url
        return self.long[store]

    # -- servers ----------------------------------------------------------------------------------

    @contextlib.contextmanager
    def callboard(self, url, port=0, **settings):
        server = Server(tempfile.mkdtemp(dir=self.folder), url, settings, port=port)
        server.start()
        try:
            yield Target(server.port, server.process.pid, server)
        finally:
            server.end()
        for complaint in server.verdict():
            raise AssertionError(complaint)

    @contextlib.contextmanager
    def reference(self, how="gather", url=""):
        process = subprocess.Popen([self.programs["callboard-reference"], how, url], stdout=subprocess.PIPE,
                                   env=plain_environment(), text=True)
        try:
            yield Target(json.loads(process.stdout.readline())["port"], process.pid)
        finally:
            if process.poll() is not None:
                raise AssertionError(f"the reference ended with {process.returncode}")
            process.kill()
            process.wait()
            process.stdout.close()

    # -- load -------------------------------------------------------------------------------------

    def load(self, target, scenario, **how):
        """What the load generator measured; fails when an entry was lost, doubled or out of order."""
        with self.begin_load(target, scenario, **how) as process:
            return finish_load(process)

    @contextlib.contextmanager
    def begin_load(self, target, scenario, **how):
        words = [f"{name}={value}" for name, value in how.items()]
        process = subprocess.Popen(
            [self.programs["callboard-load"], scenario, f"port={target.port}", f"tag={new_tag()}", *words],
            stdout=subprocess.PIPE, env=plain_environment(), text=True)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()
            process.stdout.close()

    def insert(self, url, **how):
        words = [f"{name}={value}" for name, value in how.items()]
        done = subprocess.run([self.programs["callboard-insert"], f"database={url}", f"tag={new_tag()}", *words],
                              check=True, capture_output=True, text=True, env=plain_environment())
        return json.loads(done.stdout)


def finish_load(process):
    out, _ = process.communicate(timeout=600)
    if process.returncode != 0:
        raise AssertionError(f"the load generator ended with {process.returncode}: {out}")
    return json.loads(out.splitlines()[-1])


def run_sqlite(url, text):
    import sqlite3
    link = sqlite3.connect(url.removeprefix("sqlite:"))
    link.executescript(text)
    link.execute("pragma wal_checkpoint(truncate)")
    link.close()
