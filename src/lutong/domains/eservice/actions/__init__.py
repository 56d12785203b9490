"""Acts of service. Papers are made and stored outside every transaction; serving and its effect are one."""

from lutong.domains.eservice.actions.answering import mark_read, sign, sign_all, take_papers
from lutong.domains.eservice.actions.finality import close_if_final
from lutong.domains.eservice.actions.making import attach_proof, make_paper, make_proof
from lutong.domains.eservice.actions.recording import fail, record_service
from lutong.domains.eservice.actions.serving import (
    Addressee,
    readdress_to_counsel,
    serve,
    serve_or_queue,
    serve_parties,
    withdraw_waiting,
)

__all__ = [
    "Addressee",
    "attach_proof",
    "close_if_final",
    "fail",
    "make_paper",
    "make_proof",
    "mark_read",
    "readdress_to_counsel",
    "record_service",
    "serve",
    "serve_or_queue",
    "serve_parties",
    "sign",
    "sign_all",
    "take_papers",
    "withdraw_waiting",
]
