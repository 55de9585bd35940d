#!/usr/bin/env python3
"""The Flow Graph "TLS Handshakes": each step with what matters in it, and the verdict at its place.

usage: ladder.py tlswhy.so

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re
import sys
import unittest

sys.dont_write_bytecode = True

from world import CAPTURES, WorldTest

PLUGIN = sys.argv.pop(1)

RENEGOTIATION = [  # of the founding story, from the second ClientHello on
    "ClientHello: offers TLS 1.2 at most, asks for server.test",
    "ServerHello: chooses TLS 1.2, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "Certificate: CN=server.test, issued by CN=New CA 1, valid until 2036-11-21",
    "ServerKeyExchange",
    "CertificateRequest: of the CAs CN=New CA 1; CN=New CA 2",
    "ServerHelloDone",
    "Certificate: CN=alice, issued by CN=Old CA, valid until 2036-11-21",
    "ClientKeyExchange",
    "CertificateVerify: rsa_pss_rsae_sha256",
    "ChangeCipherSpec",
    "Finished",
    "alert unknown_ca (48): level fatal",
    "Server rejected client certificate: its issuer CN=Old CA is not among the 2 CA names the server asked for",
    "TCP FIN",
    "TCP FIN"]


class Ladder(WorldTest):
    PLUGIN = PLUGIN

    def graph(self, *path, two_passes=False):
        """The comments of the graph, from above, and the whole text."""
        capture = self.world.put(os.path.join(CAPTURES, *path), os.path.basename(path[-1]))
        done = self.world.run([self.world.tshark, "-n", "-q", *(["-2"] if two_passes else []), "-r", capture,
                               "-z", "flow,tlswhy,standard"])
        if "flow" in done.stderr:
            self.skipTest("this tshark has no graph of ours: " + done.stderr)
        self.assertEqual((done.returncode, re.findall("CRITICAL|WARNING", done.stderr)), (0, []))
        return re.findall(r"^\|[\d.]+ +\|.*\|([^|]+)$", done.stdout, re.M), done.stdout

    def test_each_step_says_what_matters(self):
        comments, text = self.graph("founding-story", "apache-renegotiation.keys.pcapng")
        self.assertEqual(comments[-len(RENEGOTIATION):], RENEGOTIATION)
        self.assertIn("127.0.0.1 client", text)
        self.assertIn("127.0.0.1 server", text)

    def test_both_passes_draw_the_same(self):
        path = ("founding-story", "apache-renegotiation.keys.pcapng")
        self.assertEqual(self.graph(*path, two_passes=True)[0], self.graph(*path)[0])

    def test_encrypted_records(self):
        comments, _ = self.graph("founding-story", "apache-renegotiation.pcapng")
        self.assertIn("encrypted record, 40 bytes: must be Finished: it follows ChangeCipherSpec", comments)
        self.assertIn("encrypted alert, 26 bytes", comments)
        comments, _ = self.graph("healthy", "curl-nginx-13.pcapng")
        self.assertIn("encrypted record, 69 bytes: must end with Finished: the handshake goes on after it", comments)
        self.assertEqual(comments.count("application data"), 2)

    def test_datagrams(self):
        comments, _ = self.graph("healthy", "dtls-ossl-ossl.pcapng")
        self.assertEqual(comments[:3], ["ClientHello: offers DTLS 1.2 at most, asks for server.test", "HelloVerifyRequest",
                                        "ClientHello: offers DTLS 1.2 at most, asks for server.test"])

    def test_tls_inside_tls(self):
        capture = self.world.put(os.path.join(CAPTURES, "server-cert-expired", "stunnel-inner-12.keys.pcapng"), "inner.pcapng")
        said = self.world.run([self.world.tshark, "-n", "-q", "-r", capture, "-z", "tlswhy,report:ladder=tcp.0"]).stdout
        inner = said.partition("Handshakes of the TLS inside it: ")[2]
        self.assertIn("alert certificate_expired (45)", inner)
        self.assertIn("why: Client rejected server certificate: leaf CN=server.test expired", inner)

    def test_frames_without_network_addresses(self):
        comments, text = self.graph("client-cert-expired", "eap-wpa_supplicant-hostapd.pcapng")
        self.assertEqual(comments[0], "ClientHello: offers TLS 1.2 at most")
        self.assertEqual(len([said for said in comments if "CN=carol expired" in said]), 1)


if __name__ == "__main__":
    unittest.main()
