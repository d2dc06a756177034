#!/usr/bin/env python3
"""How fast the gate is, as ratios to `rg -c image` on the same files in the same run.

Usage: scripts/bench.py CHARTS [--cold]

CHARTS is a checkout of a repository of charts, for instance
`git clone --depth 1 https://github.com/bitnami/charts`. With --cold the build of
`cargo xtask lint-images` from an empty target folder is measured too.

Needs Cargo, Python 3.8 and ripgrep, and nothing else that runs on the machine.
The programs take turns, so that a slow moment strikes both; the figures are
medians. Prints the tables of docs/benchmarks.md.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
RUNS = 15


class Run(NamedTuple):
    wall: float
    cpu: float
    peak: int


def run(command, cwd=None, env=None) -> Run:
    """Runs a command to its end; its own figures, not those of the whole script."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command], cwd=cwd, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1, 3):
        sys.exit(f"{command[0]} ended with status {code}")
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


def turns(commands, runs=RUNS, cwd=None):
    """The median run of each command, all taking turns."""
    taken = [[] for _ in commands]
    for turn in range(runs + 1):
        for results, command in zip(taken, commands):
            result = run(command, cwd)
            # The first turn warms the cache.
            if turn:
                results.append(result)
    return [Run(*(statistics.median(column) for column in zip(*results))) for results in taken]


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def table(head, rows) -> None:
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print()


def growth(binary, rg, charts) -> None:
    """1, 2, 4 and 8 copies of the charts."""
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        copies = 0
        for wanted in (1, 2, 4, 8):
            while copies < wanted:
                shutil.copytree(charts, f"{scratch}/{copies}", symlinks=True, ignore=shutil.ignore_patterns(".git"))
                copies += 1
            peer, lint = turns([[rg, "-c", "image", scratch], [binary, "lint", scratch, "--format", "json"]], 7)
            rows.append(
                (
                    wanted,
                    milliseconds(peer.wall),
                    milliseconds(lint.wall),
                    f"{lint.wall / peer.wall:.1f}",
                    milliseconds(lint.wall / wanted),
                    f"{lint.peak / 2**20:.0f} MiB",
                )
            )
    table(("copies", "rg -c image", "lint", "ratio", "lint a copy", "peak memory"), rows)


def one_file(binary, charts) -> None:
    """One file of the chart with the most files, as a hook passes it."""
    values = max(charts.rglob("values.yaml"), key=lambda path: path.stat().st_size)
    nothing, lint = turns([[binary, "--version"], [binary, "lint", values]], cwd=charts)
    rows = [(values.relative_to(charts), milliseconds(nothing.wall), milliseconds(lint.wall))]
    table(("file", "chart-images --version", "lint FILE"), rows)


def cold() -> None:
    """From an empty target folder to the findings."""
    with tempfile.TemporaryDirectory() as target:
        env = dict(os.environ, CARGO_TARGET_DIR=target)
        command = ["cargo", "xtask", "lint-images", "charts-fixtures/plan"]
        first = run(command, ROOT, env)
        debug = f"{target}/gate/xtask"
        again, = turns([[debug, "lint-images", "charts-fixtures/plan"]], cwd=ROOT)
    rows = [(f"{first.cpu:.0f} s", f"{first.wall:.0f} s", milliseconds(again.wall))]
    table(("cold build and run, CPU", "wall", "run again (debug build)"), rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("charts", type=Path)
    parser.add_argument("--cold", action="store_true")
    options = parser.parse_args()
    rg = shutil.which("rg") or sys.exit("ripgrep (rg) is not installed")
    charts = options.charts.resolve()
    subprocess.run(["cargo", "build", "--release", "--locked", "--bin", "chart-images"], cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    binary = (target / "release" / "chart-images").resolve()
    growth(binary, rg, charts)
    one_file(binary, charts)
    if options.cold:
        cold()


if __name__ == "__main__":
    main()
