"""Standoffs made by hand for tests: a few options, a few statements."""

from tests.claims.cases import case

OPTIONS = [
    {"id": "block", "party": "left", "name": {"en": "block the road", "zh": "封路"}},
    {"id": "pay", "party": "left", "name": {"en": "pay", "zh": "赔偿"}},
    {"id": "appeal", "party": "right", "name": {"en": "appeal", "zh": "上诉"}, "one_way": "on"},
]
"""Two options of the left, one of the right; without rules eight states."""
PARTIES = {
    "left": {"name": {"en": "Left", "zh": "左方"}, "role": "negotiator"},
    "right": {"name": {"en": "Right", "zh": "右方"}, "role": "negotiator"},
    "town": {"name": {"en": "the town", "zh": "镇上"}, "role": "outside"},
}


def made(rankings=None, *claims, options=None, assurances=(), readings=None, assumed=True, **standoff):
    """A case with a standoff over ``OPTIONS``; all of it assumed unless said otherwise."""
    section = {"options": OPTIONS if options is None else options, "rankings": rankings or {}, **standoff}
    if assumed:
        section["assumed"] = True
    return case(
        {
            "parties": PARTIES,
            "standoff": section,
            "assurances": list(assurances),
            **({"readings": readings} if readings else {}),
        },
        *claims,
    )


def graph(arcs, states=3, **standoff):
    """A case with a standoff in graph form: arcs (party, from, to)."""
    return made(
        options=[],
        states=[{"n": n, "name": {"en": f"state {n}", "zh": f"状态{n}"}} for n in range(1, states + 1)],
        arcs=[{"party": p, "from": a, "to": b} for p, a, b in arcs],
        **standoff,
    )
