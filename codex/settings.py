"""Settings; what differs between machines comes from the environment (codex.env)."""

import warnings
from datetime import timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from codex import env, logs, reporting

# django-fsm 3.0.1 is required by the brief and says at import that it has a successor.
warnings.filterwarnings("ignore", "The 'django-fsm' package", UserWarning)

BASE_DIR = Path(__file__).resolve().parent.parent
CODEX_HOME = env.home()

# CODEX_DEBUG and CODEX_LOCAL both mean "one person's machine": no TLS in front of us there.
DEBUG = env.flag("CODEX_DEBUG")
LOCAL = DEBUG or env.flag("CODEX_LOCAL")
SECRET_KEY = env.secret_key(production=not LOCAL)
ALLOWED_HOSTS = env.words("CODEX_HOSTS", "localhost 127.0.0.1 [::1] testserver" if LOCAL else "")
CSRF_TRUSTED_ORIGINS = env.words("CODEX_ORIGINS")
SITE_URL = env.text("CODEX_URL", f"http://localhost:{env.text('CODEX_PORT', '8000')}").rstrip("/")

INSTALLED_APPS = [
    "codex",
    "core",
    "tenants",
    "notifications",
    "workflows",
    "councils",
    "drafts",
    "stores",
    "proposals",
    "templates_catalog",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_celery_beat",
    "django_cotton.apps.SimpleAppConfig",
    "django_filters",
    "django_fsm",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "pgtrigger",
    "rest_framework",
    "rules.apps.AutodiscoverRulesConfig",
    "template_partials.apps.SimpleAppConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "codex.metrics.Requests",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "codex.middleware.ActorScope",
    "core.middleware.DomainErrors",
]

ROOT_URLCONF = "codex.urls"
WSGI_APPLICATION = "codex.wsgi.application"
APPEND_SLASH = False

# django-template-partials and django-cotton both wrap the loaders; this order serves both.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "codex.context.shell",
            ],
        },
    }
]
COTTON_DIR = "components"

DATABASES = env.databases(pooled=env.flag("CODEX_POOL"))
DATABASE_ROUTERS = ["core.routing.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.cache()}
MIGRATION_MODULES = {"knox": None}  # its table is ours: tenants.ApiToken

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # htmx.js reads it for its header
CSRF_FAILURE_VIEW = "codex.views.csrf_failure"
SECURE_SSL_REDIRECT = not LOCAL and env.flag("CODEX_TLS_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("CODEX_PROXY") else None
SECURE_HSTS_SECONDS = 0 if LOCAL else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCAL
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# Identity
AUTH_USER_MODEL = "tenants.User"
KNOX_TOKEN_MODEL = "tenants.ApiToken"  # noqa: S105 -- a model, not a password
REST_KNOX = {"TOKEN_TTL": timedelta(days=90), "TOKEN_PREFIX": "codex_"}
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/portal/"
ACCOUNT_ADAPTER = "tenants.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
USERSESSIONS_TRACK_ACTIVITY = False

# API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["core.api.authentication.ActorAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.api.errors.handle",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Codex Draft Mode",
    "DESCRIPTION": "Draft, preview, review, run and undo automation work on a shop.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "EndpointKindEnum": "notifications.states.EndpointKind",
        "ImportKindEnum": "stores.states.ImportKind",
        "ImportStateEnum": "stores.states.ImportState",
        "ProductStatusEnum": "stores.states.ProductStatus",
        "DraftStatusEnum": "drafts.states.DraftState",
        "WorkflowStatusEnum": "workflows.states.RunState",
        "RoleEnum": "tenants.states.Role",
        "ReviewPriorityEnum": "councils.states.Priority",
    },
}
API_REQUESTS_PER_MINUTE = int(env.text("CODEX_API_RATE", "1200"))
API_FAILED_SIGN_INS_PER_MINUTE = 30
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# Work behind the request
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 3600
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
# Our own lease finds a lost run; the broker's redelivery only has to stay above the time limit.
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "visibility_timeout": 7200,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
        "socket_timeout": 30,
    }
    if CELERY_BROKER_URL.startswith(("redis", "rediss", "unix"))
    else {}
)
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TIMEZONE = "UTC"

# Runs: who holds one loses it after the lease; a run nobody gets further with is given up.
CODEX_LEASE_SECONDS = float(env.text("CODEX_LEASE_SECONDS", "60"))
CODEX_RUN_ATTEMPTS = 5
CODEX_CHUNK_SIZE = int(env.text("CODEX_CHUNK_SIZE", "2000"))

# Calls to addresses tenants typed reach public hosts over https; this admits local ones too.
OUTBOUND_LOCAL = env.flag("CODEX_OUTBOUND_LOCAL")

# The audit trail is sealed with a key of its own, or with one made from SECRET_KEY.
AUDIT_KEY = env.text("CODEX_AUDIT_KEY")
AUDIT_OLD_KEYS = env.words("CODEX_AUDIT_OLD_KEYS")

# Metrics are told to who knows this; without it there are none. Errors go where the DSN says.
METRICS_TOKEN = env.text("CODEX_METRICS_TOKEN")
reporting.start(env.text("SENTRY_DSN"))

# Words and numbers
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

# Files
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = CODEX_HOME / "static"
MEDIA_ROOT = CODEX_HOME / "media"
# Names carry a hash of the content. Compressing takes half a minute, which only a network repays.
STATIC_STORAGE = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG
    else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    if LOCAL
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATIC_STORAGE},
}

# Template files are signed with this key (32 bytes in base64), or with the installation's own file.
TEMPLATE_SIGNING_KEY = env.text("CODEX_SIGNING_KEY")
TEMPLATE_SIGNING_KEY_FILE = CODEX_HOME / "keys" / "templates.key"
TEMPLATE_TRUSTED_SIGNERS = env.words("CODEX_TRUSTED_SIGNERS")

EMAIL_TIMEOUT = 20
EMAIL_BACKEND = env.text("CODEX_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_FILE_PATH = CODEX_HOME / "mail"  # for the backend that writes files
globals().update(env.mail_server())
DEFAULT_FROM_EMAIL = env.text("CODEX_EMAIL_FROM", "Codex <codex@localhost>")

logs.configure()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "processor": logs.renderer,
            "foreign_pre_chain": logs.shared,
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["console"], "level": env.text("CODEX_LOG_LEVEL", "INFO")},
    "loggers": {"django.db.backends": {"level": "INFO"}},
}

SILENCED_SYSTEM_CHECKS: list[str] = []
