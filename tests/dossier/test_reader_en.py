"""English reported speech, one stage a class: words for speakers and their heads, ranges, headlines."""

import pytest

from zopa.dossier.document import Document, blocks, with_sentences
from zopa.dossier.en.grammar import forms
from zopa.dossier.en.mentions import fold, head
from zopa.dossier.en.reading import found_in


def found(text):
    document = with_sentences(Document(text, "en", None, None, blocks(text, "en")))
    return [
        (f.type, f.mention.text if f.mention else None, " | ".join(text[a:b] for a, b in f.ranges))
        for f in found_in(document)
    ]


def said(text):
    return [(who, what) for kind, who, what in found(text) if kind != "narrator"]


def test_forms_of_regular_and_irregular_verbs():
    assert forms("say") == ("say", "says", "said", "saying")
    assert forms("deny") == ("deny", "denies", "denied", "denying")
    assert forms("call on") == ("call on", "calls on", "called on", "calling on")
    assert forms("plan") == ("plan", "plans", "planned", "planning")
    assert forms("stress") == ("stress", "stresses", "stressed", "stressing")


def test_folding_keeps_the_length():
    assert fold("İstanbul SAID") == fold("İ") + "stanbul said"
    assert len(fold("İİİ")) == 3


class TestHeads:
    @pytest.mark.parametrize(
        ("phrase", "expected"),
        [
            ("union secretary Helen Marsh", "Helen Marsh"), ("Savian Foreign Minister Oleg Tankov", "Oleg Tankov"),
            ("U.N. special envoy Anna Berglund", "Anna Berglund"), ("two Western diplomats", "Western diplomats"),
            ("Mira Solano, president of the Renewable Trade Association", "Mira Solano"), ("the negotiator, Javier Mora", "Javier Mora"),
            ("Economist Daniel Okafor of Northgate University", "Daniel Okafor"), ("a senior official", "senior official"),
            ("The White House", "White House"), ("people familiar with the matter", "people familiar with the matter"), ("Mr. Clyburn", "Clyburn"),
        ],
    )  # fmt: skip
    def test_the_person_or_body_without_titles(self, phrase, expected):
        assert head(phrase) == expected


class TestRanges:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("The minister said that talks would resume.", [("The minister", "that talks would resume")]),
            ("Mora said talks would resume on Friday.", [("Mora", "talks would resume on Friday")]),
            ("Mora said on Monday in an interview that talks would resume.", [("Mora", "that talks would resume")]),
            ("Mora told reporters talks would resume.", [("Mora", "talks would resume")]),
            ("“We will not sign this paper,” Mora said.", [("Mora", "“We will not sign this paper,”")]),
            ('"We will not sign this paper," said Javier Mora, the envoy.', [("Javier Mora", '"We will not sign this paper,"')]),
            ("“We will not sign,” Mora said, “until they leave.”", [("Mora", "“We will not sign,” | “until they leave.”")]),
            ("Mora said: “We will not sign this paper.”", [("Mora", "“We will not sign this paper.”")]),
            ("The talks were going badly, the official said.", [("the official", "The talks were going badly")]),
            ("The talks were going badly, said the official.", [("the official", "The talks were going badly")]),
            ("The talks, which began in May, have failed, according to two diplomats.", [("two diplomats", "The talks, which began in May, have failed")]),
            ("According to the report, both sides cheated.", [("the report", "both sides cheated")]),
            ("Mora said talks would resume but added that no date was set.", [("Mora", "talks would resume"), ("Mora", "that no date was set")]),
            ("Mora said he was ready, while Tankov insisted that he was not.", [("Mora", "he was ready"), ("Tankov", "that he was not")]),
            ("When Mora said he was ready, the market rose.", [("Mora", "he was ready")]),
            ("Mora, the chief negotiator, warned that time was short.", [("Mora, the chief negotiator", "that time was short")]),
            ("She urged the government to appoint a mediator.", [("She", "the government to appoint a mediator")]),
            ("Tankov vowed to stay.", [("Tankov", "to stay")]),
            ("The ministry rejected the demand.", [("The ministry", "the demand")]),
            ("`` We will not sign this paper , '' Mora said .", [("Mora", "`` We will not sign this paper , ''")]),
        ],
    )  # fmt: skip
    def test_reported_and_ascribed_content(self, text, expected):
        assert said(text) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "The report was long.",
            "His claim surprised nobody in town.",
            "The state like the city is poor.",
            "They walked home together.",
        ],
    )
    def test_no_report(self, text):
        assert said(text) == []

    def test_stances_are_positions_and_the_rest_is_narrated(self):
        assert found("The union demanded that he resign. It rained all day.") == [
            ("report", "The union", "that he resign"),
            ("narrator", None, "It rained all day"),
        ]
        assert found("Savia refused to sign.")[0][0] == "position"

    def test_a_quotation_alone_is_kept(self):
        assert said("Mora left early. “Nobody wanted to hear the truth that day.”")[-1] == (
            None,
            "“Nobody wanted to hear the truth that day.”",
        )

    def test_datelines_are_no_part_of_the_story(self):
        text = "MORETOWN (River Wire) — The talks have ended without a result."
        assert found(text) == [("narrator", None, "The talks have ended without a result")]


class TestHeadlinesAndLabels:
    def test_a_headline_with_a_colon(self):
        assert found("Savia: no talks without withdrawal\nThe two sides met on Friday, officials of both said.")[0] == (
            "position", "Savia", "no talks without withdrawal",
        )  # fmt: skip

    def test_a_transcript(self):
        text = "Q: When do talks resume?\n\nJavier Mora: We are ready now. The other side is not.\n"
        assert said(text) == [("Javier Mora", "We are ready now"), ("Javier Mora", "The other side is not")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Large polls and panels show little movement in opinions.", [("Large polls and panels", "little movement in opinions")]),
        ("The latest figures show the economy shrank in March.", [("latest figures", "the economy shrank in March")]),
        ("With polls showing her in the lead, Solano went home.", [("polls", "her in the lead")]),
        ("After the raid, administrators asked Marsh to convene a meeting.", [("administrators", "Marsh to convene a meeting")]),
        ("Solano, meanwhile, says that the numbers are wrong.", [("Solano, meanwhile", "that the numbers are wrong")]),
        ("Mr. Rogers said, in an email, that he did not go.", [("Rogers", "that he did not go")]),
        ("The two said they had taken their pleas to the court.", [("The two", "they had taken their pleas to the court")]),
        ("The Solano campaign said Tuesday that Marsh will be there.", [("The Solano campaign", "that Marsh will be there")]),
        ("The show went on.", []),
    ],
)  # fmt: skip
def test_what_evidence_shows_and_words_between_speaker_and_content(text, expected):
    got = [
        (who.removeprefix("The ") if who and not expected[0][0].startswith("The") else who, what)
        for who, what in said(text)
    ]
    assert [(who.removeprefix("Mr. "), what) for who, what in got] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ms. Winslow said about 900 jobs would go.", [("Ms. Winslow", "about 900 jobs would go")]),
        ("Solano said more than 30 people had been wounded.", [("Solano", "more than 30 people had been wounded")]),
        ("Solano said more about it.", []),
        ("The company, based in Dayton, Ohio, now expects sales to shrink.",
         [("The company, based in Dayton, Ohio", "sales to shrink")]),
        ("“There were children in the queue,” said the town's mayor, Anton Vero.",
         [("the town's mayor, Anton Vero", "“There were children in the queue,”")]),
        ("An official, who was not authorized to speak, said two others had agreed to testify.",
         [("An official, who was not authorized to speak", "two others had agreed to testify")]),
        ("Joyce Ploeg, 71, who farms near Ames, said she had voted for him.",
         [("Joyce Ploeg, 71, who farms near Ames", "she had voted for him")]),
        ("On Tuesday, the minister, who was abroad, said talks would go on.",
         [("the minister, who was abroad", "talks would go on")]),
        ("“That is an old song,” said Maj. Gen. Santino Wol, an army spokesman.",
         [("Maj. Gen. Santino Wol", "“That is an old song,”")]),
        ("A Western diplomat was less hopeful, describing the truce as “dead in all but name”.",
         [("A Western diplomat", "the truce as “dead in all but name”")]),
    ],
)  # fmt: skip
def test_numbers_after_the_verb_asides_and_names_behind_titles(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize(
    ("mention", "name"),
    [
        ("Ms. Petersen's spokesman, Eli Tran", "Eli Tran"),
        ("Her son, Ben", "Ben"),
        ("Rupert Anstey KC", "Rupert Anstey"),
        ("One of them", "One of them"),
        ("Joyce Vander Ploeg, 71, who farms near Ames", "Joyce Vander Ploeg"),
    ],
)
def test_heads_of_roles_relatives_and_ages(mention, name):
    assert head(mention) == name
