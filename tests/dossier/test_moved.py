"""What a later document moved: invented talks, in both languages, read once more."""

from datetime import date

import pytest

from zopa.case.folder import read_record
from zopa.claims.source import Header, Source
from zopa.dossier.draft import draft_folder
from zopa.dossier.into import claims_of, read_into
from zopa.dossier.moved import moved, moved_in

EARLY = {
    "zh": """美国和伊朗将于6日在马斯喀特举行会谈。
伊朗外长阿拉格齐4日说，会谈只谈核问题和制裁问题，伊朗拒绝讨论导弹问题。
美国国务卿鲁比奥4日说，会谈必须包括核问题、导弹问题和地区代理人问题。
""",
    "en": """The United States and Iran will hold talks in Muscat on Feb. 6.
Iranian Foreign Minister Abbas Araghchi said on Wednesday that the talks would be limited to the nuclear programme and sanctions, and that Iran refuses to discuss missiles.
US Secretary of State Marco Rubio said on Wednesday that the talks must include the nuclear programme, missiles and support for regional proxies.
""",
}
LATER = {
    "zh": """伊朗外长阿拉格齐9日表示，伊朗愿意讨论导弹问题。
美国国务卿鲁比奥9日说，美方宣布取消会谈。
""",
    "en": """Iranian Foreign Minister Abbas Araghchi said on Monday that Iran is willing to discuss missiles.
The United States called off the talks on Monday, Rubio said.
""",
}


def source(lang, id_, text, day):
    return Source(id=id_, header=Header(language=lang, published=day), text=text)


@pytest.fixture(params=["zh", "en"])
def read(request):
    lang = request.param
    old = source(lang, "early", EARLY[lang], date(2026, 2, 5))
    new = source(lang, "later", LATER[lang], date(2026, 2, 9))
    return old, new, [*claims_of(old), *claims_of(new)]


def test_a_turn_over_the_agenda_and_who_said_it(read):
    old, new, claims = read
    changes = moved([old], [new], claims, as_of=date(2026, 2, 9))
    [agenda] = [c for c in changes if c.kind == "agenda"]
    assert agenda.how == "changed"
    assert agenda.before is not None and agenda.after is not None
    assert "missiles" not in agenda.before["en"] and "missiles" in agenda.after["en"]
    assert "导弹" not in agenda.before["zh"] and "导弹" in agenda.after["zh"]
    assert [c.source for c in agenda.because] == ["later"]
    assert any("missiles" in c.quote or "导弹" in c.quote for c in agenda.because)


def test_what_was_done_since_is_new(read):
    old, new, claims = read
    changes = moved([old], [new], claims, as_of=date(2026, 2, 9))
    off = [c for c in changes if c.kind == "move" and c.after and "2026-02-09" in c.after["en"]]
    assert any("calls talks off" in c.after["en"] for c in off)
    assert all(c.how == "new" and c.before is None for c in off)


def test_the_same_text_again_moves_nothing(read):
    old, _, _ = read
    again = source(old.header.language, "again", old.text, date(2026, 2, 9))
    changes = moved([old], [again], [*claims_of(old), *claims_of(again)], as_of=date(2026, 2, 9))
    assert [c for c in changes if c.kind in ("agenda", "red-line", "aim", "setting")] == []


def test_an_earlier_document_read_later_does_not_turn_anything_round(read):
    """It is the day of a statement that counts, not the day of reading."""
    old, new, claims = read
    changes = moved([new], [old], claims, as_of=date(2026, 2, 9))
    agenda = [c.after for c in changes if c.kind == "agenda" and c.after is not None]
    assert all("missiles" in a["en"] for a in agenda)


def test_in_a_case(tmp_path):
    early = tmp_path / "early.txt"
    early.write_text(EARLY["zh"], encoding="utf-8")
    later = tmp_path / "later.txt"
    later.write_text(LATER["zh"], encoding="utf-8")
    folder = draft_folder([early], tmp_path / "case", published=date(2026, 2, 5))
    before = (folder / "case.yaml").read_bytes()
    read_into(folder, later, published=date(2026, 2, 9), today=date(2026, 2, 9))
    changes = moved_in(folder, {"later"})
    assert {c.kind for c in changes} >= {"agenda", "move"}
    ids = {claim.id for claim in read_record(folder)[1].waiting}
    assert {c.id for change in changes for c in change.because} <= ids
    assert (folder / "case.yaml").read_bytes() == before
    assert moved_in(folder, set()) == ()
