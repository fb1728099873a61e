"""Telegram.

Updates and methods: https://core.telegram.org/bots/api
Limits: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

from channels.telegram.channel import TelegramChannel

__all__ = ["TelegramChannel"]
