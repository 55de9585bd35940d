#!/usr/bin/env python3
"""Plays the side that does not speak TLS: plain.py client|server PORT WHAT.

A client sends a row of TALK and prints the answer. A server gives a row of ANSWERS.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import socket
import struct
import sys
import time

# what a client says first, and what it says next if it is answered
RDP_ASKS = bytes.fromhex("0300002b26e00000000000") + b"Cookie: mstshash=user\r\n"
RDP_ASKS = bytes([3, 0, 0, len(RDP_ASKS) + 8, len(RDP_ASKS) + 3]) + RDP_ASKS[5:] + bytes.fromhex("0100080003000000")
TALK = {
    "rdp": RDP_ASKS,
    "ehlo-first": b"EHLO client.test\r\n",
    "http": b"GET / HTTP/1.0\r\nHost: server.test\r\n\r\n",
    "mqtt": bytes.fromhex("100f00044d51545404020005") + b"\0\3lab",
    "nats": b'CONNECT {"verbose":false,"lang":"lab","version":"1"}\r\nPING\r\n',
    "smtp": b"EHLO client.test\r\n",
    "ssh": b"SSH-2.0-OpenSSH_9.2\r\n",
}

# what is sent at once, what is sent when something came, and how it ends
MYSQL = b"\x0a8.0.36\0" + bytes.fromhex("08000000") + b"saltsalt\0" + bytes.fromhex("fff7ff0200ffc715000000000000000000") + b"saltsaltsalt\0mysql_native_password\0"
ANSWERS = {
    "ldap-refuses": (b"", bytes.fromhex("300c02010178070a013404000400"), "fin"),
    "rdp-refuses": (b"", bytes.fromhex("030000130ed000001234000300080002000000"), "fin"),
    "mysql-lacks": (bytes([len(MYSQL), 0, 0, 0]) + MYSQL, b"", "fin"),
    "connect-refuses": (b"", b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "fin"),
    "connect-asks-password": (b"", b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"lab\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "fin"),
    "ftp": (b"220 server.test FTP ready\r\n", b"500 what?\r\n", "fin"),
    "imap": (b"* OK [CAPABILITY IMAP4rev1] server.test ready\r\n", b"* BAD what?\r\n", "fin"),
    "mysql": (bytes([len(MYSQL), 0, 0, 0]) + MYSQL, b"\x21\0\0\1\xff\x84\x04#08S01Got packets out of order", "fin"),
    "http": (b"", b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "fin"),
    "smtp": (b"220 server.test ESMTP\r\n", b"500 what?\r\n", "fin"),
    "ssh": (b"SSH-2.0-OpenSSH_9.2\r\n", b"", "fin"),
    "close": (b"", b"", "fin"),
    "reset": (b"", b"", "rst"),
    "silence": (b"", b"", "stall"),
}

# line by line, for what asks before it upgrades: the greeting, then answers by first word
MAIL = {
    "smtp-refuses": ("220 server.test ESMTP", {"EHLO": "250-server.test\r\n250 STARTTLS", "STARTTLS": "454 TLS not available due to temporary reason",
                                               "QUIT": "221 bye"}),
    "smtp-lacks": ("220 server.test ESMTP", {"EHLO": "250 server.test", "STARTTLS": "502 command not implemented", "QUIT": "221 bye"}),
    "imap-refuses": ("* OK server.test IMAP4rev1", {"CAPABILITY": "* CAPABILITY IMAP4rev1 STARTTLS\r\n. OK done", "STARTTLS": ". NO TLS is off",
                                                    "LOGOUT": "* BYE\r\n. OK bye"}),
    "smtp-leaves": ("220 server.test ESMTP", {"EHLO": "250-server.test\r\n250 SIZE 1000000", "QUIT": "221 bye"}),
    "nntp-refuses": ("200 server.test NNTP", {"CAPABILITIES": "101 list\r\nVERSION 2\r\nSTARTTLS\r\n.", "STARTTLS": "580 can not initiate TLS negotiation", "QUIT": "205 bye"}),
    "ftp-refuses": ("220 server.test FTP", {"FEAT": "211-list\r\n AUTH TLS\r\n211 end", "AUTH": "534 TLS is off", "QUIT": "221 bye"}),
    "pop3-refuses": ("+OK server.test POP3", {"CAPA": "+OK\r\nSTLS\r\n.", "STLS": "-ERR TLS is off", "QUIT": "+OK bye"}),
    "postgres-refuses": None,
}


def end(sock, how):
    if how == "stall":
        time.sleep(30)
    elif how == "rst":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()
    else:
        sock.shutdown(socket.SHUT_WR)
        time.sleep(0.5)


def mail(sock, greeting, answers):
    sock.sendall(greeting.encode() + b"\r\n")
    for line in sock.makefile("rb"):
        words = line.decode(errors="replace").upper().split()
        answer = next((answers[w] for w in words if w in answers), "500 what?")
        sock.sendall(answer.encode() + b"\r\n")


def serve(port, what):
    if what == "udp-silence":
        ignore(port)
    listener = socket.create_server(("127.0.0.1", port))
    while True:
        sock, _ = listener.accept()
        try:
            if what == "postgres-refuses":
                sock.recv(8)
                sock.sendall(b"N")
                end(sock, "fin")
            elif what in MAIL:
                mail(sock, *MAIL[what])
            else:
                at_once, later, how = ANSWERS[what]
                sock.sendall(at_once)
                if sock.recv(16384):
                    sock.sendall(later)
                end(sock, how)
        except OSError as error:
            print(error)
        sock.close()


def ignore(port):
    """A UDP port that takes everything and answers nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", port))
        while True:
            sock.recv(65536)


def talk(port, what):
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.sendall(TALK[what])
        sock.settimeout(1.0)
        try:
            while data := sock.recv(4096):
                print(repr(data))
            print("closed by the server")
        except OSError as error:
            print(error)


if __name__ == "__main__":
    {"client": talk, "server": serve}[sys.argv[1]](int(sys.argv[2]), sys.argv[3])
