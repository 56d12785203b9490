"""转换: what a person reads in the browser, made from originals that are never changed."""

from lutong.gateways.conversion.converter import Converter, Picture, View

__all__ = ["Converter", "Picture", "View"]
