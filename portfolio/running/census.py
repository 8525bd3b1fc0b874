"""What a run takes as a whole: the processes below one, their memory, and the disk its files fill. Linux only.

One process may hold as much as a run's limit by itself; only who counts them all can hold the run to it.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

_PAGE = 512
SHARED_MEMORY = "/dev/shm"  # noqa: S108 - the system's own
_OWN = ("RssAnon:", "RssShmem:", "VmSwap:")
_SHARES = ("Pss_Anon:", "Pss_Shmem:", "SwapPss:")


def can_count() -> bool:
    """Whether the kernel says at once who is whose child."""
    return os.path.exists(f"/proc/self/task/{os.getpid()}/children")  # noqa: PTH110 - many times a second


def descendants(top: int) -> list[int]:
    """Return the numbers of all processes below `top`, zombies among them, parents first."""
    children_of = _children if can_count() else _scanned().get
    found = list(children_of(top) or ())
    for pid in found:  # grows meanwhile
        found.extend(children_of(pid) or ())
    return found


def memory(pids: Iterable[int], limit: int, shared: int = 0) -> int:
    """Return the bytes that processes hold together, exactly only where that is more than `limit`.

    Pages that forks share count for each of them at first, which is cheap and too much; a closer look divides them.

    Args:
        pids: the processes.
        limit: what they may hold.
        shared: bytes of files in shared memory, which count whether or not anybody has mapped them.
    """
    pids = list(pids)
    rough = sum(sum(_fields(f"/proc/{pid}/status", _OWN)) for pid in pids) + shared
    if rough <= limit:
        return rough
    shares = [_fields(f"/proc/{pid}/smaps_rollup", _SHARES) for pid in pids]
    mapped = sum(share[1] for share in shares)
    return sum(share[0] + share[2] for share in shares) + max(mapped, shared)


def moves(pid: int) -> bool:
    """Whether a process is neither stopped nor at its end."""
    try:
        state = Path("/proc", str(pid), "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2]
    except OSError:
        return False
    return state.split()[0] not in "TtZX"


def shared_files() -> dict[str, int]:
    """Return the files in shared memory by name, with their bytes."""
    found = {}
    with suppress(OSError), os.scandir(SHARED_MEMORY) as listing:
        for entry in listing:
            with suppress(OSError):
                found[entry.name] = entry.stat(follow_symlinks=False).st_blocks * _PAGE
    return found


def open_in(pids: Iterable[int], folder: str) -> set[str]:
    """Return the names of the files in `folder` that processes have open or mapped."""
    found = set[str]()
    for pid in pids:
        with suppress(OSError):
            links = [f"/proc/{pid}/fd/{name}" for name in os.listdir(f"/proc/{pid}/fd")]  # noqa: PTH208
            paths = [os.readlink(link) for link in links if os.path.lexists(link)]  # noqa: PTH115
            with open(f"/proc/{pid}/maps", encoding="utf-8", errors="replace") as listed:  # noqa: PTH123
                paths += [line.split(None, 5)[5].rstrip("\n") for line in listed if f" {folder}/" in line]
            found.update(path.rpartition("/")[2] for path in paths if path.rpartition("/")[0] == folder)
    return found


def disk(folders: Iterable[str], most: int) -> int:
    """Return the bytes that files below `folders` fill; no more is counted once it is more than `most`."""
    total, waiting = 0, list(folders)
    while waiting and total <= most:
        with suppress(OSError), os.scandir(waiting.pop()) as listing:
            for entry in listing:
                with suppress(OSError):
                    found = entry.stat(follow_symlinks=False)
                    total += found.st_blocks * _PAGE
                    if stat.S_ISDIR(found.st_mode):
                        waiting.append(entry.path)
    return total


def filled(folder: str) -> int:
    """Return how many bytes of the disk are taken on which `folder` lies."""
    found = os.statvfs(folder)
    return (found.f_blocks - found.f_bfree) * found.f_frsize


def _children(pid: int) -> Iterator[int]:
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208
            with open(f"/proc/{pid}/task/{thread}/children", "rb") as listed:  # noqa: PTH123 - many times a second
                yield from map(int, listed.read().split())


def _scanned() -> dict[int, list[int]]:
    """Return all processes of the system by their parent: slower, for kernels that keep no list of children."""
    found: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):  # noqa: PTH208
        with suppress(OSError):
            if name.isdigit():
                text = Path("/proc", name, "stat").read_text(encoding="utf-8", errors="replace")
                found.setdefault(int(text.rpartition(")")[2].split()[1]), []).append(int(name))
    return found


def _fields(path: str, names: tuple[str, ...]) -> list[int]:
    """Return these fields of a listing in kB, in bytes and in this order; 0 for one that is not there."""
    found = dict.fromkeys(names, 0)
    with suppress(OSError), open(path, encoding="ascii", errors="replace") as listing:  # noqa: PTH123
        for line in listing:
            name = line.split(None, 1)[0]
            if name in found:
                found[name] = int(line.split()[1]) << 10
    return list(found.values())
