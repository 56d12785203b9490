"""Where this installation lives and how its processes reach each other; read once from the environment."""

import os
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Config:
    """Every variable begins with LUTONG_. Secrets are made on first start and kept in `home`/secrets.json (0600)."""

    home: Path  # state of the embedded default: pg/, store/, logs/, secrets.json
    host: str  # address that the processes listen on
    web_port: int
    files_port: int  # tus uploads and file bytes
    events_port: int  # server-sent events
    registry_port: int  # 律师身份核验平台, the second product
    pay_port: int  # stand-in of 微信支付
    face_port: int  # stand-in of the ministry's face service
    sms_port: int  # stand-in of the short-message carrier
    database_url: str | None  # application role; None: embedded PostgreSQL
    owner_database_url: str | None  # owner role, for migrations only
    verification_database_url: str | None  # the same two of 律师身份核验平台
    verification_owner_database_url: str | None
    demo: bool  # demo world: pages show stand-ins and demo accounts

    @property
    def name(self) -> str:
        """What browsers call this machine: passkeys need a name, no browser makes one for an IP address."""
        return "localhost" if self.host in ("127.0.0.1", "::1") else self.host

    @property
    def proxies(self) -> int:
        """How many proxies of the operator's stand before the pages and write X-Forwarded-For."""
        return int(os.environ.get("LUTONG_PROXIES", "0"))

    @property
    def urgent_hours(self) -> int:
        """How long a 紧急查阅 stays open, in hours."""
        return int(os.environ.get("LUTONG_URGENT_HOURS", "2"))

    @property
    def web_url(self) -> str:
        return os.environ.get("LUTONG_WEB_URL", f"http://{self.name}:{self.web_port}")

    @property
    def files_url(self) -> str:
        return os.environ.get("LUTONG_FILES_URL", f"http://{self.name}:{self.files_port}")

    @property
    def events_url(self) -> str:
        return os.environ.get("LUTONG_EVENTS_URL", f"http://{self.name}:{self.events_port}")

    @property
    def registry_url(self) -> str:
        """Where 律通 asks."""
        return os.environ.get("LUTONG_REGISTRY_URL", self.verification_url)

    @property
    def runs_verification(self) -> bool:
        """True if this installation runs 律师身份核验平台 itself: unless it is told to ask another one."""
        return "LUTONG_REGISTRY_URL" not in os.environ

    @property
    def verification_url(self) -> str:
        """What browsers and relying parties see of 律师身份核验平台."""
        return os.environ.get("LUTONG_VERIFICATION_URL", f"http://{self.name}:{self.registry_port}")

    @property
    def pay_url(self) -> str:
        return os.environ.get("LUTONG_PAY_URL", f"http://{self.host}:{self.pay_port}")

    @property
    def sms_url(self) -> str:
        return os.environ.get("LUTONG_SMS_URL", f"http://{self.host}:{self.sms_port}")

    @property
    def face_url(self) -> str:
        """The face service that a live check may ask; empty: every check is looked at by a person."""
        return os.environ.get("LUTONG_FACE_URL", f"http://{self.host}:{self.face_port}" if self.demo else "")


def load() -> Config:
    """Read the environment. LUTONG_PORT moves all ports together."""
    env = os.environ
    base = int(env.get("LUTONG_PORT", "8400"))
    return Config(
        home=Path(env.get("LUTONG_HOME", REPOSITORY / ".lutong")).resolve(),
        host=env.get("LUTONG_HOST", "127.0.0.1"),
        web_port=base,
        files_port=base + 1,
        events_port=base + 2,
        registry_port=base + 3,
        pay_port=base + 4,
        face_port=base + 5,
        sms_port=base + 6,
        database_url=env.get("LUTONG_DATABASE_URL"),
        owner_database_url=env.get("LUTONG_OWNER_DATABASE_URL"),
        verification_database_url=env.get("LUTONG_VERIFICATION_DATABASE_URL"),
        verification_owner_database_url=env.get("LUTONG_VERIFICATION_OWNER_DATABASE_URL"),
        demo=env.get("LUTONG_DEMO", "1") == "1",
    )
