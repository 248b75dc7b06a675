"""The networks: from encoder frames to the log-probability of each symbol, and of each tone."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from pronunciation.inventory import SYMBOLS
from pronunciation.tones import N_FEATURES, N_TONES
from pronunciation.training.examples import Examples
from pronunciation.training.rivals import another_tone, rival_symbols

DIMS = 512

_BATCH = 16
_STEEPEST = 2e-3
_WEIGHT_DECAY = 0.02
_DROPOUT = 0.15
#: Stretches of frames and of dimensions that are blanked out, so that the head looks at all.
_TIME_MASKS, _LONGEST_MASK = 3, 12
_DIMS_MASKED = 0.1
#: How much it counts that what was said beats what it is mistaken for, beside its own likelihood.
_AGAINST_RIVALS = 0.5


class Head(nn.Module):
    """Normalise, narrow, look around in two residual convolutions, remember both ways, decide.

    Parameters
    ----------
    outputs : int
        How many symbols there are, the blank counted.
    width, memory : int
        Of what goes between the layers, and of what the recurrent layer keeps each way.
    extra : int
        How many features stand beside the frames.
    """

    def __init__(self, outputs: int, width: int, memory: int, extra: int = 0) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(DIMS)
        self.narrow = nn.Linear(DIMS + extra, width)
        self.look = nn.ModuleList(nn.Conv1d(width, width, 5, padding=2) for _ in range(2))
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2))
        self.drop = nn.Dropout(_DROPOUT)
        self.remember = nn.GRU(width, memory, batch_first=True, bidirectional=True)
        self.decide = nn.Linear(2 * memory, outputs)

    def forward(self, frames: Tensor, extra: Tensor | None = None) -> Tensor:
        """Return log-probabilities [shape=(n_windows, n_frames, n_symbols)]."""
        seen = self.norm(frames)
        if extra is not None:
            seen = torch.cat([seen, extra], dim=-1)
        hidden = nn.functional.gelu(self.narrow(seen))
        for look, norm in zip(self.look, self.norms, strict=True):
            around = look(norm(hidden).transpose(1, 2)).transpose(1, 2)
            hidden = hidden + self.drop(nn.functional.gelu(around))
        remembered, _ = self.remember(self.drop(hidden))
        return nn.functional.log_softmax(self.decide(self.drop(remembered)), dim=-1)


def sound_head() -> Head:
    """Make an untrained head for initials and finals."""
    return Head(len(SYMBOLS), width=192, memory=96)


def tone_head() -> Head:
    """Make an untrained head for tones, which sees the pitch beside the frames."""
    return Head(N_TONES, width=64, memory=48, extra=N_FEATURES)


@dataclass(frozen=True, slots=True)
class Task:
    """What a head is to learn.

    Attributes
    ----------
    labels : list of np.ndarray [shape=(n_labels,), int64]
        One a window.
    extra : list of np.ndarray [shape=(n_frames, n_features), float16], optional
    rival : callable
        Takes labels and dice; returns them with one syllable changed to what it is mistaken
        for, or as they are.
    """

    labels: Sequence[NDArray[np.int64]]
    extra: Sequence[NDArray[np.float16]] | None
    rival: Callable[[NDArray[np.int64], random.Random], NDArray[np.int64]]


def sounds_of(examples: Examples) -> Task:
    """Learn initials and finals."""
    return Task(examples.symbols, None, rival_symbols)


def tones_of(examples: Examples) -> Task:
    """Learn tones."""
    return Task(examples.tones, examples.pitch, another_tone)


def fit(
    head: Head, frames: Sequence[NDArray[np.float16]], task: Task, *, rounds: int, seed: int
) -> Head:
    """Fit a head with the CTC loss, and with that of taking a rival for what was said.

    Parameters
    ----------
    head : Head
    frames : sequence of np.ndarray [shape=(n_frames, n_dims), float16]
    task : Task
    rounds : int > 0
        How often each example is seen.
    seed : int
        The same seed, examples and machine give the same head.

    Returns
    -------
    Head
        The same, in evaluation mode.
    """
    # Two threads share products this small at a loss, and on busy cores at a tenth of the speed.
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    dice = random.Random(seed)  # noqa: S311
    head.train()
    optimiser = torch.optim.AdamW(head.parameters(), lr=_STEEPEST, weight_decay=_WEIGHT_DECAY)
    steps = rounds * -(-len(frames) // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _STEEPEST, steps, pct_start=0.15)
    for number in range(rounds):
        losses = []
        for batch in _batches(frames, dice, shortest_first=number == 0):
            seen, extra, lengths = _padded(frames, task.extra, batch)
            likely = head(_masked(seen, dice), extra).transpose(0, 1)
            said = [task.labels[i] for i in batch]
            loss = _surprise(likely, said, lengths)
            counts = torch.tensor([max(len(some), 1) for some in said])
            total = (loss / counts).mean()
            if number:
                rivals = _surprise(likely, [task.rival(some, dice) for some in said], lengths)
                mistaken = nn.functional.softplus(loss - rivals).mean()
                total = total + _AGAINST_RIVALS * mistaken
            optimiser.zero_grad()
            total.backward()
            nn.utils.clip_grad_norm_(head.parameters(), 5.0)
            optimiser.step()
            schedule.step()
            losses.append(total.item())
        print(f"round {number + 1} of {rounds}: loss {np.mean(losses):.4f}", flush=True)  # noqa: T201
    head.eval()
    return head


def _surprise(likely: Tensor, labels: Sequence[NDArray[np.int64]], lengths: Tensor) -> Tensor:
    """Return each window's negative log-likelihood of its labels."""
    return nn.functional.ctc_loss(
        likely,
        torch.from_numpy(np.concatenate(labels)),
        lengths,
        torch.tensor([len(some) for some in labels]),
        reduction="none",
        zero_infinity=True,
    )


def _batches(
    frames: Sequence[NDArray[np.float16]], dice: random.Random, *, shortest_first: bool
) -> Iterator[list[int]]:
    # Windows of like length share a batch, so that little of it is padding.
    order = sorted(range(len(frames)), key=lambda i: len(frames[i]) + dice.uniform(0, 60))
    batches = [order[first : first + _BATCH] for first in range(0, len(order), _BATCH)]
    # What is said where is found soonest in short windows; after that, chance is best.
    if not shortest_first:
        dice.shuffle(batches)
    yield from batches


def _padded(
    frames: Sequence[NDArray[np.float16]],
    extra: Sequence[NDArray[np.float16]] | None,
    batch: Sequence[int],
) -> tuple[Tensor, Tensor | None, Tensor]:
    lengths = torch.tensor([len(frames[i]) for i in batch])
    seen = np.zeros((len(batch), int(lengths.max()), DIMS), np.float32)
    beside = np.zeros((*seen.shape[:2], N_FEATURES), np.float32)
    for row, i in enumerate(batch):
        seen[row, : len(frames[i])] = frames[i]
        if extra is not None:
            beside[row, : len(extra[i])] = extra[i][: len(frames[i])]
    return torch.from_numpy(seen), torch.from_numpy(beside) if extra else None, lengths


def _masked(frames: Tensor, dice: random.Random) -> Tensor:
    for row in frames:
        for _ in range(_TIME_MASKS):
            first, length = dice.randrange(len(row)), dice.randint(0, _LONGEST_MASK)
            row[first : first + length] = 0
    return frames * (torch.rand(len(frames), 1, DIMS) >= _DIMS_MASKED)


def export(head: Head, path: Path) -> None:
    """Write a head as ONNX: `frames` in, and `pitch` if it takes that; `log_probs` out."""
    features = head.narrow.in_features - DIMS
    given = [torch.zeros(1, 100, DIMS)] + [torch.zeros(1, 100, features)] * bool(features)
    names = ["frames"] + ["pitch"] * bool(features)
    torch.onnx.export(
        head,
        tuple(given),
        str(path),
        input_names=names,
        output_names=["log_probs"],
        dynamic_axes={name: {0: "windows", 1: "time"} for name in [*names, "log_probs"]},
        opset_version=17,
        dynamo=False,
    )
