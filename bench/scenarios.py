"""The scenarios of one round. Each yields (name, result) pairs; what is compared runs back to back."""

import resource
import time

from targets import LONG_ROOM, SHORT_ROOM, finish_load


def talk_on(machine, who, **how):
    """One run of `talk` against a server named by `who`."""
    kind, _, store = who.partition("-")
    if kind == "callboard":
        with machine.database(store) as url, machine.callboard(url) as target:
            return machine.load(target, "talk", pid=target.pid, **how)
    if not store:
        with machine.reference("each" if kind == "each" else "gather") as target:
            return machine.load(target, "talk", pid=target.pid, **how)
    with machine.plain_database(store) as url, machine.reference("gather", url) as target:
        return machine.load(target, "talk", pid=target.pid, **how)


def fan_out(machine, quick, members, window, who):
    time_ms = 500 if quick else 2000
    for each in who:
        yield each, talk_on(machine, each, members=members, senders=10, window=window,
                            time_ms=time_ms, warm_ms=time_ms // 4)


def lockstep(machine, quick):
    """One message at a time: nothing can be gathered."""
    for who in ("callboard-postgres", "reference"):
        yield who, talk_on(machine, who, members=1000, lockstep=1, time_ms=500 if quick else 2000)


def rooms(machine, quick, store):
    """200 rooms x 10 members, all or one of each ten posting; beside it the plain insert, alone."""
    time_ms = 500 if quick else 2000
    with machine.plain_database(store) as url:
        yield "insert", machine.insert(url, time_ms=time_ms // 3)
    for name, senders in (("all", 10), ("one", 1)):
        for who in (f"callboard-{store}", f"reference-{store}"):
            yield f"{who}/{name}", talk_on(machine, who, rooms=20 if quick else 200, members=10, senders=senders,
                                           window=4, time_ms=time_ms)


def latency(machine, quick):
    """One sender, 10 members, 100 posts a second, whatever the server does."""
    for who in ("callboard-postgres", "reference-postgres"):
        yield who, talk_on(machine, who, members=10, rate=100, time_ms=1000 if quick else 5000, warm_ms=300)


def offered(machine, quick):
    """Latency over offered load: 100 members, 10 of them post."""
    for rate in (100, 1000) if quick else (50, 200, 1000, 4000, 8000):
        for who in ("callboard-postgres", "reference-postgres"):
            result = talk_on(machine, who, members=100, senders=10, rate=rate, warm_ms=300,
                             time_ms=500 if quick else 1500)
            yield f"{who}@{rate}", result


def idle(machine, quick):
    # Each process may open so many files; a few are not connections.
    most = min(10000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 100)
    how = dict(members=500, time_ms=500, calm_ms=1200, steps=2) if quick else dict(members=most, time_ms=3000)
    with machine.database("sqlite") as url, machine.callboard(url) as target:
        yield "callboard-sqlite", machine.load(target, "idle", pid=target.pid, **how)


def storm(machine, quick):
    with machine.callboard(machine.long_database("postgres")) as target:
        yield "callboard-postgres", machine.load(
            target, "storm", members=100 if quick else 1000, turns=1 if quick else 5, last=50,
            short_room=SHORT_ROOM, long_room=LONG_ROOM)


def paging(machine, quick):
    for store in ("postgres", "sqlite"):
        with machine.callboard(machine.long_database(store)) as target:
            yield f"callboard-{store}", machine.load(target, "page", pages=50 if quick else 2000,
                                                     long_room=LONG_ROOM)


def avalanche(machine, quick):
    """kill -9 of the server under everybody; the load generator says when, and counts who comes back."""
    members, rooms_, posts = (500, 10, 60) if quick else (5000, 50, 60)
    with machine.database("postgres") as url, machine.callboard(url) as target:
        server = target.server
        with machine.begin_load(target, "avalanche", members=members, rooms=rooms_, posts=posts,
                                opening=1000) as load:
            if load.stdout.readline() != "ready\n":
                raise AssertionError(f"the load generator ended with {load.wait()}")
            server.settings["SERVER_PORT"] = str(server.port)
            server.kill()
            server.start()
            result = finish_load(load)
        result["history_queries"] = server.metric("pages_read_total")
        result["rooms"], result["pages"] = rooms_, (posts + 499) // 500
        yield "callboard-postgres", result


def slow_readers(machine, quick):
    """99 % read 100 posts a second of 1,000 bytes; in turn all of them."""
    how = dict(members=200, text=2000) if quick else dict(members=1000, text=1000)
    for slow in (0, 10):
        with machine.database("postgres") as url, machine.callboard(url) as target:
            result = machine.load(target, "talk", pid=target.pid, senders=10, window=4, slow=slow, rate=50,
                                  warm_ms=500 if quick else 3000, time_ms=1000 if quick else 4000, **how)
            yield f"slow-{slow}", result


def start(machine, quick):
    """Milliseconds from exec to ready."""
    for store in ("postgres", "sqlite"):
        with machine.database(store) as url:
            with machine.callboard(url):
                pass  # the schema is made once, not at each start
            yield f"empty-{store}", {"ready_ms": start_ms(machine, url)}
        yield f"million-{store}", {"ready_ms": start_ms(machine, machine.long_database(store))}


def start_ms(machine, url):
    began = time.monotonic()
    with machine.callboard(url) as target:
        took = (time.monotonic() - began) * 1000
        assert target.port
    return took


def insert_limit(machine, quick):
    for store in ("postgres", "sqlite"):
        with machine.plain_database(store) as url:
            yield store, machine.insert(url, time_ms=200 if quick else 500)


def by_size(machine, quick, who):
    for members in (100, 1000) if quick else (100, 1000, 5000):
        for name, result in fan_out(machine, quick, members, 1, who):
            yield f"{name}@{members}", result


ALL = {
    "fan-out": lambda m, q: by_size(m, q, ("callboard-postgres", "reference")),
    "fan-out-stored": lambda m, q: fan_out(m, q, 1000, 1, ("reference-postgres", "each")),
    "window-10": lambda m, q: fan_out(m, q, 1000, 10, ("callboard-postgres", "reference")),
    "lockstep": lockstep,
    "rooms-postgres": lambda m, q: rooms(m, q, "postgres"),
    "rooms-sqlite": lambda m, q: rooms(m, q, "sqlite"),
    "latency": latency,
    "offered-load": offered,
    "idle": idle,
    "storm": storm,
    "paging": paging,
    "avalanche": avalanche,
    "slow-readers": slow_readers,
    "start": start,
    "insert": insert_limit,
}

# Once per run is enough where nothing is compared within a round, or where a round takes long.
FEWER = {"offered-load": 1, "idle": 1, "paging": 1, "insert": 3, "fan-out-stored": 3}
