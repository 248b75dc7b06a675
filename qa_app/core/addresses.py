"""Addresses that a request brings along and that we may send a browser to."""

from urllib.parse import urlsplit


def own_address(address: str | None) -> str | None:
    r"""Return the address if it lies on this site; a link in a mail must not lead elsewhere.

    >>> own_address("/calls?status=mine")
    '/calls?status=mine'
    >>> [own_address(bad) for bad in ("//evil.example", "https://evil.example", "/\\evil", "")]
    [None, None, None, None]
    """
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    parts = urlsplit(address)
    printable = address.isprintable()
    return address if printable and not parts.scheme and not parts.netloc else None
