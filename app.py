"""The server as an ASGI application for process managers: `gunicorn --bind 0.0.0.0:5000 app:app`.

What it is started with comes from QGJOB_DATA_DIR, QGJOB_DATABASE_URL and QGJOB_ACCESS.
"""

from qgjob.server.app import create_app
from qgjob.server.settings import read_app_settings

app = create_app(read_app_settings())
