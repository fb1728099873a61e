"""A running Faro, people who write to it, and a Twilio that records what it is sent."""

from bot.chaos.person import Person
from bot.chaos.system import Faro, wait_for
from bot.chaos.twilio import NUMBER, TOKEN, RecordingTwilio

__all__ = ["NUMBER", "TOKEN", "Faro", "Person", "RecordingTwilio", "twilio_settings", "wait_for"]


def twilio_settings(twilio):
    return twilio.settings()
