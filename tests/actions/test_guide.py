"""Guided conversations as one action after the other."""

from actions.answer import ActionAnswer
from actions.ask_back import ActionAskBack
from actions.guide import ActionGuide
from tests.actions.acting import run, tracker


async def test_a_question_in_the_middle_is_answered_and_leads_back():
    at = tracker("guide", entities=[{"entity": "guide", "value": "path"}])
    _, slots = await run(ActionGuide(), at)
    state = {**slots["guide"], "answers": {"origin": "HN"}}
    messages, slots = await run(ActionAnswer(), tracker(topic="tps", slots={"guide": state}))
    assert messages[0]["places"]["origin"] == "HN"
    assert messages[0]["after"][0] == "x:resume"
    assert slots["guide"]["paused"] is True
    assert "origin" not in slots


async def test_a_short_text_that_answers_nothing_is_asked_again():
    _, slots = await run(
        ActionGuide(), tracker("guide", entities=[{"entity": "guide", "value": "scam"}])
    )
    at = tracker("nlu_fallback", slots={"guide": slots["guide"]})
    messages, _ = await run(ActionAskBack(), at)
    assert messages[0]["response"] == "utter_ask_scam_offer"
    assert messages[0]["lead"] == ["guide_unclear"]


async def test_the_end_forgets_the_answers():
    slots = {"guide": None}
    for value in ("scam", "scam.offer.visa", "scam.pay.yes", "scam.sure.yes", "scam.hurry.no",
                  "scam.papers.no", "scam.written.no"):  # fmt: skip
        at = tracker("guide", entities=[{"entity": "guide", "value": value}], slots=dict(slots))
        messages, changed = await run(ActionGuide(), at)
        slots |= changed
    assert [m["response"] for m in messages] == ["utter_scam_danger", "utter_faq/scam_verify"]
    assert messages[0]["lists"]["flags"] == ["flag_scam_pay", "flag_scam_sure", "flag_scam_written"]
    assert messages[0]["events"][0]["details"] == {"guide": "scam", "language": "es"}
    assert slots["guide"] is None


async def test_an_old_button_of_a_finished_one_begins_anew():
    at = tracker("guide", entities=[{"entity": "guide", "value": "lost.where.desert"}])
    messages, slots = await run(ActionGuide(), at)
    assert messages[0]["response"] == "utter_ask_lost_who"
    assert slots["guide"]["answers"] == {"where": "desert"}


async def test_what_begins_with_yes_is_one_where_nothing_else_is_heard():
    _, slots = await run(
        ActionGuide(), tracker("guide", entities=[{"entity": "guide", "value": "scam.offer.job"}])
    )
    at = tracker("nlu_fallback", slots={"guide": slots["guide"]}, ranking=[("tps", 0.2)])
    at.latest_message["text"] = "si que no le diga a mi mama"
    messages, slots = await run(ActionAskBack(), at)
    assert messages[0]["response"] == "utter_ask_scam_sure"
    assert slots["guide"]["answers"]["pay"] == "yes"
