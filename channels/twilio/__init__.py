"""SMS and WhatsApp through Twilio.

Requests: https://www.twilio.com/docs/messaging/guides/webhook-request
Signatures: https://www.twilio.com/docs/usage/webhooks/webhooks-security
Messages: https://www.twilio.com/docs/messaging/api/message-resource
"""

from channels.twilio.sms import SmsChannel
from channels.twilio.whatsapp import WhatsAppChannel

__all__ = ["SmsChannel", "WhatsAppChannel"]
