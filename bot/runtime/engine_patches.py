"""Costs of Rasa's engine that every message pays for nothing, taken away; answers stay the same.

Each patch stands alone. They were chosen by one cProfile of 60 turns with known questions, when a
turn still read its conversation three times: event classes took 37 % of the time, action answers
20 %, the runner 6 %. Working the states of a conversation out only once showed no gain and was
left out. They are written for one version of Rasa and refuse any other. Conversations held with
and without them are compared in ``tests/runtime/test_engine_patches.py``; ``FARO_ENGINE=plain``
runs Rasa as it comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import Any

RASA = "3.6.21"


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


def _rule_states() -> None:
    """Show the rules the end of the conversation: Rasa works out its states from the start.

    ``rasa/core/policies/rule_policy.py``, ``RulePolicy._prediction_states``. No rule looks further
    back than it is long; a conversation in a form, or one whose slots count, is shown whole. Slots
    that do not count are left out, which Rasa would copy for each state.
    """
    from rasa.core.policies.rule_policy import RULES, RulePolicy
    from rasa.shared.core.events import (
        ActionExecuted,
        BotUttered,
        DefinePrevUserUtteredFeaturization,
        SlotSet,
        UserUttered,
    )
    from rasa.shared.core.trackers import DialogueStateTracker

    whole = RulePolicy._prediction_states
    plain = {
        *(ActionExecuted, BotUttered, DefinePrevUserUtteredFeaturization, SlotSet, UserUttered)
    }

    def longest(policy: Any) -> int:
        if "_longest" not in policy.__dict__:
            rules = policy.lookup.get(RULES, {})
            policy._longest = max((len(policy._rule_key_to_state(key)) for key in rules), default=0)
        return int(policy._longest)

    def end(policy: Any, tracker: Any, domain: Any) -> Any:
        if tracker.active_loop_name or any(slot.influence_conversation for slot in domain.slots):
            return tracker
        events, actions = list(tracker.events), 0
        for place in range(len(events) - 1, 0, -1):
            actions += type(events[place]) is ActionExecuted
            if actions > longest(policy) + 1:
                break
        else:
            return tracker
        if not all(type(event) in plain for event in events[place:]):
            return tracker
        short = DialogueStateTracker(tracker.sender_id, [])
        short.update_with_events(
            [event for event in events[place:] if type(event) is not SlotSet],
            domain=None,
            override_timestamp=False,
        )
        return short

    def states(self: Any, tracker: Any, domain: Any, *args: Any, **kwargs: Any) -> Any:
        return whole(self, end(self, tracker, domain), domain, *args, **kwargs)

    RulePolicy._prediction_states = states


def _rule_texts() -> None:
    """Ask rules about the text of a message only where one is written for a text.

    ``rasa/core/policies/rule_policy.py``, ``RulePolicy._find_action_from_rules``, which works out
    all states once for the text and once for the intent.
    """
    from rasa.core.policies.rule_policy import RULES, RulePolicy
    from rasa.shared.nlu.constants import TEXT

    find = RulePolicy._find_action_from_rules

    def of_texts(policy: Any) -> bool:
        if "_of_texts" not in policy.__dict__:
            policy._of_texts = any(f'"{TEXT}"' in key for key in policy.lookup.get(RULES, {}))
        return bool(policy._of_texts)

    def found(
        self: Any, tracker: Any, domain: Any, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        if use_text_for_last_user_input and not tracker.active_loop_name and not of_texts(self):
            return None, None, False
        answer: tuple[str | None, str | None, bool] = find(
            self, tracker, domain, use_text_for_last_user_input
        )
        return answer

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
    "rule states": _rule_states,
    "rule texts": _rule_texts,
    "runner": _runner,
}
_applied: set[str] = set()
