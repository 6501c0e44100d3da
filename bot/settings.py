"""Settings: command line over environment over TOML file over defaults, all by the same names.

`--port 9000`, `MUSTER_PORT=9000` and `port = 9000` in the settings file say the same. A wrong
value stops the start with a sentence per error.
"""

from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.core.errors import MusterError

FILE_VARIABLE = "MUSTER_SETTINGS"


class WrongSettings(MusterError):
    """The settings cannot be used."""


class Settings(BaseSettings):
    """What may differ between two installations."""

    model_config = SettingsConfigDict(env_prefix="MUSTER_", extra="forbid", frozen=True)

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8080, ge=0, le=65_535, description="Port to listen on; 0 takes a free one.")
    data: Path = Field(Path("data"), description="Folder that holds everything Muster keeps.")
    playbook: Path | None = Field(
        None, description="The organisation's playbook; without it the built-in one serves."
    )
    public_url: str = Field(
        "", description="How people reach Muster from outside, for links. Default: host and port."
    )
    log: str = Field("readable", pattern="^(readable|json)$", description="Form of log lines.")
    log_level: str = Field("info", pattern="^(debug|info|warning|error)$")

    @field_validator("playbook", mode="before")
    @classmethod
    def _blank_is_none(cls, value: Any) -> Any:
        return value or None

    @field_validator("public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    def url_at(self, port: int) -> str:
        """The address for links, when Muster listens on `port`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
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
        """Command line, environment, file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load(given: dict[str, Any], file: Path | None = None) -> Settings:
    """Settings from all sources; `given` is the command line. Raises WrongSettings."""
    if file is not None and not file.is_file():
        raise WrongSettings(f"There is no settings file '{file}'. Check the path.")

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    try:
        return FromFile(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as wrong:
        lines = (
            f"{'.'.join(map(str, one['loc'])) or 'settings'}: {one['msg']} "
            f"(given: {one['input']!r:.60})"
            for one in wrong.errors()
        )
        raise WrongSettings("\n".join(lines)) from wrong
    except ValueError as wrong:  # The file is not TOML.
        raise WrongSettings(f"The settings file '{file}' cannot be read: {wrong}") from wrong
