#!/usr/bin/env python3
"""Measures the full-screen client: first paint, memory with 10,000 messages, echo of keys while 2,000
messages a second arrive, and how often it wakes up while nothing happens. Not a test: numbers are for people.

  CALLBOARD_SERVER=… CALLBOARD_CLIENT=… tests/terminal/measure.py       (release builds)
"""

import os
import pathlib
import statistics
import subprocess
import sys
import time

from bare import Bare
from screen import ScreenTest
from processes import resident_kb


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

        rate, flooders, seconds = 2000, 1, 15  # One: each of them reads all that is said, and there are two cores.
        paths = str(pathlib.Path(__file__).resolve().parent.parent / "loopback")
        running = [subprocess.Popen([sys.executable, "-c", FLOODER, str(server.port), f"flood{n}", str(rate / flooders), paths,
                                     str(seconds)], stdout=subprocess.PIPE) for n in range(flooders)]
        ada.until(b"ordinary")  # Later texts differ from what is on the screen in their numbers only.
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
        print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
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
