"""Django's settings: read from the environment, safe unless it says otherwise."""

import os
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from haitang.config.secret import master_keys, secret_key

PACKAGE = Path(__file__).resolve().parent.parent

ORIGIN = os.environ.get("HAITANG_ORIGIN", "http://localhost:8000").rstrip("/")
IS_HTTPS = ORIGIN.startswith("https://")
HOST = urlsplit(ORIGIN).hostname or "localhost"

DEBUG = False
SECRET_KEY = secret_key()
MASTER_KEYS = master_keys  # asked anew each time: keys change while the server runs
ALLOWED_HOSTS = sorted({HOST, "localhost", "127.0.0.1", "[::1]"})
CSRF_TRUSTED_ORIGINS = [ORIGIN]


CAREFUL = "-c lock_timeout=3s -c synchronous_commit=on -c timezone=UTC"


def database(url: str) -> dict[str, object]:
    """Django's description of `url`, such as postgresql://user:word@host:5432/name?host=/socket."""
    if not url:
        raise ImproperlyConfigured(
            "HAITANG_DATABASE_URL is not set: use the `haitang` command, which starts its own PostgreSQL, "
            "or set it to postgresql://USER:PASSWORD@HOST:PORT/NAME."
        )
    parts, port = _parted(url)
    query = dict(parse_qsl(parts.query))
    own = query.pop("options", "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": query.pop("port", None) or port,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**query, "options": f"{CAREFUL} {own}".strip()},
    }


def _parted(url: str) -> tuple[SplitResult, str]:
    """The parts of `url` and its port, "" where it names none."""
    try:
        parts = urlsplit(url)
        port, is_ours = parts.port, parts.scheme in ("postgresql", "postgres")
    except ValueError:
        is_ours = False
    if not is_ours:
        # Never repeated: what breaks an address is often its password.
        raise ImproperlyConfigured(
            "HAITANG_DATABASE_URL is not the address of a PostgreSQL: write "
            "postgresql://USER:PASSWORD@HOST:PORT/NAME, the port as a number up to 65535, and in the password "
            "%2F for /, %3A for :, %40 for @, %23 for #, %3F for ?."
        )
    return parts, str(port or "")


def time_zone(name: str) -> str:
    """`name`, if it is a time zone."""
    try:
        ZoneInfo(name)
    except (ValueError, LookupError, OSError) as problem:
        raise ImproperlyConfigured(
            f"HAITANG_TIME_ZONE is {name}, which is no time zone: write it as Asia/Shanghai, or leave it unset."
        ) from problem
    return name


def proxies(number: str) -> int:
    """How many proxies stand before us."""
    if not number.isdecimal():
        raise ImproperlyConfigured(
            f"HAITANG_PROXIES is {number}: write how many proxies stand before Haitang, such as 1, or leave it unset."
        )
    return int(number)


def keys_address(url: str) -> str:
    """Where the households' keys lie unless HAITANG_KEYS_URL says so: on the same server, in NAME_keys."""
    parts = _parted(url)[0]
    return urlunsplit(parts._replace(path=f"/{parts.path.lstrip('/') or 'postgres'}_keys"))


ADDRESS = os.environ.get("HAITANG_DATABASE_URL", "")
DATABASES = {
    "default": database(ADDRESS) | {"TEST": {"DEPENDENCIES": ["keys"]}},
    # Apart from what they open, so that no copy of the ledger holds them (docs/adr/0008).
    "keys": database(os.environ.get("HAITANG_KEYS_URL") or keys_address(ADDRESS))
    | {"TEST": {"DEPENDENCIES": []}},
}
DATABASE_ROUTERS = ["haitang.config.routing.KeysApart"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_vite",
    "csp",
    "axes",
    "procrastinate.contrib.django",
    "haitang.core",
    "haitang.vault",
    "haitang.registry",
    "haitang.accounts",
    "haitang.incidents",
    "haitang.teams",
    "haitang.relief",
    "haitang.operations",
    "haitang.jobs",
    "haitang.console",
    "haitang.porch",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "haitang.config.http.ActorMiddleware",
    "haitang.config.http.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "haitang.config.urls"
WSGI_APPLICATION = "haitang.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "console" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "haitang.config.http.page_context",
            ],
        },
    },
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = time_zone(os.environ.get("HAITANG_TIME_ZONE") or "Asia/Shanghai")
USE_TZ = True
FORMAT_MODULE_PATH = ["haitang.config.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/haitang/assets/.+-[\w-]{8}\.\w+$"
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "static_url_prefix": "haitang",
        "manifest_path": PACKAGE / "console" / "static" / "haitang" / "manifest.json",
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "haitang.accounts.signin.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "haitang.accounts.signin.NotCommon"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "haitang.accounts.signin.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_USER_DISPLAY = "haitang.accounts.signin.shown_name"
# A whole office may share one address, so addresses get room; one name ("key") gets little.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "60/m/ip,5/5m/key",  # wrong codes; wrong passwords are counted by axes
    "password": "60/h/key",
    "card": "30/m/ip",  # no code can be guessed; this is for the server's sake
}
# With https a proxy stands in front of us and says who asks; HAITANG_PROXIES says how many do.
ALLAUTH_TRUSTED_PROXY_COUNT = proxies(os.environ.get("HAITANG_PROXIES") or ("1" if IS_HTTPS else "0"))
MFA_ADAPTER = "haitang.accounts.signin.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
MFA_TOTP_ISSUER = "Haitang"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "haitang.accounts.signin.counted_name"
AXES_CLIENT_IP_CALLABLE = "haitang.accounts.signin.address_of"
AXES_SENSITIVE_PARAMETERS = ["login", "csrfmiddlewaretoken"]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_LOCKOUT_CALLABLE = "haitang.config.http.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "haitang.config.http.page_too_old"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = IS_HTTPS
SECURE_HSTS_SECONDS = 31536000 if IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024

# Sign-in limits and used codes are kept where all server processes see them: a code works once, not once each.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# What a worker loads to know its jobs and their times; no other process needs them.
PROCRASTINATE_IMPORT_PATHS = ["haitang.jobs.clock"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
