"""Pydantic's findings in Chinese, one sentence a field."""

from collections.abc import Iterable
from typing import Any

_WORDS = {
    "missing": "必填",
    "extra_forbidden": "没有这个字段",
    "string_type": "应为文字",
    "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "至多 {max_length} 个字符",
    "string_pattern_mismatch": "格式不对",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "数字过大",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "finite_number": "应为有限的数字",
    "decimal_type": "应为数字",
    "decimal_parsing": "应为数字",
    "decimal_max_digits": "数字位数过多",
    "decimal_max_places": "小数至多 {decimal_places} 位",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "uuid_type": "应为 UUID",
    "uuid_parsing": "应为 UUID",
    "date_type": "应为日期，如 2026-11-09",
    "date_parsing": "应为日期，如 2026-11-09",
    "date_from_datetime_parsing": "应为日期，如 2026-11-09",
    "date_from_datetime_inexact": "应为日期，不带时间",
    "datetime_type": "应为带时区的时间，如 2026-11-09T09:00:00+08:00",
    "datetime_parsing": "应为带时区的时间，如 2026-11-09T09:00:00+08:00",
    "datetime_from_date_parsing": "应为带时区的时间，如 2026-11-09T09:00:00+08:00",
    "timezone_aware": "时间须带时区，如 +08:00",
    "enum": "只能是 {expected}",
    "literal_error": "只能是 {expected}",
    "list_type": "应为数组",
    "too_short": "至少 {min_length} 项",
    "too_long": "至多 {max_length} 项",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
    "value_error": "内容不合要求",
}
_PLACES = {"body", "query", "path", "header", "cookie", "form", "file"}


def sentences(errors: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Field (dotted path) → sentence; the first finding of a field counts."""
    found: dict[str, str] = {}
    for error in errors:
        found.setdefault(_field(error.get("loc", ())), _sentence(error))
    return found


def _field(loc: Iterable[Any]) -> str:
    parts = [str(part) for part in loc]
    if parts and parts[0] in _PLACES:
        # A body arrives as (body, name of the parameter, field …); the parameter's name is ours, not the caller's.
        parts = parts[2:] if parts[0] == "body" and len(parts) > 2 else parts[1:]
    return ".".join(parts) or "body"


def _sentence(error: dict[str, Any]) -> str:
    context = {key: str(value).replace("'", "").replace(" or ", "、") for key, value in error.get("ctx", {}).items()}
    words = _WORDS.get(str(error.get("type")), "格式不对")
    try:
        return words.format(**context)
    except KeyError:
        return words.partition("{")[0] or "格式不对"
