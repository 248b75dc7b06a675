"""A site's settings in the shape in which the rules ask for them: small, frozen, hashable."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HouseWords:
    """Words added and removed, spans that mean something else, phrases an agent must not say."""

    added: tuple[tuple[str, str], ...] = ()
    removed: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    phrases: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class HousePolicy:
    """Numbers that are public, those that are internal, and what else counts as a leak."""

    public: tuple[str, ...] = ()
    internal: tuple[str, ...] = ()
    readback_is_leak: bool = False
    own_mobile_is_leak: bool = False
