"""A person's way to the reason, in Wireshark with the profile: the packet details, the expert window, the help, a filter and
a column of it; from the beginning of the connection to its end and to the evidence; statistics and graph.

usage: session.py CAPTURE EXPECTED PROFILE PICTURES

EXPECTED is a file of run.py's, which says what must stand there.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import sys

from person import Person, cell, click, enlarge, part, parts, press, text_in, window, xdotool

EXPERT = "Expert Information"
WHY = "Why Did This Handshake Fail"
FLOW = "Flow"
STATISTICS = "TLS Failures"


def read_details(p, expected):
    p.go_to_frame(expected["frame"])
    p.detail(expected["reason"])
    p.take_picture("1-packet-details")


def unfold(p, protocol):
    """In the expert window, the packets of the first group of a protocol."""
    click(p.wait_for("expert group of " + protocol, lambda: cell(EXPERT, protocol)))
    press("Right")


def go_by_expert_window(p, expected):
    p.go_to_frame(1)
    p.open_window(EXPERT, "alt+a", EXPERT)
    enlarge(EXPERT)
    unfold(p, "tlswhy")
    p.take_picture("2-expert-information-grouped")  # a group's line is the cause, its packets' lines are their Info
    click(p.wait_for("the box Group by summary", lambda: part(EXPERT, "check box", "Group by summary")))
    unfold(p, "tlswhy")
    reason = p.wait_for("the reason in the expert window", lambda: cell(EXPERT, expected["reason"]))
    p.take_picture("3-expert-information")
    click(reason)
    p.detail("Frame %s:" % expected["frame"])
    press("Escape")  # closes the expert window
    p.take_picture("4-back-at-the-frame")


def filter_and_column(p, expected):
    p.pick("[TLS Failure Analysis: ")
    press("Right")
    p.pick("Reason: " + expected["reason"])
    p.choose("alt+a", "Apply as Filter", "Selected")
    p.wait_for("the failed frame alone", lambda: is_alone(p, expected))
    p.take_picture("5-filtered")
    p.pick("Cause: " + expected["cause"])
    press("ctrl+shift+i")  # Apply as Column
    p.wait_for("a column with the cause", lambda: expected["cause"] in p.packets())
    p.take_picture("6-column")
    p.set_filter("")
    p.wait_for("all frames", lambda: "1" in p.packets())


def is_alone(p, expected):
    return expected["frame"] in p.packets() and "1" not in p.packets()


def from_the_beginning(p, expected):
    """The ClientHello leads to the end; and Wireshark's help is on the connection, wherever one stands in it."""
    p.go_to_frame(expected["hello"])
    p.detail("failed in frame %s: %s" % (expected["frame"], expected["reason"]))
    p.open_window(WHY, "alt+t", "TLS Failure Analysis", WHY)
    p.wait_for("the help on the verdict", lambda: expected["reason"] in text_in(WHY) and "What to do" in text_in(WHY))
    p.take_picture("7-help")
    press("Escape")
    p.follow("Failed in frame: " + expected["frame"])
    p.detail("Frame %s:" % expected["frame"])


def to_the_evidence(p, expected):
    """Its links lead nowhere while its frames are hidden; what Show This Connection leaves, they reach."""
    click(p.wait_for("button All failures", lambda: part(p.main, "push button", "All failures")
                     or part(p.main, "button", "All failures")))
    p.wait_for("the failed frame alone, by a button of the profile", lambda: is_alone(p, expected))
    p.take_picture("8-button")
    p.choose("alt+t", "TLS Failure Analysis", "Show This Connection")
    p.wait_for("the connection's filter", lambda: expected["filter"] in text_in(p.main))
    p.wait_for("its frames", lambda: "1" in p.packets())
    p.pick("Evidence: %s (frame %s)" % (expected["evidence"], expected["evidence frame"]))
    press("Right")
    p.follow("Frame: " + expected["evidence frame"])
    p.detail("Frame %s:" % expected["evidence frame"])
    p.take_picture("9-evidence")


def statistics(p, expected):
    p.open_window(STATISTICS, "alt+s", STATISTICS)
    enlarge(STATISTICS)
    p.wait_for("the cause in the statistics", lambda: cell(STATISTICS, expected["cause"]))
    p.take_picture("10-statistics")
    press("Escape")


def graph(p, expected):
    p.open_window(FLOW, "alt+s", "Flow Graph")
    enlarge(FLOW)
    kind = p.wait_for("the kinds of graphs", lambda: part(FLOW, "combo box", "All Flows"))
    click(kind)
    xdotool("type", "TLS")
    press("Return")
    count = "%d item(s)" % expected["rungs"]
    p.wait_for("the graph of %s" % count, lambda: any(count in node.name for node in parts(FLOW, "label")))
    p.take_picture("11-graph")
    press("Escape")


def main():
    capture, expected, profile, pictures = sys.argv[1:]
    with open(expected, encoding="utf-8") as file:
        expected = json.load(file)
    with Person(capture, profile, pictures) as p:
        p.start()
        for part_of_it in (read_details, go_by_expert_window, filter_and_column, from_the_beginning, to_the_evidence, statistics,
                           graph):
            part_of_it(p, expected)


if __name__ == "__main__":
    main()
