"""Asks a vanilla model, in its own environment: MODEL TEXTS.json FOUND.json."""

import asyncio
import json
import sys
import time
from pathlib import Path

from rasa.core.agent import load_agent
from rasa.core.channels.channel import UserMessage


async def ask(model: str, texts: list[str]) -> list[dict[str, object]]:
    agent = await load_agent(model)
    await agent.processor.parse_message(UserMessage("hola"))
    rows = []
    for text in texts:
        began = time.perf_counter()
        parse = await agent.processor.parse_message(UserMessage(text))
        spent = (time.perf_counter() - began) * 1000
        ranking = [(one["name"], one["confidence"]) for one in parse.get("intent_ranking", [])]
        rows.append({"intent": parse["intent"]["name"], "ranking": ranking, "ms": spent})
    return rows


_, model, texts, found = sys.argv
rows = asyncio.run(ask(model, json.loads(Path(texts).read_text(encoding="utf-8"))))
Path(found).write_text(json.dumps(rows), encoding="utf-8")
