"""The person at the screen: opens a capture in Wireshark with the profile, goes to the frame that failed, reads the
reason in the packet details, opens Analyze > Expert Information, finds it there and goes back to
the frame by a click. Then asks Tools > TLS Failure Analysis for help, makes a filter and a column of the reason, and
presses a button of the profile.

usage: session.py CAPTURE FRAME CAUSE REASON PROFILE PICTURES

Keys and clicks are real ones (xdotool); what stands on the screen is read from the accessibility
tree, which has it to the letter, where a recognised picture would not.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import subprocess
import sys
import time

import pyatspi

CAPTURE, FRAME, CAUSE, REASON, PROFILE, PICTURES = sys.argv[1:]
PATIENCE = 30  # seconds; a loaded machine takes its time
NOT_TOLD = 75  # exit status
IDLE = 2  # seconds without work: it has started


def below(node, skip=()):
    """NODE and all that is below it. Objects vanish while one looks; that is no error."""
    try:
        if node is None or node.getRoleName() in skip:
            return
        yield node
        children = [node.getChildAtIndex(index) for index in range(node.childCount)]
    except Exception:
        return
    for child in children:
        yield from below(child, skip)


def windows():
    desktop = pyatspi.Registry.getDesktop(0)
    return [window for application in below_one(desktop) for window in below_one(application)]


def below_one(node):
    return [child for child in (node.getChildAtIndex(index) for index in range(node.childCount)) if child]


def look_for(what, find):
    """The first thing that FIND returns, or None if it takes too long."""
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
    return None


def wait_for(what, find):
    """The same; the test fails if it takes too long."""
    found = look_for(what, find)
    if found:
        return found
    take_picture("failed")
    sys.exit("NOT seen within %d seconds: %s" % (PATIENCE, what))


def window(title):
    return next((candidate for candidate in windows() if title in candidate.name), None)


def cells(title, tree=None):
    """The texts in a window's table or tree, as objects; of the one named TREE, if given."""
    found = window(title)
    trees = [node for node in below(found, skip=("menu bar",)) if node.getRoleName() in ("tree", "tree table")]
    return [cell for node in trees if tree in (None, node.name) for cell in below_one(node)]


def cell(title, text, tree=None):
    return next((found for found in cells(title, tree) if text in found.name), None)


def choose(menu_key, *names):
    """A menu's item, by keyboard; all but the last of NAMES are submenus on the way to it."""
    press(menu_key)
    for number, name in enumerate(names):
        wait_for("menu with " + name, lambda: menu_item(name))
        for _ in range(40):  # upwards from the end, until the item is the active one
            if menu_item(name).getState().contains(pyatspi.STATE_FOCUSED):
                break
            press("Up")
        press("Return" if number == len(names) - 1 else "Right")


def menu_item(name):
    """The last one of this name: a submenu that is open comes after the items of its menu."""
    items = [node for node in below(window(MAIN), skip=("tree", "tree table"))
             if node.getRoleName() in ("menu item", "menu") and node.name == name]
    return items[-1] if items else None


def text_in(title):
    """What stands in the text fields of a window."""
    found = [node.queryText().getText(0, -1) for node in below(window(title), skip=("menu bar", "tree", "tree table"))
             if node.getRoleName() in ("text", "editable text", "document text")]
    return "\n".join(found)


def button(name):
    return next((node for node in below(window(MAIN), skip=("menu bar", "tree", "tree table"))
                 if "button" in node.getRoleName() and node.name == name), None)


def shown_packets():
    """The cells of the packet list's rows; a filter leaves few."""
    return cells(MAIN, "Packet list")


def frame_is_alone():
    names = [found.name for found in shown_packets()]
    return FRAME in names and "1" not in names


def all_are_back():
    return "1" in [found.name for found in shown_packets()]


def check_box(name):
    return next((node for node in below(window(EXPERT))
                 if node.getRoleName() == "check box" and node.name == name), None)


def unfold(protocol):
    """In the expert window, the packets of the first group of a protocol."""
    click(wait_for("expert group of " + protocol, lambda: cell(EXPERT, protocol)))
    press("Right")


def place(node):
    box = node.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
    return box.x + min(box.width // 2, 100), box.y + box.height // 2


def xdotool(*arguments):
    subprocess.run(["xdotool", *map(str, arguments)], check=True)
    time.sleep(0.3)


def press(*keys):
    xdotool("key", "--delay", 50, *keys)


def click(node):
    xdotool("mousemove", *place(node), "click", 1)


def on_screen(title):
    """The numbers of the X server's windows with this title."""
    return subprocess.run(["xdotool", "search", "--name", title], capture_output=True, text=True).stdout.split()


def enlarge(title):
    for number in on_screen(title):
        xdotool("windowsize", number, 1180, 760, "windowmove", number, 20, 40)


def take_picture(name):
    subprocess.run(["import", "-window", "root", os.path.join(PICTURES, name + ".png")], check=True)


def go_to_frame(number):
    press("ctrl+g")
    xdotool("type", "--delay", 50, number)
    press("Return")


MAIN = os.path.basename(CAPTURE)
EXPERT = "Expert Information"
DETAILS = "Packet details"
WHY = "Why Did This Handshake Fail"


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


def start():
    """Starts Wireshark. Sometimes the accessibility bus of a session is never told of it; then another session helps."""
    programs.append(subprocess.Popen(["wireshark", "-C", PROFILE, "-r", CAPTURE], stderr=subprocess.DEVNULL))
    wait_for("the capture's window on the screen", lambda: on_screen(MAIN))
    settle(programs[-1])
    if not look_for("the capture's window", lambda: window(MAIN)):
        take_picture("failed")
        print("NOT told of: the capture's window", flush=True)
        sys.exit(NOT_TOLD)


def main():
    start()
    wait_for("packets", lambda: cells(MAIN, "Packet list"))
    enlarge(MAIN)

    go_to_frame(FRAME)
    wait_for("frame " + FRAME, lambda: cell(MAIN, "Frame %s:" % FRAME, DETAILS))
    wait_for("the reason in the packet details", lambda: cell(MAIN, REASON, DETAILS))
    take_picture("1-packet-details")

    go_to_frame(1)
    wait_for("frame 1", lambda: cell(MAIN, "Frame 1:", DETAILS))
    choose("alt+a", EXPERT)
    wait_for("the expert window", lambda: window(EXPERT))
    enlarge(EXPERT)
    unfold("tlswhy")
    take_picture("2-expert-information-grouped")  # a group's line is the cause, its packets' lines are their Info
    click(wait_for("the box Group by summary", lambda: check_box("Group by summary")))
    unfold("tlswhy")
    reason = wait_for("the reason in the expert window", lambda: cell(EXPERT, REASON))
    take_picture("3-expert-information")

    click(reason)
    wait_for("frame %s, after a click on the reason" % FRAME, lambda: cell(MAIN, "Frame %s:" % FRAME, DETAILS))
    press("Escape")  # closes the expert window
    take_picture("4-back-at-the-frame")

    choose("alt+t", "TLS Failure Analysis", WHY)
    wait_for("the help on the verdict", lambda: REASON in text_in(WHY) and "What to do" in text_in(WHY))
    take_picture("5-help")
    press("Escape")

    click(wait_for("the reason in the packet details", lambda: cell(MAIN, REASON, DETAILS)))
    press("End", "Right", "Down")  # the last protocol unfolds, and its first item is the reason
    choose("alt+a", "Apply as Filter", "Selected")
    wait_for("the failed frame alone", frame_is_alone)
    take_picture("6-filtered")
    click(wait_for("the verdict's cause", lambda: cell(MAIN, "Cause: " + CAUSE, DETAILS)))
    press("ctrl+shift+i")  # Apply as Column
    wait_for("a column with the cause", lambda: cell(MAIN, CAUSE, "Packet list"))
    take_picture("7-column")
    press("ctrl+slash", "ctrl+a", "Delete", "Return")
    wait_for("all frames", all_are_back)

    click(wait_for("button All failures", lambda: button("All failures")))
    wait_for("the failed frame alone, by a button of the profile", frame_is_alone)
    take_picture("8-button")


programs = []
try:
    programs.append(subprocess.Popen(["openbox"], stderr=subprocess.DEVNULL))
    pyatspi.Registry.getDesktop(0)  # starts the accessibility bus: Wireshark looks for it when it starts
    main()
finally:
    for program in reversed(programs):
        program.kill()
