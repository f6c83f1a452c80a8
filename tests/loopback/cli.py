"""Runs the program `callboard` as a shell would: pipes for its three streams, a home of its own, bounded
waits."""

import os
import random
import select
import signal
import socket
import subprocess
import time

from processes import FORBIDDEN, plain_environment, program
from websocket import PATIENCE


def free_port():
    """A port for a server that has to come back on it: below those that connections take by themselves."""
    while True:
        port = random.randrange(10000, 20000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


class Program:
    """One run of callboard. Its output is read as it comes."""

    def __init__(self, home, port, *arguments, settings=(), stdout=subprocess.PIPE, program_name="CALLBOARD_CLIENT"):
        home.mkdir(exist_ok=True)
        environment = plain_environment({"HOME": str(home), "SERVER_URL": f"ws://127.0.0.1:{port}/", **dict(settings)})
        self.errors = open(home / f"stderr-{random.getrandbits(32):x}", "w+b")
        self.process = subprocess.Popen([program(program_name), *arguments], cwd=home, env=environment,
                                        stdin=subprocess.PIPE, stdout=stdout, stderr=self.errors)
        self.output = b""

    def say(self, text):
        self.process.stdin.write(text.encode() if isinstance(text, str) else text)
        self.process.stdin.flush()

    def end_input(self):
        self.process.stdin.close()

    def wait_output(self, condition, what, patience=PATIENCE):
        """Reads until `condition(output)`."""
        deadline = time.monotonic() + patience
        while not condition(self.output):
            if not select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))[0]:
                raise AssertionError(f"no {what} within {patience} s: {self.output[-500:]} {self.stderr()[-1000:]}")
            data = os.read(self.process.stdout.fileno(), 1 << 18)
            if not data:
                raise AssertionError(f"it ended without {what}: {self.output[-500:]} {self.stderr()[-1000:]}")
            self.output += data
        return self.output

    def wait_lines(self, count):
        return self.wait_output(lambda text: text.count(b"\n") >= count, f"{count} lines").splitlines()

    def wait_end(self, patience=PATIENCE):
        """Its exit code; everything that it wrote is in `output`."""
        deadline = time.monotonic() + patience
        while self.process.stdout and select.select([self.process.stdout], [], [], deadline - time.monotonic())[0]:
            data = os.read(self.process.stdout.fileno(), 1 << 18)
            if not data:
                break
            self.output += data
        try:
            code = self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it does not end: {self.output[-500:]} {self.stderr()[-1000:]}") from None
        if found := FORBIDDEN.search(self.stderr()):
            raise AssertionError(f"it says {found.group()!r}: {self.stderr()[:6000]}")
        return code

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)

    def stderr(self):
        self.errors.seek(0)
        return self.errors.read().decode(errors="backslashreplace")

    def end(self):
        """For the end of a test, however it went."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.errors):
            if stream and not stream.closed:
                try:
                    stream.close()
                except BrokenPipeError:
                    pass  # What was still to be written has no reader.
