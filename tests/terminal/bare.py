"""callboard on a bare pseudo terminal, for what is measured: no multiplexer stands between it and the clock."""

import fcntl
import os
import pathlib
import pty
import select
import signal
import struct
import termios
import time

from screen import Screen  # noqa: F401  For the path to the loopback tests.
from processes import plain_environment, program


class Bare:
    """callboard on a bare pseudo terminal: no multiplexer between it and the clock."""

    def __init__(self, home, port, *arguments, rows=40, columns=120):
        home.mkdir(exist_ok=True)
        environment = plain_environment({"HOME": str(home), "SERVER_URL": f"ws://127.0.0.1:{port}/",
                                         "TERM": "xterm-256color"})
        self.began = time.monotonic()
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            path = program("CALLBOARD_CLIENT")
            os.execve(path, [path, *arguments], environment)
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.output = b""

    def read(self, patience):
        if not select.select([self.file], [], [], patience)[0]:
            return b""
        data = os.read(self.file, 1 << 16)
        self.output += data
        return data

    def until(self, wanted, patience=60):
        """Seconds until the bytes come, from now on."""
        begun, seen = time.monotonic(), b""
        while wanted not in seen:
            seen = seen[-200:] + self.read(1)
            if time.monotonic() - begun > patience:
                raise AssertionError(f"no {wanted} within {patience} s")
        return time.monotonic() - begun

    def type(self, text):
        os.write(self.file, text.encode())

    def pass_time(self, seconds):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.read(left)

    def switches(self):
        """Voluntary context switches of all threads: each is a thread that went to sleep, so it had woken up."""
        count = 0
        for task in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
            for line in (task / "status").read_text().splitlines():
                if line.startswith("voluntary_ctxt_switches"):
                    count += int(line.split()[1])
        return count

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.file)

    def end(self):
        os.write(self.file, b"\x15\x04")
        while True:
            try:
                if not os.read(self.file, 1 << 16):
                    break
            except OSError:
                break
        os.waitpid(self.pid, 0)
        os.close(self.file)
