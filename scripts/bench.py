#!/usr/bin/env python3
"""How fast the gate is, as ratios to `rg -c image` on the same files in the same run.

Usage: scripts/bench.py CHARTS [--cold]
       scripts/bench.py CHARTS --evaluate

CHARTS is a checkout of a repository of charts, for instance
`git clone --depth 1 https://github.com/bitnami/charts`. With --cold the build of
`cargo xtask lint-images` from an empty target folder is measured too. With --evaluate
it is the evaluation that is measured, against real Helm where scripts/setup-helm.sh
installed it, and nothing else.

Needs Cargo, Python 3.8 and ripgrep, and nothing else that runs on the machine.
The programs take turns, so that a slow moment strikes both; the figures are
medians. Prints the tables of docs/benchmarks.md.
"""

import argparse
import collections
import json
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


def run(command, cwd=None, env=None, preexec_fn=None) -> Run:
    """Runs a command to its end; its own figures, not those of the whole script."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=cwd,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=preexec_fn,
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
            read = [binary, "lint", scratch, "--no-evaluate", "--format", "json"]
            peer, lint = turns([[rg, "-c", "image", scratch], read], 7)
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
    table(("copies", "rg -c image", "lint --no-evaluate", "ratio", "a copy", "peak memory"), rows)


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


def one_core() -> None:
    """For `preexec_fn`: what follows stays on one core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def against_helm(timing, charts, runs=15) -> None:
    """Load and render with the charts' own values, one core, one process: CPU time."""
    folders = sorted(str(found.parent) for found in charts.rglob("Chart.yaml") if is_root(found.parent, charts))
    python = ROOT / ".venv" / "bin" / "python"
    helm = None
    if python.exists():
        command = [python, ROOT / "scripts" / "time_helm.py", runs, *folders]
        answer = subprocess.run(
            [str(word) for word in command], check=True, capture_output=True, text=True, preexec_fn=one_core
        )
        answer = json.loads(answer.stdout)
        helm, folders = statistics.median(answer["cpu"]), answer["rendered"]
    else:
        print("Real Helm is not measured: .venv is missing, run scripts/setup-helm.sh.\n")
    if not folders:
        print("Real Helm renders none of the charts as they are: it is not compared.\n")
        return
    phases = ("load", "exact", "explored")
    cpu = {}
    for phase in phases:
        command = [str(word) for word in (timing, phase, runs, *folders)]
        answer = subprocess.run(command, check=True, capture_output=True, text=True, preexec_fn=one_core)
        # Linux counts a thread's time in steps of some milliseconds: their mean is exact.
        cpu[phase] = statistics.fmean(json.loads(answer.stdout))
    rows = [("real Helm", milliseconds(helm), "1.0")] if helm else []
    names = ("files read", "and evaluated with the charts' own values", "and on all branches")
    for phase, name in zip(phases, names):
        rows.append((name, milliseconds(cpu[phase]), f"{helm / cpu[phase]:.1f}" if helm and cpu[phase] else ""))
    table((f"{len(folders)} charts", "CPU", "times as fast as Helm"), rows)


def is_root(folder, charts) -> bool:
    """True of a chart that is in no other one."""
    above = [parent for parent in folder.parents if charts in (parent, *parent.parents)]
    return not any((parent / "Chart.yaml").exists() for parent in above)


def evaluation(binary, charts) -> None:
    """The whole gate, with evaluation and without."""
    commands = [[binary, "lint", charts, "--format", "json", *more] for more in (["--no-evaluate"], [])]
    rows = []
    for name, result in zip(("reading", "and evaluating"), turns(commands, 5)):
        rows.append((name, milliseconds(result.wall), milliseconds(result.cpu), f"{result.peak / 2**20:.0f} MiB"))
    table(("lint", "wall", "CPU", "peak memory"), rows)


# The first that is in a function's name says what its time goes to.
SHARES = (
    ("yaml_rust2", "YAML"),
    ("yaml_span", "YAML"),
    ("go_template", "lexing and parsing templates"),
    ("helm_engine::chart", "reading charts"),
    ("helm_engine::encode", "evaluating"),
    ("helm_engine::decode", "evaluating"),
    ("helm_engine", "evaluating"),
    ("chart_lint", "finding and judging"),
    ("image_ref", "finding and judging"),
    ("[k]", "the kernel: reading files, memory"),
    ("libc", "allocating and copying"),
)


def shares(binary, charts) -> None:
    """Where the time goes, sampled; by the function that runs."""
    if not shutil.which("perf"):
        print("Where the time goes is not measured: perf is not installed.")
        return
    with tempfile.TemporaryDirectory() as scratch:
        data = f"{scratch}/perf.data"
        record = ["perf", "record", "-q", "-F", "4000", "-o", data, "--", binary, "lint", charts]
        subprocess.run([str(word) for word in record], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        report = ["perf", "report", "-i", data, "--no-children", "--stdio", "-F", "overhead,dso,symbol"]
        lines = subprocess.run(report, capture_output=True, text=True).stdout.splitlines()
    total = collections.Counter()
    for line in lines:
        share, _, rest = line.strip().partition("%")
        try:
            share = float(share)
        except ValueError:
            continue
        what = next((what for part, what in SHARES if part in rest), "all else")
        total[what] += share
    table(("where the time goes", "share"), [(what, f"{share:.0f} %") for what, share in total.most_common()])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("charts", type=Path)
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--evaluate", action="store_true")
    options = parser.parse_args()
    charts = options.charts.resolve()
    subprocess.run(["cargo", "build", "--release", "--locked", "--bin", "chart-images"], cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    binary = (target / "release" / "chart-images").resolve()
    if options.evaluate:
        build = ["cargo", "build", "--release", "--locked", "-p", "helm-engine", "--example", "timing"]
        subprocess.run(build, cwd=ROOT, check=True)
        against_helm((target / "release" / "examples" / "timing").resolve(), charts)
        evaluation(binary, charts)
        shares(binary, charts)
        return
    rg = shutil.which("rg") or sys.exit("ripgrep (rg) is not installed")
    growth(binary, rg, charts)
    one_file(binary, charts)
    if options.cold:
        cold()


if __name__ == "__main__":
    main()
