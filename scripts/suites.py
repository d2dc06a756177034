"""The helm-unittest suites of charts, run by the real runner where it is installed."""

import functools
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as xml

from charts import ROOT, copy


@functools.cache
def runner():
    """The path of the runner: $UNTT, or what scripts/setup-unittest.sh installs; None where there is none."""
    return shutil.which(os.environ.get("UNTT") or ROOT / ".ci/cache/bin/untt")


def suites(chart):
    """The suites of a chart's own, wherever it keeps them: the runner is told where."""
    found = []
    for here, folders, files in os.walk(chart):
        here = pathlib.Path(here)
        # As the migration looks for them (crates/migrate/src/suites/find.rs): templates are none, copies of
        # dependencies bring theirs, and a chart inside of this one is another.
        skipped = {"templates", "charts"} if here == pathlib.Path(chart) else set()
        folders[:] = sorted(
            f for f in folders if f not in skipped and f[0] != "." and not (here / f / "Chart.yaml").exists()
        )
        found += [here / f for f in files if f.endswith((".yaml", ".yml")) and is_suite(here / f)]
    return [path.relative_to(chart) for path in sorted(found)]


def is_suite(path):
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return all(re.search(rf"(^|[\s{{,-])['\"]?{key}['\"]?:", text) for key in ("tests", "asserts"))


def run(chart, update=False):
    """The tests of a chart in the order of its suites, each with whether it passed; what the runner said where it fails.

    The runner writes snapshots that are missing, or all with `update`, so it is given a copy.
    """
    of_chart = suites(chart)
    if not of_chart:
        return [], ""
    with tempfile.TemporaryDirectory() as scratch:
        # Some suites name the folder.
        folder, answer = pathlib.Path(scratch) / chart.resolve().name, pathlib.Path(scratch) / "answer.xml"
        copy(chart, folder)
        command = [runner(), "--with-subchart=false", "--output-type", "JUnit", "--output-file", answer]
        command += ["--update-snapshot"] if update else []
        command += [word for suite in of_chart for word in ("--file", suite)]
        said = subprocess.run([*command, folder], capture_output=True, text=True, errors="replace", check=False)
        if not answer.exists():
            return [], said.stdout + said.stderr
        tests = [
            ((case.get("classname"), case.get("name")), case.find("failure") is None and case.find("error") is None)
            for case in xml.parse(answer).iter("testcase")
        ]
        return tests, said.stdout
