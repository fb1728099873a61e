"""The app of the people who work here: roles, sign-in, audit, home page."""

from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class StaffConfig(AppConfig):
    default = True
    name = "console.staff"
    label = "staff"

    def ready(self) -> None:
        from console.staff import signals  # noqa: F401 - connects
        from console.staff.users import connect

        connect()


class StaffUsersConfig(WagtailUsersAppConfig):
    """Stands for ``wagtail.users`` among the installed apps."""

    user_viewset = "console.staff.users.StaffUserViewSet"
