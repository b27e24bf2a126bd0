"""The definitions written out over all packages: slow, obvious, and sharing no code with the methods they check."""

from itertools import product

import numpy as np

EQUAL = 1e-9


def packages(values):
    """All packages of a problem, values per issue with the options in the last axis."""
    return list(product(*(range(v.shape[-1]) for v in values)))


def utilities(values, package, blocks=()):
    """Utilities of a package, parties in the last axis, what blocks add included."""
    total = sum(v[..., k] for v, k in zip(values, package, strict=True))
    for block in blocks:
        if block.extra is not None:
            total = total + block.extra[(slice(None), *(package[i] for i in block.issues))]
    return total


def allowed(package, blocks):
    return not any(
        b.forbidden is not None and b.forbidden[tuple(package[i] for i in b.issues)] for b in blocks
    )


def vetoed(vetoes, package):
    """Whether anybody vetoes an option of the package; one draw."""
    return vetoes is not None and any(v[:, k].any() for v, k in zip(vetoes, package, strict=True))


def table(values, *, reserve=None, vetoes=None, blocks=(), strict=False):
    """{package: utilities} of the packages that can be agreed."""
    found = {}
    for package in packages(values):
        u = utilities(values, package, blocks)
        if not allowed(package, blocks) or vetoed(vetoes, package):
            continue
        if reserve is not None and not (u > reserve + EQUAL if strict else u >= reserve - EQUAL).all():
            continue
        found[package] = u
    return found


def undominated(found):
    """The packages no other package beats."""
    return {
        package: u
        for package, u in found.items()
        if not any((o >= u - EQUAL).all() and (o > u + EQUAL).any() for o in found.values())
    }


def distinct(points):
    """Utility points, equal ones once, as a set of rounded tuples."""
    return {tuple(np.round(np.asarray(u) + 0.0, 7).tolist()) for u in points}


def leximin(scores):
    """Packages whose scores, sorted upwards, are lexicographically largest; scores are {package: tuple}."""
    ordered = {p: tuple(np.round(np.sort(s), 9) + 0.0) for p, s in scores.items()}
    best = max(ordered.values())
    return {p for p, s in ordered.items() if s == best}
