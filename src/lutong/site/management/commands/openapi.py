"""Write the contract of the API into its snapshot."""

from typing import Any

import orjson
from django.core.management.base import BaseCommand

from lutong.site.api import api
from lutong.site.config import REPOSITORY

SNAPSHOT = REPOSITORY / "tests" / "house" / "openapi.json"


def contract() -> bytes:
    """The OpenAPI 3.1 description as it is kept in the snapshot: sorted, so that a review shows what changed."""
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS
    return orjson.dumps(schema, option=options)


class Command(BaseCommand):
    help = "Renew tests/house/openapi.json after a wanted change of the API."

    def handle(self, *args: Any, **options: Any) -> None:
        SNAPSHOT.write_bytes(contract())
        self.stdout.write(str(SNAPSHOT.relative_to(REPOSITORY)))
