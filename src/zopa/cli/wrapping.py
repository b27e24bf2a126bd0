"""Where a line of a table's cell may end: words, numbers with their units and days stay whole, in both languages.

Of the ways to break a text into as few lines as possible the most even one is taken that breaks at a mark, else between
Chinese words; a line never holds a single Chinese sign, or begins with a closing mark, where that can be helped.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from zopa.errors import width

LONGEST_CHINESE = 8
"""Columns that Chinese text gets at least: four signs."""
_DAY = r"\d{4}年\d{1,2}月\d{1,2}日|\d{1,2} [A-Z][a-z]{2} \d{4}"
_NUMBER = r"[<>~+−-]?\d[\d.,]*(?:[–−-][+−]?\d[\d.,]*)?(?:\s?[%％]|个百分点|[个次项年月天日条轮方])?"
_WIDE = r"⺀-⿕぀-鿿豈-﫿︰-﹏＀-｠￠-￦"
_WORDS = tuple(
    word
    for line in (
        "不可接受 协议区间 证据等级 绝对红线 最佳方案 单一方案 百分点 未证明 已证明 无条件 维持现状 抽样",
        "比例 零线 假设 任一 信源 方案 议题 议程 选项 红线 底线 接受 区间 区域 各方 一方 双方 对方 该方",
        "自身 尺度 幅度 变动 固定 最佳 最小 最低 最高 最接近 退出 价值 效用 权重 收益 差距 放弃 组合 足以",
        "打开 支付 补偿 数额 单位 多少 哪些 哪个 什么 内容 名称 说明 理由 依据 主张 证据 记录 来源 出处",
        "解读 立场 目标 偏好 意图 地点 形式 观察员 观察 直接 间接 东道 会谈 谈判 调停 斡旋 状态 结局 结果",
        "稳定 均衡 步骤 路径 移动 改变 变化 威胁 反制 制裁 报复 让步 承诺 保证 条件 前提 概率 频率 可能",
        "信心 因子 核心 中位 指标 标准 准则 决定 排名 名次 接纳 联合 共同 个别 现有 现状 去掉 加上 之后",
        "以后 之前 以前 当时 此时 现在 今天 目前 一致 不同 相同 其他 其余 全部 所有 每个 没有 不再 必须",
        "应当 能够 可以 不能 伙伴 地区 军事 打击 战争 冲突 升级 崩溃 妥协 临界 至少 至多 大约 占比 比率",
        "次数 数目 数量 范围 上限 下限 依次 顺序 先后 样本 情形 情况 影响 作用 原因 措施 办法 途径 成本",
        "代价 损失 风险 可接受 自行 宣布 解除 继续 停止 完全 部分 同意 拒绝 反对 支持 政府 组织 国家 国际",
        "合作 安全 协议 要求 提高 降低 参加 进度 核实 核查 限制 约定",
    )
    for word in line.split()
)
"""Chinese words of tables that are not to be broken, where a break between two others will do."""
_UNIT = re.compile(
    rf"{_DAY}|{_NUMBER}|\s+|{'|'.join(sorted(_WORDS, key=len, reverse=True))}|[{_WIDE}]|[^\s\d{_WIDE}]+"
)
_CHINESE = re.compile(f"[{_WIDE}]")
_CLOSING = frozenset("，。、；：！？）》」』”’,.;:!?)]…—%％·")
_OPENING = frozenset("（《「『“‘([")
_JOINTS = frozenset("的与和或及时后前中上下之")
_LINE, _LONE, _INSIDE, _BETWEEN, _RAGGED = 100.0, 60.0, 12.0, 3.0, 10.0
"""What a line costs, one with a single Chinese sign, a break within a Chinese word or between two, and uneven lines."""


class Atom(NamedTuple):
    """What stays together: its text, its columns, the space before it, and what a line break before it costs."""

    text: str
    columns: int
    space: int
    cost: float


@lru_cache(maxsize=4096)
def atoms(text: str) -> tuple[Atom, ...]:
    """The parts of a text between which a line may end."""
    out: list[Atom] = []
    space = False
    for piece in _UNIT.findall(text):
        if piece.isspace():
            space = bool(out)
            continue
        before = out[-1] if out else None
        if before is not None and not space and _together(before.text, piece):
            whole = before.text + piece
            out[-1] = Atom(whole, width(whole), before.space, before.cost)
        else:
            cost = 0.0 if before is None or space else _cost(before.text, piece)
            out.append(Atom(piece, width(piece), int(space), cost))
        space = False
    return tuple(out)


def _together(before: str, piece: str) -> bool:
    """Whether two parts without a space between them must stay on one line."""
    if piece[0] in _CLOSING or before[-1] in _OPENING:
        return True
    return not (_CHINESE.match(piece[0]) or _CHINESE.match(before[-1]) or before[-1] in "—；，、：”’…")


def _cost(before: str, piece: str) -> float:
    if before[-1] in _CLOSING or piece[0] in _OPENING:
        return 0.0
    if before[-1] in _JOINTS or len(piece) > 1 or len(before) > 1:
        return _BETWEEN
    return _INSIDE


def least(text: str) -> int:
    """Columns that the text should have: those of its longest part, and of Chinese four signs."""
    longest = max((atom.columns for atom in atoms(text)), default=1)
    if _CHINESE.search(text):
        longest = max(longest, min(width(text), LONGEST_CHINESE))
    return longest


@lru_cache(maxsize=16384)
def height(text: str, columns: int) -> int:
    """How many lines the text takes."""
    lines, at = 1, 0
    for part in text.split("\n"):
        lines, at = (lines + 1, 0) if at or lines > 1 else (lines, at)
        for atom in atoms(part):
            if at and at + atom.space + atom.columns > columns:
                lines, at = lines + 1, 0
            at += atom.columns + (atom.space if at else 0)
            while at > columns:
                lines, at = lines + 1, at - columns
    return lines


def broken(text: str, columns: int) -> str:
    """The text with its lines ended so that none is wider than ``columns``."""
    return "\n".join(
        line for part in text.split("\n") for line in _lines(_cut(atoms(part), columns), columns)
    )


def _cut(whole: tuple[Atom, ...], columns: int) -> list[Atom]:
    """The parts, those wider than the column in pieces."""
    out: list[Atom] = []
    for atom in whole:
        if atom.columns <= columns:
            out.append(atom)
            continue
        piece, space, cost = "", atom.space, atom.cost
        for sign in atom.text:
            if piece and width(piece + sign) > columns:
                out.append(Atom(piece, width(piece), space, cost))
                piece, space, cost = "", 0, _INSIDE
            piece += sign
        out.append(Atom(piece, width(piece), space, cost))
    return out


def _lines(parts: list[Atom], columns: int) -> list[str]:
    """The cheapest way to break the parts into lines (dynamic programming, Knuth and Plass 1981)."""
    if not parts:
        return [""]
    n = len(parts)
    best: list[tuple[float, int]] = [(0.0, 0), *((float("inf"), 0) for _ in range(n))]
    for stop in range(1, n + 1):
        taken = 0
        for start in range(stop - 1, -1, -1):
            taken += parts[start].columns + (parts[start + 1].space if start + 1 < stop else 0)
            if taken > columns and start < stop - 1:
                break
            cost = best[start][0] + _LINE + (parts[start].cost if start else 0.0)
            if stop < n or start:
                bare = [sign for part in parts[start:stop] for sign in part.text if sign not in _CLOSING]
                cost += _LONE if len(bare) == 1 and _CHINESE.match(bare[0]) else 0.0
            if stop < n:
                cost += _RAGGED * ((columns - taken) / columns) ** 2
            if cost < best[stop][0]:
                best[stop] = (cost, start)
    out: list[str] = []
    stop = n
    while stop:
        start = best[stop][1]
        first, *others = parts[start:stop]
        out.append(first.text + "".join(" " * part.space + part.text for part in others))
        stop = start
    return out[::-1]
