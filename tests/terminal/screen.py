"""A terminal for tests: callboard in a private tmux of a fixed size. Everything is waited for by its
effect on the screen, never by time."""

import os
import pathlib
import signal
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "loopback"))

from harness import LoopbackTest  # noqa: E402
from processes import plain_environment, program, wait_until  # noqa: E402


class Screen:
    """One run of callboard in a terminal. `shell` goes on when it ends, so that its traces are seen."""

    def __init__(self, folder, port, *arguments, columns=80, rows=24, settings=(), name="screen"):
        self.folder = folder
        self.home = folder / "home"
        self.home.mkdir(exist_ok=True)
        self.raw = folder / f"{name}.raw"
        environment = plain_environment({"HOME": str(self.home), "SERVER_URL": f"ws://127.0.0.1:{port}/", "TZ": "UTC",
                                         "COLORTERM": "", **dict(settings)})
        environment.setdefault("TERM", "tmux-256color")
        self.tmux_environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TMUX_TMPDIR": str(folder),
                                 "SHELL": "/bin/sh", "HOME": str(self.home)}
        self.name = name
        words = " ".join(quoted(word) for word in (program("CALLBOARD_CLIENT"), *arguments))
        assignments = " ".join(f"{key}={quoted(value)}" for key, value in environment.items())
        script = folder / f"{name}.sh"
        script.write_text(self.script(name, assignments, words))
        self.tmux("new-session", "-d", "-x", str(columns), "-y", str(rows), "-s", name, "-c", str(folder),
                  "sh", str(script))
        self.tmux("pipe-pane", "-t", name, f"cat >> {quoted(str(self.raw))}")

    @staticmethod
    def script(name, assignments, words):
        return (f"stty -a > {name}.before\n"
                f"env -i {assignments} sh -c 'echo $$ > {name}.pid; exec \"$@\"' - {words}\n"
                f"echo $? > {name}.code.new\n"
                f"stty -a > {name}.after\n"
                f"mv {name}.code.new {name}.code\n"
                "exec cat\n")

    def tmux(self, *arguments, text=None):
        run = subprocess.run(["tmux", "-L", self.name, "-f", "/dev/null", *arguments], env=self.tmux_environment,
                             input=text, capture_output=True, text=text is None or isinstance(text, str), check=False)
        if run.returncode != 0:
            raise AssertionError(f"tmux {arguments} says {run.stderr}")
        return run.stdout

    # -- what a person does -----------------------------------------------------------------------

    def type(self, text):
        self.tmux("send-keys", "-t", self.name, "-l", "--", text)

    def press(self, *keys):
        self.tmux("send-keys", "-t", self.name, *keys)

    def say(self, text):
        self.type(text)
        self.press("Enter")

    def paste(self, text):
        self.tmux("load-buffer", "-", text=text)
        self.tmux("paste-buffer", "-p", "-t", self.name)

    def resize(self, columns, rows):
        self.tmux("resize-window", "-t", self.name, "-x", str(columns), "-y", str(rows))

    # -- what a person sees -----------------------------------------------------------------------

    def text(self, colours=False):
        return self.tmux("capture-pane", "-p", *(["-e", "-N"] if colours else []), "-t", self.name)

    def lines(self):
        return self.text().split("\n")

    def shows(self, wanted, patience=30):
        """Waits for the string, or for a condition on the whole text."""
        condition = wanted if callable(wanted) else lambda text: wanted in text
        try:
            return wait_until(lambda: condition(text := self.text()) and text, wanted, patience)
        except AssertionError as error:
            raise AssertionError(f"{error}; the screen is:\n{self.text()}") from None

    def hides(self, unwanted):
        return self.shows(lambda text: unwanted not in text)

    def display(self, what):
        return self.tmux("display-message", "-p", "-t", self.name, what).strip()

    def caret(self):
        return tuple(int(part) for part in self.display("#{cursor_x} #{cursor_y}").split())

    def input_line(self):
        """The row of the caret, without the prompt."""
        return self.lines()[self.caret()[1]].split("> ", 1)[-1]

    def bytes(self):
        return self.raw.read_bytes() if self.raw.exists() else b""

    # -- its end ----------------------------------------------------------------------------------

    def pid(self):
        path = self.folder / f"{self.name}.pid"
        return int(wait_until(lambda: path.exists() and path.read_text().strip(), "the program's number"))

    def kill(self, number):
        os.kill(self.pid(), number)

    def code(self):
        """Waits for the end; the shell's exit code."""
        path = self.folder / f"{self.name}.code"
        wait_until(path.exists, "the program's end")
        return int(path.read_text())

    def modes(self, moment):
        return (self.folder / f"{self.name}.{moment}").read_text()

    def end(self):
        subprocess.run(["tmux", "-L", self.name, "kill-server"], env=self.tmux_environment, capture_output=True, check=False)


class Shell(Screen):
    """A shell with job control in a terminal, that runs the program when it is told `./program`."""

    @staticmethod
    def script(name, assignments, words):
        # A shell that does not touch the modes of the terminal itself: dash, on Debian and Ubuntu.
        return (f"printf '#!/bin/sh\nexec %s\n' {quoted(words)} > program\nchmod +x program\n"
                f"exec env -i {assignments} PS1='$ ' sh -i\n")


def quoted(word):
    return "'" + str(word).replace("'", "'\\''") + "'"


class ScreenTest(LoopbackTest):
    """Each test has its own server on SQLite, and screens."""

    def screen(self, server, *arguments, name="ada", session=None, **how):
        started = Screen(self.folder, server.port, *arguments, "--name", name, name=session or name, **how)
        self.resources.callback(started.end)
        return started

    def in_room(self, server, *rooms, **how):
        started = self.screen(server, *(rooms or ("general",)), **how)
        started.shows(lambda text: "online" in text)
        return started


SIGNALS = {name: getattr(signal, "SIG" + name) for name in ("TERM", "HUP", "INT", "ABRT", "SEGV")}
