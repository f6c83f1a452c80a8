"""PostgreSQL for tests: a database of one's own in the shared cluster, a whole cluster for tests that
stop it, and psql sessions that hold a transaction open."""

import atexit
import contextlib
import os
import pathlib
import secrets
import select
import shutil
import signal
import subprocess
import time
import urllib.parse

from processes import plain_environment
from websocket import PATIENCE

WITH_POSTGRES = pathlib.Path(__file__).resolve().parent.parent / "with_postgres.sh"


class Cluster:
    """A PostgreSQL server. Made by tests/with_postgres.sh, which ends it when our end of its standard
    input closes: also when the test is killed."""

    def __init__(self, settings, keeper=None):
        self.url = settings["CALLBOARD_TEST_POSTGRES"]
        self.data = settings.get("CALLBOARD_TEST_PGDATA")
        self.bin = settings.get("CALLBOARD_TEST_PGBIN", "")
        self.user = settings.get("CALLBOARD_TEST_PGUSER")
        self.keeper = keeper

    @staticmethod
    def start_own():
        keeper = subprocess.Popen(
            [WITH_POSTGRES, "sh", "-c", "env | grep ^CALLBOARD_TEST_; echo; exec cat >/dev/null"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=plain_environment())
        settings = {}
        for line in keeper.stdout:
            if line == "\n":
                return Cluster(settings, keeper)
            name, _, value = line.rstrip("\n").partition("=")
            settings[name] = value
        raise AssertionError(f"with_postgres.sh ended with {keeper.wait()}")

    def end(self):
        if self.keeper is not None:
            self.keeper.stdin.close()
            self.keeper.stdout.close()
            self.keeper.wait(PATIENCE)
            self.keeper = None

    def control(self, *command):
        """pg_ctl, as the user that runs the cluster."""
        if self.keeper is None:
            raise AssertionError("only a cluster of one's own is stopped: others are using this one")
        run_as = {}
        if os.geteuid() == 0:
            run_as = {"user": self.user, "group": self.user, "extra_groups": []}
        subprocess.run([f"{self.bin}/pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", f"{self.data}/log", *command],
                       cwd="/", check=True, stdout=subprocess.DEVNULL, env=plain_environment(), **run_as)

    def stop(self, mode="fast"):
        self.control("-m", mode, "stop")

    def start(self):
        self.control("start")

    def crash(self):
        """kill -9 of one backend: the whole cluster throws its memory away and recovers from the log."""
        if self.keeper is None:
            raise AssertionError("only a cluster of one's own is crashed: others are using this one")
        (pid,) = sql(self.url, "select pid from pg_stat_activity where backend_type = 'checkpointer'", self.bin)[0]
        os.kill(int(pid), signal.SIGKILL)

    def create_database(self, name=None):
        """The URL of a fresh database."""
        name = name or "loopback_" + secrets.token_hex(6)
        sql(self.url, f'create database "{name}"', self.bin)
        return urllib.parse.urlunsplit(urllib.parse.urlsplit(self.url)._replace(path="/" + name))

    def drop_database(self, url):
        name = urllib.parse.urlsplit(url).path[1:]
        sql(self.url, f'drop database if exists "{name}" with (force)', self.bin)


_shared = None


def shared_cluster():
    """The cluster that ./test started; without one, our own until the process ends."""
    global _shared
    if _shared is None:
        if "CALLBOARD_TEST_POSTGRES" in os.environ:
            _shared = Cluster(os.environ)
        else:
            _shared = Cluster.start_own()
            atexit.register(_shared.end)
    return _shared


def psql_command(url, bin_folder=""):
    path = pathlib.Path(bin_folder, "psql")
    psql = str(path) if bin_folder and path.exists() else shutil.which("psql")
    return [psql, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", url]


def sql(url, text, bin_folder=""):
    """Runs SQL and returns its rows: lists of text, so queries must not select tabs or line ends."""
    done = subprocess.run([*psql_command(url, bin_folder), "-F", "\t", "-f", "-"], input=text, text=True,
                          capture_output=True, timeout=180, env=plain_environment())
    if done.returncode != 0:
        raise AssertionError(f"psql: {done.stderr}")
    return [line.split("\t") for line in done.stdout.splitlines()]


def entries(url, room="general"):
    """What the database holds of a room, in order: (seq, author, id, text)."""
    rows = sql(url, f"""select e.seq, e.author_id, e.client_id, encode(convert_to(e.body, 'UTF8'), 'hex')
                        from entry e join room r on r.id = e.room_id where r.name = '{room}' order by e.seq""")
    return [(int(seq), author, id, bytes.fromhex(text).decode()) for seq, author, id, text in rows]


def waiting_for_locks(url):
    """How many of this database's sessions wait for a lock right now."""
    return int(sql(url, """select count(*) from pg_stat_activity where datname = current_database()
                           and wait_event_type = 'Lock'""")[0][0])


def cut_servers(url):
    """Ends every session of callboard servers in this database; how many there were."""
    return int(sql(url, """select count(pg_terminate_backend(pid)) from pg_stat_activity
                           where datname = current_database() and pid <> pg_backend_pid()""")[0][0])


class Session(contextlib.AbstractContextManager):
    """A psql that stays: what it locks stays locked until `commit` or `rollback`."""

    def __init__(self, url):
        self.process = subprocess.Popen(psql_command(url), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, env=plain_environment())
        self.buffer = b""

    def run(self, text):
        """Returns once the statements are done."""
        mark = secrets.token_hex(8)
        self.process.stdin.write(f"{text};\n\\echo {mark}\n".encode())
        self.process.stdin.flush()
        deadline = time.monotonic() + PATIENCE
        while (end := self.buffer.find(mark.encode())) < 0:
            if not select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))[0]:
                raise AssertionError(f"psql does not answer: {text}")
            data = os.read(self.process.stdout.fileno(), 65536)
            if not data:
                raise AssertionError(f"psql ended: {self.buffer.decode()}")
            self.buffer += data
        answer, self.buffer = self.buffer[:end].decode(), b""
        return answer

    def lock_room(self, room="general"):
        self.run(f"begin; select 1 from room where name = '{room}' for update")

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
