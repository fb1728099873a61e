"""The staff console: where campaign staff keep what Faro says true. Knows no Rasa, no channel."""
