"""The compiled worlds against a plain one, written from the description: the same random numbers, the same worlds."""

import math
from itertools import product

import numpy as np
import pytest

from tests.methods.worlds_made import busy
from zopa.methods.world_board import EVERYTHING, MECHANISMS, Board
from zopa.methods.worlds import play, switched_off

WORD = 2**64
DAY = {"met", "spoke", "second", "agreed", "struck", "war", "over", "collapsed"}
STREAMS = "first direct announce gives-way text text-day break resume outside strike delay answer widen regime regime-war"


def mix(z: int) -> int:
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 % WORD
    z = (z ^ z >> 27) * 0x94D049BB133111EB % WORD
    return z ^ z >> 31


class Dice:
    """The random numbers of one world."""

    def __init__(self, seed: int, draw: int, again: int, play: int) -> None:
        golden, stream, step = 0x9E3779B97F4A7C15, 0xD1342543DE82EF95, 0xAF251AF3B0F025B5
        self.stream, self.step = stream, step
        self.key = mix(
            (mix((mix((seed + golden) % WORD) + draw * golden) % WORD) + again * stream + play * step) % WORD
        )

    def __call__(self, stream: str, name: int = 0, step: int = 0) -> float:
        counter = name + (STREAMS.split().index(stream) + 1) * self.stream + (step + 1) * self.step
        return (mix((self.key + mix(counter % WORD)) % WORD) >> 11) * 2.0**-53


def wait(u: float, monthly: float) -> float:
    return -math.log(1.0 - u) / (monthly / 30.0) if monthly > 0 else math.inf


class Plain:
    """One world, event by event."""

    def __init__(self, board: Board, d: int, dice: Dice, on: set[str], foresight: bool) -> None:
        self.b, self.d, self.u, self.on, self.foresight = board, d, dice, on, foresight
        self.parties, self.forces = range(len(board.parties)), range(len(board.forces))
        self.regimes = range(len(board.regimes))
        self.packages = []
        counts = np.diff(board.starts)
        for options in product(*(range(k) for k in counts)):
            columns = [int(board.starts[i]) + k for i, k in enumerate(options)]
            worth = []
            for p in self.parties:
                total = 0.0
                for c in columns:
                    total += board.values[d, p, c]
                worth.append(total)
            moved = 0
            for c in columns:
                moved |= int(board.moves[c])
            self.packages.append((worth, moved, any(board.vetoed[d, c] for c in columns)))
        self.turns = 1 if len(self.parties) == 2 else len(self.parties)
        self.day = dict.fromkeys(DAY, math.inf)
        self.end, self.violence, self.first, self.acted, self.breaks = "open", 0, 0, set(), False
        self.package, self.agenda, self.ready = -1, -1, math.inf
        self.talking, self.since, self.meetings, self.rounds, self.put = True, math.inf, 0, 0, 0
        self.spells = self.resumptions = self.failures = self.attacks = 0
        self.coming: dict[tuple[int, int], float] = {}

    # events in the order in which those of one instant happen
    ROUND, ANNOUNCED, ABSENT, DEADLINE, BREAK, RESUME, STRIKE, OUTSIDE, REGIME = range(9)

    def plan(self, kind: int, day: float, which: int = 0) -> None:
        self.coming.pop((kind, which), None)
        if day < math.inf:
            self.coming[kind, which] = day

    def run(self) -> "Plain":
        b, d = self.b, self.d
        late = int(b.late[d]) if "setting" in self.on else 0
        self.settled, self.planned = late < 2, b.start + late * b.interval[d]
        if self.settled:
            self.plan(self.ROUND, self.planned)
        else:
            self.plan(self.ABSENT, b.start)
        if "deadlines" in self.on:
            for m, day in enumerate(b.deadlines):
                self.plan(self.DEADLINE, day, m)
        self.go_on(0.0)
        for f in self.forces:
            if "outside" in self.on:
                self.plan(self.OUTSIDE, wait(self.u("outside", int(b.forces[f])), b.outside[d, f]), f)
        for g in self.regimes:
            chance = b.breaks[d, g]
            if "force" in self.on and chance > 0:
                log = math.log(1 - chance) if chance < 1 else -math.inf
                self.plan(self.REGIME, b.horizon * math.log(1 - self.u("regime", int(b.regimes[g]))) / log, g)
        while self.coming:
            (kind, which), day = min(self.coming.items(), key=lambda item: (item[1], item[0]))
            if day > b.horizon:
                break
            del self.coming[kind, which]
            self.happen(kind, which, day)
        if self.end == "open" and not self.talking and self.since + 30 <= b.horizon:
            self.end, self.day["over"] = "ended", self.since + 30
        return self

    def happen(self, kind: int, which: int, day: float) -> None:
        if kind == self.ROUND:
            self.meet(day)
        elif kind == self.ANNOUNCED:
            self.day["second"] = day
        elif (kind == self.ABSENT and self.talking) or kind == self.BREAK:
            self.break_off(day)
            self.fail(day, set(self.forces))
        elif kind == self.DEADLINE:
            kept = self.meetings > 0 and day <= self.b.start
            if self.end == "open" and not kept:
                self.fail(day, {f for f in self.forces if self.b.pressed[which, f]})
        elif kind == self.RESUME:
            self.talking = True
            self.plan(self.ROUND, day if self.meetings else max(day, self.planned))
            self.hold_back()
            self.go_on(day)
        elif kind in (self.STRIKE, self.OUTSIDE):
            self.attack(which, day)
        elif kind == self.REGIME:
            self.collapse(which, day)

    # -- talks

    def go_on(self, day: float) -> None:
        if "breakdown" in self.on:
            self.plan(self.BREAK, day + wait(self.u("break", 0, self.spells), self.b.breakdown[self.d]))
            self.spells += 1

    def quiet(self) -> None:
        for kind in (self.ROUND, self.ANNOUNCED, self.BREAK, self.RESUME):
            self.plan(kind, math.inf)

    def hold_back(self) -> None:
        for f in self.forces:
            self.plan(self.STRIKE, math.inf, f)

    def break_off(self, day: float) -> None:
        self.talking, self.since = False, day
        self.quiet()
        if "breakdown" in self.on and self.settled:
            self.plan(
                self.RESUME, day + wait(self.u("resume", 0, self.resumptions), self.b.resumption[self.d])
            )
            self.resumptions += 1

    def came(self, number: int) -> None:
        self.first = self.first or number

    def span(self, p: int) -> float:
        due = self.b.due[p]
        if "deadlines" in self.on and self.day["met"] < due < math.inf:
            return due - self.day["met"]
        return self.b.patience[self.d]

    def choose_agenda(self) -> None:
        b, d = self.b, self.d
        if "agenda" not in self.on:
            self.agenda, self.ready = len(b.agendas) - 1, self.day["met"]
            return
        for a in range(len(b.agendas) - 1):
            if b.closed[d, a]:
                continue
            days = [self.day["met"]]
            for p in self.parties:
                if b.disputed[d, p, a]:
                    e = b.exponents[d, p]
                    gives = self.u("gives-way", int(b.parties[p])) ** (1 / e) if e > 0 else 0.0
                    days.append(self.day["met"] + self.span(p) * gives)
            if max(days) < self.ready:
                self.agenda, self.ready = a, max(days)

    def meet(self, day: float) -> None:
        b, d = self.b, self.d
        self.meetings += 1
        if self.meetings == 1:
            self.day["met"] = day
            if self.u("direct") < b.direct[d]:
                self.day["spoke"] = day
            self.choose_agenda()
            self.plan(self.ANNOUNCED, day + self.u("announce") * b.interval[d])
        else:
            self.day["second"] = min(self.day["second"], day)
        self.plan(self.ROUND, day + b.interval[d])
        if self.agenda < 0 or self.ready > day:
            return
        package = self.text(day) if "text" in self.on else None
        if package is None and "offers" in self.on:
            package = self.foresee(day) if self.foresight else self.bargain(day)
        if package is not None:
            self.end, self.package, self.day["agreed"], self.talking = "deal", package, day, False
            self.came(1)
            self.quiet()
            self.hold_back()

    def suits(self, k: int, least: list[float]) -> bool:
        worth, _, vetoed = self.packages[k]
        return not vetoed and all(u >= x - 1e-10 for u, x in zip(worth, least, strict=True))

    def text(self, day: float) -> int | None:
        b, d = self.b, self.d
        if self.u("text") >= b.text[d]:
            return None
        from_day = self.day["met"] + self.u("text-day") * (b.horizon - self.day["met"])
        if day < from_day or self.put >= b.texts.shape[1]:
            return None
        package = int(b.texts[self.agenda, self.put])
        self.put += 1
        return package if package >= 0 and self.suits(package, list(b.reserve[d])) else None

    def zone(self) -> list[int]:
        b, d = self.b, self.d
        on = [k for k, (_, moved, _) in enumerate(self.packages) if not moved & ~int(b.agendas[self.agenda])]
        return [k for k in on if self.suits(k, list(b.reserve[d]))]

    def opener(self) -> int:
        lots = [self.u("first", int(self.b.parties[p])) for p in self.parties]
        return lots.index(min(lots))

    def bargain(self, day: float) -> int | None:
        b, d = self.b, self.d
        mask = ~int(b.agendas[self.agenda])
        asks = []
        for p in self.parties:
            on = [w[p] for w, moved, vetoed in self.packages if not vetoed and not moved & mask]
            best, reserve = max(on, default=-math.inf), b.reserve[d, p]
            at = min((day - self.day["met"]) / self.span(p), 1.0)
            e = b.exponents[d, p]
            conceded = at**e if e > 0 else 1.0
            asks.append(math.inf if best < reserve - 1e-10 else reserve + (best - reserve) * (1 - conceded))
        opens = self.opener() + self.rounds
        self.rounds += 1
        for turn in range(self.turns):
            q = (opens + turn) % len(self.parties)
            mine = [k for k in self.zone() if self.packages[k][0][q] >= asks[q] - 1e-10]
            if not mine:
                continue
            offer = max(mine, key=lambda k: (self.others(k, q), self.packages[k][0][q], -k))
            if all(self.packages[offer][0][p] >= asks[p] - 1e-10 for p in self.parties if p != q):
                return offer
        return None

    def others(self, k: int, q: int) -> float:
        total = 0.0
        for p in self.parties:
            if p != q:
                total += self.packages[k][0][p]
        return total

    def foresee(self, day: float) -> int | None:
        b, d = self.b, self.d
        monthly = b.breakdown[d] if "breakdown" in self.on else 0.0
        discount = [math.exp(-(monthly + b.impatience[d, p]) * b.interval[d] / 30) for p in self.parties]
        left = int((b.horizon - day) / b.interval[d] + 1e-9) + 1
        opens, zone = self.opener() + self.rounds, self.zone()
        self.rounds += 1

        def offer(number: int, turn: int) -> tuple[int | None, list[float]]:
            """The offer of a turn of a round, and what the game is worth to everybody when that turn begins."""
            if number == left:
                return None, list(b.reserve[d])
            later = offer(number, turn + 1)[1] if turn + 1 < self.turns else offer(number + 1, 0)[1]
            if turn + 1 == self.turns and number + 1 < left:
                later = [r + x * (v - r) for r, x, v in zip(b.reserve[d], discount, later, strict=True)]
            q = (opens + number + turn) % len(self.parties)
            fits = [k for k in zone if self.suits(k, later)]
            if not fits:
                return None, later
            best = max(fits, key=lambda k: (self.packages[k][0][q], self.others(k, q), -k))
            return best, self.packages[best][0]

        return offer(0, 0)[0]

    # -- force

    def fail(self, day: float, who: set[int]) -> None:
        if "force" not in self.on:
            return
        for f in sorted(who):
            name = int(self.b.forces[f])
            if (self.STRIKE, f) in self.coming or f in self.acted:
                continue
            if self.u("strike", name) < self.b.strike[self.d, f]:
                delay = -self.b.delay[self.d] * math.log(1 - self.u("delay", name, self.failures))
                self.plan(self.STRIKE, day + delay, f)
        self.failures += 1

    def attack(self, f: int, day: float) -> None:
        b, d = self.b, self.d
        self.acted.add(f)
        self.violence = max(self.violence, 1)
        self.day["struck"] = min(self.day["struck"], day)
        self.came(2)
        struck = [g for g in self.forces if b.targets[f, g]]
        number, self.attacks = self.attacks, self.attacks + 1
        answer = []
        if "force" in self.on:
            answer = [g for g in struck if self.u("answer", int(b.forces[g]), number) < b.answer[d, g]]
        self.acted |= set(answer)
        if any(self.u("widen", int(b.forces[g]), number) < b.widens[d] for g in answer):
            self.violence, self.day["war"] = 2, min(self.day["war"], day)
            for g in self.regimes:
                if b.hits[f, g] and self.u("regime-war", int(b.regimes[g]), number) < b.breaks[d, g]:
                    self.collapse(g, day)
        if self.end == "open":
            if "force" in self.on and b.seat[f] >= 0 and struck and not answer:
                self.finish(day)
            elif self.talking:
                self.break_off(day)

    def collapse(self, g: int, day: float) -> None:
        self.plan(self.REGIME, math.inf, g)
        self.breaks, self.day["collapsed"] = True, min(self.day["collapsed"], day)
        self.came(3)
        if self.end == "open":
            self.finish(day)

    def finish(self, day: float) -> None:
        self.end, self.talking, self.day["over"] = "ended", False, day
        self.quiet()
        self.hold_back()


def compare(board: Board, *, switches: int, foresight: bool, seed: int, plays: int = 2) -> None:
    on = {name for k, name in enumerate(MECHANISMS) if switches >> k & 1}
    found = play(board, seed=seed, plays=plays, switches=switches, foresight=foresight)
    ends = ("open", "deal", "ended")
    for w in range(len(found)):
        d, number = divmod(w, plays)
        plain = Plain(board, d, Dice(seed, d, 0, number), on, foresight).run()
        s = found.states
        acted = {k for k in range(8) if s.acted[w] >> k & 1}
        got = (
            ends[s.end[w]],
            s.violence[w],
            s.first[w],
            acted,
            bool(s.breaks[w]),
            found.package[w],
            found.agenda[w],
        )
        assert got == (
            plain.end,
            plain.violence,
            plain.first,
            plain.acted,
            plain.breaks,
            plain.package,
            plain.agenda,
        ), f"world {w}"
        for name in DAY:
            assert getattr(found, name)[w] == pytest.approx(plain.day[name], rel=1e-12, abs=1e-9), (
                f"{name} of world {w}"
            )


@pytest.mark.parametrize("seed", range(3))
def test_two_parties_with_everything_on(seed: int):
    compare(busy(seed, 150), switches=EVERYTHING, foresight=False, seed=seed)


@pytest.mark.parametrize("name", MECHANISMS)
def test_two_parties_with_one_mechanism_off(name: str):
    compare(busy(20, 50), switches=switched_off([name]), foresight=False, seed=4)


@pytest.mark.parametrize("foresight", [False, True])
def test_three_parties(foresight: bool):
    compare(busy(7, 60, parties=3), switches=EVERYTHING, foresight=foresight, seed=9)


def test_foresight():
    compare(busy(8, 60), switches=EVERYTHING, foresight=True, seed=2**70 + 3)


def test_mechanisms_alone():
    for k in range(len(MECHANISMS)):
        compare(busy(30 + k, 30), switches=1 << k | 4, foresight=k % 2 == 1, seed=k)
