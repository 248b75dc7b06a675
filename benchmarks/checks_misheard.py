"""How much personal data is found where the word that names it was misheard.

    PYTHONPATH=. python benchmarks/checks_misheard.py [--tune] [--errors N]

Damage is drawn mechanically: characters of the naming words (验证码, 卡号, 座机) give way to others
of the same syllable without its tone, or of one that shares the initial or the final, the commoner
the likelier; digits to characters of their sound. Without `--tune` only templates are used that no
rule was tuned on. False alarms are counted on look-alikes and talk with their words damaged
likewise, and on dictionary words that sound like naming words beside digits.
"""

import argparse
import collections
import sys
from collections.abc import Callable, Iterator
from functools import cache
from random import Random

import jieba

from benchmarks.checks_forms import FORMS
from benchmarks.checks_sentences import TYPE_OF, is_for_tuning, rows
from benchmarks.checks_values import MAKE, digits
from pronunciation.reading import read_character, read_words
from qa_app.checks.dictionaries import rows_of
from qa_app.checks.text_run import check_text

_SEED = 20240611
_KINDS = ("mobile", "landline", "id", "card", "code", "password")
_NUMBERS = frozenset(TYPE_OF[kind] for kind in _KINDS)
_WRITTEN = ("plain", "hanzi 幺", "hanzi groups")
_DIGIT_SOUNDS = {
    "0": "灵林另", "1": "要腰", "2": "儿而", "3": "散山", "4": "是死事", "5": "无午舞",
    "6": "流柳留", "7": "其起期", "8": "把吧爸", "9": "就久酒",
}  # fmt: skip
_BESIDE_LOOK_ALIKES = ("他说{}{}", "那个{}是{}吗", "我觉得{}，{}", "{}{}")
_LEAST_FREQUENCY = 50


@cache
def _characters() -> tuple[dict[tuple[str, str], list[tuple[str, int]]], set[tuple[str, str]]]:
    jieba.initialize()
    of: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for character, frequency in jieba.dt.FREQ.items():
        if len(character) == 1 and frequency >= _LEAST_FREQUENCY:
            syllable = read_character(character)
            if syllable is not None:
                sound = syllable.initial, syllable.final
                of.setdefault(sound, []).append((character, frequency))
    return of, set(of)


def _other(random: Random, character: str, sound: tuple[str, str]) -> str:
    others = [one for one in _characters()[0].get(sound, []) if one[0] != character]
    if not others:
        return character
    return random.choices([c for c, _ in others], [f for _, f in others])[0]


def same_sound(random: Random, word: str) -> str:
    """Write a word with at least one other character of the same syllable."""
    sounds = [(s.initial, s.final) for read in read_words(word) for s in read.syllables]
    wrong = {random.randrange(len(word))} | {i for i in range(len(word)) if random.random() < 0.6}
    return "".join(_other(random, c, sounds[i]) if i in wrong else c for i, c in enumerate(word))


def near_sound(random: Random, word: str) -> str:
    """Write a word so, and one of its syllables with another initial or final."""
    sounds = [(s.initial, s.final) for read in read_words(word) for s in read.syllables]
    place = random.randrange(len(word))
    initial, final = sounds[place]
    near = sorted(s for s in _characters()[1] if (s[0] == initial) != (s[1] == final))
    written = same_sound(random, word)
    heard = _other(random, word[place], random.choice(near))
    return written[:place] + heard + written[place + 1 :]


DAMAGES: dict[str, Callable[[Random, str], str]] = {
    "as it was": lambda _, word: word,
    "same sound": same_sound,
    "near sound": near_sound,
}


def _naming_words(kind: str) -> list[str]:
    wanted = {TYPE_OF[kind]} | ({"MOBILE"} if kind == "landline" else set())
    words = [word for named, word in rows_of("contexts.tsv") if named in wanted and len(word) > 1]
    return sorted(words, key=len, reverse=True)


def _damaged(
    random: Random, template: str, words: list[str], how: Callable[[Random, str], str]
) -> str | None:
    written, place, changed = "", 0, False
    while place < len(template):
        word = next((w for w in words if template.startswith(w, place)), None)
        if word is not None and all("一" <= c <= "鿿" for c in word):
            written += how(random, word)
            place, changed = place + len(word), True
        else:
            written += template[place]
            place += 1
    return written if changed else None


def _spoken_badly(random: Random, value: str) -> str:
    wrong = set(random.sample(range(len(value)), max(1, len(value) // 6)))
    return "".join(
        random.choice(_DIGIT_SOUNDS[d]) if i in wrong and d in _DIGIT_SOUNDS else d
        for i, d in enumerate(FORMS["plain"](random, value))
    )


def positives(random: Random, *, tune: bool, rounds: int) -> Iterator[tuple[str, str, str, str]]:
    """Yield kind, damage, speaker and text with the value between two marks."""
    for _ in range(rounds):
        for kind, speaker, _leak, template in rows("checks_templates.tsv"):
            if kind not in _KINDS or is_for_tuning(template) is not tune:
                continue
            for damage, how in DAMAGES.items():
                written = _damaged(random, template, _naming_words(kind), how)
                if written is None:
                    continue
                value = MAKE[kind](random)
                form = random.choice(_WRITTEN if value.isdigit() else ("plain",))
                said = FORMS[form](random, value)
                yield kind, damage, speaker, written.replace("{}", f"\0{said}\1")
                if damage == "same sound" and kind not in ("code", "password"):
                    said = _spoken_badly(random, value)
                    yield kind, "and digits", speaker, written.replace("{}", f"\0{said}\1")


def _words_damaged(random: Random, text: str) -> str:
    written = ""
    for token in jieba.cut(text, HMM=False):
        is_word = len(token) > 1 and all("一" <= c <= "鿿" for c in token)
        how = random.choice((same_sound, near_sound))
        written += how(random, token) if is_word and random.random() < 0.5 else token
    return written


def negatives(random: Random, *, tune: bool, rounds: int) -> Iterator[tuple[str, str]]:
    """Yield what it is and the text: look-alikes and talk, each as it was and with damage."""
    for _ in range(3 * rounds):
        for kind, template in rows("checks_negatives.tsv"):
            if is_for_tuning(template) is tune:
                value = "" if kind == "text" else MAKE[kind](random)
                name = "talk" if kind == "text" else "look-alikes"
                yield name, template.replace("{}", value)
                damaged = "{}".join(_words_damaged(random, p) for p in template.split("{}"))
                yield f"{name}, damaged", damaged.replace("{}", value)
    for number, word in enumerate(_look_alikes()):
        if is_for_tuning(word) is tune:
            pattern = _BESIDE_LOOK_ALIKES[number % len(_BESIDE_LOOK_ALIKES)]
            yield (
                "words of a like sound",
                pattern.format(word, digits(random, random.randint(4, 8))),
            )


def _look_alikes() -> Iterator[str]:
    """Yield dictionary words with the syllables, without tones, of a naming word or near them."""
    naming = {word for kind in _KINDS for word in _naming_words(kind)}
    by_end: dict[tuple[int, tuple[str, str]], list[list[tuple[str, str]]]] = {}
    for word in naming:
        sounds = [(s.initial, s.final) for read in read_words(word) for s in read.syllables]
        by_end.setdefault((len(word), sounds[-1]), []).append(sounds)
    for word in sorted(w for w, f in jieba.dt.FREQ.items() if 1 < len(w) < 6 and f >= 3):
        read = [read_character(c) for c in word]
        if word in naming or any(s is None for s in read):
            continue
        sounds = [(s.initial, s.final) for s in read if s is not None]
        for wanted in by_end.get((len(word), sounds[-1]), []):
            apart = sum(a != b for a, b in zip(sounds, wanted, strict=True))
            half = all(a[0] == b[0] or a[1] == b[1] for a, b in zip(sounds, wanted, strict=True))
            if apart == 0 or (apart == 1 and half):
                yield word
                break


def _found(speaker: str, text: str) -> list[dict[str, object]]:
    turns, start = [], 0
    sides = {"a": ("agent", "customer"), "c": ("customer", "agent")}[speaker]
    parts = text.split("⏎")
    first = next((i for i, part in enumerate(parts) if "\0" in part), 0)
    for order, part in enumerate(parts):
        said = part.replace("\0", "").replace("\1", "")
        side = sides[(order - first) % 2]
        turns.append({"speaker": side, "start": start, "end": start + len(said)})
        start += len(said) + 1
    plain = text.replace("⏎", "\n").replace("\0", "").replace("\1", "")
    spans = check_text({"id": 0, "text": plain, "turns": turns})["spans"]
    return [span for span in spans if span["type"] in _NUMBERS]


def _is_found(kind: str, text: str, spans: list[dict[str, object]]) -> bool:
    start = text.index("\0")
    wanted = set(range(start, text.index("\1") - 1))
    phones = {"MOBILE", "LANDLINE"}
    types = phones if TYPE_OF[kind] in phones else {TYPE_OF[kind]}
    covered = {p for s in spans if s["type"] in types for p in range(s["start"], s["end"])}
    return 2 * len(wanted & covered) >= len(wanted)


def main() -> int:
    """Print recall by kind and damage, and false alarms."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tune", action="store_true")
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=4)
    asked = parser.parse_args()
    random = Random(_SEED + asked.tune)  # noqa: S311 - the same sentences each time are wanted
    recall: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for kind, damage, speaker, text in positives(random, tune=asked.tune, rounds=asked.rounds):
        spans = _found(speaker, text)
        found = _is_found(kind, text, spans)
        for key in (f"{damage}: all", f"{damage}: {kind}"):
            recall[key]["n"] += 1
            recall[key]["found"] += found
        if not found and asked.errors > 0 and damage != "as it was":
            asked.errors -= 1
            print("missed", kind, damage, repr(text), file=sys.stderr)
    for key in sorted(recall):
        count = recall[key]
        print(f"{key:30}{count['n']:6}  found {count['found'] / count['n']:.3f}")
    false: dict[str, list[int]] = collections.defaultdict(lambda: [0, 0])
    for name, text in negatives(random, tune=asked.tune, rounds=asked.rounds):
        spans = _found("a", text)
        false[name][0] += 1
        false[name][1] += bool(spans)
        if spans and asked.errors > 0:
            said = [(s["type"], text[s["start"] : s["end"]]) for s in spans]
            print("false", name, repr(text), said, file=sys.stderr)
    for name, (count, wrong) in false.items():
        print(f"{name:30}{count:6}  false {wrong} ({wrong / count:.4f})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
