"""What to set so that a condition that chart-images names holds."""

import itertools
import re

import charts
from render_with_helm import merge

# How many ways to make conditions hold are tried.
MOST = 40
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`|[()]|[^\s()]+')
# The pseudo-expression that renders an upgrade.
UPGRADE = "(an upgrade)"


class ByHand(Exception):
    """A condition that no rule sets."""


def parse(text):
    """A pipeline as nested lists of words; `a | b` is `b a`."""
    tokens = TOKEN.findall(text)

    def group():
        words = []
        while tokens:
            token = tokens.pop(0)
            if token == ")":
                return words
            if token == "|":
                words = [tokens.pop(0), words]
            else:
                words.append(group() if token == "(" else token)
        return words

    return group()


def path_of(node):
    """The keys that a field names in the values; none where it is no field of them."""
    if isinstance(node, list):
        if len(node) == 1:
            return path_of(node[0])
        if len(node) == 2 and isinstance(node[1], str) and node[1].startswith("."):
            first = path_of(node[0])
            return first and first + node[1][1:].split(".")
        if len(node) == 3 and node[0] in ("index", "get") and isinstance(node[2], str) and node[2].startswith('"'):
            first = path_of(node[1])
            return first and [*first, node[2].strip('"')]
        return None
    match = re.fullmatch(r"[$.\w]*?\.Values\.([\w.-]+)", node)
    return match[1].split(".") if match else None


def expression(path, value):
    """What `helm --set` takes to set a value."""
    return ".".join(key.replace(".", r"\.") for key in path) + value


def defaults(chart):
    """A chart's own values over those of its vendored subcharts, as conditions name them."""
    values = charts.read_yaml(chart / "values.yaml")
    aliases = {entry["name"]: entry.get("alias") or entry["name"] for entry in charts.dependencies(chart)}
    for file in chart.glob("charts/*/Chart.yaml"):
        name = str(charts.read_yaml(file).get("name", file.parent.name))
        name = aliases.get(name, name)
        over = values.get(name)
        values[name] = merge(defaults(file.parent), over if isinstance(over, dict) else {})
    return values


class Rule:
    """The ways to make conditions on a chart's values hold; each is a list of expressions."""

    def __init__(self, values):
        self.values = values

    def value(self, path):
        """What a value is by default."""
        node = self.values
        for key in path:
            node = node.get(key) if isinstance(node, dict) else None
        return node

    def truth(self, path, holds):
        """The ways to make a value true, or false, and leave it what it was made for."""
        node = self.value(path)
        if not holds:
            nothing = "null" if isinstance(node, (dict, list)) else "" if isinstance(node, str) else "false"
            return [[expression(path, f"={nothing}")]]
        listed = ["={proof}", "[0].name=proof"]
        mapped = [".proof=proof", ".proof.proof=proof", ".proof.proof.proof=proof"]
        if node is None:
            forms = ["=true", "=proof", *listed, *mapped]
        elif isinstance(node, (dict, list)):
            if node:
                return [[]]
            forms = [*listed, *mapped] if isinstance(node, list) else [*mapped, *listed]
        elif isinstance(node, str):
            forms = ["=proof", *mapped] if node == "" else [""]
        elif isinstance(node, bool):
            forms = ["=true"]
        else:
            forms = ["=1"]
        return [[expression(path, form)] if form else [] for form in forms]

    def ways(self, node, holds=True):
        """The ways to make a condition hold, or not."""
        if path := path_of(node):
            return self.truth(path, holds)
        if node in (".Release.IsInstall", "$.Release.IsInstall") and not holds:
            return [[UPGRADE]]
        if node in (".Release.IsUpgrade", "$.Release.IsUpgrade") and holds:
            return [[UPGRADE]]
        if not isinstance(node, list) or not node:
            raise ByHand(f"{node} is no value")
        word, *rest = node
        if not rest:
            return self.ways(word, holds)
        if word in ("not", "empty") and len(rest) == 1:
            return self.ways(rest[0], not holds)
        if word in ("and", "or"):
            if (word == "and") == holds:
                return self.all_of([(part, holds) for part in rest])
            return self.any_of([(part, holds) for part in rest])
        if word in ("eq", "ne") and len(rest) >= 2:
            return [self.equal(rest[0], literal, (word == "eq") == holds) for literal in rest[1:]]
        if word == "default" and len(rest) == 2:
            return self.ways(rest[1], holds)
        raise ByHand(f"{word} computes")

    def any_of(self, parts):
        """The ways of each that a rule can set."""
        ways, reason = [], None
        for part, holds in parts:
            try:
                ways += self.ways(part, holds)
            except ByHand as said:
                reason = said
        if not ways:
            raise reason
        return ways

    def all_of(self, parts):
        """One way of each, together."""
        every = [self.ways(part, holds) for part, holds in parts]
        chosen = itertools.islice(itertools.product(*every), MOST)
        return [list(dict.fromkeys(one for way in ways for one in way)) for ways in chosen]

    def equal(self, first, second, equal):
        """The way to make a value equal to a literal, or not."""
        path, literal = (path_of(first), second) if path_of(first) else (path_of(second), first)
        if not path or not isinstance(literal, str) or not re.fullmatch(r'"[\w./:-]*"|true|false|\d+', literal):
            raise ByHand("eq computes")
        literal = literal.strip('"')
        if not equal and self.value(path) not in (None, literal):
            return []
        return [expression(path, f"={literal if equal else 'proof'}")]


def ways(chart, condition):
    """The values files, and the ways to set values, that make all conditions of an image hold."""
    rule, files, parts = Rule(defaults(chart)), [], []
    for word, code, _, wanted in re.findall(r'(when|unless|with) `((?:[^`])+)`( equal to "([^"]*)")?', condition):
        if wanted:
            parts.append((["eq", code, f'"{wanted}"'], True))
        elif word == "with":
            files.append(chart / code)
        else:
            parts.append((parse(code), word == "when"))
    if not files and not parts:
        raise ByHand("nothing to set")
    return files, rule.all_of(parts)
