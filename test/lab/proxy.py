#!/usr/bin/env python3
"""A proxy that opens tunnels: proxy.py PORT UPSTREAM-PORT http|socks|plain [CHAIN KEY].

"http" answers CONNECT (RFC 9110 9.3.6), with CHAIN and KEY over TLS; "socks" is SOCKS 5 (RFC 1928), "plain" asks
for nothing. Whatever is asked for leads to UPSTREAM-PORT.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import socket
import ssl
import sys
import threading

from bio import context


def connect(client):
    head = b""
    while b"\r\n\r\n" not in head:
        data = client.recv(4096)
        if not data:
            raise EOFError("closed by the client")
        head += data
    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")


def socks(client):
    client.recv(4096)                                                  # version, methods
    client.sendall(b"\5\0")
    client.recv(4096)                                                  # version, command, address
    client.sendall(b"\5\0\0\1\0\0\0\0\0\0")


def carry(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    try:
        (sink.unwrap() if isinstance(sink, ssl.SSLSocket) else sink).shutdown(socket.SHUT_WR)
    except (OSError, ValueError):
        pass


def tunnel(client, port, greet, ctx):
    try:
        if ctx:
            client = ctx.wrap_socket(client, server_side=True)
        greet(client)
    except (OSError, EOFError) as error:
        print("error:", error, flush=True)
        client.close()
        return
    with client, socket.create_connection(("127.0.0.1", port)) as server:
        up = threading.Thread(target=carry, args=(client, server), daemon=True)
        up.start()
        carry(server, client)
        up.join(2)


def main():
    port, upstream, what = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    ctx = context(True, cert=sys.argv[4:6]) if len(sys.argv) > 4 else None
    listener = socket.create_server(("127.0.0.1", port))
    while True:
        client, _ = listener.accept()
        threading.Thread(target=tunnel, args=(client, upstream, {"http": connect, "socks": socks, "plain": lambda client: None}[what], ctx), daemon=True).start()


if __name__ == "__main__":
    main()
