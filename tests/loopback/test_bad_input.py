"""Whatever a client sends, the answer is the error of docs/protocol.md, the others do not notice, and
the connection stays unless WebSocket itself was broken."""

import json
import os
import struct
import unittest

from harness import LoopbackTest
from websocket import BINARY, CLOSE, PING, TEXT, Closed, Lost, WebSocket, frame

# Sent as they are. Each is answered with `bad_frame`.
BAD_FRAMES = {
    "empty": b"",
    "not JSON": b"{",
    "words": b"hello",
    "trailing garbage": b'{"type":"ping"} x',
    "a comment": b'{"type":"ping"/* */}',
    "a byte order mark": b'\xef\xbb\xbf{"type":"ping"}',
    "NaN": b'{"type":"ping","x":NaN}',
    "a raw NUL": b'{"type":"ping"\x00}',
    "an array": b"[]",
    "an array of frames": b'[{"type":"ping"}]',
    "a string": b'"ping"',
    "a number": b"17",
    "null": b"null",
    "no type": b"{}",
    "a type that is no string": b'{"type":1}',
    "an unknown type": b'{"type":"shout","room":"general"}',
    "the type of an answer": b'{"type":"welcome"}',
    "a type with a NUL": b'{"type":"ping\\u0000"}',
    "post without room": b'{"type":"post","id":"a","text":"x"}',
    "post without id": b'{"type":"post","room":"general","text":"x"}',
    "post without text": b'{"type":"post","room":"general","id":"a"}',
    "text that is a number": b'{"type":"post","room":"general","id":"a","text":1}',
    "text that is null": b'{"type":"post","room":"general","id":"a","text":null}',
    "text that is an object": b'{"type":"post","room":"general","id":"a","text":{"$gt":""}}',
    "room that is an array": b'{"type":"post","room":["general"],"id":"a","text":"x"}',
    "half a surrogate pair": b'{"type":"post","room":"general","id":"a","text":"\\ud83d"}',
    "an empty id": b'{"type":"post","room":"general","id":"","text":"x"}',
    "an id with a space": b'{"type":"post","room":"general","id":"a b","text":"x"}',
    "an id of 65 characters": b'{"type":"post","room":"general","id":"' + b"a" * 65 + b'","text":"x"}',
    "a ref of 65 characters": b'{"type":"ping","ref":"' + b"r" * 65 + b'"}',
    "a ref that is a number": b'{"type":"ping","ref":17}',
    "join without room": b'{"type":"join"}',
    "after without epoch": b'{"type":"join","room":"general","after":1}',
    "after with last": b'{"type":"join","room":"general","after":1,"epoch":"x","last":5}',
    "a negative after": b'{"type":"join","room":"general","after":-1,"epoch":"x"}',
    "an after with a point": b'{"type":"join","room":"general","after":1.5,"epoch":"x"}',
    "an after above 2^53": b'{"type":"join","room":"general","after":9007199254740992,"epoch":"x"}',
    "an after that overflows": b'{"type":"join","room":"general","after":1e999999,"epoch":"x"}',
    "last above 500": b'{"type":"join","room":"general","last":501}',
    "last that is a string": b'{"type":"join","room":"general","last":"50"}',
    "history of both directions": b'{"type":"history","room":"general","before":5,"after":1}',
    "history of no direction": b'{"type":"history","room":"general"}',
    "history of no entries": b'{"type":"history","room":"general","after":0,"limit":0}',
    "a repeated hello": b'{"type":"hello","name":"Again"}',
    "too deep": b'{"type":"ping","x":' + b"[" * 20000 + b"]" * 20000 + b"}",
    "too many fields": b'{"type":"ping",' + b",".join(b'"f%d":0' % n for n in range(5000)) + b"}",
}

# text -> the error of a post
BAD_TEXTS = {
    "": "empty", " \t\r\n": "empty", "\u2003\u00a0\u3000": "empty",
    "a\x00b": "bad_text", "\x00": "bad_text",
    "x" * 8193: "too_long", "ä" * 4097: "too_long", "\U0001f511" * 2049: "too_long",
}

BAD_NAMES = ["", " ", " Ada", "Ada ", "~Ada", "A\nda", "A\x1b[31mda", "A\x7fda", "A\u0085da", "A\x00da",
             "A\u202eda", "A\u2066da", "A\u200eda", "A\u200bda", "A\u2060da", "\ufeffAda", "A\U000e0041da",
             "A\ufdd0da", "A\u2028da", "x" * 51, "\U0001f511" * 51]

GOOD_NAMES = ["x" * 50, "\U0001f511" * 50, "Zoë", "Łukasz", "王小明", "O'Brien; drop table entry", "%_\\", "__proto__"]


class BadFrames(LoopbackTest):
    def setUp(self):
        super().setUp()
        self.server_ = self.server()

    def test_a_bad_frame_is_answered_and_the_connection_stays(self):
        client = self.joined(self.server_, "Ada")
        for what, sent in BAD_FRAMES.items():
            with self.subTest(what):
                before = len(client.errors)
                client.send(sent)
                client.wait(lambda: len(client.errors) > before, "error")
                self.assertEqual(client.errors[-1]["code"], "bad_frame", client.errors[-1])
                self.assertTrue(client.errors[-1]["message"])
                self.assertNotIn("retry_after_ms", client.errors[-1])
                client.barrier()
        self.assertEqual(len(client.errors), len(BAD_FRAMES))
        self.assertEqual(client.say("still here")["seq"], 1)

    def test_a_ref_comes_back_with_the_error(self):
        client = self.joined(self.server_, "Ada")
        self.assertEqual(client.ask({"type": "shout"})["code"], "bad_frame")

    def test_a_bad_text_is_refused_by_its_name_and_nothing_is_stored(self):
        client = self.joined(self.server_, "Ada")
        for text, code in BAD_TEXTS.items():
            with self.subTest(text[:20]):
                id = client.post(text)
                self.assertEqual(client.refusal(id)["code"], code)
        for text in ("x" * 8192, "ä" * 4096, "\u200b", "\x01\x1b[2J\u202e", "\\u0000", "'; drop table entry; --"):
            client.say(text)
        stored = self.stored(self.server_.settings["DATABASE_URL"])
        self.assertEqual([row[3] for row in stored], client.wait_position(6).texts())

    def test_bad_names_are_refused_and_good_ones_are_not(self):
        client = self.client(self.server_, None, hello=False)
        for name in BAD_NAMES:
            with self.subTest(repr(name[:20])):
                answer = client.ask({"type": "hello", "name": name})
                self.assertEqual(answer.get("code"), "bad_name", answer)
        for name in GOOD_NAMES:
            with self.subTest(name[:20]):
                self.assertEqual(self.client(self.server_, name).welcome["user"]["name"], name)

    def test_bad_rooms_are_refused(self):
        client = self.client(self.server_, "Ada")
        for room in ["", " ", "a\nb", "a\u202eb", "x" * 65, "a\x00b"]:
            with self.subTest(repr(room[:20])):
                answer = client.ask({"type": "join", "room": room})
                self.assertEqual(answer.get("code"), "bad_room", answer)
        for room in ["~attic", "x" * 64, "räume/1 %_", "\U0001f511" * 64]:
            client.join(room)
            self.assertEqual(client.say("x", room=room)["seq"], 1)

    def test_a_request_before_its_time(self):
        client = self.client(self.server_, None, hello=False)
        for request in ({"type": "post", "room": "general", "id": "a", "text": "x"}, {"type": "ping"},
                        {"type": "join", "room": "general"}, {"type": "rooms"}):
            self.assertEqual(client.ask(request)["code"], "not_welcome_yet")
        client.hello("Ada")
        for request in ({"type": "post", "room": "general", "id": "a", "text": "x"}, {"type": "who", "room": "general"},
                        {"type": "leave", "room": "general"}, {"type": "history", "room": "general", "after": 0}):
            self.assertEqual(client.ask(request)["code"], "not_joined")
        client.join()
        self.assertEqual(client.say("now")["seq"], 1)

    def test_an_after_beyond_the_head_or_of_another_epoch_is_a_reset(self):
        client = self.joined(self.server_, "Ada")
        for number in range(3):
            client.say(f"line {number}")
        epoch = client.logs["general"].epoch
        for how in ({"after": 4, "epoch": epoch}, {"after": 9007199254740991, "epoch": epoch},
                    {"after": 1, "epoch": "0" * 32}, {"after": 1, "epoch": "no epoch at all"}):
            with self.subTest(how):
                other = self.client(self.server_, None, token=client.token)
                other.logs.clear()
                log = other.join("general", **how)
                self.assertEqual((log.mode, log.texts()), ("reset", ["line 0", "line 1", "line 2"]))
                other.close()

    def test_a_token_of_another_server_or_a_broken_one_is_refused(self):
        stranger = self.client(self.server(), "Stranger")
        client = self.client(self.server_, "Ada")
        broken = client.token[:20] + ("A" if client.token[20] != "A" else "B") + client.token[21:]
        other = self.client(self.server_, None, hello=False)
        for token in (stranger.token, broken, client.token[:-1], "", "x", "\x00", "A" * 4096):
            with self.subTest(token[:12]):
                answer = other.ask({"type": "hello", "token": token})
                self.assertEqual(answer.get("code"), "bad_token", answer)
        self.assertEqual(other.hello(token=client.token)["user"]["id"], client.author)

    def test_too_many_rooms(self):
        client = self.client(self.server_, "Ada")
        for number in range(100):
            client.join(f"room {number}")
        self.assertEqual(client.ask({"type": "join", "room": "one more"})["code"], "too_many_rooms")
        client.ask({"type": "leave", "room": "room 7"})
        client.join("one more")


class BrokenProtocol(LoopbackTest):
    def check(self, expected, *sent):
        """Each of these closes a connection with this code; none disturbs another one."""
        server = self.server()
        watcher = self.joined(server, "Watcher")
        for number, data in enumerate(sent):
            with self.subTest(data[:16]):
                client = self.joined(server, f"Bad{number}")
                client.socket.wire.send(data)
                self.assertEqual(client.read_until_closed(), expected)
                watcher.say(f"unmoved {number}")
        self.assertEqual(watcher.wait_position(len(sent)).texts(), [f"unmoved {n}" for n in range(len(sent))])

    def test_invalid_utf8_is_1007(self):
        text = b'{"type":"post","room":"general","id":"a","text":"%s"}'
        bad = [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\x80", b"\xbf'"]
        self.check(1007, *(frame(TEXT, text % one) for one in bad), frame(TEXT, b"\xc3", fin=False) + frame(0, b"\x28"))

    def test_binary_is_1003(self):
        self.check(1003, frame(BINARY, b'{"type":"ping"}'), frame(BINARY, b""))

    def test_oversize_is_1009_however_it_comes(self):
        whole = frame(TEXT, b" " * 65537)
        lying = [bytes([0x81, 0xFF]) + struct.pack(">Q", size) + b"mask" for size in (65537, 1 << 31, (1 << 63) - 1)]
        pieces = frame(TEXT, b" " * 40000, fin=False) + frame(0, b" " * 40000)
        self.check(1009, whole, *lying, pieces)

    def test_broken_framing_is_1002(self):
        self.check(1002, frame(TEXT, b"{}", mask=None), frame(TEXT, b"{}", rsv=4), frame(3, b""), frame(11, b""),
                   frame(0, b"continued"), frame(PING, b"x" * 126), frame(PING, b"x", fin=False),
                   frame(TEXT, b"{", fin=False) + frame(TEXT, b"}"), frame(CLOSE, b"\x03"),
                   frame(CLOSE, struct.pack(">H", 1005)))

    def test_the_longest_frame_and_fragments_are_taken(self):
        server = self.server()
        client = self.joined(server, "Ada")
        ping = json.dumps({"type": "ping", "ref": "big"}).encode()
        client.send(ping + b" " * (65536 - len(ping)))
        client.wait(lambda: "big" in client.answers, "pong")
        post = json.dumps({"type": "post", "room": "general", "id": "f", "text": "Grüße \U0001f511"},
                          ensure_ascii=False).encode()
        wire = client.socket.wire
        for at in range(len(post)):  # A byte each, with a ping between them: also within a character.
            wire.send(frame(TEXT if at == 0 else 0, post[at:at + 1], fin=at == len(post) - 1, mask=os.urandom(4)))
            if at % 10 == 5:
                wire.send(frame(PING, b"between"))
        self.assertEqual(client.receipt("f")["seq"], 1)
        self.assertEqual(client.wait_position(1).texts(), ["Grüße \U0001f511"])

    def test_a_broken_connection_disturbs_nobody(self):
        server = self.server()
        watcher = self.joined(server, "Watcher")
        for number in range(20):
            client = self.joined(server, f"Gone{number}")
            client.socket.wire.send(frame(TEXT, b'{"type":"post","room":"general","id":"a","text":"half')[:-9])
            client.socket.reset()
            WebSocket(server.port).reset()
            watcher.say(f"unmoved {number}")
        self.assertEqual(len(watcher.wait_position(20).texts()), 20)

    def test_a_flood_of_pings_is_ended_by_4501_or_answered(self):
        server = self.server()
        watcher = self.joined(server, "Watcher")
        client = self.joined(server, "Flood")
        try:
            client.socket.wire.send(frame(PING, b"flood") * 5000)
            self.assertEqual(client.read_until_closed(), 4501)
        except Lost:
            pass  # It was cut while we still wrote.
        watcher.say("unmoved")


class BadGoLines(LoopbackTest):
    def test_a_line_that_cannot_be_stored_is_answered_with_a_line(self):
        server = self.server()
        go = self.go_client(server, "Linus")
        for number, message in enumerate(["", "   ", "x" * 8193, "a\x00b"]):
            go.say(message)
            while len(go.lines) <= number:
                go.read()
            name, text = go.lines[-1]
            self.assertEqual(name, "callboard")
            self.assertTrue(text.startswith("not stored: "), text)
        ada = self.joined(server, "Ada")
        go.say("fine")
        ada.wait_text("fine")
        self.assertEqual(ada.wait_position(1).texts(), ["fine"])

    def test_a_name_is_made_fit_to_show(self):
        server = self.server()
        ada = self.joined(server, "Ada")
        shown = {"": "~anonymous", "A\u202eda\x1b[2J": "~Ada[2J", "x" * 80: "~" + "x" * 49, "Zoë": "~Zoë"}
        for number, name in enumerate(shown):
            self.go_client(server, name).say(f"line {number}")
            ada.wait_text(f"line {number}")
        names = {entry["text"]: entry["from"] for entry in ada.logs["general"].entries}
        for number, (name, expected) in enumerate(shown.items()):
            with self.subTest(repr(name[:20])):
                self.assertIn(names[f"line {number}"], {expected, expected + "x"})

    def test_what_is_no_line_disturbs_nobody(self):
        server = self.server()
        ada = self.joined(server, "Ada")
        go = self.go_client(server, "Linus")
        for sent in (b"", b"{", b"[]", b"null", b'{"username":1,"message":"x"}', b"[" * 5000):
            go.socket.send(sent)
        go.say("a line at last")
        ada.wait_text("a line at last")
        self.assertEqual(len(ada.logs["general"].entries), 1)
        with self.assertRaises(Closed) as end:
            go.socket.send_frame(TEXT, b"\xff")
            while True:
                go.read()
        self.assertEqual(end.exception.code, 1007)


if __name__ == "__main__":
    unittest.main()
