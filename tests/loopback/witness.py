"""Clients that write down what they say and see, each into a file of its own, and the one checker that reads
these files and the database: what was lost, doubled, out of order or seen before it was stored."""

import contextlib
import json
import threading
import time

from chat import GoClient
from poster import Poster
from websocket import Closed, Lost, Refused


class Witness:
    """One client's log: a line of JSON for each thing said, acknowledged or seen."""

    def __init__(self, folder, name):
        self.path = folder / f"{name}.witness"
        self.file = open(self.path, "w", encoding="utf-8", buffering=1 << 16)

    def write(self, what, **how):
        self.file.write(json.dumps({"what": what, **how}, ensure_ascii=False) + "\n")

    def close(self):
        self.file.close()


class Writer(Poster):
    """A poster with a witness. `patience` is what a person has with a line on which nothing comes."""

    LOSSES = (Lost, Closed, TimeoutError)

    def __init__(self, folder, server, name, texts, room="general", patience=5):
        super().__init__(server, name, texts, room)
        self.witness = Witness(folder, name)
        self.patience = patience
        self.attach()

    def attach(self):
        client, log = self.client, self.client.logs[self.room]
        take = log.take

        def take_and_note(entries):
            take(entries)
            for entry in entries:
                self.witness.write("seen", seq=entry["seq"], author=entry["author"], id=entry["id"], text=entry["text"])

        for entry in log.entries:  # What the first join brought.
            self.witness.write("seen", seq=entry["seq"], author=entry["author"], id=entry["id"], text=entry["text"])
        log.take = take_and_note
        acknowledge = client.take_posted

        def acknowledge_and_note(what):
            acknowledge(what)
            self.witness.write("stored", id=what["id"], seq=what["seq"], author=client.author)

        client.take_posted = acknowledge_and_note
        read = client.read
        client.read = lambda patience=None: read(self.patience if patience is None else patience)
        client.wait = self.wait

    def wait(self, condition, what, patience=None):
        """Client.wait, but a line on which nothing comes is one that is lost, not a failure."""
        deadline = time.monotonic() + (2 * self.patience if patience is None else patience)
        while not condition():
            self.client.read(max(0.0, deadline - time.monotonic()))

    def refill(self):
        before = len(self.posted)
        more = super().refill()
        fresh = len(self.posted) - before
        for id, text in self.waiting[len(self.waiting) - fresh:]:
            self.witness.write("said", id=id, text=text, author=self.client.author)
        return more

    def finish_reading(self, position, patience):
        """For the test's thread, behind finish(): reads the rest."""
        deadline = time.monotonic() + patience
        log = self.client.logs[self.room]
        while log.position < position or log.paging:
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.client.name} stands at {log.position} of {position}")
            try:
                self.client.read()
            except (Lost, Closed, TimeoutError):
                self.come_back()
        self.witness.close()


class Reader(Writer):
    """Says nothing, and reads until it is told to stop."""

    def __init__(self, folder, server, name, room="general", **how):
        super().__init__(folder, server, name, [], room, **how)

    def post_all(self):
        while not self.stopping.is_set():
            try:
                self.client.read(1)
            except TimeoutError:
                with contextlib.suppress(Lost, Closed, TimeoutError):
                    self.client.barrier()
                    continue
                self.come_back()
            except (Lost, Closed):
                self.come_back()


class GoWitness(threading.Thread):
    """A go-chat client that types a line now and then, and begins anew when its connection ends: it knows no
    receipts, so that each of its lines counts as said, and none as acknowledged."""

    def __init__(self, folder, server, name):
        super().__init__(daemon=True)
        self.server, self.name_ = server, name
        self.witness = Witness(folder, name)
        self.stopping = threading.Event()
        self.connections = 0
        self.failure = None
        self.number = 0

    def stop(self):
        self.stopping.set()

    def run(self):
        try:
            while not self.stopping.is_set():
                try:
                    self.one_connection()
                except (Lost, Closed, Refused, OSError):
                    self.stopping.wait(0.05)
        except Exception as error:  # pylint: disable=broad-except # To the thread that joins us.
            self.failure = error
            raise

    def one_connection(self):
        if not self.server.running.wait(1):
            return
        client = GoClient(self.server, self.name_)
        self.connections += 1
        self.witness.write("connected")
        frames = 0
        try:
            while not self.stopping.is_set():
                read = len(client.lines)
                with contextlib.suppress(TimeoutError):
                    client.read(0.2)
                for username, message in client.lines[read:]:
                    self.witness.write("line", username=username, message=message)
                frames += 1
                if len(client.lines) != read and frames % 50 != 0:
                    continue
                self.number += 1
                message = f"{self.name_} types {self.number}"
                self.witness.write("typed", message=message)
                client.say(message)
        finally:
            client.socket.wire.close()

    def finish(self, patience):
        self.stop()
        self.join(patience)
        if self.is_alive():
            raise AssertionError(f"{self.name_} does not end")
        if self.failure is not None:
            raise self.failure
        self.witness.close()


class Checker:
    """Compares what the witnesses wrote with what the database holds: (seq, author, id, text) in order."""

    def __init__(self, rows):
        self.rows = [tuple(row) for row in rows]
        self.by_seq = {row[0]: row for row in self.rows}
        self.places = {(row[1], row[2]): row[0] for row in self.rows}
        self.lost = []  # Acknowledged or shown, and not stored so.
        self.doubled = []
        self.disordered = []
        self.acknowledged = self.shown = self.said = 0
        if len(self.places) != len(self.rows):
            self.doubled.append("an author's id stands twice in the database")
        if [row[0] for row in self.rows] != list(range(1, len(self.rows) + 1)):
            self.disordered.append("the log has a gap")

    def read(self, path):
        with open(path, encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    def check(self, path):
        """The log of a client of callboard.v1."""
        position = None
        said = {}
        last = 0
        for line in self.read(path):
            what = line.pop("what")
            if what == "said":
                said[line["id"]] = line
                self.said += 1
            elif what == "stored":
                self.acknowledged += 1
                if self.places.get((line["author"], line["id"])) != line["seq"]:
                    self.lost.append(f"{path.name}: the receipt {line}")
            elif what == "seen":
                self.shown += 1
                if self.by_seq.get(line["seq"]) != (line["seq"], line["author"], line["id"], line["text"]):
                    self.lost.append(f"{path.name}: shown, and not stored: {line}")
                if position is not None and line["seq"] <= position:
                    self.doubled.append(f"{path.name}: entry {line['seq']} behind {position}")
                elif position is not None and line["seq"] != position + 1:
                    self.disordered.append(f"{path.name}: entry {line['seq']} behind {position}")
                position = line["seq"]
        if self.rows and position != self.rows[-1][0]:
            self.lost.append(f"{path.name}: ends with {position}")
        for id, line in said.items():  # In the order in which they were said.
            seq = self.places.get((line["author"], id))
            if seq is None:
                self.lost.append(f"{path.name}: {id} was said, and is not stored")
            elif seq <= last:
                self.disordered.append(f"{path.name}: {id} overtook what was said before it")
            else:
                last = seq

    def check_go(self, path):
        """The log of a go-chat client: on each connection the whole log without its own lines, as far as it
        was connected; of its own lines each at most once, in the order typed."""
        own = {line["message"] for line in self.read(path) if line["what"] == "typed"}
        self.said += len(own)
        texts = [row[3] for row in self.rows]
        mine = [text for text in texts if text in own]
        if len(mine) != len(set(mine)):
            self.doubled.append(f"{path.name}: a line that was typed once is stored twice")
        numbers = [int(text.rsplit(" ", 1)[1]) for text in mine]
        if numbers != sorted(numbers):
            self.disordered.append(f"{path.name}: its lines were stored in another order")
        others, connection = iter(()), set()
        for line in self.read(path):
            if line["what"] == "connected":
                others, connection = iter(texts), set()
            elif line["what"] == "typed":
                connection.add(line["message"])
            elif line["what"] == "line" and line["username"] != "callboard":
                self.shown += 1
                expected = next((text for text in others if text not in connection), None)
                if line["message"] != expected:
                    self.disordered.append(f"{path.name}: got {line['message']!r} instead of {expected!r}")
                    return

    def check_tail(self, path):
        """What `callboard tail --json` printed."""
        position = None
        for line in self.read(path):
            self.shown += 1
            if self.by_seq.get(line["seq"], (0, 0, 0, 0))[2:] != (line["id"], line["text"]):
                self.lost.append(f"{path.name}: shown, and not stored: {line}")
            if position is not None and line["seq"] != position + 1:
                (self.doubled if line["seq"] <= position else self.disordered).append(
                    f"{path.name}: entry {line['seq']} behind {position}")
            position = line["seq"]
        if self.rows and position != self.rows[-1][0]:
            self.lost.append(f"{path.name}: ends with {position}")

    def check_sender(self, output, said):
        """What `callboard send --lines` printed: its exit code 0 has said that all is stored."""
        receipts = [line.split() for line in output.splitlines()]
        self.acknowledged += len(receipts)
        self.said += len(said)
        texts = [self.by_seq.get(int(seq), (0, 0, None, None))[2:] for seq, _ in receipts]
        if texts != [(id, text) for (_, id), text in zip(receipts, said)] or len(receipts) != len(said):
            self.lost.append(f"callboard send: {len(receipts)} receipts of {len(said)}, or they name others' entries")
        seqs = [int(seq) for seq, _ in receipts]
        if seqs != sorted(set(seqs)):
            self.disordered.append("callboard send: its lines were stored in another order")

    def figures(self, faults):
        return (f"{faults}; {len(self.rows)} messages stored, {self.acknowledged} receipts, {self.shown} entries seen; "
                f"losses {len(self.lost)}, duplicates {len(self.doubled)}, out of order {len(self.disordered)}")

    def problems(self):
        return self.lost[:5] + self.doubled[:5] + self.disordered[:5]
