"""Chromium without a window, over its debugging pipe: messages of JSON that end with a zero byte.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import base64
import json
import os
import subprocess

PROGRAM = "chromium"


class BrowserError(Exception):
    pass


class Browser:
    """with Browser(world) as browser: browser.open(path) -- in the world of the tests, with a profile of its own."""

    def __init__(self, world):
        self.world, self.number, self.events, self.rest, self.session = world, 0, [], b"", None

    def __enter__(self):
        for_it, writing = os.pipe()
        reading, from_it = os.pipe()
        command = [PROGRAM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                   "--remote-debugging-pipe", "--user-data-dir=" + self.world.own_folder("browser"), "about:blank"]
        self.process = subprocess.Popen(["sh", "-c", 'exec "$@" 3<&%d 4>&%d' % (for_it, from_it), "sh", *command],
                                        pass_fds=(for_it, from_it), cwd=self.world.folder, env=self.world.environment,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self.world.identity())
        os.close(for_it)
        os.close(from_it)
        self.writing, self.reading = os.fdopen(writing, "wb", 0), os.fdopen(reading, "rb", 0)
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        return self

    def __exit__(self, *_):
        self.writing.close()
        self.process.kill()
        self.process.wait()
        self.reading.close()

    def message(self):
        while b"\0" not in self.rest:
            more = os.read(self.reading.fileno(), 1 << 20)
            if not more:
                raise BrowserError("%s ended" % PROGRAM)
            self.rest += more
        first, _, self.rest = self.rest.partition(b"\0")
        return json.loads(first)

    def call(self, method, **parameters):
        """What METHOD returns; what happens until then is kept in self.events."""
        self.number += 1
        call = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            call["sessionId"] = self.session
        self.writing.write(json.dumps(call).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") != self.number:
                self.events.append(message)
            elif "error" in message:
                raise BrowserError("%s: %s" % (method, message["error"]["message"]))
            else:
                return message["result"]

    def happened(self, method):
        return [event["params"] for event in self.events if event.get("method") == method]

    def open(self, path):
        self.events.clear()
        self.call("Page.navigate", url="file://" + path)
        while not self.happened("Page.loadEventFired"):
            self.events.append(self.message())

    def show(self, width, height=800, dark=False, medium=""):
        """The window's size, and what the page is told of the reader's wishes."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", media=medium,
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def ask(self, expression):
        """The value of a JavaScript EXPRESSION, which the page itself could not run."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise BrowserError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def picture(self, path):
        answer = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(answer["data"]))

    def printed(self):
        """The page as a PDF file."""
        return base64.b64decode(self.call("Page.printToPDF")["data"])
