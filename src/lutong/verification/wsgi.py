"""The web process of 律师身份核验平台."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lutong.verification.settings")
application = get_wsgi_application()
