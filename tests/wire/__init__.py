"""What we send, judged by things we did not write. ``make wire`` installs the judges and runs it.

* Twilio's own OpenAPI (npm ``@twilio/cli-core``), enforced by Prism;
* aiogram's models, generated from Telegram's documentation (in a virtual environment of its own,
  because Rasa and aiogram 3 need different versions of pydantic);
* Twilio's own calculator of SMS segments (npm ``sms-segments-calculator``).

By hand::

    npm ci --prefix tests/wire --ignore-scripts
    python -m venv tests/wire/.venv
    tests/wire/.venv/bin/pip install -r tests/wire/requirements.txt
    pytest tests/wire
"""
