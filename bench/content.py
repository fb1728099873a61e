"""What both sides are asked, and our content as a plain Rasa project."""

from __future__ import annotations

import random
from datetime import datetime, timezone
from pathlib import Path

import yaml

from bot.content.compose import Person, compose
from bot.content.files import read_content
from bot.content.model import Release
from bot.content.release import build
from bot.identify import OURS
from bot.messages import InboundMessage
from bot.processes.models import current_model
from bot.reflexes import Reflexes
from bot.settings import ROOT

LANGUAGE = "es"
COURTESY = " por favor"  # so that no question is word for word in the training data


def release() -> Release:
    return build(read_content(ROOT), 0)


def phrases(languages: list[str]) -> dict[str, list[str]]:
    """Return the training phrases of each topic that has an answer."""
    answers = read_content(ROOT).answers[LANGUAGE]
    found: dict[str, list[str]] = {}
    for language in languages:
        for path in sorted((ROOT / "data" / "nlu" / language).glob("*.yml")):
            for block in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu") or []:
                topic = str(block.get("intent", "")).removeprefix("faq/")
                lines = str(block.get("examples", "")).splitlines()
                if topic in answers and path.name != "chat.yml":
                    found.setdefault(topic, []).extend(line[2:].strip() for line in lines)
    return found


async def questions(count: int = 600) -> list[str]:
    """Return questions that are new to both sides, well mixed, none of them taken for a crisis.

    A crisis is answered ahead of everything else, and without a greeting.
    """
    from bot.runtime.assistant import Assistant

    agent = Assistant.load(str(current_model())).agent
    live = release()
    reflexes = Reflexes(lambda: live)
    texts = [text for texts in phrases([LANGUAGE]).values() for text in texts if " " in text]
    random.Random(1).shuffle(texts)
    found: list[str] = []
    for text in texts:
        reflex = reflexes(InboundMessage("sms", "bench", "1", text=text + COURTESY))
        if len(text.split()) <= 3 or not reflex.for_assistant or reflex.replies or reflex.otherwise:
            continue
        parse = await agent.parse_message(text + COURTESY)
        if parse["intent"]["name"] != "crisis":
            found.append(text + COURTESY)
        if len(found) == count:
            break
    return found


def write_project(folder: Path, pipeline: str, *, action: bool) -> None:
    """Write a Rasa project that answers the same topics in the same words.

    ``action``: each answer is said by a custom action, as ours are, instead of by a rule alone.
    """
    config = (Path(__file__).parent / pipeline).read_text()
    live, today = release(), datetime.now(timezone.utc).date()
    known = phrases(sorted(OURS))
    person = Person(language=LANGUAGE, channel="sms")
    said = {topic: compose(live, topic, person, today).text for topic in known}
    nlu = [
        {"intent": topic, "examples": "".join(f"- {text}\n" for text in texts)}
        for topic, texts in known.items()
    ]
    rules = [
        {
            "rule": topic,
            "steps": [
                {"intent": topic},
                {"action": "action_answer" if action else f"utter_{topic}"},
            ],
        }
        for topic in known
    ]
    # What TED learns from; the rules alone teach it nothing, and it would be spared every turn.
    stories = [{"story": rule["rule"], "steps": rule["steps"]} for rule in rules]
    domain = {
        "version": "3.1",
        "intents": list(known),
        "responses": {f"utter_{topic}": [{"text": text}] for topic, text in said.items()},
        "actions": ["action_answer"],
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }
    (folder / "data").mkdir(parents=True, exist_ok=True)
    _write(folder / "data" / "nlu.yml", {"version": "3.1", "nlu": nlu})
    _write(folder / "data" / "rules.yml", {"version": "3.1", "rules": rules})
    if "TEDPolicy" in config:
        _write(folder / "data" / "stories.yml", {"version": "3.1", "stories": stories})
    _write(folder / "domain.yml", domain)
    (folder / "config.yml").write_text(config)
    (folder / "credentials.yml").write_text("rest:\n")
    (folder / "actions.py").write_text(_ACTIONS)


_ACTIONS = """from rasa_sdk import Action


class ActionAnswer(Action):
    def name(self):
        return "action_answer"

    def run(self, dispatcher, tracker, domain):
        topic = tracker.latest_message["intent"]["name"]
        dispatcher.utter_message(response=f"utter_{topic}")
        return []
"""


def _write(path: Path, data: object) -> None:
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
