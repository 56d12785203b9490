from typing import Any

from django.db import migrations

from lutong.kernel.sealed import is_sealed, seal_text

PLACE = "mfa_authenticator.data"


def seal_secrets(apps: Any, schema_editor: Any) -> None:
    """Secrets of 动态口令 and 备用码 stood in plaintext until now."""
    for row in apps.get_model("mfa", "Authenticator").objects.filter(type__in=["totp", "recovery_codes"]).iterator():
        plain = {name: row.data[name] for name in ("secret", "seed") if name in row.data}
        for name, text in plain.items():
            if not is_sealed(text):
                row.data[name] = seal_text(text, bound_to=PLACE)
        row.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [("identity", "0010_licence_photos"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [migrations.RunPython(seal_secrets, migrations.RunPython.noop)]
