"""The processes that make up a running Faro; the only place that knows all parts.

``web`` takes webhooks and serves the simulator, ``worker`` runs the assistant,
``sender`` delivers. ``supervisor`` starts them, and a Redis if none is given.
"""
