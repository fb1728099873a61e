"""Telegram.

Updates and methods: https://core.telegram.org/bots/api
Limits: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

import os

# Durations as python-telegram-bot will give them from its next version on; without this it warns
# about every voice note. It reads the variable when a duration is looked at.
os.environ.setdefault("PTB_TIMEDELTA", "true")

from channels.telegram.channel import TelegramChannel

__all__ = ["TelegramChannel"]
