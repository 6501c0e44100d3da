"""Settings: command line over environment over TOML file over defaults, all by the same names.

`--port 9000`, `MUSTER_PORT=9000` and `port = 9000` in the settings file say the same. What is
wrong is told all at once, each with the option, the variable or the line that says so.
"""

import ipaddress
import os
import shlex
import socket
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.core.errors import MusterError
from bot.core.person_words import ROLES
from bot.core.toml_text import Fault, TomlText, did_you_mean, read_toml, sentence
from bot.places import listed, located
from bot.shapes import (
    HOST,
    ISSUER,
    MAIL_SERVER,
    MAILBOX,
    ORIGIN,
    SLACK,
    heartbeat,
    is_network,
    telegram_api,
    telegram_token,
    telegram_webhook,
    words_of,
)

PREFIX = "MUSTER_"
FILE_VARIABLE = f"{PREFIX}SETTINGS"
UNPREFIXED = ("slack_", "telegram_")
"""What begins so has the name that everybody gives it in the environment: SLACK_BOT_TOKEN."""
# Addresses that are kept free for examples: the way there is the way to anywhere.
ELSEWHERE = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}


class WrongSettings(MusterError):
    """The settings cannot be used."""


class Settings(BaseSettings):
    """What may differ between two installations."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8080, ge=0, le=65_535, description="Port to listen on; 0 takes a free one.")
    data: Path = Field(Path("data"), description="Folder that holds everything Muster keeps.")
    playbook: Path | None = Field(
        None, description="The organisation's playbook; without it the built-in one serves."
    )
    public_url: str = Field(
        "", description="How people reach Muster from outside, for links; else host and port."
    )
    embed: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Sites that may show the chat, such as https://www.example.org."
    )
    proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Proxies in front, such as 127.0.0.1, that say from where people come."
    )
    mail_from: str = Field("", description="Whom mail is from: Service desk <desk@example.org>.")
    smtp: SecretStr | None = Field(
        None, description="The mail server, such as smtp://user:password@mail.example.org:587."
    )
    oidc_client: str = Field("", description="What Muster is called at oidc_issuer (client id).")
    oidc_issuer: str = Field(
        "", description="Who signs the staff in, such as https://id.example.org (OpenID Connect)."
    )
    oidc_secret: SecretStr | None = Field(
        None, description="By what Muster proves itself there; unset for a public client."
    )
    slack_api_url: str = Field(
        "", description="Slack's API where it is not https://slack.com/api/ (GovSlack, a proxy)."
    )
    slack_app_token: SecretStr | None = Field(
        None, description="Slack's app-level token (xapp-...): Slack over a socket of ours."
    )
    slack_signing_secret: SecretStr | None = Field(
        None, description="Slack's signing secret: Slack over HTTP, at /slack/events."
    )
    slack_bot_token: SecretStr | None = Field(
        None, description="Slack's bot token (xoxb-...); with it Muster works in Slack."
    )
    telegram_api_url: str = Field(
        "", description="A Bot API server of one's own where it is not https://api.telegram.org."
    )
    telegram_bot_token: SecretStr | None = Field(
        None, description="The token that @BotFather gave; with it Muster works in Telegram."
    )
    telegram_webhook_url: str = Field(
        "", description="Where Telegram reaches us; unset, updates are fetched (long polling)."
    )
    scan: str = Field(
        "", description="A program that looks at files, such as clamdscan --no-summary -."
    )
    heartbeat_url: SecretStr | None = Field(
        None, description="A monitor outside that raises the alarm when our pings stay away."
    )
    heartbeat_every: int = Field(60, ge=10, le=3_600, description="Seconds between two pings.")
    webhooks: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Hosts and addresses that may be told by webhook: hooks.example.org."
    )
    places: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Where the playbook's places are: triage=slack:C0123 it_desk=slack:C0456."
    )
    groups: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Groups that give a role: agent=slack:S0123 supervisor=telegram:-1001/admins.",
    )
    guests: bool = Field(
        False, description="Whether guests and outsiders get a role by being in a place, too."
    )
    log: Literal["readable", "json"] = Field("readable", description="Form of log lines.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least that is logged."
    )

    @field_validator("playbook", mode="before")
    @classmethod
    def _blank_is_none(cls, value: Any) -> Any:
        return value or None

    @field_validator("public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("this must begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, value: str, info: ValidationInfo) -> str:
        """Kept as it is written: the provider's tokens must name it exactly so."""
        if value and not ISSUER.fullmatch(value):
            raise ValueError("write it like https://id.example.org")
        if value and not info.data.get("oidc_client"):
            raise ValueError("oidc_client must say what Muster is called there")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _slack_api(cls, value: str) -> str:
        if value and not ISSUER.fullmatch(value):
            raise ValueError("write it like https://slack-gov.com/api/")
        return f"{value.rstrip('/')}/" if value else ""

    @field_validator(*SLACK, mode="before")
    @classmethod
    def _slack_secret(cls, value: Any, info: ValidationInfo) -> Any:
        """Never told back. A bot that nobody can reach would look like one that works."""
        name, said = str(info.field_name), str(value or "").strip()
        form, telling = SLACK[name]
        if said and not form.fullmatch(said):
            raise ValueError(f"this is not what Slack gives for it: {telling}")
        ways = [one for one in SLACK if one != "slack_bot_token"]
        if said and name == "slack_bot_token" and not any(info.data.get(one) for one in ways):
            # One that was refused is missing among the data, and has a sentence of its own.
            refused = any(one not in info.data for one in ways)
            wanted = "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET must be set, too"
            raise ValueError("it is not used until that is right" if refused else wanted)
        return said or None

    @field_validator("telegram_api_url")
    @classmethod
    def _telegram_api(cls, value: str) -> str:
        return telegram_api(value)

    @field_validator("telegram_bot_token", "heartbeat_url", mode="before")
    @classmethod
    def _secret(cls, value: Any, info: ValidationInfo) -> Any:
        return (heartbeat if info.field_name == "heartbeat_url" else telegram_token)(value)

    @field_validator("telegram_webhook_url")
    @classmethod
    def _telegram_webhook(cls, value: str, info: ValidationInfo) -> str:
        return telegram_webhook(value, own_api=bool(info.data.get("telegram_api_url")))

    @field_validator("scan")
    @classmethod
    def _program(cls, value: str) -> str:
        """One line, as a shell splits it; no shell ever sees it."""
        try:
            shlex.split(value)
        except ValueError as trouble:
            raise ValueError(f"this cannot be read as a program ({trouble})") from None
        return value.strip()

    @field_validator("mail_from")
    @classmethod
    def _mailbox(cls, value: str) -> str:
        if value and not MAILBOX.fullmatch(parseaddr(value)[1]):
            raise ValueError("write an address such as Service desk <desk@example.org>")
        return value

    @field_validator("smtp", mode="before")
    @classmethod
    def _mail_server(cls, value: Any, info: ValidationInfo) -> Any:
        """Never told back: there is a password in it."""
        if value and not MAIL_SERVER.fullmatch(str(value)):
            raise ValueError("write it like smtp://user:password@mail.example.org:587")
        if value and not info.data.get("mail_from"):
            raise ValueError("mail_from must say whom mail is from")
        return value or None

    @field_validator("proxies", mode="before")
    @classmethod
    def _proxies(cls, value: Any) -> tuple[str, ...]:
        """A list, or one line with spaces or commas, of addresses and networks."""
        found = words_of(value)
        if wrong := [one for one in found if not is_network(one)]:
            raise ValueError(f"{wrong[0]!r} is no address; write it like 127.0.0.1 or 10.0.0.0/8")
        return found

    @field_validator("places", mode="before")
    @classmethod
    def _places(cls, value: Any) -> tuple[str, ...]:
        """A table, or a list or line of what it would say."""
        return listed(value)

    @field_validator("groups", mode="before")
    @classmethod
    def _groups(cls, value: Any) -> tuple[str, ...]:
        """As places; each named by a role."""
        found = listed(value, "agent=slack:S0123")
        if wrong := [one for one in located(found) if one not in ROLES]:
            raise ValueError(f"{wrong[0]!r} is no role; choose one of {', '.join(ROLES)}")
        return found

    @field_validator("webhooks", mode="before")
    @classmethod
    def _hosts(cls, value: Any) -> tuple[str, ...]:
        """A list, or one line with spaces or commas, of hosts, addresses and networks."""
        found = words_of(value)
        if wrong := [one for one in found if not (HOST.fullmatch(one) or is_network(one))]:
            raise ValueError(f"{wrong[0]!r} is no host; write it like hooks.example.org")
        return found

    @field_validator("embed", mode="before")
    @classmethod
    def _origins(cls, value: Any) -> tuple[str, ...]:
        """A list, or one line with spaces or commas; each as a browser writes an origin."""
        found = tuple(one.rstrip("/") for one in words_of(value))
        if wrong := [one for one in found if not ORIGIN.fullmatch(one)]:
            raise ValueError(f"{wrong[0]!r} is no site; write it like https://www.example.org")
        return found

    def url_at(self, port: int) -> str:
        """The address for links, when Muster listens on `port`."""
        host = reachable(self.host)
        host = f"[{host}]" if ":" in host else host
        return self.public_url or f"http://{host}:{port}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """None of its own: `read` brings them together, since it has to tell them apart."""
        return (init_settings,)


NAMES = tuple(Settings.model_fields)
SECRETS = tuple(
    name for name, field in Settings.model_fields.items() if SecretStr in get_args(field.annotation)
)
"""Never on a command line, which every user of the computer can read."""
OPTIONS = tuple(name for name in NAMES if name not in SECRETS)


def option(name: str) -> str:
    """How the command line says a setting."""
    return f"--{name.replace('_', '-')}"


def variable(name: str) -> str:
    """How the environment says a setting."""
    return name.upper() if name.startswith(UNPREFIXED) else PREFIX + name.upper()


def reachable(host: str) -> str:
    """An address that others can reach, for one that means "every address of this computer"."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        if not ipaddress.ip_address(host).is_unspecified:
            return host
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            # Nothing is sent: the system only says from which address it would be.
            probe.connect((ELSEWHERE[family], 9))
            return str(probe.getsockname()[0])
    except ValueError:  # a name
        return host
    except OSError:
        return socket.gethostname()


def load(given: Mapping[str, Any], file: Path | None = None) -> Settings:
    """Settings from all sources; `given` is the command line. Raises WrongSettings."""
    settings, wrong = read(given, file)
    if wrong:
        raise WrongSettings("\n".join(wrong))
    return settings


def read(given: Mapping[str, Any], file: Path | None = None) -> tuple[Settings, list[str]]:
    """The settings, and a sentence for everything that is wrong and left out of them."""
    text, unread = _file(file)
    options = {name: value for name, value in given.items() if value is not None}
    named = {**_environment(), **options}
    values = {**{name: one for name, one in text.raw.items() if name in NAMES}, **named}
    settings, errors = _valid(values)
    in_file = [(name, what) for name, what in errors if name not in named]
    return settings, [
        *unread,
        *map(str, text.faults([((name,), what) for name, what in _unknown(text.raw) + in_file])),
        *(
            f"{option(name) if name in options else variable(name)}: {what}"
            for name, what in errors
            if name in named
        ),
    ]


def _environment() -> dict[str, Any]:
    """What the environment says, each by the one name that `variable` gives it."""
    prefixed = EnvSettingsSource(Settings)()
    said = {name: one for name, one in prefixed.items() if not name.startswith(UNPREFIXED)}
    bare = {name: os.environ.get(variable(name)) for name in NAMES if name.startswith(UNPREFIXED)}
    return {**said, **{name: one for name, one in bare.items() if one is not None}}


def _valid(values: Mapping[str, Any]) -> tuple[Settings, list[tuple[str, str]]]:
    """The settings of those `values` that can be used; name and sentence of the others."""
    try:
        return Settings(**values), []
    except ValidationError as error:
        wrong = [(str(one["loc"][0]), sentence(one)) for one in error.errors(include_url=False)]
    names = [name for name, _ in wrong]
    return Settings(**{name: one for name, one in values.items() if name not in names}), wrong


def strangers(environment: Mapping[str, str] = os.environ) -> list[str]:
    """A sentence for every MUSTER_ variable that nothing reads; and for what has no MUSTER_."""
    named = (FILE_VARIABLE, *map(variable, NAMES))
    known = [one.removeprefix(PREFIX) for one in named if one.startswith(PREFIX)]
    bare = [one for one in named if not one.startswith(PREFIX)]
    found = {one: one.upper().removeprefix(PREFIX) for one in sorted(environment)}
    return [
        f"{one}: no setting has this name, so it is ignored"
        + (did_you_mean(name, bare) or did_you_mean(name, known, PREFIX))
        for one, name in found.items()
        if one.upper().startswith(PREFIX) and name not in known
    ]


def _unknown(listed: Mapping[str, Any]) -> list[tuple[str, str]]:
    known = f" (known: {', '.join(NAMES)})"
    return [
        (name, f"unknown key{did_you_mean(name, NAMES) or known}")
        for name in listed
        if name not in NAMES
    ]


def _file(path: Path | None) -> tuple[TomlText, list[str]]:
    """What the settings file says, and why it cannot be read."""
    empty = TomlText(file=str(path), raw={}, text="")
    if path is None:
        return empty, []
    try:
        found = read_toml(path.read_bytes(), str(path))
    except FileNotFoundError:
        return empty, [f"There is no settings file '{path}'. Check the path."]
    except OSError as trouble:
        return empty, [f"The settings file '{path}' cannot be read ({trouble.strerror})."]
    return (empty, [str(found)]) if isinstance(found, Fault) else (found, [])
