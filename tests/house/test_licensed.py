"""Every risky act of identity's table asks the registry first, and no act asks without standing in the table."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import lutong.domains
from lutong.domains.identity.actions.licence import RISKY, licensed

BY_HAND = {"show_gate_code"}  # a code for the door may rest on an answer of some minutes ago: gatepass asks when older


def modules() -> Iterator[Any]:
    """Every module of actions of every domain."""
    for found in pkgutil.walk_packages(lutong.domains.__path__, "lutong.domains."):
        if ".actions" in found.name and ".tests" not in found.name:
            yield importlib.import_module(found.name)


def asking(found: Iterable[Any]) -> set[str]:
    """The acts that functions of these modules ask for."""
    return {thing.licensed_act for module in found for thing in vars(module).values() if hasattr(thing, "licensed_act")}


def astray(table: Mapping[str, Any], asked: set[str]) -> set[str]:
    return (set(table) - BY_HAND) ^ asked


def test_each_risky_act_has_a_function_that_asks_and_none_is_unlisted() -> None:
    assert astray(RISKY, asking(modules())) == set()


def test_a_risky_act_that_nobody_asks_for_is_found() -> None:
    assert astray({**RISKY, "ghost": None}, asking(modules())) == {"ghost"}


def test_a_function_that_stopped_asking_is_found() -> None:
    class Module:
        @licensed("hand_in")
        def hand_in(self) -> None:
            """The only one."""

    assert astray(RISKY, asking([Module])) == set(RISKY) - BY_HAND - {"hand_in"}
