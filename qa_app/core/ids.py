"""Names for rows: 128-bit identifiers that sort by the time they were made (RFC 9562, v7)."""

import secrets
import time


def new_id() -> str:
    """Return 32 hexadecimal characters, later ones sorting after earlier ones."""
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    value = (milliseconds & (1 << 48) - 1) << 80
    value |= 0x7 << 76 | (random >> 62) << 64
    value |= 0b10 << 62 | random & (1 << 62) - 1
    return f"{value:032x}"
