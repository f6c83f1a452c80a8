"""Table and pictures come from the JSON alone: the same bytes for the same run, and "reached" only where
the figures reach it."""

import copy
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FIXTURE = pathlib.Path(__file__).resolve().parent / "run.json"
sys.path.insert(0, str(ROOT / "bench"))

from demands import ROWS, table  # noqa: E402
from plot import pictures  # noqa: E402


def fixture():
    return json.loads(FIXTURE.read_text())


def cells_of(result, work):
    rows = [line for line in table(result).splitlines() if line.startswith(f"| {work}")]
    if len(rows) != 1:
        raise AssertionError(f"{len(rows)} rows begin with {work!r}")
    return [cell.strip() for cell in rows[0].strip("|").split("|")]


class Results(unittest.TestCase):
    def test_the_same_run_gives_the_same_bytes(self):
        outputs = []
        for seed in ("1", "2"):
            with tempfile.TemporaryDirectory() as folder:
                subprocess.run([sys.executable, "-B", ROOT / "bench" / "run.py", "--from", FIXTURE, "--out", folder],
                               check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed})
                outputs.append({path.name: path.read_bytes() for path in pathlib.Path(folder).iterdir()})
        self.assertEqual(outputs[0], outputs[1])
        self.assertEqual(set(outputs[0]), {
            "bench.json", "table.md", "latency-over-load.svg", "latency-percentiles.svg",
            "deliveries-over-room-size.svg", "memory-over-connections.svg"})

    def test_pictures_are_svg_and_say_where_they_come_from(self):
        for name, svg in pictures(fixture()).items():
            xml.etree.ElementTree.fromstring(svg)
            for fact in ("commit 0123456789", "2 cores Test processor", "prefers-color-scheme"):
                self.assertIn(fact, svg, name)
            self.assertNotIn("nan", svg, name)

    def test_a_higher_figure_is_drawn_higher(self):
        def height_of(result):
            svg = pictures(result)["deliveries-over-room-size.svg"]
            return -float(svg.split('class="dot-a"', 1)[1].split('cy="', 1)[1].split('"')[0])
        more = fixture()
        more["runs"]["fan-out"]["callboard-postgres@100"][0]["deliveries_per_s"] = 950000.0
        self.assertGreater(height_of(more), height_of(fixture()))

    def test_a_ratio_is_of_one_round_and_the_median_of_rounds(self):
        self.assertEqual(cells_of(fixture(), "fan-out, 1,000")[1:], [
            "≥ 0.8", "0.90", "900,000 against 1,000,000 deliveries/s", "yes"])

    def test_what_is_not_reached_says_so(self):
        worse = copy.deepcopy(fixture())
        for result in worse["runs"]["fan-out"]["callboard-postgres@1000"]:
            result["deliveries_per_s"] /= 2
        self.assertEqual(cells_of(worse, "fan-out, 1,000")[-1], "**no**")

    def test_what_was_not_measured_is_not_reached(self):
        self.assertEqual(cells_of(fixture(), "start to ready, empty")[2:], ["not measured", "", ""])

    def test_every_row_of_a_run_without_scenarios_is_not_measured(self):
        empty = {**fixture(), "runs": {}}
        self.assertEqual(table(empty).count("not measured"), len(ROWS))
        self.assertEqual(pictures(empty), {})

    def test_a_quick_run_says_that_it_means_nothing(self):
        self.assertIn("mean nothing", table({**fixture(), "quick": True}))


if __name__ == "__main__":
    unittest.main()
