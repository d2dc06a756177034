"""How long real Helm takes to load and render charts, for scripts/bench.py.

Usage: .venv/bin/python scripts/time_helm.py RUNS CHART…   (after scripts/setup-helm.sh)

Prints one JSON object: the CPU seconds of each run, without the interpreter's start,
and the charts that Helm renders.
"""

import json
import sys
import time

try:
    import helm_python as helm
except ImportError:
    sys.exit("real Helm is missing: run scripts/setup-helm.sh, and this with .venv/bin/python")


def render(folder) -> bool:
    try:
        with helm.Chart.load(folder) as chart:
            chart.render({}, name="demo", namespace="default")
    except helm.HelmError:
        return False
    return True


def main() -> None:
    helm.disable_logging()
    runs, folders = int(sys.argv[1]), sys.argv[2:]
    rendered = [folder for folder in folders if render(folder)]
    taken = []
    for _ in range(runs):
        start = time.process_time()
        for folder in rendered:
            render(folder)
        taken.append(time.process_time() - start)
    print(json.dumps({"cpu": taken, "rendered": rendered}))


if __name__ == "__main__":
    main()
