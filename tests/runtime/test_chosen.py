"""What somebody chose after Faro asked back is kept, to learn from."""


async def test_the_choice_after_asking_back_belongs_to_what_was_not_understood(write):
    await write("papeles")
    found = await write("1", number=2)
    [missed] = found["missed"]
    [chosen] = found["chosen"]
    assert chosen == {
        "message": missed["message"],
        "label": found["answered"][-1]["label"],
        "channel": "whatsapp",
    }


async def test_a_choice_from_an_answer_teaches_nothing(write):
    await write("como pido refugio en mexico con la comar")
    await write("1", number=2)
    await write("papeles", number=3)
    await write("gracias", number=4)
    found = await write("1", number=5)
    assert found["chosen"] == []
