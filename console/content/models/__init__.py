"""What staff write: one model a file."""

from console.content.models.answer import Answer
from console.content.models.command import CommandWords
from console.content.models.contact import Contact
from console.content.models.crisis import CrisisRuleSet
from console.content.models.fact import Fact
from console.content.models.guide import Guide
from console.content.models.phrase import Phrase
from console.content.models.source_file import SourceFile
from console.content.models.training import TrainingPhrase
from console.content.models.translation import Translation

SNIPPETS = (
    Answer,
    Fact,
    Contact,
    Phrase,
    Translation,
    CommandWords,
    Guide,
    CrisisRuleSet,
    TrainingPhrase,
)

__all__ = [
    "SNIPPETS",
    "Answer",
    "CommandWords",
    "Contact",
    "CrisisRuleSet",
    "Fact",
    "Guide",
    "Phrase",
    "SourceFile",
    "TrainingPhrase",
    "Translation",
]
