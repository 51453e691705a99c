"""What preflight says of a domain, in sentences."""

from __future__ import annotations

NOT_JUDGED = "Look at this domain by hand: it could not be judged."


def live_refused(words: str) -> str:
    """While it runs it is not taken; the words are the other host's."""
    return f"A live migration is refused: {' '.join(words.split())}"


def live_unknown(why: str) -> str:
    """Whether it is taken depends on something that is not known."""
    return f"Whether a live migration is accepted is not known: {why}"


def next_power_on(text: str) -> str:
    """The verdict on the other host's CODE with the store that came along."""
    return f"At the next power-on there: {text}"


def offline(text: str) -> str:
    """The verdict where only the definition was carried."""
    return f"Moved switched off, without its store: {text}"


def other_build(there: str) -> str:
    """The file under the path of CODE is another one."""
    return (
        f"{there} has another build of CODE under this path: the running guest goes on with the "
        "one it was started with, the next power-on takes the other"
    )


def offline_move_loses(path: str, there: str, *, shared: bool) -> str:
    """Libvirt carries the definition only (seen, libvirt 9.0)."""
    if shared:
        return (
            f"{path} lies on shared storage, which {there} does not have under this path: moved "
            "switched off (migrate --offline) the domain gets a new store from its template, and "
            "every variable is lost. Mount the storage there, or carry the file over"
        )
    return (
        "Moved switched off (migrate --offline), libvirt copies the definition only and makes the "
        f"store on {there} from its template: every variable is lost. Carry {path} over as well"
    )


def store_there_already(path: str, there: str) -> str:
    """Another file lies where the store is going to be."""
    return (
        f"{there} has another file at {path}: a live migration overwrites it, a move switched off "
        "starts with it. Look whose it is"
    )
