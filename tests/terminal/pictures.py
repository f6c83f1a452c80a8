#!/usr/bin/env python3
"""Makes the pictures of the terminal client: plays a scene on a real server, captures the terminal and
writes it as SVG, with real text in it.

  CALLBOARD_SERVER=… CALLBOARD_CLIENT=… tests/terminal/pictures.py docs/pictures
"""

import html
import pathlib
import re
import sys

from screen import ScreenTest

CELL = (8.4, 18)
COLOURS = {1: "#f2777a", 2: "#8fcf7f", 3: "#ffcc66"}
PLAIN, BACK = "#d8dee9", "#1c2128"


def colour_of(number):
    """xterm's 256 colours."""
    if number in COLOURS:
        return COLOURS[number]
    if number >= 232:
        return "#" + f"{8 + (number - 232) * 10:02x}" * 3
    if number >= 16:
        levels = (0, 95, 135, 175, 215, 255)
        number -= 16
        return "#" + "".join(f"{levels[part]:02x}" for part in (number // 36, number // 6 % 6, number % 6))
    return PLAIN


def spans(line):
    """(text, colour, bold, reverse) of a line of `capture-pane -e`."""
    colour, bold, reverse = PLAIN, False, False
    for codes, text in re.findall(r"(?:\x1b\[([0-9;]*)m)?([^\x1b]*)", line.replace("\x0f", "")):
        numbers = [int(code or 0) for code in codes.split(";")] if codes is not None else []
        while numbers:
            code = numbers.pop(0)
            if code == 0:
                colour, bold, reverse = PLAIN, False, False
            elif code == 1:
                bold = True
            elif code == 7:
                reverse = True
            elif code == 38 and len(numbers) >= 2:
                colour, numbers = colour_of(numbers[1]), numbers[2:]
            elif code == 39:
                colour = PLAIN
            elif 30 <= code <= 37:
                colour = colour_of(code - 30)
        if text:
            yield text, colour, bold, reverse


def width(text):
    return sum(2 if 0x1100 <= ord(c) <= 0x115F or 0x2E80 <= ord(c) <= 0xFFDC or ord(c) >= 0x1F300 else 1 for c in text)


def svg(lines, columns, caret, label):
    wide, tall = columns * CELL[0] + 24, len(lines) * CELL[1] + 24
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {tall:.0f}" role="img" '
           f'aria-label="{html.escape(label)}" font-family="ui-monospace, DejaVu Sans Mono, Menlo, Consolas, monospace" '
           f'font-size="14">', f"<title>{html.escape(label)}</title>",
           f'<rect width="100%" height="100%" rx="8" fill="{BACK}"/>']
    for number, line in enumerate(lines):
        top, column = 12 + number * CELL[1], 0
        for text, colour, bold, reverse in spans(line):
            count, left = width(text), 12 + column * CELL[0]
            if reverse:
                out.append(f'<rect x="{left:.1f}" y="{top:.1f}" width="{count * CELL[0]:.1f}" height="{CELL[1]}" fill="{colour}"/>')
            if text.strip():
                out.append(f'<text x="{left:.1f}" y="{top + 13.5:.1f}" xml:space="preserve" textLength="{count * CELL[0]:.1f}" '
                           f'lengthAdjust="spacing" fill="{BACK if reverse else colour}"'
                           f'{" font-weight=" + chr(34) + "bold" + chr(34) if bold else ""}>{html.escape(text)}</text>')
            column += count
    out.append(f'<rect x="{12 + caret[0] * CELL[0]:.1f}" y="{12 + caret[1] * CELL[1]:.1f}" width="{CELL[0]}" height="{CELL[1]}" '
               f'fill="{PLAIN}" fill-opacity="0.6"/>')
    return "\n".join(out + ["</svg>", ""])


class Pictures(ScreenTest):
    """Not a test: `runTest` plays the scenes."""

    folder_for_pictures = None

    def keep(self, screen, name, label, columns):
        lines = screen.text(colours=True).rstrip("\n").split("\n")
        (self.folder_for_pictures / f"{name}.svg").write_text(svg(lines, columns, screen.caret(), label), encoding="utf-8")
        print(f"{name}.svg")

    def runTest(self):
        server = self.server()
        people = {name: self.joined(server, name) for name in ("grace", "linus", "ken", "barbara")}
        for room in ("tea", "releases"):
            people["ken"].join(room)
        ada = self.screen(server, "general", "tea", "releases", name="ada", columns=92, rows=22)
        ada.shows("online")
        people["grace"].say("good morning, everybody ☕")
        people["linus"].say("morning! the nightly build is green again")
        people["ken"].say("it was the clock of the build machine: it lived in 2025")
        ada.say("nice find. shall we tag it then?")
        ada.shows("tag it then? ✓")
        people["barbara"].say("wait for 你好.txt please: the test with wide names 😀 still runs on the slow machine, and it "
                              "takes another ten minutes or so")
        people["ken"].say("release notes are in the room releases", "releases")
        people["ken"].say("ada: can you read them once?", "releases")
        people["ken"].say("kettle is on", "tea")
        ada.shows("3 unread")
        ada.tmux("send-keys", "-t", "ada", "-H", "1b", "5b", "4f")
        people["linus"].say("all green now")
        people["grace"].say("ada: go ahead")
        ada.shows("go ahead")
        ada.type("tagging it no")
        ada.shows("> tagging it no")
        self.keep(ada, "terminal", "The terminal client: three rooms, an unread line, a mention", 92)
        ada.press("C-u")
        server.stop()
        ada.shows("reconnecting")
        ada.say("this waits until the server is back")
        ada.shows("is back …")
        self.keep(ada, "terminal-offline", "The terminal client while the server is away: a message waits, the next try is counted down", 92)


def main():
    Pictures.folder_for_pictures = pathlib.Path(sys.argv[1]).resolve()
    Pictures.folder_for_pictures.mkdir(parents=True, exist_ok=True)
    result = Pictures().run()
    for _, trace in result.errors + result.failures:
        print(trace, file=sys.stderr)
    sys.exit(0 if result.wasSuccessful() else 1)


main()
