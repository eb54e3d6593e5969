"""A browser without a window, asked through its debugging pipe: what it shows of a page, and what it says of it."""

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kpi_cli.outputs.pdf import NAMES

BROWSER = None if sys.platform == "win32" else next(filter(None, map(shutil.which, NAMES)), None)
PATIENCE = 120
"""Seconds that it may think about one thing."""
TO_ITS_PIPES = "import fcntl, os, sys; a, b = (fcntl.fcntl(int(one), fcntl.F_DUPFD, 10) for one in sys.argv[1:3]); os.dup2(a, 3); os.dup2(b, 4); os.execv(sys.argv[3], sys.argv[3:])"
"""It reads from 3 and writes to 4."""


class Browser:
    """One page after the other in one tab. What the page logs, asks of a network or is refused is kept in `said`."""

    def __init__(self, reads: int, writes: int) -> None:
        self._reads, self._writes, self._left, self._number, self._session = reads, writes, b"", 0, ""
        self._ended: set[str] = set()
        self.said: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Audits"):
            self.call(f"{domain}.enable")

    def open(self, page: Path) -> None:
        """Shows a page anew, and waits until it is loaded."""
        self.said.clear()
        self._ended.clear()
        self.call("Page.navigate", url=page.as_uri())
        while "Page.loadEventFired" not in self._ended:
            self._hear()

    def look(self, width: int, scheme: str = "light", media: str = "screen") -> None:
        """As wide as that, for a reader who chose light or dark, or on paper."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        chosen = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", media=media, features=chosen)

    def ask(self, expression: str) -> Any:
        """What an expression comes to, awaited; the page's own policy does not bind who looks at it."""
        found = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def picture(self) -> bytes:
        """The whole page as PNG."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        return base64.b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)["data"])

    def call(self, method: str, **asked: Any) -> dict[str, Any]:
        """Asks one thing of it, and waits for the answer."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": asked}
        if self._session:
            message["sessionId"] = self._session
        line = json.dumps(message).encode() + b"\0"
        while line:
            line = line[os.write(self._writes, line) :]
        while True:
            heard = self._hear()
            if heard.get("id") == self._number:
                assert "error" not in heard, (method, heard["error"])
                return dict(heard["result"])

    def _hear(self) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE
        while b"\0" not in self._left:
            ready, _, _ = select.select([self._reads], [], [], max(until - time.monotonic(), 0))
            assert ready, "the browser says nothing"
            more = os.read(self._reads, 1 << 16)
            assert more, "the browser has gone"
            self._left += more
        line, _, self._left = self._left.partition(b"\0")
        heard: dict[str, Any] = json.loads(line)
        self._note(heard.get("method", ""), heard.get("params", {}))
        return heard

    def _note(self, event: str, told: dict[str, Any]) -> None:
        self._ended.add(event)
        if event in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded", "Audits.issueAdded"):
            self.said.append(json.dumps(told))
        if event == "Network.requestWillBeSent" and not told["request"]["url"].startswith(("file:", "data:")):
            self.said.append(told["request"]["url"])


@contextmanager
def browsing(folder: Path) -> Iterator[Browser]:
    """A browser with a profile of its own, which ends with the block."""
    assert BROWSER is not None
    its_reads, our_writes = os.pipe()
    our_reads, its_writes = os.pipe()
    line = [
        sys.executable, "-c", TO_ITS_PIPES, str(its_reads), str(its_writes), BROWSER, "--headless", "--disable-gpu",
        "--hide-scrollbars", "--no-first-run", "--disable-background-networking", "--disable-dev-shm-usage",
        "--remote-debugging-pipe", f"--user-data-dir={folder / 'profile'}",
        "--no-sandbox",  # which root and many containers cannot have; the pages are our own
    ]  # fmt: skip
    with (folder / "browser.log").open("wb") as log:
        running = subprocess.Popen(line, pass_fds=(its_reads, its_writes), stdout=log, stderr=log)
    os.close(its_reads)
    os.close(its_writes)
    try:
        browser = Browser(our_reads, our_writes)
        yield browser
        browser.call("Browser.close")
    finally:
        os.close(our_writes)
        os.close(our_reads)
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
