#!/usr/bin/env python3
"""Measures the full-screen client: first paint, memory with 10,000 messages, echo of keys while 2,000
messages a second arrive, and how often it wakes up while nothing happens. Not a test: numbers are for people.

  CALLBOARD_SERVER=… CALLBOARD_CLIENT=… tests/terminal/measure.py       (release builds)
"""

import fcntl
import os
import pathlib
import pty
import select
import statistics
import struct
import subprocess
import sys
import termios
import time

from screen import ScreenTest
from processes import plain_environment, program, resident_kb


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


FLOODER = """
import sys, time
sys.path.insert(0, sys.argv[4])
from chat import Client
class At:
    port = int(sys.argv[1])
    secret = staticmethod(lambda token: None)
client = Client(At, sys.argv[2]); client.join("general")
rate, until, sent, begun = float(sys.argv[3]), time.monotonic() + float(sys.argv[5]), 0, time.monotonic()
while time.monotonic() < until:
    due = int((time.monotonic() - begun) * rate)
    while sent < due and len(client.receipts) + 40 > sent:
        client.post("flood %d of ordinary length, as people write" % sent); sent += 1
    client.read(0.5) if len(client.receipts) + 40 <= sent else time.sleep(0.002)
print(sent)
"""


class Measuring(ScreenTest):
    def runTest(self):
        server = self.server(TEXT_BYTES="8192")
        first = []
        for number in range(10):
            bare = Bare(self.folder / f"h{number}", server.port, "general", "--name", f"n{number}")
            bare.until(b"> ")
            first.append((time.monotonic() - bare.began) * 1000)
            bare.end()
        print(f"first paint: median {statistics.median(first):.1f} ms, worst of 10 {max(first):.1f} ms")

        ada = Bare(self.folder / "ada", server.port, "general", "--name", "ada")
        ada.until(b"online")
        ada.pass_time(65)  # For a minute after the last key the link looks closer.
        counts = [ada.switches()]
        for _ in range(6):
            ada.pass_time(10)
            counts.append(ada.switches())
        print(f"idle: wake-ups of all threads in six times 10 s: {[b - a for a, b in zip(counts, counts[1:])]} (a ping every "
              f"25 s); RSS {resident_kb(ada.pid)} kB")

        rate, flooders, seconds = 2000, 4, 15
        paths = str(pathlib.Path(__file__).resolve().parent.parent / "loopback")
        running = [subprocess.Popen([sys.executable, "-c", FLOODER, str(server.port), f"flood{n}", str(rate / flooders), paths,
                                     str(seconds)], stdout=subprocess.PIPE) for n in range(flooders)]
        ada.until(b"flood 50")
        echoes, begun = [], time.monotonic()
        while time.monotonic() - begun < seconds - 5:
            # Another letter each time: what is on the screen already is not sent again.
            letter = "QWZXJKVYPB"[len(echoes) % 10]
            ada.type(letter)
            echoes.append(ada.until(letter.encode()) * 1000)
            ada.type("\x15")
            ada.pass_time(0.05)
        sent = sum(int(one.communicate()[0]) for one in running)
        ada.pass_time(3)
        echoes.sort()
        print(f"echo while {sent / seconds:.0f} messages/s arrive: median {statistics.median(echoes):.1f} ms, "
              f"p99 {echoes[int(len(echoes) * 0.99)]:.1f} ms, worst {echoes[-1]:.1f} ms of {len(echoes)}")
        print(f"RSS after {sent} messages, of which it holds 10000: {resident_kb(ada.pid)} kB")
        for _ in range(sent // 30):
            ada.type("\x1b[5~")
            ada.pass_time(0.01)
        ada.pass_time(1)
        print(f"RSS after scrolling back to the beginning: {resident_kb(ada.pid)} kB")
        ada.end()


if __name__ == "__main__":
    outcome = Measuring().run()
    for _, trace in outcome.errors + outcome.failures:
        print(trace, file=sys.stderr)
    sys.exit(0 if outcome.wasSuccessful() else 1)
