#!/usr/bin/env python3
"""Copies charts, and puts into each copy the dependencies that it lacks, where a chart at hand has their name.

Usage: .venv/bin/python scripts/vendor_dependencies.py OUT DIR…   (after scripts/setup-helm.sh)

Every chart under each DIR goes to OUT/DIR's name/…; nothing is written anywhere else, and
nothing is downloaded. A dependency is taken from the folder that a `file://` names, else from
the same DIR, else from the other ones: the newest chart of the version that is asked for, or
of any where none has it. `cargo xtask conformance --vendor` runs this.
"""

import pathlib
import re
import sys

import charts

DEPTH = 5


def numbers(version):
    return [int(number) for number in re.findall(r"\d+", version)[:3]]


class AtHand:
    """The charts under all folders, by name."""

    def __init__(self, folders):
        self.by_name = {}
        for folder in folders:
            for chart in charts.charts_under(folder):
                meta = charts.read_yaml(chart / "Chart.yaml")
                if name := meta.get("name"):
                    self.by_name.setdefault(name, []).append((str(meta.get("version")), chart, folder))

    def find(self, entry, chart, folder):
        """The best chart for a dependency; none where there is none."""
        repository = str(entry.get("repository") or "")
        if repository.startswith("file://"):
            near = (chart / repository[len("file://") :]).resolve()
            if (near / "Chart.yaml").exists():
                return near
        wanted = numbers(str(entry.get("version") or ""))

        def rank(candidate):
            version, _, its_folder = candidate
            return (numbers(version)[:1] == wanted[:1], its_folder == folder, numbers(version))

        others = [candidate for candidate in self.by_name.get(entry["name"], []) if candidate[1] != chart]
        return max(others, key=rank)[1] if others else None


def is_vendored(name, folder):
    """True when a folder or an archive under charts/ is that dependency."""
    pattern = re.compile(re.escape(name) + r"(-v?\d.*\.tgz)?")
    return folder.is_dir() and any(pattern.fullmatch(entry.name) for entry in folder.iterdir())


def vendor(chart, into, at_hand, folder, depth=0):
    """Copies a chart, and under it what it depends on."""
    charts.copy(chart, into)
    for entry in charts.dependencies(chart):
        place = into / "charts"
        if depth == DEPTH or not re.fullmatch(r"[\w.-]+", str(entry["name"])) or is_vendored(entry["name"], place):
            continue
        if found := at_hand.find(entry, chart, folder):
            vendor(found, place / entry["name"], at_hand, folder, depth + 1)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    out, folders = pathlib.Path(sys.argv[1]), [pathlib.Path(name).resolve() for name in sys.argv[2:]]
    at_hand = AtHand(folders)
    for folder in folders:
        for chart in charts.charts_under(folder):
            vendor(chart, out / folder.name / chart.relative_to(folder), at_hand, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
