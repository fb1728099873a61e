"""Django's settings. What is set from outside is in ``config``; the rest is decided here."""

from __future__ import annotations

import secrets
from pathlib import Path

from bot import settings as faro
from console import config

BASE = Path(__file__).resolve().parent
PUBLIC = config.get("CONSOLE_URL").rstrip("/")
SECURE = PUBLIC.startswith("https://")
HOST = config.get("CONSOLE_HOST")

if faro.get("FARO_ENV") == "production" and not config.get("CONSOLE_SECRET_KEY"):
    raise faro.SettingError("Set CONSOLE_SECRET_KEY: production does not start on made-up keys.")
SECRET_KEY = config.get("CONSOLE_SECRET_KEY") or config.kept_secret(
    "console_secret", lambda: secrets.token_urlsafe(50)
)
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver", HOST]
if PUBLIC:
    ALLOWED_HOSTS.append(PUBLIC.split("://", 1)[1].split(":")[0].split("/")[0])
    CSRF_TRUSTED_ORIGINS = [PUBLIC]

INSTALLED_APPS = [
    "console.content",
    "console.releases",
    "console.translation",
    "console.insight",
    "console.learning",
    "console.staff.apps.StaffConfig",
    "console.staff.apps.StaffUsersConfig",
    "wagtail.snippets",
    "wagtail.images",
    "wagtail.documents",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]
MIDDLEWARE = [
    "console.staff.middleware.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "console.staff.middleware.session_limits",
    "console.staff.middleware.second_factor",
]
ROOT_URLCONF = "console.urls"
ASGI_APPLICATION = "console.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": config.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
LOCALE_PATHS = [faro.var_folder() / "console_locale"]
USE_I18N = True
TIME_ZONE = "America/Tegucigalpa"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = faro.var_folder() / "console_static"
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = faro.var_folder() / "console_media"

# Sign-in: docs/security.md says which rule each of these keeps.
PASSWORD_HASHERS = ["console.staff.passwords.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["console.staff.throttle.ThrottledBackend"]
LOGIN_URL = "wagtailadmin_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "__Host-faro" if SECURE else "faro"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_HOURS = 12
CSRF_USE_SESSIONS = True
CSRF_COOKIE_SECURE = SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
X_FRAME_OPTIONS = "DENY"
OTP_TOTP_ISSUER = "Faro"

WAGTAIL_SITE_NAME = "Faro"
WAGTAILADMIN_BASE_URL = PUBLIC or f"http://{HOST}:{config.get('CONSOLE_PORT')}"
WAGTAIL_I18N_ENABLED = False
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_RESET_ENABLED = False
# What a second person approves must not change under their eyes.
WAGTAIL_AUTOSAVE_INTERVAL = 0
WAGTAIL_FINISH_WORKFLOW_ACTION = "console.staff.finish.publish_approved"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"httpx": {"level": "WARNING"}, "matplotlib": {"level": "WARNING"}},
}
