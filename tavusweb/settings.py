"""Every setting, and the only place where an environment variable is read.

The contract of the variables is in docs/operators.md.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from tavusweb import upload_limits
from tavusweb.data_folder import DATABASE_FILE, data_folder, read_secrets
from tavusweb.env import (
    addresses,
    choice,
    database,
    flag,
    host_names,
    mail_server,
    number,
    origin_of,
    origins,
    provider,
    redis_address,
    sender,
    site_address,
    text,
    web_address,
    words,
)

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = data_folder()

# --- Secrets: the environment first, then what bin/start left in the data folder -----------------

_secrets = read_secrets(HOME) | {name: text(name) for name in ("SECRET_KEY", "FIELD_KEYS") if text(name)}
for _name in ("SECRET_KEY", "FIELD_KEYS"):
    if not _secrets.get(_name):
        raise ImproperlyConfigured(
            f"{_name} is not set. bin/start creates it in the data folder; otherwise put it in the environment."
        )
SECRET_KEY = _secrets["SECRET_KEY"]
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")  # older ones, whose sessions, links and seals stay valid
FIELD_KEYS = _secrets["FIELD_KEYS"].replace(",", " ").split()  # newest first

# --- Where it runs -------------------------------------------------------------------------------

DEBUG = flag("DEBUG", False)
HOST = text("HOST", "127.0.0.1")
PORT = number("PORT", 8000, maximum=65_535, minimum=1)
# Names for this machine itself.
OWN_HOST = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(HOST, f"[{HOST}]" if ":" in HOST else HOST)  # noqa: S104
SITE_URL = site_address("SITE_URL", f"http://{OWN_HOST}:{PORT}")
_is_https = SITE_URL.startswith("https://")

# The worker and the health checks use loopback, whatever the public name is.
ALLOWED_HOSTS = sorted(
    {urlsplit(SITE_URL).hostname or "", OWN_HOST, "127.0.0.1", "localhost", "[::1]", *host_names("ALLOWED_HOSTS")}
)
CSRF_TRUSTED_ORIGINS = [origin_of(SITE_URL)]

ROOT_URLCONF = "tavusweb.urls"
WSGI_APPLICATION = "tavusweb.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- The provider --------------------------------------------------------------------------------

TAVUS_API_URL = web_address("TAVUS_API_URL", "https://tavusapi.com")
TAVUS_HOSTED_ORIGINS = origins("TAVUS_HOSTED_ORIGINS", "https://tavus.video https://videos.tavus.io")
# Thumbnails come from these alone, so that no other host learns who looks. A missing one costs a picture. Tavus documents
# no host of thumbnails. Replicas' are on its own; videos are streamed from stream.mux.com, whose pictures are on image.mux.com.
TAVUS_MEDIA_ORIGINS = sorted(
    {
        *origins("TAVUS_MEDIA_ORIGINS", "https://cdn.replica.tavus.io https://image.mux.com https://stream.mux.com"),
        *TAVUS_HOSTED_ORIGINS,
        origin_of(TAVUS_API_URL),
    }
)
FRAME_SANDBOX = flag("FRAME_SANDBOX", True)

SANDBOX = flag("SANDBOX", True)
# Where the worker reaches the bundled sandbox: the web process itself.
SANDBOX_API_URL = web_address("SANDBOX_API_URL", f"http://{OWN_HOST}:{PORT}/sandbox")
SANDBOX_RENDER_SECONDS = number("SANDBOX_RENDER_SECONDS", 20.0, maximum=86_400)
SANDBOX_KEY_CHECK = "tavusweb.keys.issued.is_issued"  # by name: the sandbox imports nothing of ours

# --- What is installed ---------------------------------------------------------------------------

INSTALLED_APPS = [
    "tavusweb.backoffice.apps.AdminSite",
    "tavusweb.backoffice.apps.Backoffice",  # before django.contrib.auth, two of whose commands it replaces
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_q",
    "tavusweb.audit",
    "tavusweb.notify",
    "tavusweb.accounts",
    "tavusweb.workspaces",
    "tavusweb.keys",
    "tavusweb.videos",
    "tavusweb.engine",
    "tavusweb.reviews",
    "tavusweb.sharing",
    "tavusweb.library.apps.Library",
    "tavusweb.inbox.apps.Inbox",
    "tavusweb.sandbox",
]

MIDDLEWARE = [
    "tavusweb.lock_patience.BoundedWait",  # the outermost: it bounds what all others do
    "tavusweb.middleware.CompressedPages",
    # Headers for every response, including those created by the middleware below.
    "csp.middleware.CSPMiddleware",
    "tavusweb.middleware.PrivacyHeaders",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tavusweb.middleware.KnownHost",
    "django.middleware.security.SecurityMiddleware",
    "tavusweb.middleware.StorableCharacters",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "tavusweb.middleware.MethodNotAllowedPage",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tavusweb.accounts.reauthentication.Question",
    "tavusweb.accounts.sessions.ListedSessions",
    "tavusweb.accounts.devices.KnownBrowsers",
    "django_htmx.middleware.HtmxMiddleware",
    "tavusweb.middleware.BrokenOff",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"text": "tavusweb.text_tags", "parts": "tavusweb.part_tags"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tavusweb.appearance.context",
                "tavusweb.workspaces.context_processors.context",
            ],
        },
    }
]
FORM_RENDERER = "tavusweb.forms.FormRenderer"

# --- Data ----------------------------------------------------------------------------------------

DATABASE_URL = text("DATABASE_URL") or f"sqlite:///{HOME / DATABASE_FILE}"
DATABASES = {"default": database("DATABASE_URL", DATABASE_URL)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a writer waits instead of failing with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }

REDIS_URL = redis_address("REDIS_URL")
KEEP_VISITS_DAYS = number("KEEP_VISITS_DAYS", 400, maximum=36_500)  # of share pages; 0 keeps everything
KEEP_INSTANCE_AUDIT_DAYS = number("KEEP_INSTANCE_AUDIT_DAYS", 0, maximum=36_500)  # 0 keeps everything

CACHES = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"serializer": "tavusweb.json_cache.JSONSerializer"},
        }
        if REDIS_URL
        else {
            "BACKEND": "tavusweb.json_cache.JSONDatabaseCache",
            "LOCATION": "cache",
        }
    )
}

UPLOADS_ROOT = HOME / "uploads"
FILE_UPLOAD_TEMP_DIR = HOME / "uploads" / "incoming"  # on the same disk, so that storing a file is a rename
try:
    FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"The data folder {HOME} cannot be written: {error.strerror}.") from None
MEDIA_ROOT = UPLOADS_ROOT
FILE_UPLOAD_HANDLERS = ["tavusweb.uploads.NoFiles"]  # views that accept files are decorated with `accepts_files`
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = upload_limits.FORM_MAX_BYTES
AUDIO_MAX_BYTES = upload_limits.AUDIO_MAX_BYTES

# How much one workspace and one person may keep here, over all workspaces; recordings in bytes.
UPLOADS_PER_WORKSPACE = number("UPLOADS_PER_WORKSPACE_GB", 20.0, maximum=1_000_000) * 1024**3
UPLOADS_PER_PERSON = number("UPLOADS_PER_PERSON_GB", 10.0, maximum=1_000_000) * 1024**3
DISK_RESERVE = number("DISK_RESERVE_GB", 1.0, maximum=1_000_000) * 1024**3  # with less free, nothing is uploaded
DRAFTS_PER_PERSON = number("DRAFTS_PER_PERSON", 200)
WORKSPACES_PER_PERSON = number("WORKSPACES_PER_PERSON", 20)
WORKSPACE_CREATION = choice("WORKSPACE_CREATION", ["everyone", "owners", "staff"])

# --- Background work -----------------------------------------------------------------------------

Q_CLUSTER: dict[str, object] = {
    "name": "tavusweb",
    "workers": 3,
    "queue_limit": 3,
    "bulk": 1,
    "timeout": 90,
    "retry": 180,
    "max_attempts": 1,  # retries are up to our own rows
    "ack_failures": True,
    "save_limit": 50,
    "catch_up": False,
    "recycle": 500,
    "max_rss": 300_000,
    "poll": 0.5,
    "label": "Background tasks",
}
Q_CLUSTER |= {"redis": REDIS_URL} if REDIS_URL else {"orm": "default"}

# --- Who you are ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "tavusweb.accounts.passwords.MinimumLength", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
OWNER_EMAIL = text("OWNER_EMAIL")  # of the first start
OWNER_PASSWORD = os.environ.get("OWNER_PASSWORD", "")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "tavusweb.workspaces.signup.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "tavusweb.workspaces.signup.SignupForm",
    "change_password": "tavusweb.accounts.forms.ChangePasswordForm",
    "reset_password": "tavusweb.accounts.forms.ResetPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # only if mail can be sent: see AccountAdapter.get_login_stages
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True  # one address each; a new one replaces the old one once its code was entered
ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL = "/account/"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 30 * 60  # seconds after which sensitive actions require reauthentication
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_ADAPTER = "tavusweb.accounts.mfa.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "activate_totp": "tavusweb.accounts.forms.SetUpAppForm",
    "authenticate": "tavusweb.accounts.forms.SecondStepForm",
    "reauthenticate": "tavusweb.accounts.forms.CodeAgainForm",
    "add_webauthn": "tavusweb.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "tavusweb.accounts.forms.RenamePasskeyForm",
    "authenticate_webauthn": "tavusweb.accounts.forms.AuthenticateWebAuthnForm",
    "login_webauthn": "tavusweb.accounts.forms.LoginWebAuthnForm",
    "reauthenticate_webauthn": "tavusweb.accounts.forms.ReauthenticateWebAuthnForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts are created by invitation, and some servers can't send mail
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _is_https  # browsers allow it on localhost only
MFA_TOTP_ISSUER = f"tavusweb at {urlsplit(SITE_URL).netloc}"
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds by which a phone's clock can be off
USERSESSIONS_ADAPTER = "tavusweb.accounts.adapters.SessionsAdapter"
USERSESSIONS_TRACK_ACTIVITY = True  # shown in the list; written by ListedSessions

OIDC_PROVIDERS = [provider(name) for name in dict.fromkeys(words("OIDC_PROVIDERS"))]
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": OIDC_PROVIDERS,
        "OAUTH_PKCE_ENABLED": True,
        "provider_class": "tavusweb.accounts.oidc.Provider",
    }
}
SOCIALACCOUNT_ADAPTER = "tavusweb.workspaces.signup.SocialAccountAdapter"
SOCIALACCOUNT_FORMS = {"disconnect": "tavusweb.accounts.forms.DisconnectForm"}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # the operator chooses the providers and their domains
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5  # seconds

ALLAUTH_TRUSTED_PROXY_COUNT = number("TRUSTED_PROXY_COUNT", 0, maximum=100)
# Where they note the visitor's address; `forwarded` is the header of RFC 7239.
TRUSTED_PROXY_HEADER = choice("TRUSTED_PROXY_HEADER", ["x-forwarded-for", "forwarded"])
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

EMAIL_CONFIG = text("EMAIL_URL")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if EMAIL_CONFIG else "django.core.mail.backends.console.EmailBackend"
)
if EMAIL_CONFIG:
    _mail = mail_server("EMAIL_URL")
    EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
    EMAIL_USE_SSL = _mail.is_tls_from_the_start
    EMAIL_USE_TLS = not EMAIL_USE_SSL
    EMAIL_TIMEOUT = 10
REPORTS_TO = addresses("REPORTS_TO")  # who is mailed about reported videos
DEFAULT_FROM_EMAIL = sender("MAIL_FROM", f"tavusweb@{urlsplit(SITE_URL).hostname}")

# --- The browser's side --------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(text("STATIC_ROOT") or HOME / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *TAVUS_MEDIA_ORIGINS],
        "media-src": [SELF, *TAVUS_MEDIA_ORIGINS],  # moving thumbnails
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF, *TAVUS_HOSTED_ORIGINS],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_SSL_REDIRECT = _is_https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^sandbox/"]  # requested on loopback
SECURE_HSTS_SECONDS = 31_536_000 if _is_https else 0
# For the operator to say: they bind other sites of the domain, for years.
SECURE_HSTS_INCLUDE_SUBDOMAINS = flag("HSTS_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = flag("HSTS_PRELOAD", False)
# Both bind hosts that are not ours, so they are the operator's choice and no omission.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if SECURE_HSTS_PRELOAD and not SECURE_HSTS_INCLUDE_SUBDOMAINS:
    raise ImproperlyConfigured(
        "HSTS_PRELOAD needs HSTS_SUBDOMAINS=1: browsers preload only domains with all below them."
    )
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _is_https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "tavusweb.failures.csrf_failed"
DEFAULT_EXCEPTION_REPORTER_FILTER = "tavusweb.redaction.ErrorReports"

# --- Language, time, log -------------------------------------------------------------------------

LANGUAGE_CODE = "en"
# Of the share pages: the visitor's. Members' pages are in LANGUAGE_CODE. Each but English has a catalogue in locale/.
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español")]
USE_I18N = True
FORMAT_MODULE_PATH = ["tavusweb.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"discretion": {"()": "tavusweb.redaction.Discretion"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["discretion"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # httpx logs every request's URL at INFO; our own entries say what happened.
        "httpx": {"level": "WARNING"},
        # Otherwise each task and schedule would be a line. Warnings and errors are kept.
        "django-q": {"level": "WARNING"},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
