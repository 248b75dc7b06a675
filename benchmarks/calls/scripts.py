"""The calls as they are written down: one TOML file a call in scripts/tune and scripts/test.

    scene = "宽带报修，坐席骂人"
    tags = ["profanity"]
    expected = ["missing_closing"]              # what belongs to the whole call
    agent = { voice = "zf_xiaobei", speed = 1.0, level_db = -20, accent = ["zh_z"] }
    customer = { voice = "zm_yunjian" }
    line = { snr_db = 20, noise = "babble", codec = "amr", channels = 2, agent_channel = 0 }
    turns = [
      { agent = "喂，什么事？" },
      { customer = "我要报修。", pause_s = 0.3 },
      { agent = "他妈的，等着。", overlap_s = 1.5, profanity = "他妈的" },
    ]

A turn names the side that speaks. Before it both are silent for `pause_s`, or it begins
`overlap_s` before all earlier speech has ended. A key with a rule's name says what a check should
find in it: the words for language, the number for a leak (`true` where only the place counts), and
for `long_silence` how many seconds of the pause before the turn must be found at least.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "scripts"
HALVES = ("tune", "test")
SIDES = ("agent", "customer")
QUOTED = frozenset({"profanity", "rude_language"})
NUMBERS = frozenset(
    {
        "leak_mobile", "leak_landline", "leak_id_card", "leak_bank_card",
        "leak_verification_code", "leak_internal_phone",
    }
)  # fmt: skip
PLACES = frozenset({"leak_email", "leak_address", "leak_password", "leak_plate", "interruption"})
WHOLE_CALL = frozenset({"missing_greeting", "missing_closing"})
RULES = QUOTED | NUMBERS | PLACES | WHOLE_CALL | {"long_silence"}


@dataclass(frozen=True)
class Side:
    """How one of the two sounds."""

    voice: str
    speed: float = 1.0
    level_db: float = -20.0
    accent: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """What the telephone and the recorder do to the sound."""

    snr_db: float = 35.0
    noise: str = "white"
    codec: str = "pcm"
    channels: int = 2
    agent_channel: int = 0


@dataclass(frozen=True)
class Turn:
    """One stretch of speech, when it begins, and what a check should find in it."""

    side: str
    text: str
    pause_s: float = 0.5
    overlap_s: float = 0.0
    speed: float = 1.0
    finds: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Script:
    """One call."""

    name: str
    half: str
    scene: str
    tags: tuple[str, ...]
    expected: tuple[str, ...]
    sides: dict[str, Side]
    line: Line
    turns: tuple[Turn, ...]

    def expectations(self) -> Iterator[dict[str, Any]]:
        """Yield what a check should find, in the form of truth.json."""
        for number, turn in enumerate(self.turns):
            for rule, said in turn.finds.items():
                yield _expectation(rule, said, number, turn.side)
        for rule in self.expected:
            yield {"type": rule, "channel": "agent"}


def _expectation(rule: str, said: Any, number: int, side: str) -> dict[str, Any]:  # noqa: ANN401
    if rule == "long_silence":
        return {
            "type": rule, "start_s_after_utterance": number - 1, "seconds_at_least": said,
        }  # fmt: skip
    expectation = {"type": rule, "channel": side, "utterance": number}
    if rule in QUOTED:
        expectation["quote"] = said
    elif rule in NUMBERS:
        # Found values are compared by their digits: the X that ends some identity cards is none.
        expectation["value"] = re.sub(r"\D", "", said)
    return expectation


def read_scripts(half: str) -> list[Script]:
    """Read the calls of one half, in the order of their names."""
    return [read_script(file, half) for file in sorted((FOLDER / half).glob("*.toml"))]


def read_script(file: Path, half: str) -> Script:
    """Read one call."""
    told = tomllib.loads(file.read_text("utf-8"))
    script = Script(
        name=f"{half}-{file.stem}",
        half=half,
        scene=told.pop("scene"),
        tags=tuple(told.pop("tags")),
        expected=tuple(told.pop("expected", ())),
        sides={side: _side(told.pop(side)) for side in SIDES},
        line=Line(**told.pop("line", {})),
        turns=tuple(_turn(turn) for turn in told.pop("turns")),
    )
    strange = told.keys() | {rule for turn in script.turns for rule in turn.finds.keys() - RULES}
    if strange or set(script.expected) - WHOLE_CALL:
        raise ValueError(f"{file.name}: nothing is known of {sorted(strange) or script.expected}")
    return script


def _side(told: dict[str, Any]) -> Side:
    return Side(**told | {"accent": tuple(told.get("accent", ()))})


def _turn(told: dict[str, Any]) -> Turn:
    (side,) = told.keys() & set(SIDES)
    text = told.pop(side)
    how = {key: told.pop(key) for key in ("pause_s", "overlap_s", "speed") if key in told}
    return Turn(side=side, text=text, finds=told, **how)
