"""Real Helm judges a migration of the charts below some folders.

Copies each folder, moves every image of docker.io, ghcr.io, gcr.io and quay.io to a made-up
mirror, renders every chart before and after with its default values, and takes the
migration back. Fails when

- a rendered line differs in anything but an image that was moved, the chart's version and
  checksums (`wrong`),
- a chart that rendered before does not afterwards,
- the rollback does not give every byte back.

Usage: .venv/bin/python scripts/prove_migration.py DIR…   (after scripts/setup-helm.sh)

The binary is target/release/chart-images, or what $CHART_IMAGES names.
"""

import collections
import filecmp
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import helm_python
except ImportError:
    sys.exit("real Helm is missing: run scripts/setup-helm.sh, and this with .venv/bin/python")

ROOT = Path(__file__).resolve().parent.parent
BINARY = os.environ.get("CHART_IMAGES", str(ROOT / "target/release/chart-images"))
POLICY = """\
version: 1
registries:
  allowed: [mirror.example.com]
  disallowed: [docker.io, ghcr.io, gcr.io, "*.gcr.io", quay.io]
replacements:
  - { from: "docker.io/**", to: "mirror.example.com/hub/**" }
  - { from: "ghcr.io/**", to: "mirror.example.com/ghcr/**" }
  - { from: "gcr.io/**", to: "mirror.example.com/gcr/**" }
  - { from: "*.gcr.io/**", to: "mirror.example.com/gcr/**" }
  - { from: "quay.io/**", to: "mirror.example.com/quay/**" }
"""


def render(chart):
    """The lines of each template, and of a second render; None where Helm refuses the chart."""
    helm_python.disable_logging()
    try:
        with helm_python.Chart.load(chart) as loaded:
            texts = [loaded.render({}, name="demo", namespace="default") for _ in range(2)]
    except Exception:  # Helm's errors have no common class here
        return chart, None
    first, second = ({path: text.split("\n") for path, text in each.items()} for each in texts)
    return chart, {path: list(zip(first[path], second[path], strict=False)) for path in first}


def charts(folder: Path):
    """Folders with a Chart.yaml that lie in no other chart's `charts`."""
    for path in sorted(folder.rglob("Chart.yaml")):
        if "charts" not in path.parent.relative_to(folder).parts[:-1] or not any(
            (parent.parent / "Chart.yaml").exists()
            for parent in path.parents
            if parent.name == "charts" and folder in parent.parents
        ):
            yield str(path.parent)


def parts(reference: str):
    """A reference, its name, and its registry: what a line may hold of it."""
    name = re.sub(r"@.*", "", reference)
    name = re.sub(r":[^/:]*$", "", name)
    first = name.split("/")[0]
    return reference, name, first if re.search(r"[.:]", first) and "/" in name else None


def same(before: str, after: str, moved) -> str | None:
    """What makes the second line of the first one: `image`, `part` or `derived`."""
    if any(before.replace(old, new) == after for old, new in moved):
        return "image"
    line = before
    for old, new in sorted(moved, key=lambda pair: -len(pair[0])):
        line = line.replace(old, new)
    if line == after:
        return "image"
    for old, new in moved:
        (_, old_name, old_registry), (_, new_name, new_registry) = parts(old), parts(new)
        old_rest = old_name.removeprefix(f"{old_registry}/")
        new_rest = new_name.removeprefix(f"{new_registry}/")
        for was, now in ((old_name, new_name), (old_rest, new_rest), (old_registry, new_registry)):
            if was and line.replace(was, now) == after:
                return "part"
    hidden = [re.sub(r"[0-9a-f]{64}|[0-9a-f]{40}|\d+\.\d+\.\d+\S*", "…", text) for text in (before, after)]
    return "derived" if hidden[0] == hidden[1] else None


def tree(folder: Path):
    return {
        path.relative_to(folder): path
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and ".git" not in path.parts
    }


def judge(folder: Path, counts, wrong) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        copy, policy = Path(scratch) / "copy", Path(scratch) / "policy.yaml"
        shutil.copytree(folder, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        policy.write_text(POLICY)
        with multiprocessing.get_context("spawn").Pool() as pool:
            before = dict(pool.imap(render, list(charts(copy))))
            command = [BINARY, "migrate", copy, "--root", copy, "--policy", policy, "--unverified"]
            said = subprocess.run(command, capture_output=True, text=True, check=False)
            if said.returncode not in (0, 3):
                wrong.append(f"{folder}: {said.stderr.strip()}")
                return
            after = dict(pool.imap(render, list(before)))
        moved = [tuple(pair) for pair in re.findall(r"^  (\S+) -> (\S+)$", said.stdout, re.M)]
        counts["moved"] += sum(map(int, re.findall(r"^moved (\d+)", said.stdout, re.M)))
        for because in re.findall(r"^not moved: .*?:\d+: (.*)$", said.stderr, re.M):
            counts["refused: " + re.sub(r"`[^`]*`|\S*/\S*", "…", because)] += 1
        for chart, old in before.items():
            new = after[chart]
            if old is None:
                counts["charts that Helm refuses as they are"] += 1
                continue
            counts["charts rendered"] += 1
            if new is None or old.keys() != new.keys():
                wrong.append(f"{chart} does not render as before")
                continue
            for path in old:
                for (was, again), (now, _) in zip(old[path], new[path], strict=False):
                    if was != again:
                        counts["rendered lines: random"] += 1
                    elif was != now:
                        kind = same(was, now, moved)
                        counts[f"rendered lines: {kind or 'wrong'}"] += 1
                        if kind is None:
                            wrong.append(f"{path}:\n  {was.strip()}\n  {now.strip()}")
                if len(old[path]) != len(new[path]):
                    wrong.append(f"{path} has other lines")
        subprocess.run([BINARY, "rollback", "--root", copy], capture_output=True, check=True)
        original, given_back = tree(folder), tree(copy)
        if original.keys() != given_back.keys():
            wrong.append(f"{folder}: files were left or lost")
        for path in original.keys() & given_back.keys():
            if not filecmp.cmp(original[path], given_back[path], shallow=False):
                wrong.append(f"{folder}/{path} was not given back")


def main() -> int:
    counts, wrong = collections.Counter(), []
    for folder in sys.argv[1:] or [str(ROOT / "charts-fixtures/plan")]:
        judge(Path(folder).resolve(), counts, wrong)
    for what, count in sorted(counts.items()):
        print(f"{count:6} {what}")
    print(f"{len(wrong):6} wrong")
    print("\n".join(wrong[:40]))
    return 1 if wrong or not counts["moved"] else 0


if __name__ == "__main__":
    sys.exit(main())
