"""People of every kind on one room, and the verdict on all that they wrote down."""

import itertools
import threading
import time

from cli import Program
from harness import LoopbackTest
from processes import wait_until
from witness import Checker, GoWitness, Reader, Writer


class CrewTest(LoopbackTest):
    """Writers, readers, a go-chat client, and the program `callboard` as a sender and as a reader."""

    def hire(self, server, through=None, writers=3, readers=2, pace=0.004):
        """`through`: what the clients connect to, instead of the server itself."""
        where = through or server
        self.stopping = threading.Event()
        self.writers = [Writer(self.folder, where, f"Writer{n}", self.lines(f"Writer{n}", pace)) for n in range(writers)]
        self.readers = [Reader(self.folder, where, f"Reader{n}") for n in range(readers)]
        self.go_client = GoWitness(self.folder, where, "Gopher")
        self.tail_output = self.folder / "tail.witness"
        output = self.resources.enter_context(open(self.tail_output, "wb"))
        self.tail = self.program(where.port, "tail", "general", "--json", "--follow", "--since", "0", "--name", "tailer",
                                 stdout=output)
        # Its receipts go to a file: a pipe that nobody reads in time fills, and stops it.
        self.receipt_output = self.folder / "send.witness"
        receipts = self.resources.enter_context(open(self.receipt_output, "wb"))
        self.sender = self.program(where.port, "send", "general", "--lines", "--name", "sender", "--timeout", "120",
                                   stdout=receipts)
        self.feeder = threading.Thread(target=self.feed, args=(pace,), daemon=True)
        self.crew = [*self.writers, *self.readers, self.go_client]
        for one in [*self.crew, self.feeder]:
            one.start()

    def program(self, port, *arguments, **how):
        started = Program(self.folder / "home", port, *arguments, **how)
        self.resources.callback(started.end)
        return started

    def lines(self, name, pace):
        for number in itertools.count():
            time.sleep(pace)
            yield f"{name} says {number}"

    def feed(self, pace):
        self.fed = 0
        while not self.stopping.is_set():
            self.sender.say(f"sender says {self.fed}\n")
            self.fed += 1
            time.sleep(pace)
        self.sender.end_input()

    def check_alive(self):
        for one in self.crew:
            if one.failure is not None:
                raise one.failure
        for program in (self.tail, self.sender):
            if program.process.poll() is not None:
                raise AssertionError(f"callboard ended: {program.process.returncode} {program.stderr()}")

    def receipts(self):
        return sum(writer.acknowledged() for writer in self.writers)

    def wait_receipts(self, more=100, patience=90):
        """Faults strike under load, and work goes on behind each: more than was under way before it."""
        before = self.receipts()
        wait_until(lambda: self.check_alive() or self.receipts() >= before + more, f"{more} more receipts", patience)

    def dismiss(self, url, faults, patience=120):
        """Nobody says more; everybody gets what is owed; then all logs are compared. Prints the figures."""
        self.check_alive()
        self.stopping.set()
        for writer in self.writers:
            writer.stop()
        for writer in self.writers:
            writer.finish(patience)
        self.feeder.join(patience)
        self.assertEqual(self.sender.wait_end(patience), 0, self.sender.stderr())
        self.go_client.finish(patience)
        for reader in self.readers:
            reader.stop()
            reader.finish(patience)
        self.wait_at_rest(url)
        rows = self.stored(url)
        for one in [*self.writers, *self.readers]:
            one.finish_reading(len(rows), patience)
            self.clients.append(one.client)
        last = f'"seq":{len(rows)},'.encode()
        wait_until(lambda: self.ends_with(last), "the last entry in callboard's output", patience)
        self.tail.interrupt()
        self.assertEqual(self.tail.wait_end(), 130)
        self.judge_logs(rows, faults)

    def wait_at_rest(self, url):
        """A go client's last line may still be on its way."""
        before = [-1]

        def at_rest():
            count, before[0] = before[0], len(self.stored(url))
            time.sleep(0.5)
            return count == before[0]

        wait_until(at_rest, "no more entries come")

    def ends_with(self, last):
        lines = self.tail_output.read_bytes().splitlines()
        return bool(lines) and last in lines[-1].replace(b": ", b":")

    def judge_logs(self, rows, faults):
        checker = Checker(rows)
        for one in [*self.writers, *self.readers]:
            checker.check(one.witness.path)
        checker.check_go(self.go_client.witness.path)
        checker.check_tail(self.tail_output)
        checker.check_sender(self.receipt_output.read_text(), [f"sender says {n}" for n in range(self.fed)])
        print("\n" + checker.figures(faults), flush=True)
        self.assertEqual(checker.problems(), [])
        self.assertGreater(checker.acknowledged, 100)
        self.assertGreater(self.go_client.number, 0)
