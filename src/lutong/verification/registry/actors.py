"""Who acts here: an officer of a bureau or of a court's window, a bureau's own system, or this service itself."""

import os
import pwd
from dataclasses import dataclass

from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import NotFound
from lutong.verification.registry.bodies import MINISTRY, PROVINCES, bureau_name, window_name


@dataclass(frozen=True, slots=True)
class BureauActor(Actor):
    """An actor with his bureau; he decides in this province alone, and sees no other unless he is of the ministry."""

    bureau: str = MINISTRY

    @property
    def bureau_name(self) -> str:
        return bureau_name(self.bureau)

    @property
    def desk(self) -> str:
        """Whose trail his acts are in."""
        return self.bureau

    @property
    def desk_name(self) -> str:
        return self.bureau_name

    @property
    def may_decide(self) -> bool:
        """The ministry reads; decisions are those of the provinces (律师法第六条、第四十九条)."""
        return self.bureau in PROVINCES

    def sees(self, bureau: str) -> bool:
        """True if, and only if, rows of this bureau are his."""
        return self.bureau in (bureau, MINISTRY)


@dataclass(frozen=True, slots=True)
class CourtActor(Actor):
    """An officer at the window of a court's 诉讼服务大厅: he looks at live checks, the roll is not his."""

    court: str = ""
    court_name: str = ""

    @property
    def desk(self) -> str:
        """Whose trail his acts are in."""
        return self.court

    @property
    def desk_name(self) -> str:
        return window_name(self.court_name)

    @property
    def may_decide(self) -> bool:
        """Whoever serves at a window decides there."""
        return True


DeskActor = BureauActor | CourtActor


def reporting(bureau: str) -> BureauActor:
    """The system of a provincial bureau that reports by signed messages."""
    return BureauActor(0, Role.BUREAU, f"{bureau_name(bureau)}报送", bureau=bureau)


def service() -> BureauActor:
    """This service itself: terms that end by themselves, loading."""
    return BureauActor(0, Role.SYSTEM, "核验平台")


def at_console() -> BureauActor:
    """Whoever types a command of the operator: the trail names the account of the machine."""
    uid = os.getuid()
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:  # a container that runs under a number without a name
        name = str(uid)
    return BureauActor(0, Role.SYSTEM, f"核验平台命令行 {name}"[:60])


def seen_by(actor: Actor, bureau: str) -> None:
    """Refuse what belongs to another province, as if it did not exist."""
    if not isinstance(actor, BureauActor) or not actor.sees(bureau):
        raise NotFound("名册中没有这一条，或者不属于本机关")
