"""English reported speech as papers write it: words passed on, second verbs, people named in a sentence that only tells."""

from datetime import date

import pytest

from zopa.dossier.read import read_text


def spoken(text):
    claims = read_text(text, published=date(2026, 3, 9), language="en")
    return [(c.speaker_head, c.quote, c.chain) for c in claims if c.type != "narrator"]


@pytest.mark.parametrize(
    ("text", "who", "what", "carrier"),
    [
        (
            "The Juba Courier quoted presidential aides as saying that the head of state would go.",
            "presidential aides",
            "the head of state would go",
            "Juba Courier",
        ),
        (
            "The Harbour Ledger, citing an unnamed official, reported Tuesday that two men were freed.",
            "unnamed official",
            "two men were freed",
            "Harbour Ledger",
        ),
    ],
)
def test_words_that_a_paper_passes_on_are_their_speaker_s(text, who, what, carrier):
    ((head, quote, chain),) = spoken(text)
    assert (head, quote) == (who, what)
    assert carrier in " ".join(chain)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Nearby officials taking part have lowered their hopes. They expect no result at all.", "officials"),
        (
            "Colin Tranter lost his house. Speaking outside court, he said the trial was late.",
            "Colin Tranter",
        ),
        ("At least nine countries contacted the palace and urged it not to cancel.", "countries"),
        ("US Secretary of State Mark Rubin said the talks would fail.", "Mark Rubin"),
    ],
)
def test_who_is_meant(text, who):
    assert who in spoken(text)[-1][0]


def test_a_quotation_inside_what_is_reported_does_not_cut_it():
    ((_, quote, _),) = spoken('He said that the leader, Ali Karim, "should be very worried".')
    assert quote.endswith('Ali Karim, "should be very worried"')


def test_a_headline_about_something_has_no_speaker():
    assert spoken("Talks in Muscat: called off and restored within a day\n\nThe harbour was quiet.") == []
