"""Pooling made-up experts whose noise and overlap are known: how much is lost against the ideal pool, and how long it
takes. Each expert sees the truth through noise of its own and through noise that all share; it reports what Bayes' rule
makes of that. Loss: mean log loss of the pool on questions that its exponent was not learnt from, in per cent above
that of somebody who saw everything (`ideal`) and above that of the best exponent within the bounds (`best`). Where the
noise overlaps by half or more the pool must lie within 2 % of the ideal, below within 2 % of the best exponent; the
bounds then keep it from the ideal, by as much as is printed. Last: experts of unlike skill, whom equal weights cannot
tell apart.

合并一组虚拟专家的判断（噪声与重叠程度已知）：与理想合并相比损失多少，耗时多久。每位专家透过自己的噪声和共有的噪声看到
真相，按贝叶斯法则报告。损失为合并结果在未用于学习指数的问题上的平均对数损失，高出理想者（看到全部信息）和界内最佳指数的
百分比。噪声重叠一半以上时，须在理想值的2%以内；不到一半时，须在界内最佳指数的2%以内，此时界限使其达不到理想值，差距照印。
最后一段是水平不一的专家，等权合并无从分辨。
"""

import sys
from pathlib import Path

import numpy as np
from _measure import milliseconds, seconds

# The made-up experts belong to the tests, which are no installed package.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.methods.synthetic_experts import study
from zopa.methods.marginals import marginals_to_cells
from zopa.methods.pooling import QUESTIONS, clipped, pool

OVERLAPS = (0.0, 0.25, 0.5, 0.75, 0.9)
EXPERTS = (2, 3, 5, 10)
DRAWS = 12_000


def block(cells: int, noise: float, uneven: float) -> None:
    """One table: a row a number of experts, a column an overlap."""
    skill = "alike" if uneven == 1 else f"noise from {noise:g} to {noise * uneven:g}"
    print(f"{cells} cells, noise {noise:g}, experts {skill}: exponent, % above ideal, % above best")
    print(f"{'overlap':>10}" + "".join(f"{overlap:>22g}" for overlap in OVERLAPS))
    for experts in EXPERTS:
        found = [study(experts=experts, overlap=o, cells=cells, noise=noise, uneven=uneven) for o in OVERLAPS]
        row = (f"{s.learnt:>8.2f}{100 * s.over_ideal:>8.1f}{100 * s.over_best:>6.2f}" for s in found)
        print(f"{experts:>3} experts" + "".join(row), flush=True)
    print()


def times() -> None:
    """How long pooling and the step from questions to cells take, over all draws at once."""
    rng = np.random.default_rng(0)
    members = clipped(rng.dirichlet(np.ones(9), (DRAWS, 3)), QUESTIONS)
    weights = np.full(3, 1 / 3)
    stated = rng.dirichlet(np.ones(9), DRAWS) @ QUESTIONS.T
    even = np.full(9, 1 / 9)
    print(f"{DRAWS:,} draws, 9 cells, one core")
    print(
        f"  three members pooled         {milliseconds(seconds(lambda: pool(members, weights, exponent=1.2)))}"
    )
    print(
        f"  four questions into cells    {milliseconds(seconds(lambda: marginals_to_cells(even, QUESTIONS, stated)))}"
    )


def main() -> None:
    """Print the tables, then the times."""
    for cells in (2, 9):
        for noise in (0.8, 1.2, 2.0):
            block(cells, noise, 1.0)
    block(9, 1.2, 2.0)
    times()


if __name__ == "__main__":
    main()
