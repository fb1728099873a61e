"""Proves the crisis rules against their own examples, and says what to mend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.crisis.language import Language
from bot.crisis.rules import Rules
from bot.crisis.words import plain


def problems(crisis: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the rules: file, rule, what to mend. Empty if they may go live."""
    rules = Rules.compile(crisis)
    return [
        f"crisis/{name}.yml: {problem}"
        for name, language in rules.languages.items()
        for problem in (*language.errors, *_unproven(rules, language, crisis[name]))
    ]


def _unproven(rules: Rules, language: Language, data: Mapping[str, Any]) -> Iterator[str]:
    seen: set[str] = set()
    for number, rule in enumerate(data.get("crisis_rules", ()), 1):
        name = str(rule.get("rule", f"number {number}"))
        if name in seen:
            yield f"rule {name}: another rule has this name; give it one of its own"
        seen.add(name)
        if not rule.get("when") and not rule.get("perhaps"):
            yield f"rule {name}: says nothing under `when:`; add what people write"
        if not rule.get("examples") or not rule.get("not"):
            yield f"rule {name}: needs `examples:` that match and `not:` that do not"
        for text in map(str, rule.get("examples", ())):
            found = [
                rule.name for rule in language.hits(language.message(language.read(plain(text))))
            ]
            if name not in found:
                other = f" (found by {found[0]})" if found else ""
                yield f"rule {name}: example {text!r} is not found{other}; widen `when:`"
        for text in map(str, rule.get("not", ())):
            hit = rules.find(text)
            if hit:
                yield (
                    f"rule {name}: {text!r} is taken for a crisis by {hit.rule} ({hit.language});"
                    " narrow `when:` or add an `unless:`"
                )
