"""How a live check goes: levels, phrases, times and the words of the consent. Plain Python."""

import datetime as dt
import random
from dataclasses import dataclass
from enum import StrEnum

from lutong.gateways.registry.port import LiveMethod

Method = LiveMethod  # how the person wants to be checked; each may be chosen freely

PHRASE_LIFE = dt.timedelta(seconds=60)
UPLOAD_SLACK = dt.timedelta(seconds=30)  # a film read within the life of its phrase may arrive a little later
LONGEST_FILM = dt.timedelta(seconds=12)
LARGEST_FILM = 4 * 1024 * 1024  # bytes
MOST_PHRASES = 6  # of one check; whoever needs more begins again
BEGUN_LIFE = dt.timedelta(minutes=30)  # from the beginning to the film
FILM_LIFE = dt.timedelta(hours=24)  # from the film to its end, decided or not
MOST_CHECKS_A_DAY = 5
SHORTEST_REASON, LONGEST_REASON = 4, 300


class Level(StrEnum):
    """核验等级: how sure we are that it is the person himself; rises from line to line."""

    PASSWORD = "password"  # noqa: S105  the name of a level
    MOBILE = "mobile"
    LIVE_MANUAL = "live_manual"
    LIVE_FACE = "live_face"

    @property
    def label(self) -> str:
        return _LEVELS[self]

    @property
    def rank(self) -> int:
        return list(Level).index(self)


_LEVELS = {
    Level.PASSWORD: "口令",
    Level.MOBILE: "登记手机验证码",
    Level.LIVE_MANUAL: "人工实人核验",
    Level.LIVE_FACE: "人脸比对实人核验",
}


class Purpose(StrEnum):
    """What the check is for."""

    FIRST = "first"
    STEP_UP = "step_up"
    PERIODIC = "periodic"

    @property
    def label(self) -> str:
        return {Purpose.FIRST: "首次核验", Purpose.STEP_UP: "办理重要事项", Purpose.PERIODIC: "定期核验"}[self]


@dataclass(frozen=True, slots=True)
class Consent:
    """The words to which the person agrees; a changed word is a new version."""

    version: str
    points: tuple[tuple[str, str], ...]


CONSENT = Consent(
    "2026-11-2",
    (
        ("处理什么", "一段不超过 12 秒的视频和声音，其中含有您的面部和声音，属于敏感个人信息（生物识别信息）。"),
        ("为什么处理", "只用于确认操作人就是名册登记的本人，防止他人冒用执业身份；不作其他用途，不用于训练任何模型。"),
        (
            "怎样处理",
            "由您选定的一个窗口（登记机关，或者您指定的法院诉讼服务大厅）的经办人把视频与名册照片比对，其他窗口看不到；"
            "您选择人脸比对服务的，视频同时发送给该服务作一次比对。",
        ),
        ("保存多久", "作出决定时立即删除视频；没有作出决定的，最迟在提交后 24 小时删除。只留下结论、时间和经办人。"),
        ("对您的影响", "通过后提高核验等级；未通过不影响您的执业资格，也不改变名册登记。"),
        (
            "您可以拒绝",
            "不同意不影响阅读和一般操作。您可以改到登记机关或者法院核验岗的窗口当面核验，也可以在决定作出前随时撤回同意。",
        ),
    ),
)
CONSENT_LAW = "《中华人民共和国个人信息保护法》第十五条、第二十八条至第三十条"
COUNTER_WAY = (
    "携带执业证和居民身份证，到所属司法行政机关或者设有核验岗的法院诉讼服务大厅当面核验，当场办结；不采集人脸信息。"
)

_DIGITS = "零一二三四五六七八九"
_WORDS = """
海棠 青山 白云 长江 明月 春雨 秋叶 松树 石桥 灯塔 帆船 书房 茶杯 稻田 竹林 雪峰 晨光 晚霞 溪水 草原
荷花 银杏 杨柳 燕子 骏马 鲤鱼 钟楼 城墙 码头 驿站 算盘 毛笔 砚台 信封 邮票 风筝 口琴 皮球 雨伞 台灯
苹果 葡萄 核桃 红枣 豆浆 米粥 面包 白菜 萝卜 花生 南瓜 玉米 棉花 丝绸 铜镜 木门 石榴 梅花 菊花 水仙
""".split()  # noqa: SIM905  a column of eighty words is hard to read


def new_phrase(chance: random.Random) -> str:
    """挑战语: four digits and two words to be read aloud, such as 三七零四，海棠，灯塔; 35 million of them."""
    digits = "".join(chance.choice(_DIGITS) for _ in range(4))
    return "，".join([digits, *chance.sample(_WORDS, 2)])


def media_type_of(head: bytes) -> str | None:
    """What a browser's recorder or a phone's camera made, by its first bytes; None for anything else."""
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:64]:
        return "video/webm"
    if head[4:8] == b"ftyp":
        return "video/mp4"
    return None


def valid_until(*, at: dt.datetime, days: int) -> dt.datetime:
    """Until when a passed check counts."""
    return at + dt.timedelta(days=days)
