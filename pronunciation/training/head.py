"""The head: a small network from encoder frames to the log-probability of each symbol."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from pronunciation.inventory import SYMBOLS
from pronunciation.training.examples import Examples

DIMS = 512
WIDTH = 192
MEMORY = 96
DROPOUT = 0.15

_BATCH = 12
_STEEPEST = 2e-3
_WEIGHT_DECAY = 0.02
#: Stretches of frames and of dimensions that are blanked out, so that the head looks at all.
_TIME_MASKS, _LONGEST_MASK = 3, 12
_DIMS_MASKED = 0.1


class Head(nn.Module):
    """Normalise, narrow, look around in two residual convolutions, remember both ways, decide."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(DIMS)
        self.narrow = nn.Linear(DIMS, WIDTH)
        self.look = nn.ModuleList(nn.Conv1d(WIDTH, WIDTH, 5, padding=2) for _ in range(2))
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in range(2))
        self.drop = nn.Dropout(DROPOUT)
        self.remember = nn.GRU(WIDTH, MEMORY, batch_first=True, bidirectional=True)
        self.decide = nn.Linear(2 * MEMORY, len(SYMBOLS))

    def forward(self, frames: Tensor) -> Tensor:
        """Return log-probabilities [shape=(n_windows, n_frames, n_symbols)]."""
        hidden = nn.functional.gelu(self.narrow(self.norm(frames)))
        for look, norm in zip(self.look, self.norms, strict=True):
            around = look(norm(hidden).transpose(1, 2)).transpose(1, 2)
            hidden = hidden + self.drop(nn.functional.gelu(around))
        remembered, _ = self.remember(self.drop(hidden))
        return nn.functional.log_softmax(self.decide(self.drop(remembered)), dim=-1)


def fit(examples: Examples, *, rounds: int, seed: int, start: Head | None = None) -> Head:
    """Fit a head to examples with the CTC loss.

    Parameters
    ----------
    examples : Examples
    rounds : int > 0
        How often each example is seen.
    seed : int
        The same seed, examples and machine give the same head.
    start : Head, optional
        A head to go on from.

    Returns
    -------
    Head
        In evaluation mode.
    """
    # Two threads share products this small at a loss, and on busy cores at a tenth of the speed.
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    dice = random.Random(seed)  # noqa: S311
    head = start or Head()
    head.train()
    optimiser = torch.optim.AdamW(head.parameters(), lr=_STEEPEST, weight_decay=_WEIGHT_DECAY)
    steps = rounds * -(-len(examples.frames) // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _STEEPEST, steps, pct_start=0.15)
    for number in range(rounds):
        losses = []
        for frames, lengths, symbols, counts in _batches(
            examples, dice, shortest_first=number == 0
        ):
            likely = head(_masked(frames, dice))
            loss = nn.functional.ctc_loss(
                likely.transpose(0, 1), symbols, lengths, counts, zero_infinity=True
            )
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(head.parameters(), 5.0)
            optimiser.step()
            schedule.step()
            losses.append(float(loss))
        print(f"round {number + 1} of {rounds}: loss {np.mean(losses):.4f}", flush=True)  # noqa: T201
    head.eval()
    return head


def _batches(
    examples: Examples, dice: random.Random, *, shortest_first: bool
) -> Iterator[tuple[Tensor, Tensor, Tensor, Tensor]]:
    # Windows of like length share a batch, so that little of it is padding.
    order = sorted(
        range(len(examples.frames)), key=lambda i: len(examples.frames[i]) + dice.uniform(0, 60)
    )
    batches = [order[first : first + _BATCH] for first in range(0, len(order), _BATCH)]
    # What is said where is found soonest in short windows; after that, chance is best.
    if not shortest_first:
        dice.shuffle(batches)
    for batch in batches:
        frames = [examples.frames[i] for i in batch]
        symbols = [examples.symbols[i] for i in batch]
        padded = np.zeros((len(batch), max(map(len, frames)), DIMS), np.float32)
        for row, some in zip(padded, frames, strict=True):
            row[: len(some)] = some
        yield (
            torch.from_numpy(padded),
            torch.tensor([len(some) for some in frames]),
            torch.from_numpy(np.concatenate(symbols)),
            torch.tensor([len(some) for some in symbols]),
        )


def _masked(frames: Tensor, dice: random.Random) -> Tensor:
    for row in frames:
        for _ in range(_TIME_MASKS):
            first, length = dice.randrange(len(row)), dice.randint(0, _LONGEST_MASK)
            row[first : first + length] = 0
    return frames * (torch.rand(len(frames), 1, DIMS) >= _DIMS_MASKED)


def posteriors(head: Head, frames: Sequence[NDArray[np.float16]]) -> list[NDArray[np.float32]]:
    """Run a head over some windows, each by itself."""
    with torch.no_grad():
        return [head(torch.from_numpy(some.astype(np.float32))[None])[0].numpy() for some in frames]


def export(head: Head, path: Path) -> None:
    """Write a head as ONNX: `frames` in, `log_probs` out, both of any length."""
    torch.onnx.export(
        head,
        (torch.zeros(1, 100, DIMS),),
        str(path),
        input_names=["frames"],
        output_names=["log_probs"],
        dynamic_axes={"frames": {0: "windows", 1: "time"}, "log_probs": {0: "windows", 1: "time"}},
        opset_version=17,
        dynamo=False,
    )
