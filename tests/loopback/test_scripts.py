"""`callboard` for scripts and for plain terminals: help, man page and completion without a server, export, times,
lines without a single control sequence, and the exit codes that the other tests do not meet."""

import json
import os
import pty
import shutil
import subprocess
import unittest

from cli import Program
from harness import LoopbackTest
from processes import plain_environment, program, wait_until

SHELL_CHECKS = {"bash": ["bash", "-n"], "zsh": ["zsh", "-n"], "fish": ["fish", "--no-execute"]}


def answer(*arguments):
    run = subprocess.run([program("CALLBOARD_CLIENT"), *arguments], env=plain_environment({"HOME": "/nonexistent"}),
                         stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=60)
    return run.stdout.decode()


class Texts(LoopbackTest):
    def test_a_directory_of_another_program_does_not_matter(self):
        (self.folder / ".env").write_text('KEY="-----BEGIN\nPRIVATE KEY-----"\nURL=https://${HOST}/\nmy.key=1\n')
        run = subprocess.run([program("CALLBOARD_CLIENT"), "rooms", "--timeout=5"], cwd=self.folder, timeout=60,
                             env=plain_environment({"SERVER_URL": "ws://127.0.0.1:1/", "CALLBOARD_NAME": "ada"}),
                             stdin=subprocess.DEVNULL, capture_output=True)
        self.assertEqual(run.returncode, 69, run.stderr)
        self.assertNotIn(b".env", run.stderr)

    def test_completion_is_good_syntax(self):
        checked = 0
        for shell, check in SHELL_CHECKS.items():
            script = self.folder / f"callboard.{shell}"
            script.write_text(answer("completion", shell))
            if not shutil.which(shell):
                print(f"{shell} is not installed: its completion is not checked", flush=True)
                continue
            subprocess.run([*check, str(script)], check=True, timeout=60)
            checked += 1
        self.assertGreater(checked, 0)

    def complete(self, *words, rooms=""):
        """What bash offers for the last word; `rooms` is what `callboard rooms` prints."""
        fake = self.folder / "bin"
        fake.mkdir(exist_ok=True)
        (fake / "callboard").write_text(f"#!/bin/sh\ncat '{self.folder}/rooms'\n")
        (fake / "callboard").chmod(0o755)
        (self.folder / "rooms").write_text(rooms)
        (self.folder / "callboard.bash").write_text(answer("completion", "bash"))
        script = f"source '{self.folder}/callboard.bash'; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _callboard; " \
                 "((${#COMPREPLY[@]} == 0)) || printf '%s\\n' \"${COMPREPLY[@]}\""
        environment = plain_environment()
        environment["PATH"] = f"{fake}:{environment['PATH']}"
        run = subprocess.run(["bash", "-c", script, "bash", *words], env=environment, capture_output=True, check=True,
                             timeout=60, cwd=self.folder)
        self.assertEqual(run.stderr, b"")
        return run.stdout.decode().splitlines()

    def test_bash_completes_commands_options_values_and_rooms(self):
        self.assertEqual(self.complete("callboard", "ta"), ["tail"])
        self.assertIn("--follow", self.complete("callboard", "tail", "--"))
        self.assertNotIn("--follow", self.complete("callboard", "send", "--"))
        self.assertEqual(self.complete("callboard", "tail", "--color", "a"), ["auto", "always"])
        rooms = "general\t3\t1\ngarden party\t0\t0\nother\t1\t1\n"
        self.assertEqual(self.complete("callboard", "who", "g", rooms=rooms), ["general", "garden\\ party"])

    def test_a_hostile_name_of_a_room_is_not_run_by_the_shell(self):
        self.assertEqual(self.complete("callboard", "who", "", rooms="$(touch owned)`touch owned`\t0\t0\n"),
                         ["\\$\\(touch\\ owned\\)\\`touch\\ owned\\`"])
        self.assertFalse((self.folder / "owned").exists())

    ROOMS = "general\t3\t1\ngarden party\t0\t0\nother\t1\t1\n$(touch owned)\t0\t0\n"

    def run_shell(self, shell, script, *words):
        """What the script prints in a shell that knows our completion, and a `callboard` that lists ROOMS."""
        self.complete("callboard", "", rooms=self.ROOMS)
        (self.folder / f"callboard.{shell}").write_text(answer("completion", shell))
        environment = plain_environment({"HOME": str(self.folder)})
        environment["PATH"] = f"{self.folder / 'bin'}:{environment['PATH']}"
        run = subprocess.run([shell, *words, "-c", script], env=environment, capture_output=True, check=True, timeout=60,
                             cwd=self.folder)
        self.assertEqual(run.stderr, b"")
        self.assertFalse((self.folder / "owned").exists())
        return [line.split("\t")[0] for line in run.stdout.decode().splitlines()]

    @unittest.skipUnless(shutil.which("fish"), "fish is not installed")
    def test_fish_completes_commands_options_values_and_rooms(self):
        def offered(line):
            return self.run_shell("fish", f"source callboard.fish; complete -C '{line}'", "--no-config")

        self.assertEqual(offered("callboard ta"), ["tail"])
        self.assertIn("--follow", offered("callboard tail --"))
        self.assertNotIn("--follow", offered("callboard send --"))
        self.assertEqual(set(offered("callboard tail --color a")), {"auto", "always"})
        self.assertEqual(set(offered("callboard who g")), {"general", "garden party"})
        self.assertIn("$(touch owned)", offered("callboard who "))

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
    def test_zsh_completes_commands_options_values_and_rooms(self):
        stub = ("compdef() { }; compadd() { if [[ $1 == -a ]]; then print -rl -- ${(P)2}; else shift; print -rl -- $@; fi }; "
                "source ./callboard.zsh; ")

        def offered(*words):
            quoted = " ".join(f"'{word}'" for word in words)
            return self.run_shell("zsh", f"{stub} words=({quoted}); CURRENT=${{#words}}; _callboard", "-f")

        self.assertIn("tail", offered("callboard", "ta"))
        self.assertIn("--follow", offered("callboard", "tail", "--"))
        self.assertNotIn("--follow", offered("callboard", "send", "--"))
        self.assertEqual(offered("callboard", "tail", "--color", "a"), ["auto", "always", "never"])
        self.assertEqual(offered("callboard", "who", ""), ["general", "garden party", "other", "$(touch owned)"])

    def test_the_man_page_is_good_roff(self):
        page = answer("manual")
        self.assertTrue(page.startswith(".TH CALLBOARD 1"))
        if not shutil.which("groff"):
            print("groff is not installed: the man page is not checked", flush=True)
            return
        run = subprocess.run(["groff", "-man", "-Tutf8", "-ww"], input=page.encode(), capture_output=True, check=True, timeout=60)
        self.assertEqual(run.stderr, b"")
        self.assertIn("callboard export", run.stdout.decode())


class Commands(LoopbackTest):
    def run_to_end(self, server, *arguments, **how):
        started = Program(self.folder / "home", server.port, *arguments, **how)
        self.resources.callback(started.end)
        started.end_input()
        return started.wait_end(), started.output.decode(), started.stderr()

    def test_export_and_since_a_time(self):
        server = self.server()
        ada = self.joined(server, "Ada")
        for number in range(40):
            ada.say(f"line {number}")
        code, out, _ = self.run_to_end(server, "export", "general", "--name", "bob")
        entries = [json.loads(line) for line in out.splitlines()]
        self.assertEqual((code, [entry["seq"] for entry in entries]), (0, list(range(1, 41))))
        for wanted in (entries[0], entries[17], entries[39]):
            _, out, _ = self.run_to_end(server, "tail", "general", "--json", "--since", wanted["at"], "--name", "bob")
            first = next(entry["seq"] for entry in entries if entry["at"] >= wanted["at"])
            self.assertEqual([json.loads(line)["seq"] for line in out.splitlines()], list(range(first, 41)))
        _, out, _ = self.run_to_end(server, "tail", "general", "--json", "--since", "2999-01-01", "--name", "bob")
        self.assertEqual(out, "")
        _, out, _ = self.run_to_end(server, "tail", "general", "--json", "--since", "1h", "--name", "bob")
        self.assertEqual(len(out.splitlines()), 40)
        self.assertEqual(self.run_to_end(server, "export", "nowhere", "--name", "bob")[0], 66)

    def test_a_full_disk_behind_stdout_is_74(self):
        server = self.server()
        self.joined(server, "Ada").say("there")
        with open("/dev/full", "wb") as full:
            code, _, err = self.run_to_end(server, "tail", "general", "--name", "bob", stdout=full)
        self.assertEqual(code, 74)
        self.assertIn("cannot write to stdout", err)

    def at_a_terminal(self, server, *arguments, settings=()):
        """The process and our side of its terminal."""
        near, far = pty.openpty()
        environment = plain_environment({"HOME": str(self.folder / "home"), "SERVER_URL": f"ws://127.0.0.1:{server.port}/", **dict(settings)})
        process = subprocess.Popen([program("CALLBOARD_CLIENT"), *arguments], env=environment, stdin=far, stdout=far,
                                   stderr=far, start_new_session=True)
        os.close(far)
        self.resources.callback(os.close, near)
        self.resources.callback(process.wait)
        self.resources.callback(process.kill)
        return process, near

    def read_until(self, near, part, seen=b""):
        while part not in seen:
            seen += os.read(near, 65536)
        return seen

    def test_send_without_a_text_at_a_terminal_is_64(self):
        server = self.server()
        process, near = self.at_a_terminal(server, "send", "general", "--name", "ada")
        self.assertIn(b"nothing to send", self.read_until(near, b"pipe"))
        self.assertEqual(process.wait(60), 64)

    def test_plain_lines_move_no_cursor_and_show_each_message_once(self):
        server = self.server()
        bob = self.joined(server, "Bob")
        bob.say("from bob")
        for number, (arguments, settings) in enumerate(((["--plain"], {"TERM": "xterm-256color"}), ([], {"TERM": "dumb"}),
                                    ([], {"TERM": "xterm-256color", "ACCESSIBLE": "1"}))):
            answer = f"answer {number}"
            process, near = self.at_a_terminal(server, "general", "--name", "ada", *arguments, settings=settings)
            seen = self.read_until(near, b"so far")
            before = len(self.stored(server.settings["DATABASE_URL"]))
            os.write(near, b"typed here\n")
            wait_until(lambda: len(self.stored(server.settings["DATABASE_URL"])) == before + 1, "the line")
            bob.say(answer)
            seen = self.read_until(near, answer.encode(), seen)
            os.write(near, b"/quit\n")
            self.assertEqual(process.wait(60), 0)
            self.assertNotIn(b"\x1b", seen)
            self.assertEqual(seen.count(answer.encode()), 1)
            self.assertEqual(seen.count(b"Bob: from bob"), 1)

    def test_colours_only_where_they_are_wanted(self):
        server = self.server()
        self.joined(server, "Ada").say("hello")
        tail = ["tail", "general", "--name", "bob"]
        self.assertNotIn("\x1b", self.run_to_end(server, *tail)[1])
        self.assertRegex(self.run_to_end(server, *tail, "--color=always")[1], "\x1b\\[3[1-6]mAda\x1b\\[0m: hello")
        process, near = self.at_a_terminal(server, *tail, settings={"TERM": "xterm"})
        self.assertIn(b"\x1b[", self.read_until(near, b"hello"))
        self.assertEqual(process.wait(60), 0)
        process, near = self.at_a_terminal(server, *tail, settings={"TERM": "xterm", "NO_COLOR": "1"})
        self.assertNotIn(b"\x1b", self.read_until(near, b"hello"))
        self.assertEqual(process.wait(60), 0)


if __name__ == "__main__":
    unittest.main()
