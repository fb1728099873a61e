"""Messages that are understood together are understood as if each had come alone."""

import asyncio

import pytest

from bot.runtime.assistant import Assistant  # first: it keeps TensorFlow out

# isort: split
from rasa.core.channels.channel import UserMessage

from bot.runtime.understanding import Understanding

TEXTS = (
    "cuánto cobra el coyote por llevar a mi hijo",
    "how do I apply for asylum at the border",
    "hola",
    "quiero visa de trabajo temporal para estados unidos",
    "asdf qwer",
    "mwen bezwen yon avoka",
)


@pytest.fixture(scope="module")
def processor(model):
    return Assistant.load(str(model)).agent.processor


def message(text):
    return UserMessage(text, metadata={"kind": "text"})


def gist(parse):
    ranking = [(one["name"], round(one["confidence"], 3)) for one in parse["intent_ranking"][:3]]
    return parse["text"], parse["intent"]["name"], parse["intent"].get("response_key"), ranking


async def test_company_changes_nothing(processor):
    alone = [await processor.parse_message(message(text)) for text in TEXTS]
    understanding = Understanding(processor)
    together = await asyncio.gather(*(understanding.parse(message(text)) for text in TEXTS))
    assert [gist(parse) for parse in together] == [gist(parse) for parse in alone]


async def test_more_than_fit_in_one_pass_are_all_understood(processor):
    understanding = Understanding(processor)
    texts = [f"{TEXTS[n % len(TEXTS)]} {n}" for n in range(40)]
    together = await asyncio.gather(*(understanding.parse(message(text)) for text in texts))
    assert [parse["text"] for parse in together] == texts


async def test_who_cannot_be_understood_spoils_it_for_nobody(processor):
    understanding = Understanding(processor)
    broken = UserMessage("hola", metadata={"kind": "text"})
    broken.text = 5  # no component can read this
    good, bad = await asyncio.gather(
        understanding.parse(message("hola")), understanding.parse(broken), return_exceptions=True
    )
    assert good["text"] == "hola"
    assert isinstance(bad, Exception)


async def test_who_gave_up_waiting_is_left_out(processor):
    understanding = Understanding(processor)
    gone = asyncio.ensure_future(understanding.parse(message("hola")))
    stays = asyncio.ensure_future(understanding.parse(message("gracias")))
    await asyncio.sleep(0)
    gone.cancel()
    assert (await stays)["text"] == "gracias"


class Counting(Understanding):
    """Notes how many messages each pass has."""

    def __init__(self, processor):
        super().__init__(processor)
        self.passes = []

    def _run(self, messages):
        self.passes.append(len(messages))
        return super()._run(messages)


async def test_after_company_the_next_pass_waits_for_company(processor):
    understanding = Counting(processor)
    texts = [message("hola"), message("gracias")]
    await asyncio.gather(*map(understanding.parse, texts))
    first = asyncio.ensure_future(understanding.parse(texts[0]))
    for _ in range(3):  # the others come a little later
        await asyncio.sleep(0)
    await asyncio.gather(first, *map(understanding.parse, texts))
    assert understanding.passes == [2, 3]


async def test_who_comes_alone_after_company_does_not_wait_for_ever(processor):
    understanding = Counting(processor)
    await asyncio.gather(*(understanding.parse(message("hola")) for _ in range(2)))
    await asyncio.wait_for(understanding.parse(message("hola")), 10)
    assert understanding.passes == [2, 1]


async def test_who_is_alone_waits_for_nobody(processor):
    understanding = Counting(processor)
    for _ in range(2):
        await understanding.parse(message("hola"))
        assert understanding._latest == 0.0
    assert understanding.passes == [1, 1]
