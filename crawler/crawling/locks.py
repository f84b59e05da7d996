"""Locks that the kernel frees when their holder dies: one crawl a host, one daemon a store."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from urllib.parse import quote

from crawler.errors import AlreadyRunning
from crawler.urls import bare
from storage.errors import StoreReadOnly

_YIELDS = " backfill"
_PATIENCE = 15.0  # seconds in which a backfill must have given way


class Lock:
    """An advisory lock on a file that is never removed, so that two holders always meet at the same one.

    It goes with the open file: a process forked while it is held (not one that is spawned) shares it.
    """

    mark = ""  # what the lock says of its holder beside his process number

    def __init__(self, path: Path, refusal: str) -> None:
        """`refusal` is what to say to whom it is refused; the holder's process number is added."""
        self.path = path
        self._refusal = refusal
        self._descriptor: int | None = None

    def take(self) -> None:
        """Hold it from now on; AlreadyRunning, without waiting, if somebody else does."""
        self._descriptor = self._locked()
        with suppress(OSError):  # a full disk: the holder goes unnamed
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, f"{os.getpid()}{self.mark}\n".encode(), 0)

    def release(self) -> None:
        """Let the next one have it; nothing if it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def is_free(self) -> bool:
        """Whether nobody holds it at this moment."""
        try:
            os.close(self._locked())
        except AlreadyRunning:
            return False
        return True

    def _locked(self) -> int:
        descriptor = self._opened()
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 40, 0).decode(errors="replace").partition(" ")[0].strip()
            os.close(descriptor)
            named = f" (process {holder})" if holder.isdigit() else ""
            raise AlreadyRunning(self._refusal + named) from None
        return descriptor

    def _opened(self) -> int:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            return os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StoreReadOnly(self.path, f"cannot be locked: {error.strerror}") from error

    def __enter__(self) -> Lock:
        self.take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


class HostLock(Lock):
    """One host, to one crawl at a time, whatever source and store it is for in that folder."""

    def __init__(self, store_path: Path, host: str, *, yields: bool = False) -> None:
        """`host` is an `authority`; with and without `www.` it is one host."""
        name = quote(bare(host), safe="") + ".lock"
        super().__init__(store_path.absolute().parent / "locks" / name, f"{host}: another crawl is at it")
        self._wish = self.path.with_suffix(".wish")
        self._wished_before: float | None = None  # when it was wished for before we took it; None: never
        if yields:
            self.mark = _YIELDS

    def take(self) -> None:
        """Hold it from now on; a backfill that holds it is asked to give way, and does so within seconds."""
        patience = monotonic() + _PATIENCE
        while True:
            try:
                super().take()
                break
            except AlreadyRunning:
                if self.mark or not self._holder_yields() or monotonic() > patience:
                    raise
                self._wish.touch()
                sleep(0.1)
        self._wished_before = self._wished_at()

    def is_wished(self) -> bool:
        """Whether somebody has asked for the host since we took it."""
        return self._wished_at() != self._wished_before

    def _wished_at(self) -> float | None:
        """By whatever clock: only whether it is another moment tells anything."""
        with suppress(FileNotFoundError):
            return self._wish.stat().st_mtime
        return None

    def _holder_yields(self) -> bool:
        with suppress(OSError):
            return self.path.read_text(encoding="utf-8", errors="replace").rstrip("\n").endswith(_YIELDS)
        return False


class DaemonLock(Lock):
    """One store, to one daemon."""

    def __init__(self, store_path: Path) -> None:
        path = store_path.absolute()
        super().__init__(
            path.parent / "locks" / f"daemon of {quote(path.name, safe='')}.lock",
            f"{path}: another daemon watches this store; stop it first",
        )
