"""Fixtures of the second product's tests: the same as everywhere, on clones of its own database."""

import pytest

from lutong.site.embedded.connection import VERIFICATION
from lutong.site.embedded.postgres import Cluster
from tests.support.databases import template_database


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    """The migrated database of this product, which tests clone."""
    return template_database(cluster, VERIFICATION)
