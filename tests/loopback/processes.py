"""Starts, stops, kills and watches one callboard-server: what it wrote and how it ended are part of
every verdict."""

import json
import os
import pathlib
import re
import select
import signal
import subprocess
import threading
import time

from websocket import PATIENCE, ask_http

# What no run may ever write. "SUMMARY:" ends every report of a sanitizer.
FORBIDDEN = re.compile(
    r"AddressSanitizer|LeakSanitizer|ThreadSanitizer|runtime error:|SUMMARY:|Assertion|"
    r"terminate called|Segmentation|\bpure virtual\b|std::bad_|Traceback|\x1b")


def program(name):
    """The binary under test: ctest says which."""
    path = os.environ.get(name)
    if not path or not os.access(path, os.X_OK):
        raise RuntimeError(f"{name} must name the program under test, not {path!r}")
    return path


def wait_until(condition, what, patience=PATIENCE):
    """Waits for a condition that nothing announces. Not for frames: those come by themselves."""
    deadline = time.monotonic() + patience
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {patience} s: {what}")
        select.select([], [], [], 0.01)
    return found


def plain_environment(more=()):
    """Ours without any setting of callboard's or libpq's: what runs the tests must not matter."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "LD_LIBRARY_PATH") if name in os.environ}
    kept["LC_ALL"] = "C.UTF-8"
    # Freed memory that a sanitizer keeps would hide what a test of flat memory looks for.
    kept["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "quarantine_size_mb=4:detect_leaks=1")
    kept["UBSAN_OPTIONS"] = os.environ.get("UBSAN_OPTIONS", "print_stacktrace=1:halt_on_error=1")
    kept.update(more)
    return kept


def resident_kb(pid, what="VmRSS"):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(what + ":"):
            return int(line.split()[1])
    raise AssertionError(f"process {pid} has no {what}")


class Server:
    """One callboard-server and its restarts, on one database. `port` follows the latest start."""

    def __init__(self, folder, database_url, settings=(), port=0, secrets=()):
        self.folder = pathlib.Path(folder)
        self.log_path = self.folder / "server.log"
        self.settings = {"DATABASE_URL": database_url, "SERVER_PORT": str(port), **dict(settings)}
        self.arguments = []
        self.wrapper = []  # What runs it: a program and its arguments.
        self.process = None
        self.port = None
        self.secrets = {secret for secret in secrets if secret}
        self.running = threading.Event()
        self.starts = 0

    # -- starting ---------------------------------------------------------------------------------

    def spawn(self, ready_fd=None, **popen):
        settings = dict(self.settings)
        if ready_fd is not None:
            settings["READY_FD"] = str(ready_fd)
            popen["pass_fds"] = (ready_fd,)
        with open(self.log_path, "ab") as log:
            return subprocess.Popen([*self.wrapper, program("CALLBOARD_SERVER"), *self.arguments], cwd=self.folder, stdin=subprocess.DEVNULL,
                                    stdout=log, stderr=log, env=plain_environment(settings), **popen)

    def start(self, patience=PATIENCE):
        """Returns once the server listens: it says so itself."""
        if self.process is not None:
            raise AssertionError("it runs already")
        reading, writing = os.pipe()
        try:
            self.process = self.spawn(ready_fd=writing)
            os.close(writing)
            writing = None
            if not select.select([reading], [], [], patience)[0]:
                raise AssertionError(f"the server is not ready within {patience} s: {self.log()}")
            line = os.read(reading, 4096)
        finally:
            os.close(reading)
            if writing is not None:
                os.close(writing)
        if not line:
            code = self.process.wait(PATIENCE)
            self.process = None
            raise AssertionError(f"the server ended with {code} instead of starting: {self.log()}")
        self.port = json.loads(line)["port"]
        self.starts += 1
        self.running.set()
        return self

    def fail_to_start(self, patience=PATIENCE, **popen):
        """Runs a server that must not start. Its exit code and what it said, all of it."""
        before = len(self.log())
        process = self.spawn(**popen)
        try:
            code = process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError("the server started, or hangs") from None
        return code, self.log()[before:]

    # -- ending -----------------------------------------------------------------------------------

    def terminate(self):
        """Asks it to stop, and does not wait."""
        self.running.clear()
        self.process.send_signal(signal.SIGTERM)

    def wait_end(self, patience=PATIENCE):
        try:
            code = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the server does not stop: {self.log()[-2000:]}") from None
        self.process = None
        return code

    def stop(self):
        self.terminate()
        code = self.wait_end()
        if code != 0:
            raise AssertionError(f"the server ended with {code}: {self.log()[-4000:]}")

    def kill(self):
        """As a crash: no goodbye to anybody."""
        self.running.clear()
        self.process.kill()
        code = self.wait_end()
        if code != -signal.SIGKILL:
            raise AssertionError(f"the server had ended with {code} before: {self.log()[-4000:]}")

    def restart(self):
        self.stop()
        return self.start()

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    # -- watching ---------------------------------------------------------------------------------

    def secret(self, text):
        """`text` must never stand in the log."""
        self.secrets.add(text)

    def log(self):
        try:
            return self.log_path.read_text(encoding="utf-8", errors="backslashreplace")
        except FileNotFoundError:
            return ""

    def resident_kb(self):
        return resident_kb(self.process.pid)

    def peak_kb(self):
        return resident_kb(self.process.pid, "VmHWM")

    def forget_peak(self):
        """From here on peak_kb() is the peak since now (proc(5), clear_refs)."""
        pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def http(self, target, **how):
        return ask_http(self.port, target, **how)

    def metric(self, name):
        _, _, body = self.http("/metrics")
        for line in body.decode().splitlines():
            if line.startswith(f"callboard_{name} "):
                return int(line.split()[1])
        raise AssertionError(f"no metric {name}")

    def is_ready(self):
        return self.http("/readyz")[0] == 200

    def verdict(self):
        """What is wrong with what it wrote; nothing when all is well."""
        log = self.log()
        if found := FORBIDDEN.search(log):
            start = log.rfind("\n", 0, found.start()) + 1
            yield f"the server's log says {found.group()!r}: {log[start:start + 6000]}"
        for secret in self.secrets:
            if secret in log:
                yield f"the server's log has a secret: {secret!r}"

    def end(self):
        """For the end of a test, however it went: stops what still runs."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.resume()
            self.stop()
        else:
            code = self.process.returncode
            self.process = None
            raise AssertionError(f"the server died by itself with {code}: {self.log()[-6000:]}")
