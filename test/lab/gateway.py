#!/usr/bin/env python3
"""A gateway that looks into TLS: gateway.py PORT UPSTREAM:PORT CHAIN KEY [options].

It waits for a ClientHello, connects to the server as a client of its own, and only then answers with the certificate in
CHAIN, which its own authority issued; what both sides say it passes on.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import select
import socket
import ssl
import struct
import threading
import time

from pki import NAME

VERSIONS = {"12": ssl.TLSVersion.TLSv1_2, "13": ssl.TLSVersion.TLSv1_3}


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("upstream")
    parser.add_argument("chain")
    parser.add_argument("key")
    parser.add_argument("--trust", help="authorities of servers; without it, any certificate will do")
    parser.add_argument("--version", help="the one version that it speaks with the server")
    parser.add_argument("--refuses", default="rst", help="what the client gets when the server did not please: rst, fin, or the number of an alert")
    return parser.parse_args()


def refuse(client, how):
    client.recv(65536)
    if how == "rst":
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    elif how != "fin":
        client.sendall(bytes([21, 3, 3, 0, 2, 2, int(how)]))
        client.shutdown(socket.SHUT_WR)
        time.sleep(0.2)
    client.close()


def pass_on(one, other):
    """Until either side ends."""
    while True:
        for ready in [s for s in (one, other) if s.pending()] or select.select([one, other], [], [], 10)[0]:
            data = ready.recv(65536)
            if not data:
                return
            (other if ready is one else one).sendall(data)


def serve(client, args):
    client.recv(1, socket.MSG_PEEK)
    upstream = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    upstream.check_hostname = bool(args.trust)
    upstream.verify_mode = ssl.CERT_REQUIRED if args.trust else ssl.CERT_NONE
    if args.trust:
        upstream.load_verify_locations(args.trust)
    if args.version:
        upstream.minimum_version = upstream.maximum_version = VERSIONS[args.version]
    host, port = args.upstream.rsplit(":", 1)
    try:
        server = upstream.wrap_socket(socket.create_connection((host, int(port))), server_hostname=NAME)
    except OSError as error:
        print("upstream:", error, flush=True)
        return refuse(client, args.refuses)
    downstream = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    downstream.load_cert_chain(args.chain, args.key)
    try:
        client = downstream.wrap_socket(client, server_side=True)
        pass_on(client, server)
    except OSError as error:
        print("client:", error, flush=True)
    for sock in (server, client):
        try:
            sock.unwrap()
        except (OSError, ValueError):
            pass
        sock.close()
    return None


def main():
    args = options()
    listener = socket.create_server(("127.0.0.1", args.port))
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, args), daemon=True).start()


if __name__ == "__main__":
    main()
