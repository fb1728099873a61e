"""Runs custom actions inside the worker, behind the interface of Rasa's action endpoint.

``endpoints.yml`` says ``url: inprocess://actions`` for this, or the address of an action
server (``faro rasa run actions``) for actions in a process of their own.
"""

from __future__ import annotations

import json
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

SCHEME = "inprocess://"


class InProcessActions(EndpointConfig):
    """An action endpoint that calls the action instead of a server."""

    def __init__(self, package: str) -> None:
        super().__init__(url=SCHEME + package)
        # Rasa then sends the domain only to actions that ask for it.
        self.kwargs["enable_selective_domain"] = True
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Run the action that Rasa asks for and return what a server would."""
        try:
            return await self._executor.run(kwargs["json"])
        except ActionExecutionRejection as error:
            raise _refused(400, error.message, error.action_name) from error
        except ActionNotFoundException as error:
            raise _refused(404, error.message, error.action_name) from error


def _refused(status: int, message: str, action: str) -> ClientResponseError:
    body = json.dumps({"error": message, "action_name": action})
    return ClientResponseError(status, message, body)


def endpoint(configured: EndpointConfig | None) -> EndpointConfig | None:
    """Return the endpoint to use for what ``endpoints.yml`` names."""
    if configured is not None and (configured.url or "").startswith(SCHEME):
        return InProcessActions((configured.url or "").removeprefix(SCHEME))
    return configured


def patch_rasa() -> None:
    """Make Rasa's own commands (run, shell, test) understand ``inprocess://`` too."""
    from rasa.core.utils import AvailableEndpoints

    plain = AvailableEndpoints.__init__

    def with_actions(self: Any, *args: Any, **kwargs: Any) -> None:
        plain(self, *args, **kwargs)
        self.action = endpoint(self.action)

    if plain.__name__ != "with_actions":
        AvailableEndpoints.__init__ = with_actions
