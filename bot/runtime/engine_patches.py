"""Costs of Rasa's engine that every message pays for nothing, taken away; answers stay the same.

Each patch stands alone. They were chosen by one cProfile of 60 turns with known questions, when a
turn still read its conversation three times: event classes took 37 % of the time, action answers
20 %, the runner 6 %; and by samples of a worker under load, later on: rules took 7 %. They are
written for one version of Rasa and refuse any other. Conversations held with and without them are
compared in ``tests/runtime/test_engine_patches.py``; ``FARO_ENGINE=plain`` runs Rasa as it comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import Any

RASA = "3.6.21"
_MOST_KEPT = 10_000  # kinds of last steps, of which people have made some hundreds


def apply(names: Iterable[str] | None = None) -> None:
    """Apply the patches (all, or those named), once; raise if Rasa is another version."""
    found = version("rasa")
    if found != RASA:
        raise RuntimeError(f"{__name__} was written for Rasa {RASA}, but {found} is installed")
    for name in PATCHES if names is None else names:
        if name not in _applied:
            PATCHES[name]()
            _applied.add(name)


def _event_classes() -> None:
    """Look each type of event up once: Rasa walks all subclasses for each event it reads.

    ``rasa/shared/core/events.py``, ``Event.resolve_by_type``.
    """
    from rasa.shared.core.events import Event

    walk = Event.resolve_by_type
    known: dict[str, Any] = {}

    def resolve(type_name: str, default: Any = None) -> Any:
        found = known.get(type_name)
        if found is None:
            found = walk(type_name, default)
            if found is not None and found is not default:
                known[type_name] = found
        return found

    Event.resolve_by_type = staticmethod(resolve)


def _action_answers() -> None:
    """Check what an action returns with a schema that was itself checked once, not each time.

    ``rasa/core/actions/action.py``, ``RemoteAction._validate_action_result``; RasaHQ/rasa#11717.
    """
    from jsonschema.validators import validator_for
    from rasa.core.actions.action import RemoteAction

    checked = RemoteAction._validate_action_result
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    valid = kind(schema).is_valid

    def validate(self: Any, result: dict[str, Any]) -> bool:
        # The last one raises, in Rasa's own words.
        return _sets_slots(result) or valid(result) or checked(self, result)

    RemoteAction._validate_action_result = validate


def _sets_slots(result: dict[str, Any]) -> bool:
    """Return whether an answer plainly fits the schema: it says things and fills slots, no more."""
    events, responses = result.get("events"), result.get("responses")
    return (
        isinstance(events, list)
        and isinstance(responses, list)
        and all(isinstance(said, dict) for said in responses)
        and all(
            isinstance(event, dict)
            and set(event) == {"event", "timestamp", "name", "value"}
            and event["event"] == "slot"
            and event["timestamp"] is None
            and isinstance(event["name"], str)
            for event in events
        )
    )


def _rule_found() -> None:
    """Remember which rule fits the last steps of a conversation: there are few kinds of them.

    ``rasa/core/policies/rule_policy.py``, ``RulePolicy._find_action_from_rules``, which works out
    all states of a conversation from its start, once for the text and once for the intent. No rule
    looks further back than it is long. Rasa is asked anew in a form, where slots count, where rules
    are written for texts, and where no rule fits.
    """
    from rasa.core.policies.rule_policy import RULES, RulePolicy
    from rasa.shared.core.events import (
        ActionExecuted,
        BotUttered,
        DefinePrevUserUtteredFeaturization,
        SessionStarted,
        SlotSet,
        UserUttered,
    )
    from rasa.shared.nlu.constants import TEXT

    find = RulePolicy._find_action_from_rules

    def longest(policy: Any, domain: Any) -> int:
        """Return how many steps the longest rule has, 0 where nothing is to be remembered."""
        if "_longest" not in policy.__dict__:
            rules = policy.lookup.get(RULES, {})
            of_texts = any(f'"{TEXT}"' in key for key in rules)
            plain = not of_texts and not any(slot.influence_conversation for slot in domain.slots)
            steps = [len(policy._rule_key_to_state(key)) for key in rules] if plain else []
            policy._longest = max(steps, default=0)
            policy._found = {}
        return int(policy._longest)

    def last_steps(events: Iterable[Any], enough: int) -> tuple[Any, ...] | None:
        """Return all that rules can see of a conversation, from its end back."""
        steps: list[Any] = []
        actions = 0
        for event in reversed(list(events)):
            kind = type(event)
            if kind is ActionExecuted:
                steps.append((event.action_name, event.action_text))
                actions += 1
            elif kind is UserUttered:
                named = frozenset(
                    (one.get("entity"), one.get("role"), one.get("group")) for one in event.entities
                )
                steps.append((event.intent_name, event.use_text_for_featurization, named))
                if actions > enough:
                    return tuple(steps)
            elif kind is DefinePrevUserUtteredFeaturization:
                steps.append(event.use_text_for_featurization)
            elif kind is SessionStarted:
                steps.append(kind)
            elif kind not in (BotUttered, SlotSet):
                return None
        return (*steps, None)

    def found(
        self: Any, tracker: Any, domain: Any, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        enough = longest(self, domain)
        if tracker.active_loop_name or not enough:
            return find(self, tracker, domain, use_text_for_last_user_input)
        if use_text_for_last_user_input:
            return None, None, False
        steps = last_steps(tracker.events, enough)
        known = self._found.get(steps)
        if known is None:
            known = find(self, tracker, domain, use_text_for_last_user_input)
            if steps and known[0] is not None and len(self._found) < _MOST_KEPT:
                self._found[steps] = known
        return known

    RulePolicy._find_action_from_rules = found


def _runner() -> None:
    """Call the components one after the other instead of scheduling them with dask.

    ``rasa/engine/runner/dask.py``, ``DaskGraphRunner.run``: the graph is the same each time.
    """
    from rasa.engine.exceptions import GraphRunError
    from rasa.engine.runner.dask import DaskGraphRunner

    def plan(self: Any, targets: list[str]) -> list[tuple[str, Any, tuple[str, ...]]]:
        nodes = self._graph_schema.minimal_graph_schema(targets).nodes
        order: list[tuple[str, Any, tuple[str, ...]]] = []
        seen: set[str] = set()

        def visit(name: str) -> None:
            if name in seen or name not in nodes:
                return
            seen.add(name)
            needs = tuple(nodes[name].needs.values())
            for need in needs:
                visit(need)
            order.append((name, self._instantiated_nodes[name], needs))

        for name in nodes:
            visit(name)
        return order

    def run(
        self: Any, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        wanted = targets or self._graph_schema.target_names
        plans = self.__dict__.setdefault("_plans", {})
        key = tuple(wanted)
        if key not in plans:
            plans[key] = plan(self, list(wanted))
        nodes = {name for name, _, _ in plans[key]}
        if clash := nodes & set(inputs or ()):
            raise GraphRunError(f"Input value '{clash.pop()}' clashes with a node name.")
        results = {name: (name, value) for name, value in (inputs or {}).items()}
        try:
            for name, node, needs in plans[key]:
                results[name] = node(*[results.get(need, need) for need in needs])
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return dict(results[name] for name in wanted)

    DaskGraphRunner.run = run


PATCHES: dict[str, Callable[[], None]] = {
    "event classes": _event_classes,
    "action answers": _action_answers,
    "rule found": _rule_found,
    "runner": _runner,
}
_applied: set[str] = set()
