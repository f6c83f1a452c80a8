"""An author who does what docs/protocol.md asks of a client: repeats in order, on any connection, until
acknowledged; and resumes with its position. Runs in a thread of its own."""

import threading
import time

from chat import Client, new_id
from websocket import PATIENCE, Closed, Lost, Refused


class Poster(threading.Thread):
    """Posts `texts` to one room through whatever happens to the server; `failure` says what went wrong.
    `stop()` ends one that has no end of its own."""

    LOSSES = (Lost, Closed)  # What ends a connection and not the poster.

    def __init__(self, server, name, texts, room="general", window=24):
        super().__init__(daemon=True)
        self.server = server
        self.room = room
        self.window = window
        self.texts = iter(texts)
        self.client = Client(server, name)
        self.client.join(room)
        self.waiting = []  # (id, text) in order, without a receipt
        self.sent = 0  # of these, on this connection, since the last refusal
        self.posted = []  # ids in the order in which they were first sent
        self.exhausted = False
        self.stopping = threading.Event()
        self.reconnects = 0
        self.refused = {}  # code -> how often
        self.failure = None

    def stop(self):
        self.stopping.set()

    def run(self):
        try:
            self.post_all()
        except Exception as error:  # pylint: disable=broad-except # To the thread that joins us.
            self.failure = error
            raise

    def finish(self, patience=2 * PATIENCE):
        """For the test's thread: waits until everything has its receipt."""
        self.join(patience)
        if self.is_alive():
            raise AssertionError(f"{self.client.name}: {len(self.waiting)} posts have no receipt")
        if self.failure is not None:
            raise self.failure
        return self.client

    def acknowledged(self):
        return len(self.client.receipts)

    # -- the thread -------------------------------------------------------------------------------

    def post_all(self):
        while self.refill() or self.waiting:
            try:
                self.pump()
                self.client.read()
                self.settle()
            except self.LOSSES:
                self.come_back()

    def refill(self):
        """Takes texts as the window allows; False when there are no more."""
        while not self.exhausted and len(self.waiting) < self.window:
            text = None if self.stopping.is_set() else next(self.texts, None)
            if text is None:
                self.exhausted = True
                break
            self.waiting.append((new_id(), text))
            self.posted.append(self.waiting[-1][0])
        return not self.exhausted

    def pump(self):
        fresh = self.waiting[self.sent:]
        if fresh:
            self.client.send_all({"type": "post", "room": self.room, "id": id, "text": text} for id, text in fresh)
            self.sent = len(self.waiting)

    def settle(self):
        """Forgets what has its receipt; after a refusal, waits for the rest and begins anew."""
        client = self.client
        if client.refusals:
            self.collect_refusals()
        done = [id for id, _ in self.waiting if (self.room, id) in client.receipts]
        if done:
            gone = set(done)
            self.waiting = [(id, text) for id, text in self.waiting if id not in gone]
            self.sent = max(0, self.sent - len(done))

    def collect_refusals(self):
        client = self.client
        under_way = {id for id, _ in self.waiting[: self.sent]}
        # What is under way is answered one way or the other, before anything is repeated.
        client.wait(lambda: all((self.room, id) in client.refusals or (self.room, id) in client.receipts
                                for id in under_way), "an answer to every post")
        pause = 0
        for refusal in client.refusals.values():
            self.refused[refusal["code"]] = self.refused.get(refusal["code"], 0) + 1
            if "retry_after_ms" not in refusal:
                raise AssertionError(f"refused for good: {refusal}")
            pause = max(pause, refusal["retry_after_ms"])
        client.refusals.clear()
        self.sent = 0
        self.read_for(pause / 1000)

    def read_for(self, seconds):
        until = time.monotonic() + seconds
        try:
            while True:
                self.client.read(until - time.monotonic())
        except TimeoutError:
            pass  # That is how this wait ends.

    def come_back(self):
        """Tries until a server takes us, as a client should; the test bounds it."""
        self.reconnects += 1
        deadline = time.monotonic() + 2 * PATIENCE
        while time.monotonic() < deadline:
            if not self.server.running.wait(1):
                continue
            try:
                self.client.reconnect()
                self.sent = 0
                self.client.refusals.clear()
                return
            except (Lost, Closed, Refused, OSError):
                # Killed again meanwhile: its port is closed until the next one is there.
                time.sleep(0.02)
        raise AssertionError(f"{self.client.name}: no server takes us back")
