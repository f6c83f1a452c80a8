// Figures of the running server, once a second (docs/stats.md). Promises that a value that is not known is shown as
// none, and never as zero or as an old one.
import { make, say } from "./dom.js";

const KEPT = 300;
const AGAIN = 10000;
const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 300;
const HEIGHT = 48;

const count = (value) => Math.round(value).toLocaleString();
const rate = (value) => value.toLocaleString(undefined, { maximumFractionDigits: value < 10 ? 1 : 0 });
const time = (us) => (us < 1000 ? `${Math.round(us)} µs` : us < 1e6 ? `${rate(us / 1000)} ms` : `${rate(us / 1e6)} s`);

const TILES = [
  { title: "Connections", names: ["connections"], show: count, more: (now) => `${count(now.sessions)} of them chat` },
  { title: "Open rooms", names: ["rooms"], show: count },
  { title: "Messages per second", names: ["messages_per_s"], show: rate, more: (now) => `${rate(now.deliveries_per_s)} deliveries` },
  { title: "Commit, p50 and p99", names: ["commit_p50_us", "commit_p99_us"], show: time },
  { title: "Delivery, p50 and p99", names: ["delivery_p50_us", "delivery_p99_us"], show: time },
  { title: "Deepest mailbox", names: ["mailbox"], show: count, more: (now) => (now.mailboxes[0] ? `of a ${now.mailboxes[0][0]}` : "") },
];

/** The values of a series as a line, a minute to five minutes wide; a hole where there is no value. */
export function linePath(times, values, most) {
  const end = times.at(-1);
  const span = Math.min(300000, Math.max(60000, end - times[0]));
  let path = "";
  let pen = "M";
  values.forEach((value, i) => {
    const x = WIDTH * (1 - (end - times[i]) / span);
    if (value === null || x < 0) {
      pen = "M";
      return;
    }
    path += `${pen}${x.toFixed(1)} ${(HEIGHT - 2 - (value / most) * (HEIGHT - 4)).toFixed(1)}`;
    pen = "L";
  });
  return path;
}

class StatsBoard extends HTMLElement {
  series = {};

  connectedCallback() {
    this.state = make("p", { class: "quiet", role: "status" }, "Connecting…");
    this.tiles = TILES.map((tile) => this.makeTile(tile));
    this.busiest = this.makeTable("Busiest rooms", "Messages per second");
    this.mailboxes = this.makeTable("Deepest mailboxes", "Messages waiting");
    this.append(make("main", null, make("h1", null, "Callboard: figures"), this.state,
      make("div", { class: "tiles" }, ...this.tiles.map((tile) => tile.node)),
      make("div", { class: "tables" }, this.busiest.node, this.mailboxes.node)));
    this.connect();
  }

  connect() {
    const source = new EventSource("/stats/events");
    source.addEventListener("history", (event) => this.takeHistory(JSON.parse(event.data)));
    source.addEventListener("sample", (event) => this.takeSample(JSON.parse(event.data)));
    source.addEventListener("error", () => this.lose(source.readyState === EventSource.CLOSED));
  }

  makeTile(tile) {
    const value = make("strong");
    const more = make("div", { class: "quiet" });
    const picture = document.createElementNS(SVG, "svg");
    picture.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    picture.setAttribute("preserveAspectRatio", "none");
    picture.setAttribute("aria-hidden", "true");
    const paths = tile.names.map(() => document.createElementNS(SVG, "path"));
    picture.append(...paths);
    const node = make("figure", null, make("figcaption", null, tile.title), value, more, picture);
    return { ...tile, node, value, more_: more, paths };
  }

  makeTable(title, what) {
    const body = make("tbody");
    const node = make("section", null, make("h2", null, title),
      make("table", null, make("thead", null, make("tr", null, make("th", { scope: "col" }, "Name"), make("th", { scope: "col" }, what))), body));
    return { node, body };
  }

  takeHistory({ server, series }) {
    this.series = series;
    this.server = server;
    this.draw();
  }

  takeSample(sample) {
    for (const [name, values] of Object.entries(this.series)) {
      values.push(sample[name] ?? null);
      if (values.length > KEPT) values.shift();
    }
    say(this.state, `${this.server}, one sample a second, the last five minutes`);
    this.state.classList.remove("lost");
    for (const tile of this.tiles) {
      const values = tile.names.map((name) => sample[name] ?? null);
      say(tile.value, values.map((value) => (value === null ? "–" : tile.show(value))).join(" / "));
      say(tile.more_, tile.more?.(sample) ?? "");
    }
    this.fill(this.busiest, sample.busiest, rate);
    this.fill(this.mailboxes, sample.mailboxes, count);
    this.draw();
  }

  fill(table, rows, show) {
    const none = [make("tr", null, make("td", { colspan: "2", class: "quiet" }, "none"))];
    const lines = rows.map(([name, value]) => make("tr", null, make("td", null, name), make("td", null, show(value))));
    table.body.replaceChildren(...(lines.length > 0 ? lines : none));
  }

  draw() {
    const times = this.series.at ?? [];
    for (const tile of this.tiles) {
      const most = Math.max(1, ...tile.names.flatMap((name) => this.series[name] ?? []));
      tile.paths.forEach((path, i) => path.setAttribute("d", linePath(times, this.series[tile.names[i]] ?? [], most)));
    }
  }

  /** `refused`: an answer that was no stream. It may be a proxy's, whose server will come back; the browser gives up then. */
  lose(refused) {
    if (refused) setTimeout(() => this.connect(), AGAIN);
    this.state.classList.add("lost");
    say(this.state, `${refused ? "The server refuses the figures to this page (docs/stats.md)." : "Connection lost."} Trying again…`);
    for (const tile of this.tiles) {
      say(tile.value, "–");
      say(tile.more_, "");
    }
  }
}
customElements.define("stats-board", StatsBoard);
