"""One Piccolo app and one history of migrations, over the tables of every component."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from components.foundation.database import schema

APP_CONFIG = AppConfig(
    app_name="clubfront",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=list(schema.tables()),
    migration_dependencies=[],
    commands=[],
)
