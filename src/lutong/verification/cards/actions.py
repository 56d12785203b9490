"""Signing cards, and answering what has become of one."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from lutong.gateways.crypto.keys import b64
from lutong.gateways.crypto.port import Algorithm
from lutong.gateways.registry.cards import Card, CardRefused, Flaw, Use, address, read, write
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import Invalid
from lutong.verification.cards import queries
from lutong.verification.cards.models import IssuedCard
from lutong.verification.registry.queries import LicenceView
from lutong.verification.registry.rules import REMEDIES

KEPT = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Issued:
    """A signed card, and what its code says."""

    card: Card
    text: str
    address: str


@action
def issue(*, actor: Actor, number: str, use: Use, asked_by: str, now: dt.datetime) -> Issued:
    """签发律证码 for the holder of a number, whatever his status: the card states it. Raises NotFound."""
    licence = queries.licence_of(number=number)
    signed_at = now.replace(microsecond=0)
    photo = queries.photo_of(licence)
    card = Card(
        licence_no=licence.number,
        name=licence.name,
        kind=licence.kind,
        firm_name=licence.firm_name,
        province=licence.province,
        status=licence.status,
        status_since=licence.status_since,
        photo_digest=b64(hashlib.sha256(photo).digest()) if photo else "",
        use=use,
        issued_at=signed_at,
        expires_at=signed_at + use.life,
        assertion_id=secrets.token_urlsafe(12),
        live_on=beijing_date(licence.assured_at) if licence.assured_at else None,
        live_by=licence.assured_by,
    )
    ring = queries.ring()
    text = write(card, ed25519=ring.signer(Algorithm.ED25519), sm2=ring.signer(Algorithm.SM2))
    IssuedCard.objects.create(
        assertion_id=card.assertion_id, number=number, use=use.value, status=card.status.value,
        asked_by=asked_by[:60], issued_at=signed_at,
    )  # fmt: skip
    return Issued(card, text, address(text, verify_url=settings.LUTONG_VERIFICATION_URL + reverse("verify")))


@dataclass(frozen=True, slots=True)
class Present:
    """What the roll says now of the holder of a card."""

    card: Card
    licence: LicenceView
    unchanged: bool

    @property
    def remedy(self) -> str:
        return REMEDIES[self.licence.status]


def present_state(*, text: str, now: dt.datetime) -> Present:
    """现时状态 of the holder of a genuine card, also of one that has expired. Raises Invalid for any other."""
    try:
        card = read(text, keys=queries.verifiers(), now=now)
    except CardRefused as refusal:
        if refusal.card is None or refusal.flaw is not Flaw.EXPIRED:
            raise Invalid(refusal.flaw.label) from refusal
        card = refusal.card
    licence = queries.licence_of(number=card.licence_no)
    same = (licence.status, licence.status_since, licence.firm_name)
    return Present(card, licence, same == (card.status, card.status_since, card.firm_name))


def forget_old(*, now: dt.datetime) -> int:
    """Clear away what was issued more than a month ago; answers how many."""
    return IssuedCard.objects.filter(issued_at__lt=now - KEPT).delete()[0]
