"""The crisis rules as they stand in ``data/``, and a file of rules of a test's own."""

from pathlib import Path

from bot.content.files import read_yaml
from bot.crisis import Rules

DATA = Path(__file__).parents[2] / "data" / "crisis"
LANGUAGES = ("es", "en", "pt", "fr", "ht")
CRISIS = {path.stem: read_yaml(path) for path in sorted(DATA.glob("*.yml"))}
RULES = Rules.compile(CRISIS)


def broken(**change: object) -> dict[str, object]:
    """Return a file with one rule, in order but for what is changed."""
    rule = {
        "rule": "held",
        "type": "kidnapped",
        "when": ["held captive"],
        "examples": ["held captive"],
        "not": ["held up in traffic"],
    }
    return {"crisis_rules": [{**rule, **change}]}
