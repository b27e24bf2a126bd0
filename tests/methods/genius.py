"""Reads the utilities of a Genius domain: evaluation over the largest of its issue, weights rescaled to sum one."""

import json
from xml.etree import ElementTree

import numpy as np


def profile(path):
    """Per issue what each option adds to the party's utility, and its reservation value."""
    root = ElementTree.parse(path).getroot()
    weights = {int(w.get("index")): float(w.get("value")) for w in root.iter("weight") if w.get("index")}
    issues = sorted((i for i in root.iter("issue") if i.find("item") is not None), key=_index)
    total = sum(weights[_index(issue)] for issue in issues)
    values = []
    for issue in issues:
        worth = np.array(
            [float(item.get("evaluation")) for item in sorted(issue.findall("item"), key=_index)]
        )
        values.append(weights[_index(issue)] / total * (worth / worth.max()))
    reservation = root.find(".//reservation")
    return values, 0.0 if reservation is None else float(reservation.get("value"))


def domain(folder, profiles):
    """Values per issue (parties, options) and reserve (parties,)."""
    read = [profile(folder / name) for name in profiles]
    values = [np.stack([values[i] for values, _ in read]) for i in range(len(read[0][0]))]
    return values, np.array([reserve for _, reserve in read])


def expected(folder):
    """The computed answers that lie beside the domains."""
    return json.loads((folder / "expected.json").read_text(encoding="utf-8"))


def _index(element):
    return int(element.get("index"))
