"""A person who has the facts of another capture in the preferences: the verdict shows its evidence from there, and a file
that is damaged, or of another version, is refused in a window of its own.

usage: session_remembered.py CAPTURE PICTURES

SPDX-License-Identifier: GPL-2.0-or-later
"""
import sys

from person import Person, on_screen, press

FRAME = "5"
REASON = "The reset was made in between: the server has not sent it"
EVIDENCE = "(server.pcapng, frame "


def evidence(capture, pictures):
    with Person(capture, "Whole", pictures) as p:
        p.start()
        p.go_to_frame(FRAME)
        p.detail(REASON)
        p.pick("[TLS Failure Analysis: ")
        press("Right")
        p.pick(EVIDENCE)
        press("Right")
        p.detail("Capture: server.pcapng")
        p.take_picture("remembered-1-evidence")


def refusal(capture, profile, picture, pictures):
    with Person(capture, profile, pictures) as p:
        p.start()
        p.wait_for("the window that refuses the file", lambda: on_screen("^Wireshark$"))  # tshark/remembered.py reads it
        p.take_picture(picture)


def main():
    capture, pictures = sys.argv[1:]
    evidence(capture, pictures)
    refusal(capture, "Cut", "remembered-2-refused", pictures)
    refusal(capture, "Old", "remembered-3-other-version", pictures)


if __name__ == "__main__":
    main()
