"""The benchmark against vanilla Rasa: ``make bench`` and ``make bench-quick``."""
