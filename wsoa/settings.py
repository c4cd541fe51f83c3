"""All settings. What differs between machines comes from environment variables: docs/deploy.md.

A variable with a bad value stops the start; nothing is guessed. Nothing here starts anything.
"""

import json
import os
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
import pghistory
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

# Lets generic classes of Django take their types where the program runs, as they do for mypy.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent


def required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return value


def switch(name: str) -> bool:
    value = os.environ.get(name, "off")
    if value not in {"on", "off"}:
        raise ImproperlyConfigured(f"{name} must be 'on' or 'off', not {value!r}.")
    return value == "on"


def whole_number(name: str, default: int, least: int = 1) -> int:
    value = os.environ.get(name) or str(default)
    if not (value.isascii() and value.isdigit()) or int(value) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number from {least}, not {value!r}.")
    return int(value)


def listed(name: str) -> list[str]:
    return [item.strip() for item in required(name).split(",") if item.strip()]


def roles(name: str, default: str) -> list[str]:
    """Roles by their names; `none` for none."""
    value = os.environ.get(name) or default
    wanted = [] if value == "none" else [item.strip() for item in value.split(",")]
    if unknown := sorted(set(wanted) - ROLES):
        raise ImproperlyConfigured(f"{name} names no role of ours: {', '.join(unknown)}.")
    return wanted


def organisations(name: str) -> list[dict[str, Any]]:
    """A JSON list, each with id, name, server, client, secret, domains, and perhaps only."""
    wanted = {"id", "name", "server", "client", "secret", "domains"}
    try:
        found = json.loads(os.environ.get(name) or "[]")
        sound = all(wanted <= set(one) <= wanted | {"only"} and one["domains"] for one in found)
    except (ValueError, TypeError):
        sound = False
    if not sound:
        raise ImproperlyConfigured(f"{name} must be a JSON list as docs/signing-in.md shows it.")
    return list(found)


# The machine

DEBUG = switch("DEBUG")
# Only for the demo and development on one's own machine: sessions then travel unencrypted.
PLAIN_HTTP = DEBUG or switch("PLAIN_HTTP")

SECRET_KEY = "only-for-debugging" if DEBUG else required("SECRET_KEY")
ALLOWED_HOSTS = ["127.0.0.1", "localhost"] if DEBUG else listed("ALLOWED_HOSTS")
DATABASES = {"default": environ.Env.db_url_config(required("DATABASE_URL"))}
# The role that owns the tables, for `migrate` alone. Not among the databases: nothing else uses it.
DATABASE_OWNER = (
    environ.Env.db_url_config(os.environ["DATABASE_OWNER_URL"])
    if os.environ.get("DATABASE_OWNER_URL")
    else None
)
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

PRODUCT_NAME = os.environ.get("PRODUCT_NAME", "Plan Ledger")

# The application

INSTALLED_APPS = [
    "wsoa.accounts",
    "actions",
    "kpis",
    "reports",
    "wsoa.oversight",
    "wsoa.pages",
    "wsoa.planfile",
    "wsoa.reaching",
    "wsoa.guard",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    # Before staticfiles, so that runserver too serves files the way production does.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    # Lets FORM_RENDERER find Django's own widget templates beside ours.
    "django.forms",
    "csp",
    "django_tables2",
    "pgtrigger",
    "pghistory",
]

# The sample and the commands of development, which production does without.
if switch("DEMO"):
    INSTALLED_APPS.insert(7, "wsoa.demo")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "wsoa.middleware.headers",
    "wsoa.middleware.words_of_no_plan",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "wsoa.middleware.CompressPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "wsoa.accounts.sessions.idle_limit",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    # After authentication: it notes with every recorded change who made it.
    "pghistory.middleware.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # After authentication, so that their pages know who asks.
    "wsoa.middleware.DocumentsNotMade",
    "wsoa.middleware.no_nul_in_path",
]

ROOT_URLCONF = "wsoa.urls"
WSGI_APPLICATION = "wsoa.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wsoa.context.product",
                "wsoa.pages.navigation.navigation",
            ],
        },
    },
]
FORM_RENDERER = "wsoa.forms.Renderer"
DJANGO_TABLES2_TEMPLATE = "includes/table.html"

# Reading a page changes nothing, so only these methods need to be told who asks.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
# The history of a row is as unchangeable as any other record, and keeps the order of its changes.
PGHISTORY_APPEND_ONLY = True
PGHISTORY_CREATED_AT_FUNCTION = "CLOCK_TIMESTAMP()"
# What is taken away altogether (a link, a deputy who never began) stays in its history too.
PGHISTORY_DEFAULT_TRACKERS = (
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
)

# People

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {"user_attributes": ("name", "email")},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
] + [{"NAME": "wsoa.accounts.passwords.VariedPassword"}]
# A link to a new password is of use for an hour.
PASSWORD_RESET_TIMEOUT = 60 * 60

ROLES = frozenset(
    {
        *("programme_officer", "lead", "sro", "chair", "member", "forum", "reader"),
        "superuser",
    }
)
# Whose roles are all among these may sign in by a code that is mailed to them.
CODE_FOR = roles("CODE_FOR", "lead,member,forum,reader")
PASSWORD_FOR = roles("PASSWORD_FOR", ",".join(sorted(ROLES)))

# Who gives a code from an app after the password; nobody in the demo, unless it is said.
SECOND_STEP_FOR = roles(
    "SECOND_STEP_FOR", "none" if switch("DEMO") else "programme_officer,sro,chair,superuser"
)
MFA_ADAPTER = "wsoa.accounts.second_step.adapter.SecondStepAdapter"
MFA_TOTP_ISSUER = PRODUCT_NAME
# A phone's clock may be a minute wrong.
MFA_TOTP_TOLERANCE = 2
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

# Organisations that sign their own people in, by OpenID Connect: docs/signing-in.md.
ORGANISATIONS = organisations("ORGANISATIONS")
SOCIALACCOUNT_ADAPTER = "wsoa.accounts.organisations.adapter.OrganisationAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": one["id"],
                "name": one["name"],
                "client_id": one["client"],
                "secret": one["secret"],
                "settings": {"server_url": one["server"]},
            }
            for one in ORGANISATIONS
        ],
    }
}
# By a link of ours: a form must not lead to another site.
SOCIALACCOUNT_LOGIN_ON_GET = True

# Signing in by code, and what comes after a password: django-allauth.
ACCOUNT_ADAPTER = "wsoa.accounts.signing_in.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
# An address is proved by the invitation that came to it.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"length": 6, "numeric": True, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# With three guesses at each code, sixty a day at an account, from wherever they come.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "20/m/ip,5/10m/key,20/d/key",
    "reset_password": "20/m/ip,5/10m/key,20/d/key",
}
# Counted in the database, over all processes. No more is kept in it than is counted.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cacheentry",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
# A working day: the shared computers of a meeting room must not stay signed in overnight.
SESSION_COOKIE_AGE = 12 * 60 * 60
# Minutes since showing who one is after which that is asked again before signing, publishing and
# managing users; 0 for never, as in the demo.
ASK_AGAIN_MINUTES = whole_number("ASK_AGAIN_MINUTES", 0 if switch("DEMO") else 15, least=0)
# Minutes without use after which one is signed out; 0 for none, as in the demo.
IDLE_MINUTES = whole_number("IDLE_MINUTES", 0 if switch("DEMO") else 30, least=0)

# Mail: without MAIL_URL and MAIL_FROM none is sent, and nobody is offered what comes by mail.

MAIL_FROM = os.environ.get("MAIL_FROM", "")
if MAIL_FROM and not DEBUG:
    required("MAIL_URL")
if os.environ.get("MAIL_URL"):
    required("MAIL_FROM")
    vars().update(
        {
            name: value
            for name, value in environ.Env.email_url_config(os.environ["MAIL_URL"]).items()
            if value is not None
        }
    )
DEFAULT_FROM_EMAIL = MAIL_FROM or "webmaster@localhost"
# A server that does not answer must not hold a thread for good.
EMAIL_TIMEOUT = 20
# Where the links of mails lead to.
SITE_URL = (
    os.environ.get("SITE_URL") or f"{'http' if PLAIN_HTTP else 'https'}://{ALLOWED_HOSTS[0]}"
).rstrip("/")

# Words and times

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# Files

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / ".local" / "static"
STATICFILES_DIRS = [BASE_DIR / "wsoa" / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "kpis.static_files.PlotlyFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Hashed names let browsers keep files for good; debugging and tests use files as they are.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Evidence is kept under names that no web server may serve: only the access check hands it out.
EVIDENCE_ROOT = Path(os.environ.get("EVIDENCE_ROOT") or BASE_DIR / ".local" / "evidence").resolve()
if EVIDENCE_ROOT.is_relative_to(STATIC_ROOT):
    raise ImproperlyConfigured("EVIDENCE_ROOT must not lie where static files are served from.")
EVIDENCE_MAX_BYTES = whole_number("EVIDENCE_MAX_BYTES", 10 * 1024 * 1024)
# A file of past progress or of figures, which is read and not kept.
SHEET_MAX_BYTES = 10 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    # First: it keeps from the others what is larger than anything here may be.
    "actions.io.storage.SizeGuard",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Safety

# 1 MB and 2,000 fields hold the longest form with room to spare: a month's figures of all measures
# of a plan, some eight fields each. Files stream past the first limit
# and have their own, above.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# Above what an update, or a team that takes sheets back, may bring at once, so that their forms
# say how many they take.
DATA_UPLOAD_MAX_NUMBER_FILES = 60

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "wsoa.pages.error_views.stale_form"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not PLAIN_HTTP
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = not PLAIN_HTTP
# Browsers' preload lists bind a whole domain for years: for its owner to decide, not for us.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
# Only where a proxy of ours overwrites this header; else anybody could claim to come by https.
BEHIND_PROXY = switch("BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# How many servers of ours a request passes: so many entries at the end of X-Forwarded-For are true.
TRUSTED_PROXIES = whole_number("TRUSTED_PROXIES", 1 if BEHIND_PROXY else 0, least=0)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Django's own handlers mail and repeat; the console hears everything through the root.
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        # Who signed in and who could not: docs/deploy.md.
        "wsoa.security": {"level": "INFO"},
    },
}
