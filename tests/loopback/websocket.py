"""A blocking WebSocket client that sends exactly the bytes that a test asks for: every mask,
fragment, reserved bit, stalled read and reset that a library would hide."""

import base64
import os
import socket
import struct
import time

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA

# No wait is longer than this: what takes so long is stuck. Sanitizers and a busy machine included.
PATIENCE = 60.0


class Lost(Exception):
    """The connection ended without a close frame."""


class Closed(Exception):
    """The server sent a close frame."""

    def __init__(self, code, reason):
        super().__init__(f"closed by the server: {code} {reason}")
        self.code = code
        self.reason = reason


class Refused(Exception):
    """The upgrade was answered with something else than 101."""

    def __init__(self, status, head, body):
        super().__init__(f"HTTP {status}: {body!r}")
        self.status = status
        self.head = head
        self.body = body


def mask_bytes(payload, key):
    """The payload under a mask, by one big exclusive or: a loop over bytes is slow in Python."""
    if not payload:
        return b""
    stream = (key * (len(payload) // 4 + 1))[: len(payload)]
    number = int.from_bytes(payload, "big") ^ int.from_bytes(stream, "big")
    return number.to_bytes(len(payload), "big")


def frame(opcode, payload=b"", fin=True, mask=b"\x37\xfa\x21\x3d", rsv=0):
    """The bytes of one frame; `mask` None leaves it unmasked, which a client must not."""
    if isinstance(payload, str):
        payload = payload.encode()
    masked = 0x80 if mask is not None else 0
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    if len(payload) < 126:
        head += bytes([masked | len(payload)])
    elif len(payload) < 65536:
        head += bytes([masked | 126]) + struct.pack(">H", len(payload))
    else:
        head += bytes([masked | 127]) + struct.pack(">Q", len(payload))
    if mask is None:
        return head + payload
    return head + mask + mask_bytes(payload, mask)


class Wire:
    """A TCP connection with bounded waits and a buffer for what was read too far."""

    def __init__(self, port, receive_buffer=None):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if receive_buffer is not None:  # Before connect: it decides the window that is offered.
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray()

    def send(self, data):
        try:
            self.socket.sendall(data)
        except (ConnectionError, BrokenPipeError) as error:
            raise Lost(str(error)) from error

    def fill(self, deadline):
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("nothing came in time")
        self.socket.settimeout(left)
        try:
            data = self.socket.recv(1 << 18)
        except (ConnectionError, OSError) as error:
            if isinstance(error, TimeoutError):
                raise TimeoutError("nothing came in time") from error
            raise Lost(str(error)) from error
        finally:
            if self.socket.fileno() >= 0:
                self.socket.settimeout(PATIENCE)
        if not data:
            raise Lost("end of stream")
        self.buffer += data

    def take(self, count, deadline):
        while len(self.buffer) < count:
            self.fill(deadline)
        data = bytes(self.buffer[:count])
        del self.buffer[:count]
        return data

    def take_until(self, mark, deadline):
        while (at := self.buffer.find(mark)) < 0:
            self.fill(deadline)
        return self.take(at + len(mark), deadline)

    def close(self):
        self.socket.close()

    def reset(self):
        """Ends the connection as a crash of the machine would look: RST, no FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


def read_answer(wire, head_only=False, patience=PATIENCE):
    """One HTTP answer: status, fields in lower case, body."""
    deadline = time.monotonic() + patience
    head = wire.take_until(b"\r\n\r\n", deadline).decode("latin-1")
    lines = head.split("\r\n")
    fields = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        fields[name.strip().lower()] = value.strip()
    status = int(lines[0].split(" ")[1])
    length = 0 if head_only or status in (101, 304) else int(fields.get("content-length", "0"))
    return status, fields, wire.take(length, deadline)


def ask_http(port, target, method="GET", fields=()):
    """One request on a connection of its own."""
    wire = Wire(port)
    try:
        lines = [f"{method} {target} HTTP/1.1", f"Host: 127.0.0.1:{port}", *fields]
        wire.send(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
        return read_answer(wire, head_only=method == "HEAD")
    finally:
        wire.close()


def upgrade_request(port, protocol="callboard.v1", path="/", fields=()):
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: " + base64.b64encode(os.urandom(16)).decode(),
        *fields,
    ]
    if protocol is not None:
        lines.append(f"Sec-WebSocket-Protocol: {protocol}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class WebSocket:
    """Reads and writes frames; answers pings while it reads, unless told not to."""

    def __init__(self, port, protocol="callboard.v1", path="/", fields=(), receive_buffer=None,
                 request=None):
        self.wire = Wire(port, receive_buffer)
        self.answers_pings = True
        self.wire.send(request or upgrade_request(port, protocol, path, fields))
        status, head, body = read_answer(self.wire)
        if status != 101:
            self.wire.close()
            raise Refused(status, head, body)
        self.head = head

    def send(self, text):
        self.wire.send(frame(TEXT, text, mask=os.urandom(4)))

    def send_frame(self, opcode, payload=b"", **how):
        self.wire.send(frame(opcode, payload, **how))

    def read_frame(self, deadline):
        """fin, opcode and payload of the next frame, of whatever kind."""
        wire = self.wire
        first, second = wire.take(2, deadline)
        if first & 0x70:
            raise AssertionError(f"the server set reserved bits: {first:#x}")
        if second & 0x80:
            raise AssertionError("the server masked a frame (RFC 6455 section 5.1)")
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack(">H", wire.take(2, deadline))
        elif size == 127:
            (size,) = struct.unpack(">Q", wire.take(8, deadline))
        return bool(first & 0x80), first & 0x0F, wire.take(size, deadline)

    def read(self, patience=PATIENCE):
        """The next text message as bytes. Raises Closed, Lost or TimeoutError."""
        deadline = time.monotonic() + patience
        whole = b""
        while True:
            fin, opcode, payload = self.read_frame(deadline)
            if opcode == CLOSE:
                code = struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else 1005
                self.answer_close(payload[:2])
                raise Closed(code, payload[2:].decode())
            if opcode == PING:
                if self.answers_pings:
                    self.send_frame(PONG, payload)
                continue
            if opcode == PONG:
                continue
            if opcode == BINARY:
                raise AssertionError("the server sent a binary message")
            whole += payload
            if fin:
                return whole

    def answer_close(self, code):
        try:
            self.send_frame(CLOSE, code)
        except Lost:
            pass  # It closed without waiting, which it may.
        finally:
            self.wire.close()

    def read_close(self, patience=PATIENCE):
        """Drops messages until the close frame; its code."""
        deadline = time.monotonic() + patience
        try:
            while True:
                self.read(max(0.0, deadline - time.monotonic()))
        except Closed as end:
            return end.code

    def close(self, code=1000):
        """An orderly end, waiting for the server's half."""
        try:
            self.send_frame(CLOSE, struct.pack(">H", code))
            self.read_close()
        except Lost:
            pass  # The server may end first; then there is nothing to wait for.
        finally:
            self.wire.close()

    def reset(self):
        self.wire.reset()
