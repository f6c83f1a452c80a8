"""Real text in many scripts: every line of Debian's fortunes, byte for byte, through one client into the
database, another client and one that resumes."""

import os
import pathlib
import threading
import unittest

from harness import LoopbackTest

FORTUNES = pathlib.Path(os.environ.get("CALLBOARD_TEST_CORPUS", "/usr/share/games/fortunes"))
LEAST_LINES = 20_000
LONGEST = 8192  # welcome.limits.text_bytes
WINDOW = 48


def corpus():
    """Each line that the protocol allows. Left out by rule: what is not UTF-8, nothing but white space, too
    long, and the `%` between two fortunes."""
    for path in sorted(FORTUNES.rglob("*")):
        if not path.is_file() or path.is_symlink() or path.suffix in {".dat", ".u8"}:
            continue
        for line in path.read_bytes().split(b"\n"):
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError:
                continue
            if text.strip() and text != "%" and b"\0" not in line and len(line) <= LONGEST:
                yield text


class Corpus(LoopbackTest):
    def check(self, url, lines):
        server = self.server(url)
        url = server.settings["DATABASE_URL"]
        sender, other = self.joined(server, "Sender"), self.joined(server, "Other")
        failure = []

        def listen():
            try:
                other.wait_position(len(lines), patience=800)
            except Exception as error:  # pylint: disable=broad-except # To the test's thread.
                failure.append(error)

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        for start in range(0, len(lines), WINDOW):
            part = range(start, min(start + WINDOW, len(lines)))
            sender.send_all({"type": "post", "room": "general", "id": f"f{n}", "text": lines[n]} for n in part)
            for n in part:
                self.assertEqual(sender.receipt(f"f{n}")["seq"], n + 1)
        listener.join(800)
        if failure:
            raise failure[0]
        late = self.client(server, None, token=other.token)
        log = late.join("general", after=0, epoch=other.logs["general"].epoch)
        self.assertEqual(log.mode, "paged")
        late.wait_position(len(lines), patience=800)
        stored = [row[3] for row in self.stored(url)]
        for what, texts in (("the database", stored), ("the other client", other.logs["general"].texts()),
                            ("the resumed client", log.texts())):
            if texts != lines:
                n = next((n for n, (a, b) in enumerate(zip(texts, lines)) if a != b), min(len(texts), len(lines)))
                self.fail(f"{what} has {len(texts)} lines of {len(lines)}; line {n + 1} is {texts[n:n + 1]}, "
                          f"not {lines[n:n + 1]}")

    def test_every_line_of_the_fortunes_on_postgresql(self):
        lines = list(corpus())
        self.assertGreaterEqual(len(lines), LEAST_LINES, f"install the fortunes packages: {FORTUNES} has too little")
        scripts = {"Cyrillic": "Ж", "Han": "人", "German": "ß", "ASCII": "the"}
        found = [name for name, sample in scripts.items() if any(sample in line for line in lines)]
        self.assertGreaterEqual(len(found), 3, f"install fortunes in more languages; found only {found}")
        self.check(self.postgres_url(), lines)
        print(f"{len(lines)} lines, {sum(len(line.encode()) for line in lines)} bytes, {', '.join(found)}", flush=True)

    def test_a_tenth_of_the_fortunes_on_sqlite(self):
        self.check(None, list(corpus())[::10])


if __name__ == "__main__":
    unittest.main()
