"""排版: papers as PDF/A-2b from templates and data. Text of users is data and never markup."""

from lutong.gateways.typesetting.typesetter import TypesettingError, fonts_found, render

__all__ = ["TypesettingError", "fonts_found", "render"]
