"""HTTP beside the WebSocket: pages, health, metrics and refusals, also two requests at once."""

import gzip
import re
import unittest

import postgres
from harness import LoopbackTest
from websocket import Refused, WebSocket, Wire, frame, read_answer, upgrade_request, TEXT


class Http(LoopbackTest):
    def test_pages_health_and_metrics(self):
        server = self.server()
        status, head, body = server.http("/")
        self.assertEqual((status, head["content-type"]), (200, "text/html; charset=utf-8"))
        self.assertIn(b"callboard", body.lower())
        self.assertIn("default-src 'none'", head["content-security-policy"])
        self.assertEqual(head["x-content-type-options"], "nosniff")
        for target in ("/healthz", "/readyz"):
            self.assertEqual(server.http(target)[0], 200)
        ada = self.joined(server, "Ada")
        ada.say("counted", id="once")
        ada.ask({"type": "post", "room": "general", "id": "once", "text": "counted"})
        self.assertEqual(server.metric("posts_stored_total"), 2)
        self.assertEqual(server.metric("posts_repeated_total"), 1)
        self.assertEqual(server.metric("sessions"), 1)
        for target in ("/nothing", "/../etc/passwd", "/assets/..%2f..%2fetc/passwd", "/%00", "/callboard.db"):
            self.assertEqual(server.http(target)[0], 404, target)
        self.assertEqual(server.http("/", method="POST")[0], 405)

    def test_a_first_visit_is_light_and_the_next_one_asks_once(self):
        server = self.server()
        accept = ["Accept-Encoding: gzip, deflate, br, zstd"]
        plain_page = server.http("/")[2]
        assets = re.findall(rb'"(/assets/[^"]+)"', plain_page)
        self.assertTrue(assets, "the page needs nothing?")
        for asset in assets:
            self.assertRegex(asset.decode(), r"^/assets/[\w-]+\.[0-9a-f]{16}\.(js|css|svg|png)$")
        total, tags = 0, {}
        for target in ["/", *(asset.decode() for asset in assets)]:
            plain = server.http(target)
            self.assertNotIn("content-encoding", plain[1])
            for coding, unpack in (("br", None), ("gzip", gzip.decompress)):
                status, head, body = server.http(target, fields=[f"Accept-Encoding: {coding}"])
                self.assertEqual(status, 200)
                if "content-encoding" not in head:  # What no coding makes smaller is sent as it is.
                    self.assertEqual(body, plain[2])
                    self.assertLess(len(body), 300, "this could be smaller")
                    continue
                self.assertEqual((head["content-encoding"], head["vary"]), (coding, "Accept-Encoding"))
                self.assertLess(len(body), len(plain[2]))
                if unpack:
                    self.assertEqual(unpack(body), plain[2])
            status, head, body = server.http(target, fields=accept)
            if head.get("content-encoding") != "br":
                self.assertLess(len(body), 300, "this could be smaller")
            else:
                self.assertNotEqual(head["etag"], plain[1]["etag"], "one tag for two forms")
            expected = "no-cache" if target == "/" else "public, max-age=31536000, immutable"
            self.assertEqual(head["cache-control"], expected)
            self.assertIn("trusted-types 'none'", head["content-security-policy"])
            total += len(body) + sum(len(f"{name}: {value}\r\n") for name, value in head.items())
            tags[target] = head["etag"]
        self.assertLessEqual(total, 30720)
        self.assertLessEqual(1 + len(assets), 4)
        status, head, body = server.http("/", fields=[*accept, f"If-None-Match: {tags['/']}"])
        self.assertEqual((status, body, head["etag"]), (304, b"", tags["/"]))
        print(f"\na first visit: {total} bytes with heads, {1 + len(assets)} requests", flush=True)

    def test_a_page_from_disk_is_read_at_each_request(self):
        folder = self.folder / "page"
        folder.mkdir()
        index = folder / "index.html"
        index.write_text("<title>first</title>")
        server = self.server(WEB_DIR=str(folder))
        self.assertEqual(server.http("/")[2], b"<title>first</title>")
        index.write_text("<title>second</title>")
        (folder / "main.js").write_text("export const one = 1;")
        status, head, body = server.http("/")
        self.assertEqual((status, body, head["cache-control"]), (200, b"<title>second</title>", "no-store"))
        self.assertIn("default-src 'none'", head["content-security-policy"])
        status, head, body = server.http("/assets/main.js")
        self.assertEqual((status, head["content-type"]), (200, "text/javascript; charset=utf-8"))
        for target in ("/assets/none.js", "/main.js", "/assets/../server.log", "/assets//etc/passwd"):
            self.assertEqual(server.http(target)[0], 404, target)

    def test_two_pipelined_requests_get_two_answers(self):
        server = self.server()
        wire = Wire(server.port)
        one = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode()
        wire.send(one * 2)
        self.assertEqual(read_answer(wire), read_answer(wire))
        wire.send(one * 50)
        for _ in range(50):
            self.assertEqual(read_answer(wire)[0], 200)
        wire.close()

    def test_what_comes_behind_an_upgrade_request_is_not_lost_silently(self):
        server = self.server()
        wire = Wire(server.port)
        wire.send(upgrade_request(server.port) + frame(TEXT, '{"type":"hello","name":"Early"}'))
        self.assertEqual(read_answer(wire)[0], 400)
        wire.close()

    def test_unknown_subprotocols_are_told_the_known_one(self):
        server = self.server()
        for protocol in ("chat", "callboard.v2", "callboard.v10", "CALLBOARD.V1"):
            with self.assertRaises(Refused) as refused:
                WebSocket(server.port, protocol=protocol)
            self.assertEqual(refused.exception.status, 400)
            self.assertIn(b"callboard.v1", refused.exception.body)
        for path in ("/", "/ws"):
            socket = WebSocket(server.port, protocol="callboard.v2, callboard.v1", path=path)
            self.assertEqual(socket.head["sec-websocket-protocol"], "callboard.v1")
            socket.close()
        socket = WebSocket(server.port, protocol=None)
        self.assertNotIn("sec-websocket-protocol", socket.head)
        socket.close()

    def test_pages_of_other_origins_may_not_connect(self):
        server = self.server(ALLOWED_ORIGINS="https://chat.example.org")
        own = f"127.0.0.1:{server.port}"
        for origin in ("http://evil.example", "null", "https://chat.example.org.evil.example",
                       "https://evil-chat.example.org", "http://chat.example.org", "https://chat.example.org:444",
                       f"http://{own}.evil.example", "http://127.0.0.1"):
            with self.assertRaises(Refused, msg=origin) as refused:
                WebSocket(server.port, fields=[f"Origin: {origin}"])
            self.assertEqual(refused.exception.status, 403)
        for origin in (f"http://{own}", "https://chat.example.org"):
            WebSocket(server.port, fields=[f"Origin: {origin}"]).close()

    def test_a_full_server_says_503(self):
        server = self.server(MAX_CONNECTIONS="3")
        clients = [self.joined(server, f"Guest{number}") for number in range(3)]
        with self.assertRaises(Refused) as refused:
            WebSocket(server.port)
        self.assertEqual(refused.exception.status, 503)
        clients[0].close()
        clients[1].say("room again")
        self.joined(server, "Late")

    def test_a_server_with_few_open_files_says_503_and_keeps_its_database(self):
        url = self.postgres_url()
        server = self.server(url, start=False, HELLO_WITHIN="600")
        server.wrapper = ["prlimit", "--nofile=128:128"]
        server.start()
        self.assertIn("MAX_CONNECTIONS = 20000", server.log())
        ada = self.joined(server, "Ada")
        open_ones = []
        with self.assertRaises(Refused) as refused:
            while len(open_ones) < 128:
                open_ones.append(WebSocket(server.port))
        self.assertEqual(refused.exception.status, 503)
        self.assertGreater(len(open_ones), 20)
        self.assertGreater(postgres.cut_servers(url), 0)
        self.assertEqual(ada.say("it found back")["seq"], 1)


if __name__ == "__main__":
    unittest.main()
