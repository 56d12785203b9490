"""People who are enrolled through the registry, as in the tests of identity."""

from lutong.domains.identity.tests.conftest import bureau, lawyer, no_memory_of_other_tests

__all__ = ["bureau", "lawyer", "no_memory_of_other_tests"]
