"""Tells from plain rules, before any model, that somebody is in danger now.

The rules are content (``data/crisis/<language>.yml``, explained at the top of ``es.yml``); this
package only reads them. Pure: no files, no clock, no network, so it works with all else down.

``words`` makes a message comparable, ``lexicon`` forgives slips, ``patterns`` reads the rule
language, ``matching`` finds it in a message, ``language`` says what one language finds,
``reading`` reads its file, ``rules`` asks all languages, ``checks`` proves the rules.
"""

from bot.crisis.checks import problems
from bot.crisis.reading import TYPES
from bot.crisis.rules import ALONE, Hit, Rules

__all__ = ["ALONE", "TYPES", "Hit", "Rules", "problems"]
