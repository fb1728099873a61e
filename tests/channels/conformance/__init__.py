"""Runs cases of ``tests/channels/conformance.json``: a request or a reply, and what must follow.

Real parts throughout: the adapters, the desk with its reflexes on the content in ``data/``, a
Redis, the sender. Only the provider is a stand-in, at the transport.

``python -m tests.channels.conformance [FILE]`` prints every case that fails and why.
"""
