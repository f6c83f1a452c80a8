"""A network that a test can break: a TCP relay on loopback that stalls, goes silent, resets and cuts."""

import contextlib
import selectors
import socket
import struct
import threading
import time


class Proxy:
    """Relays each connection to `server.port`, whatever that is when it is opened. Looks like a server to
    clients: `port`, `running`, `secret`."""

    def __init__(self, server):
        self.server = server
        self.running = server.running
        self.secret = server.secret
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.lock = threading.Lock()
        self.pairs = []
        self.open = threading.Event()  # Cleared: bytes wait, and so do new connections.
        self.open.set()
        self.ended = False
        self.relayed = 0
        threading.Thread(target=self.accept, daemon=True).start()

    # -- what breaks ------------------------------------------------------------------------------

    def stall(self, seconds):
        """Nothing gets through, nothing is lost."""
        self.open.clear()
        time.sleep(seconds)
        self.open.set()

    def reset(self):
        """RST to both ends of every connection; how many there were."""
        return self.end_all(linger=True)

    def cut(self):
        """An orderly end in the middle of whatever was being said."""
        return self.end_all(linger=False)

    def go_silent(self):
        """Half-open: the connections of now stay, and nothing on them arrives any more, in either direction."""
        with self.lock:
            for pair in self.pairs:
                pair.silent = True
            return len(self.pairs)

    def lose_one_way(self):
        """What servers say is lost, and what clients say arrives."""
        with self.lock:
            for pair in self.pairs:
                pair.deaf = True
            return len(self.pairs)

    def end(self):
        self.ended = True
        self.open.set()
        self.listener.close()
        self.end_all(linger=True)

    # -- the relay --------------------------------------------------------------------------------

    class Pair:
        def __init__(self, client, server):
            self.client, self.server = client, server
            self.silent = self.deaf = False
            self.over = False

        def end(self, linger):
            self.over = True
            for one in (self.client, self.server):
                with contextlib.suppress(OSError):  # It ended by itself.
                    if linger:
                        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    else:
                        one.shutdown(socket.SHUT_RDWR)
                one.close()

    def end_all(self, linger):
        with self.lock:
            pairs, self.pairs = self.pairs, []
        for pair in pairs:
            pair.end(linger)
        return len(pairs)

    def accept(self):
        while not self.ended:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.open.wait()
            try:
                server = socket.create_connection(("127.0.0.1", self.server.port), timeout=5)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            pair = self.Pair(client, server)
            with self.lock:
                self.pairs.append(pair)
            threading.Thread(target=self.relay, args=(pair,), daemon=True).start()

    def relay(self, pair):
        with selectors.DefaultSelector() as ready:
            try:
                ready.register(pair.client, selectors.EVENT_READ, pair.server)
                ready.register(pair.server, selectors.EVENT_READ, pair.client)
                while not pair.over and self.pass_on(pair, ready):
                    self.open.wait()
            except (OSError, ValueError, KeyError):
                pass  # One end has gone; the other follows.
        pair.end(linger=False)
        with self.lock:
            if pair in self.pairs:
                self.pairs.remove(pair)

    def pass_on(self, pair, ready):
        for key, _ in ready.select(0.2):
            data = key.fileobj.recv(1 << 16)
            self.open.wait()
            lost = pair.silent or (pair.deaf and key.fileobj is pair.server)
            if not data and not lost:
                return False
            if not data:
                ready.unregister(key.fileobj)
            elif not lost:
                key.data.sendall(data)
                self.relayed += len(data)
        return True
