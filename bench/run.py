#!/usr/bin/env python3
"""The benchmark: rounds of scenarios, interleaved; medians; a table; JSON. `./run bench --help`."""

import argparse
import datetime
import json
import os
import pathlib
import platform
import resource
import subprocess
import sys
import time

from demands import table
from plot import pictures
from scenarios import ALL, FEWER
from targets import ROOT, Machine

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def machine_facts():
    model = memory = "?"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
    for line in pathlib.Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemTotal"):
            memory = f"{int(line.split()[1]) / 2**20:.0f} GiB"
    system = "?"
    for line in pathlib.Path("/etc/os-release").read_text().splitlines():
        if line.startswith("PRETTY_NAME"):
            system = line.split("=", 1)[1].strip('"')
    return {"cores": len(os.sched_getaffinity(0)), "processor": model, "memory": memory, "system": system,
            "kernel": platform.release()}


def commit():
    def git(*words):
        done = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else ""
    changed = git("status", "--porcelain", "--untracked-files=no")
    return (git("rev-parse", "--short=10", "HEAD") or "unknown") + (" with changes" if changed else "")


def measure(machine, chosen, rounds, quick):
    runs = {}
    for number in range(rounds):
        for name in chosen:
            if number >= FEWER.get(name, rounds):
                continue
            began = time.monotonic()
            for who, result in ALL[name](machine, quick):
                runs.setdefault(name, {}).setdefault(who, []).append(result)
            print(f"bench: round {number + 1} of {rounds}: {name} ({time.monotonic() - began:.1f} s)",
                  file=sys.stderr, flush=True)
    return runs


def write_pictures(result, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, svg in pictures(result).items():
        (folder / name).write_text(svg, encoding="utf-8")


def publish(result):
    """Table, pictures and JSON into docs/."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    if not rest or not after:
        raise SystemExit(f"bench: {PAGE} has no lines {BEGIN} and {END}")
    shown = "\n".join(f"![{name.removesuffix('.svg')}](pictures/{name})" for name in pictures(result))
    PAGE.write_text(f"{before}{BEGIN}\n\n{table(result)}\n{shown}\n\n{END}{after}", encoding="utf-8")
    (PAGE.parent / "performance.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    write_pictures(result, PAGE.parent / "pictures")


def main():
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("scenario", nargs="*", help=f"any of: {' '.join(ALL)}; all without")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured (default 5)")
    parser.add_argument("--quick", action="store_true", help="small and short: shows that it works, measures nothing")
    parser.add_argument("--build", default=str(ROOT / "build/release"), help=argparse.SUPPRESS)
    parser.add_argument("--out", default=str(ROOT / "build/bench"), help="folder for bench.json, tables and pictures")
    parser.add_argument("--publish", action="store_true", help="also renew docs/performance.md and its pictures")
    parser.add_argument("--from", dest="source", metavar="JSON", help="measure nothing: take this run")
    options = parser.parse_args()
    unknown = [name for name in options.scenario if name not in ALL]
    if unknown or options.rounds < 1:
        parser.error(f"unknown scenario {unknown[0]!r}; known: {' '.join(ALL)}" if unknown else "at least one round")
    chosen = [name for name in ALL if not options.scenario or name in options.scenario]
    result = json.loads(pathlib.Path(options.source).read_text()) if options.source else run(options, chosen)
    out = pathlib.Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    (out / "bench.json").write_text(json.dumps(result, indent=1) + "\n")
    (out / "table.md").write_text(table(result), encoding="utf-8")
    write_pictures(result, out)
    if options.publish:
        publish(result)
    print(table(result) + f"\nJSON, this table and pictures: {out}")


def run(options, chosen):
    # Both ends of 10,000 connections are open files of one process.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    began = datetime.datetime.now(datetime.timezone.utc)
    with Machine(options.build) as machine:
        runs = measure(machine, chosen, 1 if options.quick else options.rounds, options.quick)
        durable = machine.durable
    return {
        "commit": commit(), "date": began.strftime("%Y-%m-%d %H:%M UTC"), "machine": machine_facts(),
        "postgres": durable, "command": " ".join(["./run bench", *sys.argv[1:]]), "quick": options.quick,
        "rounds": 1 if options.quick else options.rounds, "runs": runs,
    }


main()
