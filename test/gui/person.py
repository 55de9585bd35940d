"""A person at the screen of Wireshark: eyes and hands. session.py says what for.

Keys and clicks are real ones (xdotool); what stands on the screen is read from the accessibility
tree, which has it to the letter, where a recognised picture would not.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import subprocess
import sys
import time

import pyatspi

PATIENCE = 60  # seconds; a loaded machine takes its time
IDLE = 2  # seconds without work: it has started
DETAILS = "Packet details"
LISTS = ("tree", "tree table")
TREES = [(DETAILS, role) for role in LISTS]


def children(node):
    return [child for child in (node.getChildAtIndex(index) for index in range(node.childCount)) if child]


def below(node, skip=()):
    """NODE and all that is below it. Objects vanish while one looks; that is no error."""
    try:
        if node is None or node.getRoleName() in skip:
            return
        yield node
        found = children(node)
    except Exception:
        return
    for child in found:
        yield from below(child, skip)


def window(title):
    windows = [found for application in children(pyatspi.Registry.getDesktop(0)) for found in children(application)]
    return next((found for found in windows if title in found.name), None)


def parts(title, *roles):
    """What is in a window, but for menus and lists, and has one of these roles."""
    return [node for node in below(window(title), skip=("menu bar",) + LISTS) if node.getRoleName() in roles]


def part(title, role, name):
    return next((node for node in parts(title, role) if node.name == name), None)


def cells(title, tree=None):
    """The texts in a window's table or tree, as objects; of the one named TREE, if given."""
    trees = [node for node in below(window(title), skip=("menu bar",)) if node.getRoleName() in LISTS]
    return [cell for node in trees if tree in (None, node.name) for cell in children(node)]


def cell(title, text, tree=None):
    return next((found for found in cells(title, tree) if text in found.name), None)


def text_in(title):
    """What stands in the text fields of a window."""
    fields = parts(title, "text", "editable text", "document text")
    return "\n".join(field.queryText().getText(0, -1) for field in fields)


def xdotool(*arguments):
    subprocess.run(["xdotool", *map(str, arguments)], check=True)
    time.sleep(0.3)


def press(*keys):
    xdotool("key", "--delay", 50, *keys)


def click(node, times=1):
    box = node.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
    x, y = box.x + min(box.width // 2, 100), box.y + box.height // 2
    xdotool("mousemove", x, y, "click", "--repeat", times, "--delay", 100, 1)


def on_screen(title):
    """The numbers of the X server's windows with this title."""
    return subprocess.run(["xdotool", "search", "--name", title], capture_output=True, text=True).stdout.split()


def enlarge(title):
    for number in on_screen(title):
        xdotool("windowsize", number, 1180, 760, "windowmove", number, 20, 40)


def ticks(process):
    """What PROCESS has had of the processor so far."""
    with open("/proc/%d/stat" % process.pid) as stat:
        return stat.read().rsplit(")", 1)[1].split()[11:13]


def settle(process):
    """Until PROCESS has had nothing to do for IDLE seconds."""
    end, before, since = time.monotonic() + PATIENCE, ticks(process), time.monotonic()
    while time.monotonic() < end and time.monotonic() - since < IDLE:
        time.sleep(0.2)
        now = ticks(process)
        if now != before:
            before, since = now, time.monotonic()


class Person:
    """Sits before CAPTURE, opened with PROFILE; keeps PICTURES of the screen in that folder."""

    def __init__(self, capture, profile, pictures):
        self.main = os.path.basename(capture)
        self.command = ["wireshark", "-C", profile, "-r", capture]
        self.pictures, self.programs = pictures, []

    def __enter__(self):
        self.programs.append(subprocess.Popen(["openbox"], stderr=subprocess.DEVNULL))
        pyatspi.Registry.getDesktop(0)  # starts the accessibility bus: Wireshark looks for it when it starts
        return self

    def __exit__(self, *_):
        for program in reversed(self.programs):
            program.kill()

    def start(self):
        """Starts Wireshark. What is asked of it too early stays empty."""
        self.programs.append(subprocess.Popen(self.command, stderr=subprocess.DEVNULL))
        self.wait_for("the capture's window on the screen", lambda: on_screen(self.main))
        settle(self.programs[-1])
        self.wait_for("the capture's window", lambda: window(self.main))
        self.wait_for("packets", self.packets)
        enlarge(self.main)

    # ---- eyes ----

    def wait_for(self, what, find):
        """The first thing that FIND returns; the test fails if it takes too long."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                found = find()
            except Exception:  # the tree changes under our eyes
                found = None
            if found:
                print("seen: " + what, flush=True)
                return found
            time.sleep(0.3)
            pyatspi.Registry.getDesktop(0).clear_cache()  # what was asked for too early stays empty otherwise
        self.take_picture("failed")
        sys.exit("NOT seen within %d seconds: %s" % (PATIENCE, what))

    def take_picture(self, name):
        subprocess.run(["import", "-window", "root", os.path.join(self.pictures, name + ".png")], check=True)

    def packets(self):
        """The texts of the packet list's rows; a filter leaves few."""
        return [found.name for found in cells(self.main, "Packet list")]

    def detail(self, text):
        """Waits for the item of the packet details that holds TEXT."""
        return self.wait_for("in the packet details: " + text, lambda: cell(self.main, text, DETAILS))

    def pick(self, text):
        """The same, and selects it, wherever the tree is scrolled to. Its lines are one cell each."""
        self.detail(text)
        click(next(node for node in below(window(self.main), skip=("menu bar",)) if (node.name, node.getRoleName()) in TREES))
        lines = [line.name for line in cells(self.main, DETAILS)]
        lines = lines[next(number for number, line in enumerate(lines) if line.startswith("Frame ")):]
        press("Home", *["Down"] * lines.index(cell(self.main, text, DETAILS).name))
        return cell(self.main, text, DETAILS)

    def menu_item(self, name):
        """The last one of this name: a submenu that is open comes after the items of its menu."""
        items = [node for node in below(window(self.main), skip=LISTS)
                 if node.getRoleName() in ("menu item", "menu") and node.name == name]
        return items[-1] if items else None

    # ---- hands ----

    def choose(self, menu_key, *names):
        """A menu's item, by keyboard; all but the last of NAMES are submenus on the way to it."""
        press(menu_key)
        for number, name in enumerate(names):
            self.wait_for("menu with " + name, lambda: self.menu_item(name))
            for _ in range(40):  # upwards from the end, until the item is the active one
                if self.menu_item(name).getState().contains(pyatspi.STATE_FOCUSED):
                    break
                press("Up")
            press("Return" if number == len(names) - 1 else "Right")

    def open_window(self, title, menu_key, *names):
        self.choose(menu_key, *names)
        self.wait_for("window " + title, lambda: window(title))

    def go_to_frame(self, number):
        press("ctrl+g")
        xdotool("type", "--delay", 50, number)
        press("Return")
        self.detail("Frame %s:" % number)

    def follow(self, text):
        """A link of the packet details to another frame."""
        click(self.pick(text), times=2)

    def set_filter(self, text):
        press("ctrl+slash", "ctrl+a", "Delete")
        if text:
            xdotool("type", "--delay", 20, text)
        press("Return")
