"""The sheet of numbers that staff call before a campaign."""

from bot.cli.facts import phone_lines
from bot.content.files import read_content
from bot.content.placeholders import named
from bot.content.po import texts
from bot.settings import ROOT


def test_every_number_that_people_are_given_is_on_the_sheet():
    content = read_content(ROOT)
    sheet = [line.id for line in phone_lines([*content.facts.values()])]
    given = {
        name
        for answer in content.answers["es"].values()
        for _, text in texts(answer)
        for name in named(text)
        if name in content.facts and content.facts[name].type == "phone"
    }
    assert given
    assert given <= set(sheet)
    assert len(sheet) == len(set(sheet))
