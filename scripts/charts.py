"""What the proofs share: charts in folders, real Helm, the inventory, and images in manifests."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import threading
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv/bin/python"

try:
    import yaml
except ImportError:
    sys.exit("PyYAML is missing: run scripts/setup-helm.sh, and this with .venv/bin/python")


class Loader(yaml.CSafeLoader):
    """YAML as Helm reads it: a date is text."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def load(text):
    """All documents of a text; none where it is no YAML."""
    try:
        return list(yaml.load_all(text, Loader))
    except (yaml.YAMLError, ValueError):
        return []


def read_yaml(path):
    """The mapping in a file; an empty one where there is none."""
    try:
        documents = load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return {}
    return documents[0] if documents and isinstance(documents[0], dict) else {}


def dependencies(chart):
    """What a chart depends on, in either of the files that name them."""
    for name in ("Chart.yaml", "requirements.yaml"):
        entries = read_yaml(chart / name).get("dependencies")
        if isinstance(entries, list):
            yield from (entry for entry in entries if isinstance(entry, dict) and entry.get("name"))


def charts_under(folder):
    """The folders with a Chart.yaml that are in no other chart."""
    found = []
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if "Chart.yaml" in files:
            found.append(pathlib.Path(here))
            folders[:] = []
    return sorted(found)


def unpack_subcharts(chart):
    """Unpacks the packaged subcharts of a copy, so that their bytes can be replaced."""
    for archive in list(chart.rglob("charts/*.tgz")):
        with tarfile.open(archive) as tar:
            # The filter keeps what an archive names inside of the folder.
            tar.extractall(archive.parent, filter="data")
        archive.unlink()


def each(work, items, jobs=2):
    """What `work` makes of each item, in their order, several at a time."""
    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(work, items)


class Helm:
    """Real Helm in a process of its own for each thread: Go ends it where a stack overflows."""

    here = threading.local()

    @classmethod
    def render(cls, chart, files=(), settings=(), once=True, upgrade=False):
        """The answer of render_with_helm.py: its `manifests` (and `again`, unless once), or its `error`."""
        request = {"chart": str(chart), "files": [str(file) for file in files], "set": list(settings)}
        return cls.ask(request | {"once": once, "upgrade": upgrade})

    @classmethod
    def lint(cls, chart):
        """What the linter warns of, and its errors: each with its severity, path and text."""
        answer = cls.ask({"chart": str(chart), "lint": True})
        if "error" in answer:
            return [(3, "", answer["error"])]
        return [(severity, path, text) for severity, path, text in answer["lint"] if severity >= 2]

    @classmethod
    def ask(cls, request):
        process = getattr(cls.here, "process", None)
        if process is None or process.poll() is not None:
            if not PYTHON.exists():
                sys.exit(f"real Helm is missing: {PYTHON} does not exist; run scripts/setup-helm.sh, which installs it")
            process = cls.here.process = subprocess.Popen(
                [PYTHON, ROOT / "scripts/render_with_helm.py"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = ""
        return json.loads(line) if line else {"error": "real Helm crashed"}


def program():
    """The path of chart-images: $CHART_IMAGES, or what Cargo builds."""
    if path := os.environ.get("CHART_IMAGES"):
        return path
    command = ["cargo", "build", "--quiet", "--profile", "gate", "--bin", "chart-images", "--message-format", "json"]
    built = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if built.returncode:
        sys.exit("chart-images does not build")
    messages = [json.loads(line) for line in built.stdout.splitlines()]
    return next(message["executable"] for message in messages if message.get("executable"))


def report(binary, chart):
    """What chart-images says of a chart, its templates evaluated; paths are relative to the chart.

    What it says of a chart that only lies in a folder of this one, and is none of its subcharts, is left out.
    """
    command = [binary, "lint", chart, "--format", "json", "--root", chart]
    run = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if run.returncode not in (0, 1, 3):
        raise RuntimeError(f"chart-images lint {chart}: status {run.returncode}: {run.stderr.strip()}")
    said = json.loads(run.stdout)
    of_chart = lambda entry: re.fullmatch(r"\.|(charts/[^/]+/?)+", entry.get("chart") or ".")
    return {**said, "images": list(filter(of_chart, said["images"])), "findings": list(filter(of_chart, said["findings"]))}


def inventory(binary, chart):
    """The images that chart-images lists for a chart."""
    return report(binary, chart)["images"]


_LABEL = r"(?:[a-zA-Z\d](?:[a-zA-Z\d-]*[a-zA-Z\d])?)"
_NAME = r"[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*"
REFERENCE = re.compile(
    rf"(?:(?:{_LABEL}(?:\.{_LABEL})*|\[[\da-fA-F:]+\])(?::\d+)?/)?{_NAME}(?:/{_NAME})*(?::\w[\w.-]{{0,127}})?(?:@[\w+.-]+:[\da-fA-F]{{32,}})?",
    re.ASCII,
)


def normal(reference):
    """A reference with what is implicit in it: Docker Hub, `library/`."""
    first, slash, rest = reference.partition("/")
    if not slash or not (re.search(r"[.:A-Z]", first) or first == "localhost"):
        first, rest = "docker.io", reference
    first = first.lower()
    if first in ("index.docker.io", "registry-1.docker.io", "registry.hub.docker.com", "hub.docker.com"):
        first = "docker.io"
    if first == "docker.io" and "/" not in rest:
        rest = f"library/{rest}"
    return f"{first}/{rest}"


def scalars(node, pointer=()):
    """Every scalar of a document, with the keys and indices that lead to it."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from scalars(value, (*pointer, str(key)))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from scalars(value, (*pointer, index))
    else:
        yield pointer, node


CONTAINERS = ("containers", "initContainers", "ephemeralContainers")


def is_image(pointer):
    """True where a pod spec names an image: a container's, or an image volume's."""
    container = len(pointer) > 2 and pointer[-1] == "image" and isinstance(pointer[-2], int) and pointer[-3] in CONTAINERS
    volume = len(pointer) > 3 and pointer[-2:] == ("image", "reference") and pointer[-4] == "volumes"
    return container or volume


def manifests(by_path, word=""):
    """The documents of a render, where a word is in them, by path and number; notes are none."""
    return {
        (path, number): document
        for path, text in by_path.items()
        if not path.endswith("NOTES.txt") and word in text
        for number, document in enumerate(load(text))
    }


def images_in(answer):
    """The images in pod specs of a render."""
    return pod_images(manifests(answer["manifests"], "image"))


def pod_images(documents):
    """The images in pod specs, by document and pointer."""
    return {
        (where, pointer): str(value)
        for where, document in documents.items()
        for pointer, value in scalars(document)
        if is_image(pointer) and value not in (None, "")
    }


def copy(chart, into):
    """A copy of a chart whose links are files."""
    shutil.copytree(chart, into, ignore_dangling_symlinks=True, dirs_exist_ok=True)
