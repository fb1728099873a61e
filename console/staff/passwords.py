"""How passwords are kept: Argon2id, above the least that OWASP asks for."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """64 MiB and three rounds: about a tenth of a second for us, expensive for a thief."""

    time_cost = 3
    memory_cost = 64 * 1024
    parallelism = 1
