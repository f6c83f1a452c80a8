"""A TCP proxy that loses its nerve: it delays, and it cuts connections in the middle of anything."""

import contextlib
import random
import socket
import threading


class FlakyProxy:
    """Listens on `port` of the loopback and passes bytes to and from `target`. `cut` is the chance that a piece of
    data is the last one of its connection; a part of that piece still goes through."""

    def __init__(self, target, seed, cut=0.02, delay_s=0.003):
        self.target, self.cut, self.delay_s = target, cut, delay_s
        self.dice = random.Random(seed)
        self.lock = threading.Lock()
        self.pairs = set()
        self.cuts = 0
        self.ending = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def chance(self):
        with self.lock:
            return self.dice.random()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self.target()))
            except OSError:
                near.close()
                continue
            pair = (near, far)
            with self.lock:
                self.pairs.add(pair)
            for source, sink in (pair, pair[::-1]):
                threading.Thread(target=self.carry, args=(pair, source, sink), daemon=True).start()

    def carry(self, pair, source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                self.ending.wait(self.chance() * self.delay_s)
                if self.chance() < self.cut:
                    sink.sendall(data[:int(self.chance() * len(data))])
                    self.cuts += 1
                    break
                sink.sendall(data)
        self.drop(pair)

    def drop(self, pair):
        with self.lock:
            self.pairs.discard(pair)
        for one in pair:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def end(self):
        self.ending.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for pair in list(self.pairs):
            self.drop(pair)
