"""The phone simulator: three phones in the browser, and the provider ends of their networks.

What is typed on a phone goes through the real adapters: the simulator only plays Twilio and
Telegram (``twilio_api``, ``telegram_api``) and the phone in somebody's hand (``phones``). It
exists to try Faro on one machine with nothing configured, and never in production.
"""

from channels.simulator.credentials import simulated
from channels.simulator.site import blueprint

__all__ = ["blueprint", "simulated"]
