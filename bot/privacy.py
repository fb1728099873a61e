"""Who a person is to us: a keyed code, never a number or a name."""

from __future__ import annotations

import hashlib
import hmac

NETWORKS = {"sms": "tel", "whatsapp": "whatsapp", "telegram": "telegram"}


def user_ref(key: str, channel: str, canonical: str) -> str:
    """Return the pseudonym of an address: 32 hexadecimal digits, useless without ``key``.

    ``canonical`` is the number with ``+`` and country code, a WhatsApp
    business-scoped id as received, or a Telegram user id. The code is keyed
    because plain hashes of phone numbers are undone by trying every number.

    >>> user_ref("secret", "sms", "+50499990000") == user_ref("secret", "sms", "+50499990000")
    True
    >>> user_ref("secret", "sms", "+1") == user_ref("other", "sms", "+1")
    False
    """
    message = f"{NETWORKS.get(channel, channel)}:{canonical}".encode()
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()[:32]
