"""Pictures from the JSON of a run, as SVG text: the same JSON gives the same bytes. Readable on light
and dark pages; each names commit and machine."""

import math
import statistics

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 78, 20, 44, 84
COLOURS = ("a", "b", "c", "d")
STYLE = """
.page{fill:#fff}.text{fill:#24292f;font:13px sans-serif}.title{font:bold 15px sans-serif}.small{font-size:11px}
.grid{stroke:#d0d7de}.line{fill:none;stroke-width:2}.dash{stroke-dasharray:6 4}
.a{stroke:#0969da}.b{stroke:#bc4c00}.c{stroke:#1a7f37}.d{stroke:#8250df}
.dot-a{fill:#0969da}.dot-b{fill:#bc4c00}.dot-c{fill:#1a7f37}.dot-d{fill:#8250df}
@media(prefers-color-scheme:dark){.page{fill:#0d1117}.text{fill:#e6edf3}.grid{stroke:#30363d}
.a{stroke:#58a6ff}.b{stroke:#f0883e}.c{stroke:#3fb950}.d{stroke:#bc8cff}
.dot-a{fill:#58a6ff}.dot-b{fill:#f0883e}.dot-c{fill:#3fb950}.dot-d{fill:#bc8cff}}
"""


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def short(value):
    """1,500,000 -> 1.5M; 0.25 -> 0.25"""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"


class Axis:
    """Maps values to pixels, linear from 0 or logarithmic, with its marks."""

    def __init__(self, values, low_pixel, high_pixel, log=False, marks=None):
        self.log, self.pixels = log, (low_pixel, high_pixel)
        if log:
            if marks:  # an axis of the values that were measured
                self.low, self.high = min(marks), max(marks) if len(marks) > 1 else 10 * min(marks)
            else:
                self.low = 10 ** math.floor(math.log10(min(values)))
                self.high = 10 ** math.ceil(math.log10(max(values) * 1.0001))
            steps = round(math.log10(self.high / self.low))
            self.marks = marks or [self.low * 10 ** i for i in range(steps + 1)]
        else:
            self.low = 0
            step = 10 ** math.floor(math.log10(max(values)))
            step = next(step * part for part in (0.2, 0.5, 1, 2) if max(values) / (step * part) <= 6)
            self.high = step * math.ceil(max(values) / step)
            self.marks = marks or [step * i for i in range(round(self.high / step) + 1)]

    def at(self, value):
        if self.log:
            share = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return self.pixels[0] + share * (self.pixels[1] - self.pixels[0])


def chart(title, x_label, y_label, series, footer, log_x=False, log_y=False, names=None):
    """`series`: [(name, colour, dashed, [(x, y)…])]. `names`: {x: text} instead of numbers."""
    points = [point for _, _, _, line in series for point in line]
    xs = sorted({x for x, _ in points})
    x_axis = Axis(xs, LEFT, WIDTH - RIGHT, log_x, marks=xs)
    y_axis = Axis([y for _, y in points], HEIGHT - BOTTOM, TOP, log_y)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
           f'aria-label="{escape(title)}">', f"<style>{STYLE}</style>",
           f'<rect class="page" width="{WIDTH}" height="{HEIGHT}"/>',
           f'<text class="text title" x="{LEFT}" y="24">{escape(title)}</text>']
    for mark in y_axis.marks:
        y = y_axis.at(mark)
        out.append(f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"/>')
        out.append(f'<text class="text small" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{short(mark)}</text>')
    for mark in xs:
        text = (names or {}).get(mark, short(mark))
        out.append(f'<text class="text small" x="{x_axis.at(mark):.1f}" y="{HEIGHT - BOTTOM + 16}" '
                   f'text-anchor="middle">{text}</text>')
    out.append(f'<text class="text small" x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - BOTTOM + 34}" '
               f'text-anchor="middle">{escape(x_label)}</text>')
    out.append(f'<text class="text small" x="14" y="{(TOP + HEIGHT - BOTTOM) / 2:.0f}" text-anchor="middle" '
               f'transform="rotate(-90 14 {(TOP + HEIGHT - BOTTOM) / 2:.0f})">{escape(y_label)}</text>')
    for number, (name, colour, dashed, line) in enumerate(series):
        path = " ".join(f"{x_axis.at(x):.1f},{y_axis.at(y):.1f}" for x, y in line)
        dash = " dash" if dashed else ""
        out.append(f'<polyline class="line {colour}{dash}" points="{path}"/>')
        out += [f'<circle class="dot-{colour}" cx="{x_axis.at(x):.1f}" cy="{y_axis.at(y):.1f}" r="3"/>' for x, y in line]
        x = LEFT + number * (WIDTH - LEFT - RIGHT) / len(series)
        out.append(f'<line class="line {colour}{dash}" x1="{x:.0f}" y1="{HEIGHT - 32}" x2="{x + 22:.0f}" y2="{HEIGHT - 32}"/>')
        out.append(f'<text class="text small" x="{x + 27:.0f}" y="{HEIGHT - 28}">{escape(name)}</text>')
    out.append(f'<text class="text small" x="{LEFT}" y="{HEIGHT - 8}">{escape(footer)}</text></svg>')
    return "\n".join(out) + "\n"


def middle(results, key):
    return statistics.median(result[key] for result in results)


def offered_load(runs):
    lines = {}
    for who, results in runs["offered-load"].items():
        name, _, rate = who.partition("@")
        for key in ("p50", "p99"):
            lines.setdefault((name, key), []).append((int(rate), middle(results, f"latency_{key}_ms")))
    return [(f"{name.replace('-postgres', '')} {key}", "a" if name.startswith("callboard") else "b", key == "p99",
             sorted(line)) for (name, key), line in sorted(lines.items())]


def percentiles(runs):
    keys = ("p50", "p90", "p99", "p999", "max")
    return [(who.replace("-postgres", ", stored in PostgreSQL"), colour, False,
             [(i + 1, middle(results, f"latency_{key}_ms")) for i, key in enumerate(keys)])
            for (who, results), colour in zip(sorted(runs["latency"].items()), COLOURS)]


def room_size(runs):
    lines = {}
    for who, results in runs["fan-out"].items():
        name, _, members = who.partition("@")
        lines.setdefault(name, []).append((int(members), middle(results, "deliveries_per_s")))
    names = {"callboard-postgres": "callboard, stored in PostgreSQL", "reference": "epoll reference, not stored"}
    return [(names[name], colour, False, sorted(line)) for (name, line), colour in zip(sorted(lines.items()), COLOURS)]


def memory(runs):
    results = runs["idle"]["callboard-sqlite"]
    counts = sorted(int(key[8:]) for key in results[0] if key.startswith("pss_kib_") and key[8:].isdigit())
    return [("after hello", "a", False, [(n, middle(results, f"pss_kib_{n}") / 1024) for n in counts]),
            ("after join", "b", False, [(results[0]["members"], middle(results, "pss_kib_joined") / 1024)])]


PICTURES = {
    "latency-over-load": ("offered-load", offered_load, dict(
        title="Latency over offered load: 100 members, 10 of them post", x_label="posts a second, offered",
        y_label="send → receive, ms", log_x=True, log_y=True)),
    "latency-percentiles": ("latency", percentiles, dict(
        title="Latency at 100 posts a second: 10 members, 1 of them posts", x_label="percentile",
        y_label="send → receive, ms", names={1: "50", 2: "90", 3: "99", 4: "99.9", 5: "100"})),
    "deliveries-over-room-size": ("fan-out", room_size, dict(
        title="Deliveries over room size: 10 senders, window 1", x_label="members",
        y_label="deliveries a second", log_x=True)),
    "memory-over-connections": ("idle", memory, dict(
        title="Memory over idle connections", x_label="connections", y_label="server's PSS, MiB")),
}


def pictures(result):
    """{file name: SVG} of every scenario that the run has."""
    facts = result["machine"]
    footer = (f"commit {result['commit']} · {facts['cores']} cores {facts['processor']}, {facts['memory']} · "
              f"{result['date']}" + (" · QUICK RUN" if result["quick"] else ""))
    return {f"{name}.svg": chart(series=series(result["runs"]), footer=footer, **how)
            for name, (scenario, series, how) in PICTURES.items() if scenario in result["runs"]}
