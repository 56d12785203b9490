"""Password hashing of this service."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2Owasp(Argon2PasswordHasher):
    """argon2id with OWASP's parameters of 2025: 19 MiB, two passes, one lane."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
