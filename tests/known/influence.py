"""Known answers of spatial models of influence.

The rounds were worked out from the definitions in ``zopa.methods.expected_utility`` (Scholz, Calbert and Smith 2011, J.
Theoretical Politics 23(4)) in decimal arithmetic of sixty digits by a program of its own, and are given to nine places.
The weighted numbers follow from their definitions by hand.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rounds:
    """Actors, a reading of the model (votes, compromise, capitulation), and the positions after each round."""

    capability: tuple[float, ...]
    salience: tuple[float, ...]
    position: tuple[float, ...]
    reading: tuple[str, str, bool]
    after: tuple[tuple[float, ...], ...]


_FIVE = ((2, 3, 1, 2, 4), (0.2, 0.9, 0.5, 0.3, 0.6), (0, 1, 4, 6, 10))
_STATES = ((1, 1, 1, 2, 2), (0.9, 0.2, 0.1, 0.6, 0.7), (4, 7, 4, 10, 10))
_FOUR = ((4, 2, 3, 5), (0.5, 0.9, 0.6, 0.8), (0, 3, 7, 10))

ROUNDS = (
    Rounds(
        *_FIVE,
        ("all", "lowest", False),
        (
            (4.0, 1.0, 4.0, 4.0, 10.0),
            (10.0, 1.0, 6.051030558, 10.0, 10.0),
            (6.051030558, 1.0, 6.051030558, 6.051030558, 10.0),
            (2.050121748, 1.0, 9.611703939, 6.438087308, 10.0),
        ),
    ),
    Rounds(
        *_STATES,
        ("all", "nearest", True),
        (
            (4.0, 7.403464364, 7.0, 10.0, 10.0),
            (4.0, 7.70301749, 7.403464364, 10.0, 10.0),
            (4.0, 8.011267123, 7.70301749, 10.0, 10.0),
            (4.0, 8.322046341, 8.011267123, 10.0, 10.0),
        ),
    ),
    Rounds(
        *_FOUR,
        ("pair", "nearest", True),
        (
            (7.0, 3.683479397, 7.0, 7.0),
            (3.683479397, 3.683479397, 3.683479397, 7.0),
            (3.930469921, 7.0, 4.157809494, 7.0),
        ),
    ),
    Rounds(
        *_FOUR,
        ("all", "highest", True),
        ((7.0, 3.0, 7.0, 10.0), (10.0, 3.0, 7.0, 10.0), (8.314315204, 3.0, 7.0, 10.0)),
    ),
)
