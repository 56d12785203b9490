"""The web process of 律师身份核验平台."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "lutong.verification.settings"  # whatever started it: that is the other product
application = get_wsgi_application()
