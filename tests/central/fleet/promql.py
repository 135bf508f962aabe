"""So much of Prometheus' language as the alerts use: what a rule gives over what was scraped.

A vector is a value for each set of labels. A comparison keeps the left side's values for which it
is true; two vectors meet where their labels are the same, as Prometheus has them meet.
"""

import operator
import re
import time

from prometheus_client.parser import text_string_to_metric_families

_SELECTED = re.compile(r"(?P<name>centre_\w+)(?:\{(?P<labels>[^}]*)\})?(?P<range>\[\w+\])?")
_SCRAPED = {"job": "centre", "instance": "127.0.0.1:9100"}
"""Prometheus gives every sample these: only a `sum` has none."""
_LABEL = re.compile(r'(\w+)(=~?)"([^"]*)"')


class Vector(dict):
    """Values by their labels, which are a frozen set of pairs."""

    def _with(self, other, act):
        if not isinstance(other, Vector):
            return Vector({labels: act(value, other) for labels, value in self.items()})
        both = self.keys() & other.keys()
        return Vector({labels: act(self[labels], other[labels]) for labels in both})

    def _kept(self, other, act):
        true = self._with(other, act)
        return Vector({labels: self[labels] for labels in true if true[labels]})

    def __mul__(self, other):
        return self._with(other, operator.mul)

    def __rmul__(self, other):
        return self._with(other, operator.mul)

    def __sub__(self, other):
        return self._with(other, operator.sub)

    def __rsub__(self, other):
        return self._with(other, lambda mine, their: their - mine)

    def __gt__(self, other):
        return self._kept(other, operator.gt)

    def __lt__(self, other):
        return self._kept(other, operator.lt)


def value(rule, now, before=""):
    """What a rule's expression gives; `before` is what was scraped at the range's beginning."""

    def rise(name, labels):
        return selected(now, name, labels) - selected(before, name, labels)

    def found(match):
        asked = (match["name"], match["labels"] or "")
        return f"{'rise' if match['range'] else 'at'}{asked!r}"

    names = {
        "at": lambda name, labels: selected(now, name, labels),
        "rise": rise,
        "increase": lambda vector: vector,
        "sum": lambda vector: Vector({frozenset(): sum(vector.values())} if vector else {}),
        "time": time.time,
    }
    return eval(_SELECTED.sub(found, rule), {"__builtins__": {}}, names)


def selected(scraped, name, labels):
    """The samples of a metric that have these labels."""
    wanted, found = _LABEL.findall(labels), Vector()
    for family in text_string_to_metric_families(scraped):
        for sample in family.samples:
            if sample.name == name and all(_has(sample.labels, *each) for each in wanted):
                found[frozenset((sample.labels | _SCRAPED).items())] = sample.value
    return found


def _has(labels, label, how, text):
    told = labels.get(label, "")
    return told == text if how == "=" else re.fullmatch(text, told) is not None
