"""Where Piccolo finds the database and the migrations."""

from piccolo.conf.apps import AppRegistry

from components.foundation.database import DB

APP_REGISTRY = AppRegistry(apps=["piccolo_app"])

__all__ = ["APP_REGISTRY", "DB"]
