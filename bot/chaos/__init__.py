"""Proof by fire: the real system over HTTP, its processes killed while it is busy.

``system`` runs a Faro of its own, ``twilio`` stands in for the provider and checks what it is
sent, ``person`` writes as the provider would pass it on, ``judge`` compares what everybody got
with what they should have got, ``trial`` does it all, ``outage`` takes the store away meanwhile.
Behind ``faro chaos``, and in the tests.
"""
