"""The site's settings, read once from the environment, each with a default that works alone."""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from click import ClickException

MIB = 1024 * 1024


class SettingInvalid(ClickException, ValueError):
    """A setting's value cannot be used; the message names it and says what would do.

    The command line shows such an exception as one line, wherever it is raised.
    """


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a site may choose. `docs/operations.md` explains each for the person who runs it."""

    data_dir: Path
    database_url: str
    broker_url: str
    files_url: str
    whisper_model: str
    whisper_device: str
    secret_key: str
    site_name: str
    time_zone: ZoneInfo
    secure_cookies: bool
    rate_limit_url: str
    worker_processes: int
    job_lease_s: float
    max_upload_bytes: int
    max_duration_s: float
    decode_timeout_s: float
    decode_memory_bytes: int

    @property
    def models_dir(self) -> Path:
        """Where joined model weights are kept."""
        return self.data_dir / "models"


def read_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; make the data folder and its secret on first use.

    Raises
    ------
    SettingInvalid
        A number or a time zone cannot be read.
    """
    env = os.environ if env is None else env
    data_dir = Path(env.get("QA_DATA_DIR") or "instance").absolute()
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Settings(
        data_dir=data_dir,
        database_url=env.get("QA_DATABASE_URL") or f"sqlite:///{data_dir / 'tingzheng.sqlite'}",
        broker_url=env.get("QA_BROKER_URL") or f"sqla+sqlite:///{data_dir / 'broker.sqlite'}",
        files_url=env.get("QA_FILES_URL") or (data_dir / "files").as_uri(),
        whisper_model=env.get("QA_WHISPER_MODEL") or "base",
        whisper_device=env.get("QA_WHISPER_DEVICE") or "auto",
        secret_key=env.get("QA_SECRET_KEY") or _kept_secret(data_dir / "secret-key"),
        site_name=env.get("QA_SITE_NAME") or "示范呼叫中心",
        time_zone=_zone(env.get("QA_TIME_ZONE") or "Asia/Shanghai"),
        secure_cookies=env.get("QA_SECURE_COOKIES", "") == "1",
        rate_limit_url=env.get("QA_RATE_LIMIT_URL") or "memory://",
        worker_processes=int(_number(env, "QA_WORKER_PROCESSES", os.cpu_count() or 1)),
        job_lease_s=_number(env, "QA_JOB_LEASE_S", 60),
        max_upload_bytes=int(_number(env, "QA_MAX_UPLOAD_MB", 500) * MIB),
        max_duration_s=_number(env, "QA_MAX_DURATION_HOURS", 3) * 3600,
        decode_timeout_s=_number(env, "QA_DECODE_TIMEOUT_S", 600),
        decode_memory_bytes=int(_number(env, "QA_DECODE_MEMORY_MB", 2048) * MIB),
    )


def _number(env: Mapping[str, str], name: str, default: float) -> float:
    text = env.get(name)
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        raise SettingInvalid(f"{name} is {text!r}; write a number such as {default:g}") from None
    if value <= 0:
        raise SettingInvalid(f"{name} is {text!r}; write a number above 0")
    return value


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError):
        raise SettingInvalid(
            f"QA_TIME_ZONE is {name!r}; write a zone such as Asia/Shanghai"
        ) from None


def _kept_secret(path: Path) -> str:
    """Return the secret kept in a file only its owner may read, made on first use.

    It appears whole under its name, so that a second process starting beside the first never
    reads half of it.
    """
    if not path.exists():
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".secret-")
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
        Path(name).unlink()
    return path.read_text("ascii").strip()
