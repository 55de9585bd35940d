#!/usr/bin/env python3
"""A server that uses GnuTLS through its C interface: gnutls_app.py PORT PRIORITY CHAIN KEY ALERT.

It ends an established connection with ALERT. Where ALERT is "require", it demands a client certificate, and ends without an
alert where the handshake fails, as programs do that do not send one themselves (OpenLDAP).

SPDX-License-Identifier: GPL-2.0-or-later
"""
import ctypes
import os
import socket
import sys

SERVER, PEM, CREDENTIALS_CERTIFICATE, FATAL, CERT_REQUIRE = 1, 1, 1, 2, 2


def main():
    port, priority, chain, key, alert = sys.argv[1:]
    gnutls = ctypes.CDLL("libgnutls.so.30")
    gnutls.gnutls_strerror.restype = ctypes.c_char_p
    credentials = ctypes.c_void_p()
    gnutls.gnutls_certificate_allocate_credentials(ctypes.byref(credentials))
    gnutls.gnutls_certificate_set_x509_key_file(credentials, chain.encode(), key.encode(), PEM)
    listener = socket.create_server(("127.0.0.1", int(port)))
    while True:
        sock, _ = listener.accept()
        session = ctypes.c_void_p()
        gnutls.gnutls_init(ctypes.byref(session), SERVER)
        gnutls.gnutls_priority_set_direct(session, priority.encode(), None)
        gnutls.gnutls_credentials_set(session, CREDENTIALS_CERTIFICATE, credentials)
        gnutls.gnutls_transport_set_int2(session, sock.fileno(), sock.fileno())
        if alert == "require":
            gnutls.gnutls_certificate_server_set_request(session, CERT_REQUIRE)
        result = gnutls.gnutls_handshake(session)
        print("handshake:", gnutls.gnutls_strerror(result).decode(), flush=True)
        data = ctypes.create_string_buffer(4096)
        if alert != "require" and result == 0 and gnutls.gnutls_record_recv(session, data, len(data)) > 0:
            print("got data; the program ends the session with alert", alert, flush=True)
            gnutls.gnutls_alert_send(session, FATAL, int(alert))
        gnutls.gnutls_deinit(session)
        sock.close()


if __name__ == "__main__":
    main()
