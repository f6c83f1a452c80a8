#!/usr/bin/env python3
"""Checks what no compiler sees: sizes and first lines of files, links and flags in documents.

  texts.py sizes ROOT
  texts.py documents ROOT callboard-server=PATH callboard=PATH
"""

import os
import pathlib
import re
import subprocess
import sys

SOURCE = {".hpp", ".cpp", ".py", ".sh", ".cmake", ".sql", ".js", ".mjs", ".css", ".html", ".md"}
UNBOUNDED = {"CHANGELOG.md"}  # It grows with every release and is read from its top.
SOURCE_LINES_MAX = 400
README_LINES_MAX = 150


def files(root):
    for folder, names, found in os.walk(root):
        names[:] = [n for n in names if n not in {"build", ".git", "__pycache__"}]
        yield from (pathlib.Path(folder) / name for name in found)


def first_line(text):
    lines = text.split("\n")
    return lines[1] if lines[0].startswith("#!") and len(lines) > 1 else lines[0]


def sizes(root):
    for path in files(root):
        name = path.relative_to(root)
        if path.suffix not in SOURCE and str(name) not in {"run", "test"}:
            continue
        text = path.read_text(encoding="utf-8")
        lines = text.count("\n")
        if lines > SOURCE_LINES_MAX and str(name) not in UNBOUNDED:
            yield f"{name}: {lines} lines; {SOURCE_LINES_MAX} are the limit"
        opening = {".hpp": "//", ".cpp": "//", ".sql": "--", ".sh": "#", ".py": '"""'}.get(path.suffix)
        if opening and not first_line(text).startswith(opening):
            yield f"{name}: does not open with a comment that says what it is"
    readme = (root / "README.md").read_text(encoding="utf-8").count("\n")
    if readme > README_LINES_MAX:
        yield f"README.md: {readme} lines; {README_LINES_MAX} are the limit"


def anchors(text):
    """What headings are called in links: lower case, spaces to dashes, punctuation dropped."""
    without_code = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    for heading in re.findall(r"^#+ +(.*?) *$", without_code, flags=re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def broken_links(root, path, text):
    without_code = re.sub(r"^```.*?^```|`[^`\n]*`", "", text, flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code):
        if re.match(r"[a-z]+:", target):
            continue
        where, _, anchor = target.partition("#")
        goal = path.parent / where if where else path
        if not goal.exists():
            yield f"{path.relative_to(root)}: no such file: {target}"
        elif anchor and anchor not in anchors(goal.read_text(encoding="utf-8")):
            yield f"{path.relative_to(root)}: no such heading: {target}"


def mentioned_flags(text):
    """(program, flag) of each line of code that calls one of our programs."""
    code = re.findall(r"^```.*?^```|`[^`\n]+`", text, flags=re.MULTILINE | re.DOTALL)
    for line in "\n".join(code).split("\n"):
        line = line.strip("` ")
        if re.search(r"\./run client\b|\bcallboard (?!server)", line):
            program = "callboard"
        elif re.search(r"\./run( server\b|$| -)|\bcallboard-server\b", line):
            program = "callboard-server"
        else:
            continue
        yield from ((program, flag) for flag in re.findall(r"(?<![\w-])--[a-z][a-z-]*", line))


def documents(root, programs):
    known = {}
    for name, path in programs.items():
        help_text = subprocess.run([path, "--help"], check=True, capture_output=True, text=True).stdout
        known[name] = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", help_text))
    for path in files(root):
        if path.suffix != ".md":
            continue
        text = path.read_text(encoding="utf-8")
        yield from broken_links(root, path, text)
        for program, flag in mentioned_flags(text):
            if flag not in known.get(program, ()):
                yield f"{path.relative_to(root)}: {program} --help does not know {flag}"


def main():
    kind, root = sys.argv[1], pathlib.Path(sys.argv[2])
    programs = dict(argument.split("=", 1) for argument in sys.argv[3:])
    found = list(sizes(root) if kind == "sizes" else documents(root, programs))
    print("\n".join(sorted(found)) or f"{kind}: nothing to complain about")
    sys.exit(1 if found else 0)


main()
