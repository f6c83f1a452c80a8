#!/usr/bin/env python3
"""Runs clang-tidy over every source file of ours, on all cores, and only where something changed.

A file that was clean is not looked at again until its text, a header of ours that it includes, its
compiler flags, the rules or clang-tidy itself change. Prints findings only; exit 1 when there are any.

CAF's test language makes a test cost three times what other files do: tests/ gets the checks of QUICK. The
analyzer walks through paths only in a file that is looked at alone, not in one of a group, where it would take
four times what all other checks do. CALLBOARD_TIDY=all looks at each file alone, with all checks.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

# GCC's precompiled headers, which clang cannot read (each of our files names the headers that it needs), and
# -Werror: what clang alone warns of is no rule of ours.
NOT_FOR_CLANG = re.compile(r"-Winvalid-pch|-include \S+/cmake_pch\.hxx|-Werror(?!\S)")
# The target of what CMake compiles with others.
TARGET = re.compile(r"(?<= -o )\S+/CMakeFiles/[^/]+\.dir/Unity/")
# What differs between two files of one target: their names.
OWN_FLAGS = re.compile(r"-(?:o|c|MT|MF) \S+|-MD")
# What costs is the headers, most of all CAF's: files are looked at together, as one that includes them.
BATCH = 24
INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
FOLDERS = {"domain", "runtime", "wire", "storage", "actors", "net", "server", "client", "bench", "tests"}
# What a test can get wrong without its being seen: values used after their move or their end, results and
# conditions that are not looked at, copies for nothing. Each further check walks through all of CAF once more.
QUICK = "-*," + ",".join([
    "bugprone-branch-clone", "bugprone-copy-constructor-init", "bugprone-dangling-handle", "bugprone-exception-escape",
    "bugprone-inaccurate-erase", "bugprone-infinite-loop", "bugprone-integer-division", "bugprone-macro-parentheses",
    "bugprone-move-forwarding-reference", "bugprone-narrowing-conversions", "bugprone-string-constructor",
    "bugprone-undefined-memory-manipulation", "bugprone-unused-raii", "bugprone-unused-return-value",
    "bugprone-use-after-move", "misc-redundant-expression", "misc-throw-by-value-catch-by-reference",
    "misc-unused-parameters", "performance-for-range-copy", "performance-move-const-arg",
    "performance-noexcept-move-constructor", "performance-unnecessary-copy-initialization"])


def closure(path, root, seen):
    """`path` and every header of ours that it includes, in a stable order."""
    if path in seen or not path.is_file():
        return
    seen[path] = path.read_bytes()
    for name in INCLUDE.findall(seen[path]):
        closure(root / name.decode(), root, seen)


def sources_of(entry):
    """What a command compiles: one source, or those that a unit of CMake's (UNITY_BUILD) includes."""
    unit = pathlib.Path(entry["file"])
    if unit.parent.name != "Unity":
        return [entry]
    paths = [name.decode() for name in INCLUDE.findall(unit.read_bytes())]
    return [{**entry, "file": path, "command": entry["command"].replace(str(unit), path)} for path in paths]


def flags_of(entry):
    return OWN_FLAGS.sub("", entry["command"])


def checks_of(path):
    """Those that are not the rules'."""
    is_quick = path.parts[0] == "tests" and os.environ.get("CALLBOARD_TIDY") != "all"
    return [f"--checks={QUICK}"] if is_quick else []


def key_of(entry, root, rules, version, checks):
    seen = {}
    closure(pathlib.Path(entry["file"]), root, seen)
    digest = hashlib.sha256(rules + version + flags_of(entry).encode() + " ".join(checks).encode())
    for path, text in seen.items():
        digest.update(str(path.relative_to(root)).encode() + b"\0" + text)
    return digest.hexdigest()


def batches_of(entries, root, todo):
    """The files to be looked at, in groups of one target, the costly groups first; what CMake compiles alone is
    looked at alone."""
    size = 1 if os.environ.get("CALLBOARD_TIDY") == "all" else BATCH
    targets, known = {}, set()
    for entry in entries:
        if entry["file"] in todo and entry["file"] not in known:
            known.add(entry["file"])
            target = TARGET.search(entry["command"])
            targets.setdefault(target[0] if target else entry["file"], []).append(entry)
    batches = [group[at:at + size] for group in targets.values() for at in range(0, len(group), size)]

    def weight(batch):
        return len(batch) * (1 if checks_of(pathlib.Path(batch[0]["file"]).relative_to(root)) else 3)

    return sorted(batches, key=weight, reverse=True)


def check_batch(tidy, root, commands, batch):
    """Pairs of a file and clang-tidy's result. A batch with findings is halved until each stands alone, so that
    equal names in two files are none."""
    paths = [entry["file"] for entry in batch]
    options = checks_of(pathlib.Path(paths[0]).relative_to(root))
    if len(batch) == 1:
        return [(paths[0], check(tidy, commands, paths[0], options))]
    folder = commands / hashlib.sha256("".join(paths).encode()).hexdigest()[:16]
    folder.mkdir(exist_ok=True)
    unit = folder / "batch.cpp"
    unit.write_text("".join(f'#undef CAF_SUITE\n#include "{path}" // NOLINT\n' for path in paths))
    (folder / "compile_commands.json").write_text(json.dumps(
        [{**batch[0], "command": batch[0]["command"].replace(paths[0], str(unit)), "file": str(unit)}]))
    result = check(tidy, folder, unit, [f"--config-file={root}/.clang-tidy", f"--header-filter=^{root}/", *options])
    if result.returncode == 0:
        return [(path, result) for path in paths]
    middle = len(batch) // 2
    return [one for half in (batch[:middle], batch[middle:]) for one in check_batch(tidy, root, commands, half)]


def check(tidy, commands, path, options):
    # Flags that only GCC knows are no finding.
    command = [tidy, "--quiet", "-p", str(commands), "--extra-arg=-Wno-unknown-warning-option", *options, str(path)]
    return subprocess.run(command, capture_output=True, text=True, errors="replace")


def main():
    tidy, root, build = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    rules = (root / ".clang-tidy").read_bytes() + (root / "tests/.clang-tidy").read_bytes()
    version = subprocess.run([tidy, "--version"], check=True, capture_output=True).stdout
    stamps = build / "tidy"
    stamps.mkdir(exist_ok=True)

    entries = [source for entry in json.loads((build / "compile_commands.json").read_text())
               for source in sources_of(entry)]
    for entry in entries:
        entry["command"] = NOT_FOR_CLANG.sub("", entry["command"])
    commands = build / "tidy-commands"
    commands.mkdir(exist_ok=True)
    (commands / "compile_commands.json").write_text(json.dumps(entries))

    todo, current = {}, set()
    for entry in entries:
        path = pathlib.Path(entry["file"])
        if not path.is_relative_to(root) or path.relative_to(root).parts[0] not in FOLDERS:
            continue
        key = key_of(entry, root, rules, version, checks_of(path.relative_to(root)))
        current.add(key)
        if not (stamps / key).exists():
            todo[str(path)] = stamps / key
    if not current:
        sys.exit(f"error: {build}/compile_commands.json names no source file of ours")
    for stamp in stamps.iterdir():
        if stamp.name not in current:
            stamp.unlink()

    # Only what time is left over is ours: beside us run tests that wait for each other.
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))

    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        batches = pool.map(lambda batch: check_batch(tidy, root, commands, batch), batches_of(entries, root, todo))
        for path, result in (one for batch in batches for one in batch):
            if result.returncode == 0:
                todo[path].touch()
                continue
            failed += 1
            print(f"{path}:\n{result.stdout}{result.stderr}", flush=True)
    print(f"{len(todo)} files checked, {failed} with findings, {len(current) - len(todo)} unchanged")
    sys.exit(1 if failed else 0)


main()
