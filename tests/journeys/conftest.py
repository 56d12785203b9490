"""Figures that a journey measures stand in its report and at the end of the output."""

from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What the tests gave to `record_property`, so that CI's log shows it."""
    reports = [report for every in terminalreporter.stats.values() for report in every]
    figures = [
        f"{name} {value}" for report in reports if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
    ]  # fmt: skip
    if figures:
        terminalreporter.section("measured")
        for figure in figures:
            terminalreporter.write_line(figure)
