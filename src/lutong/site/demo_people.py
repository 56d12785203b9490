"""The people of the demo world who can sign in. All are fictional."""

from dataclasses import dataclass

PASSWORD = "lutong-demo-2026"  # noqa: S105  # printed on the demo page


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One person: `role` is "lawyer" or a Role of court staff; `court_code` is the 法院代字 of the post."""

    sign_name: str
    name: str
    who: str
    role: str
    mobile: str
    court_code: str = ""
    department: str = ""
    password: str = PASSWORD


PEOPLE: tuple[DemoAccount, ...] = ()
