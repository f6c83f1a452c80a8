// Servers and databases for the browser tests: promises that what a test starts is ended and judged with it.
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";

const FORBIDDEN = /AddressSanitizer|LeakSanitizer|runtime error:|SUMMARY:|Assertion|terminate called|std::bad_/;

const psql = (url, text) => {
  const beside = join(process.env.CALLBOARD_TEST_PGBIN ?? "", "psql");
  const done = spawnSync(existsSync(beside) ? beside : "psql",
    ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", url, "-c", text], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`psql: ${done.error ?? done.stderr}`);
  return done.stdout.trim();
};

/** "sqlite" or "postgres": a database of one's own, with the SQL that fills it. */
export class Database {
  constructor(kind) {
    this.folder = mkdtempSync(join(tmpdir(), "callboard-browser."));
    if (kind === "sqlite") {
      this.file = join(this.folder, "callboard.db");
      this.url = `sqlite:${this.file}`;
      return;
    }
    this.name = `browser_${randomBytes(6).toString("hex")}`;
    psql(process.env.CALLBOARD_TEST_POSTGRES, `create database ${this.name}`);
    const url = new URL(process.env.CALLBOARD_TEST_POSTGRES);
    url.pathname = `/${this.name}`;
    this.url = url.href;
  }

  /** Fills a room directly, as if somebody had written `count` messages; only while no server runs. */
  fill(room, count) {
    const program = [
      "import sqlite3, sys",
      "file, room, count = sys.argv[1], sys.argv[2], int(sys.argv[3])",
      "d = sqlite3.connect(file)",
      "d.execute('insert into room (name, epoch, head) values (?, ?, ?)', (room, 'f' * 32, count))",
      "id = d.execute('select id from room where name = ?', (room,)).fetchone()[0]",
      "lines = lambda i: '\\n'.join(['line'] * (i % 4))",
      "d.executemany('insert into entry (room_id, seq, kind, author_id, author_name, client_id, body, at) values (?,?,1,?,?,?,?,?)',",
      " ((id, i, 'a' * 32, 'Author', str(i), f'number {i} {lines(i)}', 1700000000000 + i * 60000) for i in range(1, count + 1)))",
      "d.commit()",
    ].join("\n");
    const done = spawnSync("python3", ["-c", program, this.file, room, String(count)], { encoding: "utf8" });
    if (done.status !== 0) throw new Error(done.stderr);
  }

  /** Runs SQL on an SQLite database; only while no server runs. */
  change(sql) {
    const done = spawnSync("python3", ["-c", "import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.executescript(sys.argv[2])",
      this.file, sql], { encoding: "utf8" });
    if (done.status !== 0) throw new Error(done.stderr);
  }

  /** The texts of a room as the database itself holds them. */
  texts(room) {
    if (!this.file) {
      const text = psql(this.url, `select coalesce(json_agg(e.body order by e.seq), '[]') from entry e
        join room r on r.id = e.room_id where r.name = '${room}'`);
      return JSON.parse(text);
    }
    const program = "import sqlite3, sys, json; print(json.dumps([r[0] for r in sqlite3.connect(sys.argv[1]).execute("
      + "'select body from entry where room_id = (select id from room where name = ?) order by seq', (sys.argv[2],))]))";
    const done = spawnSync("python3", ["-c", program, this.file, room], { encoding: "utf8" });
    if (done.status !== 0) throw new Error(done.stderr);
    return JSON.parse(done.stdout);
  }

  end() {
    if (this.name) psql(process.env.CALLBOARD_TEST_POSTGRES, `drop database if exists ${this.name} with (force)`);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** One callboard-server and its restarts, always on the same port. */
export class Server {
  constructor(database, settings = {}) {
    this.database = database;
    this.settings = settings;
    this.port = 0;
    this.log = join(database.folder, "server.log");
  }

  get url() {
    return `http://127.0.0.1:${this.port}/`;
  }

  async start() {
    const log = openSync(this.log, "a");
    const { PATH, LD_LIBRARY_PATH = "", CALLBOARD_WEB_DIR } = process.env;
    const env = { PATH, LD_LIBRARY_PATH, LC_ALL: "C.UTF-8", DATABASE_URL: this.database.url, READY_FD: "3",
      SERVER_PORT: String(this.port), NAME_HOLD: "0", ...this.settings };
    if (CALLBOARD_WEB_DIR) env.WEB_DIR = CALLBOARD_WEB_DIR;
    this.process = spawn(process.env.CALLBOARD_SERVER, [], { env, cwd: this.database.folder, stdio: ["ignore", log, log, "pipe"] });
    const line = await new Promise((resolve, reject) => {
      let text = "";
      this.process.stdio[3].on("data", (data) => {
        text += data;
        if (text.includes("\n")) resolve(text);
      });
      this.process.on("exit", () => reject(new Error(`the server did not start: ${this.words()}`)));
    });
    this.port = JSON.parse(line).port;
    return this;
  }

  words() {
    return readFileSync(this.log, "utf8").slice(-4000);
  }

  /** Resolves once it is gone. SIGKILL is a crash: no goodbye to anybody. */
  async stop(signal = "SIGTERM") {
    const { process: server } = this;
    this.process = null;
    if (!server) return;
    const gone = server.exitCode === null && server.signalCode === null
      ? new Promise((resolve) => server.on("exit", resolve)) : null;
    server.kill(signal);
    await gone;
    if (signal === "SIGTERM" && server.exitCode !== 0) throw new Error(`the server ended badly: ${this.words()}`);
  }

  async end() {
    if (this.process) this.process.kill("SIGCONT");
    await this.stop();
    const bad = FORBIDDEN.exec(readFileSync(this.log, "utf8"));
    if (bad) throw new Error(`the server's log says ${bad[0]}: ${this.words()}`);
  }

  /** Starts the terminal client as `name`; who calls ends it. */
  program(name, args) {
    const { PATH, LD_LIBRARY_PATH = "" } = process.env;
    return spawn(process.env.CALLBOARD_CLIENT, args, {
      cwd: this.database.folder,
      env: { PATH, LD_LIBRARY_PATH, LC_ALL: "C.UTF-8", HOME: this.database.folder, NAME: name,
        SERVER_URL: `ws://127.0.0.1:${this.port}/` },
    });
  }

  /** Runs it to its end: {status, stdout, stderr}. `input` is a text, or gives some piece by piece. */
  client(name, args, input = "") {
    return new Promise((resolve) => {
      const client = this.program(name, args);
      let [stdout, stderr] = ["", ""];
      client.stdout.on("data", (data) => (stdout += data));
      client.stderr.on("data", (data) => (stderr += data));
      client.on("close", (status) => resolve({ status, stdout, stderr }));
      Readable.from(input).pipe(client.stdin);
    });
  }
}
