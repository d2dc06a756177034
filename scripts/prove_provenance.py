#!/usr/bin/env python3
"""Proves by experiment that declarations are the bytes that decide an image.

Usage: .venv/bin/python scripts/prove_provenance.py [--seed N] [--uses N] [--each N] DIR…   (after scripts/setup-helm.sh)

Draws image uses that Helm renders with the default values from the charts under each DIR. For
each it replaces, in a copy of the chart, the bytes of one declaration (its registry,
repository, tag or digest) by another valid value, renders with real Helm, and asks:

- did the image change as the bytes did?
- did any image change that does not list those bytes as its declaration?
- did anything else change that is not derived from them (text that holds the old value, in
  base64 as well, labels of versions and charts, checksums, pull policies)?

Few charts set a registry under `global:` or a digest. Of a chart that has a place for them, a
second copy in which they are set is drawn from, too. Packaged subcharts are unpacked in the copies.
What the chart refuses (a schema, a check of its own) is no experiment.
Fails when fewer than 99% of the experiments hold, or a way to write images (--each) or all
uses (--uses) were drawn too rarely.
"""

import argparse
import base64
import collections
import pathlib
import random
import re
import sys
import tempfile

import charts

SHARE = 0.99
WAYS = ("include", "printf", "tpl", "subchart", "global", "toYaml", "digest", "appVersion")
# The chart itself does not want the other value: nothing was tried.
REFUSED = "the chart refuses it"
DIGEST = "sha256:" + "0123456789abcdef" * 4
# Not what an image is, but what charts make of its tag.
DERIVED = re.compile(r"checksum|hash|version|helm\.sh/chart|imagePullPolicy|\bchart$", re.IGNORECASE)
DEFINE = re.compile(r"""\{\{-?\s*(?:define|block)\s+["`]([^"`]+)["`]""")
CALL = re.compile(r"""(?:include|template)\s+\(?["`]([^"`]+)["`]""")


class Templates:
    """The definitions of a chart's templates: the text that is behind a use."""

    def __init__(self, chart):
        self.bodies = {}
        for path in [*chart.rglob("*.tpl"), *chart.rglob("templates/**/*.y*ml")]:
            text = path.read_text(encoding="utf-8", errors="replace")
            starts = list(DEFINE.finditer(text))
            for start, end in zip(starts, [*(match.start() for match in starts[1:]), len(text)]):
                self.bodies.setdefault(start[1], text[start.end() : end])

    def behind(self, text, depth=4):
        """A use's text and that of the templates that it includes."""
        names = set(CALL.findall(text)) if depth else ()
        return text + "".join(self.behind(self.bodies.get(name, ""), depth - 1) for name in sorted(names))


def offset(text, line, column):
    """The offset of a line and a column, both from one."""
    lines = text.split("\n")
    return sum(len(line) + 1 for line in lines[: line - 1]) + column - 1


def span(text, place):
    return slice(
        offset(text, place["line"], place["column"]), offset(text, place["endLine"], place["endColumn"])
    )


def read(path):
    return path.read_bytes().decode("utf-8")


def other(part, text):
    """Another valid value for a part of a reference."""
    if part == "registry":
        return "proof.example.com"
    if part == "digest":
        return text[:-8] + ("0badc0de" if not text.endswith("0badc0de") else "deadbeef")
    if part == "tag":
        # A version stays one, for the charts that compare it; a number would become another one.
        last = re.search(r"^(.*\d\.\d+\.)(\d+)([^\d]*)$", text)
        return f"{last[1]}{int(last[2]) + 1}{last[3]}" if last else f"{text}-proof"
    name, mark, rest = re.match(r"^(.+?)((?::(?=[^/]*$)|@)|$)(.*)$", text).groups()
    return f"{name}-proof{mark}{rest}"


def ways(image, use, declaration, code, key):
    """How the chart writes this image."""
    found = {way for way in ("include", "printf", "tpl", "toYaml") if re.search(rf"\b{way}\b", code)}
    if declaration["path"].startswith("charts/") or use["path"].startswith("charts/"):
        found.add("subchart")
    if key and "global" in key[:-1]:
        found.add("global")
    if declaration["part"] == "digest" or "@sha256" in declaration["text"]:
        found.add("digest")
    if declaration["path"].endswith("Chart.yaml"):
        found.add("appVersion")
    return found


def keys_above(text, line):
    """The keys above a line of a values file, by indentation."""
    lines = text.split("\n")[:line]
    indent, keys = len(lines[-1]) + 1, []
    for candidate in reversed(lines):
        match = re.match(r"^( *)(?:- )?([\w.-]+):", candidate)
        if match and len(match[1]) < indent:
            indent = len(match[1])
            keys.append(match[2])
    return keys[::-1]


def fill_in(chart):
    """Sets the empty registry under `global:`, and empty digests, in a copy; false where there are none."""
    path = chart / "values.yaml"
    if not path.exists():
        return False
    text = read(path)
    filled = re.sub(r"(?m)(^global:\n(?:[ \t#].*\n|\n)*? +imageRegistry: *)(?:\"\"|'')", r"\1mirror.example.com", text)
    filled = re.sub(r"(?m)^( +digest: *)(?:\"\"|''|$)", rf"\1{DIGEST}", filled)
    path.write_bytes(filled.encode())
    return filled != text


class Copy:
    """A copy of a chart, what Helm renders of it, and what the inventory says."""

    def __init__(self, chart, folder, binary, filled):
        self.name, self.folder = f"{chart} (filled in)" if filled else str(chart), folder
        charts.copy(chart, folder)
        charts.unpack_subcharts(folder)
        self.usable = not filled or fill_in(folder)
        # Bitnami's charts refuse other images, unless they are told not to.
        guarded = any("allowInsecureImages" in read(path) for path in folder.rglob("values.yaml"))
        self.settings = ["global.security.allowInsecureImages=true"] if guarded else []
        answer = charts.Helm.render(folder, settings=self.settings, once=False) if self.usable else {"error": ""}
        self.usable = "error" not in answer
        if not self.usable:
            return
        self.texts, self.again = answer["manifests"], answer["again"]
        self.documents = charts.manifests(self.texts, "image")
        self.pod_images = charts.pod_images(self.documents)
        self.inventory = charts.inventory(binary, folder)

    def uses(self):
        """What can be drawn: an image, a use, a declaration, where Helm printed it, and the ways it is written."""
        templates, texts = Templates(self.folder), {}
        printed, elsewhere = self.by_reference()
        for image in self.inventory:
            reference = charts.normal(image["reference"])
            if image["conditional"] or image["evidence"] != "evaluation" or reference not in printed:
                continue
            for use in image["uses"]:
                places = printed[reference] if use.get("container") else elsewhere.get(reference, printed[reference])
                mine = [place for place in places if use.get("container") in (None, self.container(place))]
                text = texts.setdefault(use["path"], read(self.folder / use["path"]))
                code = templates.behind(text[span(text, use)])
                for declaration in image["declarations"]:
                    path = self.folder / declaration["path"]
                    key = keys_above(read(path), declaration["line"]) if path.name == "values.yaml" else None
                    if mine:
                        yield self, image, use, declaration, mine, ways(image, use, declaration, code, key)

    def by_reference(self):
        """The places that print each image: in pod specs, and as the whole of an argument or the like."""
        printed, elsewhere = {}, {}
        for place, image in self.pod_images.items():
            printed.setdefault(charts.normal(image), []).append(place)
        for where, document in self.documents.items():
            for pointer, value in charts.scalars(document):
                if isinstance(value, str) and not charts.is_image(pointer) and charts.normal(value) in printed:
                    elsewhere.setdefault(charts.normal(value), []).append((where, pointer))
        return printed, elsewhere

    @staticmethod
    def at(documents, places):
        """The text at places of documents."""
        wanted = {}
        for where, pointer in places:
            wanted.setdefault(where, set()).add(pointer)
        texts = {where: dict(charts.scalars(documents.get(where))) for where in wanted}
        return {(where, pointer): texts[where].get(pointer) for where, pointer in places}

    def container(self, place):
        (where, pointer) = place
        node = self.documents[where]
        for step in pointer[:-1]:
            node = node[step]
        return node.get("name") if isinstance(node, dict) else None

    def experiment(self, declaration, places):
        """Why the experiment does not hold; none when it does."""
        path = self.folder / declaration["path"]
        before = read(path)
        place = span(before, declaration)
        old = declaration["text"]
        new = other(declaration["part"], old)
        path.write_bytes((before[: place.start] + new + before[place.stop :]).encode())
        try:
            answer = charts.Helm.render(self.folder, settings=self.settings)
        finally:
            path.write_bytes(before.encode())
        if "error" in answer:
            return f"{REFUSED}: {answer['error'].strip().splitlines()[-1]}"
        texts = answer["manifests"]
        # Only what changed is worth parsing.
        changed = {path for path in self.texts | texts if self.texts.get(path) != texts.get(path)}
        after = charts.manifests({path: texts[path] for path in changed & texts.keys()})
        images = charts.pod_images(after)
        # Containers of one name can have the same image from elsewhere; those stay.
        was, now = self.at(self.documents, places), self.at(after, places)
        moved = [place for place in places if place[0][0] in changed and now[place] != was[place]]
        if not moved:
            return f"the image stays {was[places[0]]} with {new}"
        for place in moved:
            if not self.follows(was[place], now[place], old, new):
                return f"{was[place]} becomes {now[place]} with {new}"
        if not self.strays(declaration, changed, after, images, new, self.again):
            return None
        # A date moves on between two renders, whatever is replaced.
        now = charts.Helm.render(self.folder, settings=self.settings)["manifests"]
        return self.strays(declaration, changed, after, images, new, now)

    @staticmethod
    def follows(before, after, old, new):
        """True when an image changed as the bytes did; what a template rewrites only has to change."""
        before = str(before)
        if after in (None, before):
            return False
        after = str(after)
        places = [at for at in range(len(before)) if before.startswith(old, at)]
        return not places or any(after == before[:at] + new + before[at + len(old) :] for at in places)

    def strays(self, declaration, changed, after, images, new, again):
        """What changed and is neither listed nor derived, nor is otherwise in another render of the same chart."""
        listed = {charts.normal(image["reference"]) for image in self.inventory if declaration in image["declarations"]}
        for place, image in self.pod_images.items():
            if place[0][0] in changed and images.get(place) != image and charts.normal(image) not in listed:
                return f"{image} changes, too"
        before, again = (
            charts.manifests({path: texts[path] for path in changed & texts.keys()}) for texts in (self.texts, again)
        )
        for where, document in before.items():
            theirs = dict(charts.scalars(after.get(where)))
            random = dict(charts.scalars(again.get(where)))
            for pointer, value in charts.scalars(document):
                its = theirs.get(pointer)
                if its == value or random.get(pointer) != value or charts.is_image(pointer):
                    continue
                if any(DERIVED.search(str(step)) for step in pointer):
                    continue
                if not isinstance(its, str) or not holds(its, new):
                    return f"{where[0]}: {'.'.join(map(str, pointer))} changes from {value!r} to {its!r}"
        return None


def holds(text, new):
    """True when a text has a value in it, or what a label keeps of it, or is base64 of such a text."""
    if new in text or stem(new) in text:
        return True
    try:
        return new in base64.b64decode(text, validate=True).decode()
    except ValueError:
        return False


def stem(text):
    """What a label keeps of a value."""
    return text.removeprefix("v").partition(":")[0].partition("@")[0]


def draw(uses, count, each, chance):
    """So many uses, and of each way to write them as many as asked, where they are there."""
    chance.shuffle(uses)
    drawn, so_far = [], collections.Counter()
    for rare in (True, False):
        for use in uses:
            wanted = any(so_far[way] < each for way in use[-1]) if rare else len(drawn) < count
            if wanted and not any(use is one for one in drawn):
                drawn.append(use)
                so_far.update(use[-1])
    return drawn, so_far


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--uses", type=int, default=500)
    parser.add_argument("--each", type=int, default=25)
    parser.add_argument("folders", metavar="DIR", nargs="+", type=pathlib.Path)
    asked = parser.parse_args()
    binary = charts.program()
    with tempfile.TemporaryDirectory() as scratch:
        found = [chart for folder in asked.folders for chart in charts.charts_under(folder)]
        copies = [(chart, filled) for chart in found for filled in (False, True)]

        def prepare(numbered):
            number, (chart, filled) = numbered
            copy = Copy(chart, pathlib.Path(scratch, str(number)), binary, filled)
            return list(copy.uses()) if copy.usable else []

        uses = [use for some in charts.each(prepare, enumerate(copies)) for use in some]
        # Some will be refused.
        drawn, so_far = draw(uses, asked.uses * 11 // 10, asked.each, random.Random(asked.seed))
        by_copy = {}
        for use in drawn:
            by_copy.setdefault(use[0].folder, []).append(use)
        # A copy is changed by one experiment at a time.
        judge = lambda some: [(use, use[0].experiment(use[3], use[4])) for use in some]
        results = [result for some in charts.each(judge, by_copy.values()) for result in some]
    return report(asked, results, so_far, len(found))


def report(asked, results, so_far, found):
    held = [use for use, failure in results if failure is None]
    refused = sum((failure or "").startswith(REFUSED) for _, failure in results)
    tried = len(results) - refused
    print(f"seed {asked.seed}: {tried} experiments in {found} charts; {refused} were refused by the charts")
    print("drawn  holds  way")
    for way in WAYS:
        print(f"{so_far[way]:>5}  {sum(way in use[-1] for use in held):>5}  {way}")
    print(f"{tried:>5}  {len(held):>5}  all that were tried")
    for (copy, image, use, declaration, _, _), failure in results:
        if failure:
            place = "{path}:{line}:{column}".format(**declaration)
            print(f"fails: {image['reference']}  {declaration['part']} {declaration['text']!r} at {place}: {failure}  ({copy.name})")
    rare = [way for way in WAYS if so_far[way] < asked.each]
    if rare or tried < asked.uses:
        print(f"too few were drawn: {', '.join(rare) or 'all'}")
        return 1
    return 0 if len(held) >= SHARE * tried else 1


if __name__ == "__main__":
    sys.exit(main())
