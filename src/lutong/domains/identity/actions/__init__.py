"""Accounts, sign-in, the licence check, devices and tokens; each module is one family of use cases."""

from lutong.domains.identity.actions.capacities import switch_capacity
from lutong.domains.identity.actions.card import show_card
from lutong.domains.identity.actions.contact import change_email, confirm_mobile, send_mobile_code, send_waiting
from lutong.domains.identity.actions.counter import forget_standings, is_watched, watch_standing
from lutong.domains.identity.actions.devices import (
    disown_device,
    end_other_sessions,
    end_session,
    link_session,
    note_device,
    note_presence,
    own_device,
    word_for,
)
from lutong.domains.identity.actions.enrolling import enrol_lawyer, enrol_staff
from lutong.domains.identity.actions.entering import sign_in
from lutong.domains.identity.actions.freezing import (
    frozen_person,
    know_frozen,
    lift_freeze,
    renew_password,
    tell_of_lift,
)
from lutong.domains.identity.actions.licence import check_licence, licensed, require_licence
from lutong.domains.identity.actions.limits import forget_tries
from lutong.domains.identity.actions.linking import (
    choose_password,
    come_back,
    confirm_live,
    end_by_platform,
    find_for_recovery,
    go_to_platform,
    link,
    note_visit,
    platform,
)
from lutong.domains.identity.actions.pausing import forget_pauses, lift
from lutong.domains.identity.actions.photo import fetch_photo, keep_photo
from lutong.domains.identity.actions.proving import try_code, try_password
from lutong.domains.identity.actions.registry import registry
from lutong.domains.identity.actions.sealing import open_secret, seal_second_factors, seal_secret
from lutong.domains.identity.actions.security import record_security_act
from lutong.domains.identity.actions.staff import (
    account_for,
    change_account,
    close_account,
    end_all_sessions,
    end_posts,
    give_post,
    open_account,
    set_first_password,
)
from lutong.domains.identity.actions.standing import follow_registry, rights_changed
from lutong.domains.identity.actions.tokens import create_token, revoke_token

__all__ = [
    "account_for",
    "change_account",
    "change_email",
    "check_licence",
    "choose_password",
    "close_account",
    "come_back",
    "confirm_live",
    "confirm_mobile",
    "create_token",
    "disown_device",
    "end_all_sessions",
    "end_by_platform",
    "end_other_sessions",
    "end_posts",
    "end_session",
    "enrol_lawyer",
    "enrol_staff",
    "fetch_photo",
    "find_for_recovery",
    "follow_registry",
    "forget_pauses",
    "forget_standings",
    "forget_tries",
    "frozen_person",
    "give_post",
    "go_to_platform",
    "is_watched",
    "keep_photo",
    "know_frozen",
    "licensed",
    "lift",
    "lift_freeze",
    "link",
    "link_session",
    "note_device",
    "note_presence",
    "note_visit",
    "open_account",
    "open_secret",
    "own_device",
    "platform",
    "record_security_act",
    "registry",
    "renew_password",
    "require_licence",
    "revoke_token",
    "rights_changed",
    "seal_second_factors",
    "seal_secret",
    "send_mobile_code",
    "send_waiting",
    "set_first_password",
    "show_card",
    "sign_in",
    "switch_capacity",
    "tell_of_lift",
    "try_code",
    "try_password",
    "watch_standing",
    "word_for",
]
