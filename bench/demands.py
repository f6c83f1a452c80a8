"""The rows of the table: what is demanded, what a run measured, and whether that reaches it. All of
it comes from the JSON of a run: ratios of what ran back to back, then the median over the rounds."""

import statistics


def medians(runs, scenario, who, key):
    return statistics.median(result[key] for result in runs[scenario][who])


def ratio(runs, scenario, one, other, key, other_key=None):
    pairs = zip(runs[scenario][one], runs[scenario][other])
    return statistics.median(a[key] / b[other_key or key] for a, b in pairs)


def grouped(number):
    return f"{number:,.0f}"


class Row:
    """One demand. `measure(runs)` gives the value that counts and a sentence of absolute figures."""

    def __init__(self, work, demanded, at_least=None, at_most=None, unit="", digits=2, measure=None):
        self.work, self.demanded, self.at_least, self.at_most = work, demanded, at_least, at_most
        self.unit, self.digits, self.measure = unit, digits, measure

    def cells(self, runs):
        try:
            value, figures = self.measure(runs)
        except (KeyError, statistics.StatisticsError):
            return [self.work, self.demanded, "not measured", "", ""]
        shown = f"{value:.{self.digits}f}{self.unit}"
        met = value >= self.at_least if self.at_least is not None else value <= self.at_most
        return [self.work, self.demanded, shown, figures, "yes" if met else "**no**"]


def fan_out(scenario, suffix, at_least, work):
    def measure(runs):
        ours, theirs = f"callboard-postgres{suffix}", f"reference{suffix}"
        a, b = (medians(runs, scenario, who, "deliveries_per_s") for who in (ours, theirs))
        return (ratio(runs, scenario, ours, theirs, "deliveries_per_s"),
                f"{grouped(a)} against {grouped(b)} deliveries/s")
    return Row(work, f"≥ {at_least}", at_least=at_least, measure=measure)


def rooms(store, senders, work):
    def measure(runs):
        scenario, ours = f"rooms-{store}", f"callboard-{store}/{senders}"
        posts = medians(runs, scenario, ours, "posts_per_s")
        rows = medians(runs, scenario, "insert", "rows_per_s")
        other = medians(runs, scenario, f"reference-{store}/{senders}", "posts_per_s")
        return (ratio(runs, scenario, ours, "insert", "posts_per_s", "rows_per_s"),
                f"{grouped(posts)} posts/s against {grouped(rows)} rows/s; the reference that stores {grouped(other)}")
    return Row(work, "≥ 0.4", at_least=0.4, measure=measure)


def latency(percentile, at_most, work):
    def measure(runs):
        key = f"latency_{percentile}_ms"
        a, b = (medians(runs, "latency", who, key) for who in ("callboard-postgres", "reference-postgres"))
        return (ratio(runs, "latency", "callboard-postgres", "reference-postgres", key),
                f"{a:.2f} against {b:.2f} ms")
    return Row(work, f"≤ {at_most}", at_most=at_most, measure=measure)


def lockstep(runs):
    key = "cpu_us_per_delivery"
    a, b = (medians(runs, "lockstep", who, key) for who in ("callboard-postgres", "reference"))
    return ratio(runs, "lockstep", "callboard-postgres", "reference", key), f"{a:.2f} against {b:.2f} µs"


def idle(key):
    def measure(runs):
        result = runs["idle"]["callboard-sqlite"]
        return medians(runs, "idle", "callboard-sqlite", key), f"{grouped(result[0]['members'])} connections"
    return measure


def growth(runs):
    small, large = (medians(runs, "fan-out", f"callboard-postgres@{n}", "deliveries_per_s") for n in (100, 5000))
    return (ratio(runs, "fan-out", "callboard-postgres@5000", "callboard-postgres@100", "deliveries_per_s"),
            f"{grouped(large)} against {grouped(small)} deliveries/s")


def storm(runs):
    long, short = (medians(runs, "storm", "callboard-postgres", key) for key in ("long_ms", "short_ms"))
    return (medians(runs, "storm", "callboard-postgres", "ratio"),
            f"1,000 clients at once: {long:.0f} against {short:.0f} ms")


def avalanche(runs):
    result = runs["avalanche"]["callboard-postgres"][0]
    return (medians(runs, "avalanche", "callboard-postgres", "back_s"),
            f"{grouped(result['back'])} of {grouped(result['members'])} back and caught up, restart included")


def avalanche_queries(runs):
    results = runs["avalanche"]["callboard-postgres"]
    worst = max(results, key=lambda r: r["history_queries"])
    return (worst["history_queries"] / (worst["rooms"] * worst["pages"]),
            f"{worst['history_queries']} queries for {worst['rooms']} rooms × {worst['pages']} page")


def slow(runs):
    with_slow, without = (medians(runs, "slow-readers", who, "latency_p99_ms") for who in ("slow-10", "slow-0"))
    return (ratio(runs, "slow-readers", "slow-10", "slow-0", "latency_p99_ms"),
            f"p99 {with_slow:.2f} against {without:.2f} ms")


def slow_memory(runs):
    more = statistics.median((a["peak_kib"] - b["peak_kib"]) / 10 for a, b in zip(
        runs["slow-readers"]["slow-10"], runs["slow-readers"]["slow-0"]))
    return max(more, 0), "more at the peak, for each; the bound is the outbox's high mark and a page"


def start(what):
    def measure(runs):
        stores = [store for store in ("postgres", "sqlite") if f"{what}-{store}" in runs["start"]]
        times = [medians(runs, "start", f"{what}-{store}", "ready_ms") for store in stores]
        return max(times), ", ".join(f"{store} {time:.0f} ms" for store, time in zip(stores, times))
    return measure


EVERYBODY = "200 rooms × 10 members, window 4, everybody posts: durable posts/s, fan-out going on, against the plain insert alone"
ONE = "the same, one of each ten posts (800 posts wait instead of 8,000)"

ROWS = [
    fan_out("fan-out", "@1000", 0.8, "fan-out, 1,000 members, 10 senders, window 1: deliveries/s against the gathering epoll reference without a store"),
    fan_out("window-10", "", 0.3, "the same, window 10"),
    fan_out("fan-out", "@5000", 0.8, "fan-out, 5,000 members"),
    rooms("postgres", "all", EVERYBODY + ", PostgreSQL"),
    rooms("sqlite", "all", "the same, SQLite"),
    rooms("postgres", "one", ONE + ", PostgreSQL"),
    rooms("sqlite", "one", ONE + ", SQLite"),
    latency("p50", 1.3, "one sender, 10 members, 100 posts/s: p50 of send → receive against the reference that stores"),
    latency("p99", 2, "the same, p99"),
    Row("CPU per delivery, 1,000 members, one message at a time, against the epoll reference", "≤ 1.3", at_most=1.3, measure=lockstep),
    Row("memory per idle connection after `hello`", "≤ 6 KiB", at_most=6, unit=" KiB", measure=idle("kib_after_hello")),
    Row("memory per idle connection after `join`", "≤ 8 KiB", at_most=8, unit=" KiB", measure=idle("kib_after_join")),
    Row("idle CPU with 10,000 idle connections", "≤ 1 % of a core", at_most=1, unit=" %", measure=idle("idle_cpu_percent_joined")),
    Row("growth: deliveries/s at 5,000 members against 100", "≥ 0.8", at_least=0.8, measure=growth),
    Row("growth: join of a room with 1,000,000 entries against one with 1,000", "≤ 1.2", at_most=1.2, measure=storm),
    Row("reconnect avalanche: 5,000 clients, kill -9, restart", "≤ 3 s", at_most=3, unit=" s", measure=avalanche),
    Row("the same: history queries against rooms × pages", "≤ 1", at_most=1, measure=avalanche_queries),
    Row("10 readers that never read, among 1,000: the others' p99", "≤ 1.2", at_most=1.2, measure=slow),
    Row("the same: memory for each", "≤ 768 KiB", at_most=768, unit=" KiB", digits=0, measure=slow_memory),
    Row("start to ready, empty", "≤ 100 ms", at_most=100, unit=" ms", digits=0, measure=start("empty")),
    Row("start to ready, a million entries", "≤ 1 s", at_most=1000, unit=" ms", digits=0, measure=start("million")),
]


def context(runs):
    """Figures that no row demands."""
    for who in ("reference-postgres", "each"):
        if who in runs.get("fan-out-stored", {}):
            what = "the reference with group commit" if who != "each" else "the reference without gathering, no store"
            yield f"Fan-out to 1,000, {what}: {grouped(medians(runs, 'fan-out-stored', who, 'deliveries_per_s'))} deliveries/s."
    for who, results in runs.get("paging", {}).items():
        yield (f"Paging over {grouped(results[0]['entries'])} entries, {who}: {grouped(results[0]['entries_per_s'])} entries/s, "
               f"p99 of a page {results[0]['page_p99_ms']:.2f} ms.")
    for store in runs.get("insert", {}):
        yield (f"Commit of one row, {store}: p50 {medians(runs, 'insert', store, 'commit_p50_ms'):.3f} ms, "
               f"p99 {medians(runs, 'insert', store, 'commit_p99_ms'):.3f} ms.")


def table(result):
    """Markdown: where and when, the rows, the context."""
    facts, runs = result["machine"], result["runs"]
    lines = [
        f"Measured {result['date']} at commit {result['commit']} with `{result['command']}`, medians of {result['rounds']} rounds: "
        f"{facts['cores']} cores of {facts['processor']}, {facts['memory']}, {facts['system']}, Linux {facts['kernel']}, "
        f"PostgreSQL {result['postgres']['server_version']} with `fsync={result['postgres']['fsync']}`, "
        f"`synchronous_commit={result['postgres']['synchronous_commit']}`."
        + (" **A quick run: its figures mean nothing.**" if result["quick"] else ""),
        "", "| work | demanded | measured | figures | reached |", "| --- | --- | ---: | --- | --- |"]
    lines += ["| " + " | ".join(row.cells(runs)) + " |" for row in ROWS]
    more = list(context(runs))
    return "\n".join(lines + ([""] + [f"- {line}" for line in more] if more else [])) + "\n"
