"""What a further day of `plan --history` costs beside the first one.

Commits generated charts (those of bench_migration.py), then a change of one chart on each of 29
days, and gives the processor time of `plan`, of `plan --history` at the first commit and at the
last one (the least of three runs): the program's own, and the system's, most of which lays files
out. Fails when a further day takes more than --most times both times of the first.

Usage: python3 scripts/bench_history.py [--charts N] [--most FACTOR]
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bench_migration import generate, seconds  # noqa: E402
from charts import program  # noqa: E402

DAYS = 30


def git(root, *words, day=0):
    clock = f"{1767268800 + 86400 * day} +0000"
    settings = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    env = dict(os.environ, GIT_AUTHOR_DATE=clock, GIT_COMMITTER_DATE=clock)
    subprocess.run(["git", *settings, *words], cwd=root, env=env, check=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--charts", type=int, default=300)
    parser.add_argument("--most", type=float, default=0.1)
    given = parser.parse_args()
    binary, times = program(), {}
    with tempfile.TemporaryDirectory() as scratch:
        root = pathlib.Path(scratch)
        generate(root, given.charts, given.charts * 10 // 3)
        git(root, "init", "--quiet", "--initial-branch=main")
        for day in range(DAYS):
            with open(root / f"charts/app{day % given.charts}/values.yaml", "a") as values:
                values.write(f"day: {day}\n")
            git(root, "add", "--all")
            git(root, "commit", "--quiet", "--message=x", day=day)
        for _ in range(3):
            for name, rev, words in (
                ("plan", "main", "plan"),
                ("one day", f"main~{DAYS - 1}", "plan --history"),
                (f"{DAYS} days", "main", "plan --history"),
            ):
                git(root, "checkout", "--quiet", rev)
                took = seconds([binary, *words.split(), "--root", "."], root)
                times[name] = min(took, times.get(name, took))
    for name, (own, system) in times.items():
        print(f"{own:7.2f} s, and {system:.2f} s of the system's: {name}")
    plan, one, all_days = (sum(times[name]) for name in times)
    further, first = (all_days - one) / (DAYS - 1), one - plan
    print(f"{further / first:7.2f} times the first day for each further one ({given.charts} charts)")
    return 0 if further < given.most * first else 1


if __name__ == "__main__":
    sys.exit(main())
