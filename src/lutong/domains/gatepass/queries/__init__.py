"""Looking at gates: who may pass, what a gate learns, who came."""

from lutong.domains.gatepass.models import GateDevice
from lutong.domains.gatepass.queries.bundles import PHOTOS_AT_ONCE, bundle_for, photos_for, published_bundle
from lutong.domains.gatepass.queries.codes import Choice, Choices, choices_for, find_venue, resolve_place
from lutong.domains.gatepass.queries.devices import (
    device_of_token,
    get_device,
    list_devices,
    list_rooms_without_gate,
    list_venues,
    may_keep,
    may_serve,
)
from lutong.domains.gatepass.queries.holders import Pass, holder_id
from lutong.domains.gatepass.queries.log import (
    Arrival,
    Arrivals,
    arrivals_of,
    get_slip,
    list_scans,
    list_slips,
    my_scans,
    tells_arrivals,
    today_in_numbers,
)

__all__ = [
    "PHOTOS_AT_ONCE", "Arrival", "Arrivals", "Choice", "Choices", "GateDevice", "Pass", "arrivals_of", "bundle_for",
    "choices_for", "device_of_token", "find_venue", "get_device", "get_slip", "holder_id", "list_devices",
    "list_rooms_without_gate", "list_scans", "list_slips", "list_venues", "may_keep", "may_serve", "my_scans",
    "photos_for", "published_bundle", "resolve_place", "tells_arrivals", "today_in_numbers",
]  # fmt: skip
