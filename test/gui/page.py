#!/usr/bin/env python3
"""The page of `tlswhy --html` in a browser: on a phone, on a desk, in the dark, printed; with hostile names, with pseudonyms.

usage: page.py tlswhy.so TLSWHY SCREENSHOTS

Exit status 77: there is no Chromium to see it in. The page's text is tested without one in tshark/tlswhy_messages.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import shutil
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "tshark"))
sys.dont_write_bytecode = True

import browser
from world import CAPTURES, WorldTest

PLUGIN, COMMAND, SCREENSHOTS = sys.argv.pop(1), sys.argv.pop(1), sys.argv.pop(1)
FAILED = ("founding-story", "apache-renegotiation.keys.pcapng")
NAMED = ("server-cert-name-mismatch", "gnutls-ossl-12.pcapng")
HOSTILE = "<i>x</i>&'\""  # as long as the name in whose place it stands
PHONE, DESK = 390, 1200

# Of each element with text of its own: its contrast with what is behind it (WCAG 2), where that is less than 4.5.
FAINT = """(() => {
    const rgb = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = colour => rgb(colour).slice(0, 3).map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = node => {
        for (; node; node = node.parentElement) {
            const box = node.matches('g.why') ? node.querySelector('rect') : null;
            const colour = box ? getComputedStyle(box).fill : getComputedStyle(node).backgroundColor;
            if (rgb(colour)[3] !== 0) return colour;
        }
        return 'rgb(255, 255, 255)';
    };
    return [...document.body.querySelectorAll('*:not(style)')].filter(node => [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim()))
        .map(node => {
            const style = getComputedStyle(node), a = light(node instanceof SVGElement ? style.fill : style.color), b = light(behind(node));
            return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), node.textContent.slice(0, 40)];
        }).filter(([contrast]) => contrast < 4.5);
})()"""

# Lines of the ladder that leave the picture.
OUTSIDE = """[...document.querySelectorAll('svg text')].filter(text => {
    const box = text.getBBox(), picture = text.ownerSVGElement.viewBox.baseVal;
    return box.x < 0 || box.x + box.width > picture.width || box.y + box.height > picture.height;
}).map(text => text.textContent)"""

WIDTH = "document.documentElement.scrollWidth"


class Page(WorldTest):
    PLUGIN, COMMAND = PLUGIN, COMMAND

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = browser.Browser(cls.world)
        cls.browser.__enter__()
        cls.addClassCleanup(cls.browser.__exit__)

    def open(self, name, content, *options):
        """The page on a capture with this CONTENT, as a file NAME."""
        capture = os.path.join(self.world.folder, name + ".pcapng")
        with open(capture, "wb") as file:
            file.write(content)
        page = os.path.join(self.world.own_folder(name), "page.html")
        done = self.world.run([self.command, "--html", page, *options, capture])
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.browser.open(page)
        for width in (PHONE, DESK):
            self.browser.show(width)
            self.browser.picture(os.path.join(SCREENSHOTS, "page-%s-%d.png" % (name, width)))
            self.assertLessEqual(self.browser.ask(WIDTH), width)
            self.assertEqual(self.browser.ask(OUTSIDE), [])
        self.assertEqual([request["request"]["url"] for request in self.browser.happened("Network.requestWillBeSent")],
                         ["file://" + page])
        for complaint in ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown"):
            self.assertEqual(self.browser.happened(complaint), [])

    def capture(self, path):
        with open(os.path.join(CAPTURES, *path), "rb") as file:
            return file.read()

    def test_light_dark_and_printed(self):
        self.open("failed", self.capture(FAILED))
        self.assertEqual(self.browser.ask("document.querySelectorAll('svg').length"), 1)
        self.assertIn("its issuer CN=Old CA is not among", self.browser.ask("document.body.innerText"))
        papers = []
        for options in ({}, {"dark": True}, {"medium": "print"}, {"medium": "print", "dark": True}):
            self.browser.show(DESK, **options)
            papers.append(self.browser.ask("getComputedStyle(document.body).backgroundColor"))
            self.assertEqual(self.browser.ask(FAINT), [], options)
            if options == {"dark": True}:
                self.browser.picture(os.path.join(SCREENSHOTS, "page-failed-dark.png"))
        white = "rgb(255, 255, 255)"
        self.assertEqual((papers[0], papers[1] == white, papers[2], papers[3]), (white, False, white, white))
        self.assertTrue(self.browser.printed().startswith(b"%PDF-"))

    def test_hostile_names(self):
        self.open("hostile", self.capture(NAMED).replace(b"server.test", HOSTILE.encode()))
        self.assertEqual(self.browser.ask("document.querySelectorAll('i').length"), 0)
        self.assertIn(HOSTILE, self.browser.ask("document.body.innerText"))

    def test_long_names(self):
        """Without a place to break a line at."""
        self.open("long", self.capture(NAMED).replace(b"server.test", b"WWWWWWWWWWW"))

    def test_pseudonyms(self):
        self.open("anonymous", self.capture(FAILED), "--anonymize")
        self.assertNotRegex(self.browser.ask("document.documentElement.textContent"), r"server\.test|Old CA|alice|127\.0\.0\.1")


if __name__ == "__main__":
    if not shutil.which(browser.PROGRAM):
        print("not seen in a browser: %s is not installed" % browser.PROGRAM)
        sys.exit(77)
    os.makedirs(SCREENSHOTS, exist_ok=True)
    unittest.main()
