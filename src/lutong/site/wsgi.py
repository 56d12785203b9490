"""The web process: pages and JSON."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lutong.site.settings")
application = get_wsgi_application()
