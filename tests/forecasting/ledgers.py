"""Case folders with questions and forecasts to record, made for tests."""

from datetime import UTC, date, datetime
from pathlib import Path

from tests.case import made
from zopa.case.case import Case
from zopa.case.folder import read_case
from zopa.forecasting.ledger import Forecast

AT = datetime(2026, 2, 5, 9, 30, tzinfo=UTC)
DUE = date(2026, 5, 6)
QUESTIONS = """\
questions:
  - {id: deal, text: {en: A deal by 6 May?, zh: 5月6日前能否达成协议？}, by: 2026-05-06, resolves: 双方签字为准, when: deal}
  - {id: serious, text: 是否发生严重武力冲突？, by: 2026-05-06, resolves: 以ICB编码为准, when: serious}
  - {id: war, text: 是否爆发战争？, by: 2026-05-06, resolves: 以ICB编码为准, when: war}
  - {id: held, text: 会面是否举行？, by: 2026-02-08, resolves: 双方均予确认为准}
scenarios:
  - {id: peace, name: 和平, when: deal and not serious}
  - {id: fight, name: 交战, when: serious}
  - {id: drift, name: 拖延, when: not deal and not serious}
"""
PRIVATE = """\
questions:
  - {id: secret-channel, text: 密使是否会面？, by: 2026-05-06, resolves: 以密使来电为准}
"""


def case_in(folder: Path, **files: str) -> Case:
    """A case with three questions on the end state, a near one, and three scenarios."""
    return read_case(made.write(folder, made.CASE + QUESTIONS, **files))


def forecast(question: str = "deal", probability: float = 0.15, **given: object) -> Forecast:
    values: dict[str, object] = {"by": "forecast", "low": 0.1, "high": 0.3, "zero": 0.33, "base": 0.2}
    return Forecast(question=question, probability=probability, **(values | given))
