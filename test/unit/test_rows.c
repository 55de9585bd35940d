/* Each row of the rules wins in some play: so no row is dead, and here stands what it is for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "build.h"
#include "compare/contrast.h"
#include "rules/rules.h"

/* clang-format off */
static const struct {
    const char *rule, *script;
} plays[] = {
    { "starttls-refused/declined", "S:declined(454_TLS_not_available)" },
    { "not-tls-from-client/proxy-header", "C:preamble(PROXY_TCP4_192.0.2.1_192.0.2.2_1_443) +C:hello S:fatal(10)" },
    { "not-tls-from-server/first-bytes", "C:hello S:plain(SSH-2.0-x) S:FIN" },
    { "not-tls-from-server/greeting", "S:plain(SSH-2.0-x) C:hello S:FIN" },
    { "not-tls-from-client/first-bytes", "C:plain(GET) S:alert(2,10)" },
    { "version-no-overlap/quic-negotiation", "quic C:initial S:versions(709a50c4) end(10)" },
    { "internal-error/quic", "quic C:hello(13) +C:initial S:close(1)" },
    { "handshake-refused/quic-connection-refused", "quic C:hello(13) +C:initial S:close(2)" },
    { "handshake-refused/quic-parameters", "quic C:hello(13) +C:initial S:close(8)" },
    { "handshake-refused/quic-violation", "quic C:hello(13) +C:initial S:close(a)" },
    { "handshake-refused/quic-token", "quic C:hello(13) +C:initial S:close(b)" },
    { "version-no-overlap/quic-error", "quic C:hello(13) +C:initial S:close(11)" },
    { "version-refused-by-client/end", "C:hello(13) S:hello(v=0302) C:FIN" },
    { "cipher-refused-by-client/end", "C:hello S:hello(s=c030) C:FIN" },
    { "group-no-overlap/retry-end", "C:hello(13) S:retry(nogroup) C:RST" },
    { "group-refused-by-client/end", "C:hello S:hello +S:ske(g=0019) C:RST" },
    { "message-malformed/end", "C:hello S:hello +S:ske(g=0017;point=32) C:RST" },
    { "version-refused-by-client/sentinel-end", "C:hello(13) S:hello(down) C:FIN" },
    { "server-cert-rejected/key-unusable-end", "C:hello(g=001d,0017) S:hello +S:cert(p384,inter) +S:done C:FIN" },
    { "record-overflow/hidden", "C:hello(13) S:hello(13) +S:app(17000) C:app(19)" },
    { "record-overflow/end", "C:hello S:hello +S:cert(leaf,inter) +S:done C:cke +C:ccs +C:enc(19000) S:RST" },
    { "message-unexpected/end", "C:hello S:cert(leaf,inter) +S:hello C:RST" },
    { "reset-after-client-hello/end", "C:hello S:RST" },
    { "closed-after-client-hello/end", "C:hello S:FIN" },
    { "no-answer-to-client-hello/silence", "C:hello end(10)" },
    { "reset-in-handshake/end", "C:hello S:cert(leaf,inter) S:hello C:RST" },
    { "closed-in-handshake/end", "C:hello S:hello +S:cert(leaf,inter) +S:done C:FIN" },
    { "stalled-in-handshake/silence", "C:hello S:hello +S:cert(leaf,inter) +S:done end(10)" },
    { "canceled-by-user/90", "C:hello C:alert(2,90)" },
    { "closed-in-handshake/0", "C:hello C:alert(2,0)" },
    { "renegotiation-refused/100-asked", "C:hello S:hello C:ccs C:fin S:ccs S:fin C:hello S:alert(2,100)" },
    { "renegotiation-refused/100", "C:alert(2,100)" },
    { "renegotiation-insecure/again", "C:hello S:hello +S:cert(leaf,inter) +S:done C:cke +C:ccs +C:fin S:ccs +S:fin C:hello(nori) S:fatal(40)" },
    { "renegotiation-refused/asked", "C:hello S:hello C:ccs C:fin S:ccs S:fin C:hello S:alert(2,10)" },
    { "renegotiation-refused/encrypted", "C:hello S:hello +S:cert(leaf,inter) +S:done C:cke +C:ccs +C:enc S:ccs +S:enc S:enc(20) C:enca S:FIN" },
    { "session-aborted/encrypted", "C:hello S:hello +S:cert(leaf,inter) +S:done C:cke +C:ccs +C:enc S:ccs +S:enc C:app S:app C:enca S:enca C:enca" },
    { "version-refused-by-client/choice", "C:hello(13) S:hello(v=0302) C:fatal(70)" },
    { "cipher-refused-by-client/choice", "C:hello S:hello(s=c030) C:fatal(47)" },
    { "cipher-refused-by-client/10", "C:hello S:hello(nori;noems;x=1234;s=fafb) C:alert(2,10)" },
    { "group-refused-by-client/choice", "C:hello(13) S:retry(ks=19) C:fatal(47)" },
    { "group-refused-by-client/80", "C:hello(13;g=001d,001a) S:retry(ks=1a) C:fatal(80)" },
    { "group-refused-by-client/51", "C:hello(g=001d) S:hello +S:ske(g=0017) C:fatal(51)" },
    { "group-no-overlap/retry", "C:hello(13) S:retry(nogroup) C:fatal(47)" },
    { "group-refused-by-client/10", "C:hello S:hello(v=1234) +S:ske(g=9999) C:alert(2,10)" },
    { "version-refused-by-client/47-sentinel", "C:hello(13) S:hello(down) C:fatal(47)" },
    { "server-cert-revoked/stapled", "C:hello S:hello +S:cert(rsa,inter) +S:status(revoked) +S:done C:fatal(44)" },
    { "server-cert-revoked/stapled-catch-all", "C:hello S:hello +S:cert(rsa,inter) +S:status(revoked) +S:done C:fatal(42)" },
    { "server-cert-revoked/44", "C:cke C:alert(2,44)" },
    { "server-cert-bad-ocsp/113-response", "C:hello S:hello +S:cert(staple,inter) +S:done C:fatal(113)" },
    { "server-cert-bad-ocsp/113", "C:cke C:alert(2,113)" },
    { "server-cert-rejected/fingerprint", "dtls C:hello(x=e) S:hello +S:cert(self_signed) +S:done C:fatal(48)" },
    { "server-cert-expired/45-leaf", "C:hello S:hello +S:cert(expired,inter) +S:done C:fatal(45)" },
    { "server-cert-not-yet-valid/45-dates", "C:hello S:hello +S:cert(future,inter) +S:done C:fatal(45)" },
    { "server-cert-expired/45-above", "C:hello S:hello +S:cert(leaf_inter_expired,inter_expired) +S:done C:fatal(45)" },
    { "server-cert-not-yet-valid/45-client-clock", "C:hello(clock=12c) S:hello +S:cert(leaf,inter) +S:done C:fatal(45)" },
    { "server-cert-expired/45-in-date", "S:cert(leaf) +S:ske C:alert(2,45)" },
    { "server-cert-expired/45", "C:cke C:alert(2,45)" },
    { "server-cert-malformed/43", "C:hello(s=009e) S:hello(s=009e) +S:cert(!leaf,~inter) +S:ske(dh=512) C:alert(2,43)" },
    { "server-cert-wrong-usage/43-leaf-purposes", "C:hello S:hello +S:cert(client,inter) +S:done C:fatal(43)" },
    { "server-cert-wrong-usage/43", "C:hello S:hello +S:cert(leaf_mail,mail) +S:done C:fatal(43)" },
    { "server-cert-weak-key/43", "C:hello(sni=other.example) S:hello +S:cert(self_weak,leaf_not_ca,not_ca,unknown_critical) +S:status(revoked) C:alert(2,43)" },
    { "server-cert-weak-signature/43", "C:hello S:hello +S:cert(sha1) +S:done C:fatal(43)" },
    { "server-cert-rejected/43-critical", "C:hello S:hello +S:cert(unknown_critical,inter) +S:done C:fatal(43)" },
    { "server-cert-wrong-usage/43-unseen", "C:cke C:alert(2,43)" },
    { "server-cert-malformed/50-leaf", "C:hello S:hello +S:cert(!leaf,inter) +S:done C:fatal(50)" },
    { "server-cert-malformed/50", "C:hello S:hello +S:cert(leaf,!inter) +S:done C:fatal(50)" },
    { "server-cert-key-mismatch/51", "C:hello(13) S:hello(13) +S:ee +S:cert(leaf,inter) +S:cv C:fatal(51)" },
    { "server-cert-key-mismatch/42", "C:hello(13;x=fe0d) S:hello(13) +S:raw(0800000a0008fe0d000400000000) +S:cert(leaf,inter) +S:cv C:fatal(42)" },
    { "server-cert-key-mismatch/10-40-47", "C:hello(13;x=fe0d) S:hello(13) +S:raw(0800000a0008fe0d000400000000) +S:cert(leaf,inter) +S:cv C:fatal(40)" },
    { "server-cert-bad-signature/51-leaf", "C:hello S:hello +S:cert(~leaf,inter) +S:done C:fatal(51)" },
    { "server-cert-bad-signature/51", "C:hello S:hello +S:cert(leaf,~inter,root) +S:done C:fatal(51)" },
    { "server-cert-weak-signature/51", "C:hello S:hello +S:cert(sha1) +S:done C:fatal(51)" },
    { "server-cert-weak-key/51", "C:hello(sni=other.example) S:hello +S:cert(self_weak,leaf_not_ca,not_ca,unknown_critical) +S:status(revoked) C:alert(2,51)" },
    { "server-cert-bad-ca/48", "C:hello S:hello +S:cert(leaf_not_ca,not_ca) +S:done C:fatal(48)" },
    { "server-cert-bad-signature/48", "C:hello S:hello +S:cert(~leaf,inter) +S:done C:fatal(48)" },
    { "server-cert-self-signed/48", "C:hello S:hello +S:cert(self_signed) +S:done C:fatal(48)" },
    { "server-cert-chain-incomplete/48", "C:hello S:hello +S:cert(leaf,root) +S:done C:fatal(48)" },
    { "server-cert-expired/48-above", "C:hello(x=001c) S:hello +S:cert(leaf_inter_expired,inter_expired) C:fatal(48)" },
    { "server-cert-unknown-ca/48", "S:cert(leaf) +S:ske C:alert(2,48)" },
    { "server-cert-unknown-ca/48-unread", "C:cke C:alert(2,48)" },
    { "server-cert-wrong-usage/46-encipherment", "C:hello(x=001c) S:hello +S:cert(signs) +S:done C:fatal(46)" },
    { "dh-too-small/40-below-1024", "C:hello(s=009e) S:hello(s=009e) +S:ske(dh=512) C:fatal(40)" },
    { "server-cert-malformed/any-alert", "C:hello S:hello +S:cert(!leaf) C:fatal(42)" },
    { "server-cert-bad-signature/any-alert", "C:hello S:hello +S:cert(~leaf,inter) +S:done C:fatal(42)" },
    { "server-cert-bad-ca/any-alert", "C:hello S:hello +S:cert(leaf_not_ca,not_ca) +S:done C:fatal(42)" },
    { "server-cert-expired/any-alert", "C:hello S:hello +S:cert(expired,inter) +S:done C:fatal(42)" },
    { "server-cert-not-yet-valid/any-alert", "C:hello S:hello +S:cert(future,inter) +S:done C:fatal(46)" },
    { "server-cert-self-signed/any-alert", "C:hello S:hello +S:cert(self_signed) +S:done C:fatal(42)" },
    { "server-cert-chain-incomplete/any-alert", "C:hello S:hello +S:cert(staple,inter_weak) +S:done C:alert(2,40)" },
    { "server-cert-weak-signature/any-alert", "C:hello S:hello +S:cert(sha1) +S:done C:fatal(42)" },
    { "server-cert-wrong-usage/any-alert", "C:hello S:hello +S:cert(client,inter) +S:done C:fatal(42)" },
    { "server-cert-bad-ocsp/any-alert", "C:hello S:hello +S:cert(leaf,inter) +S:status(try_later) +S:done C:fatal(42)" },
    { "server-cert-name-mismatch/any-alert", "C:hello(sni=other.example) S:hello +S:cert(leaf,inter) C:fatal(46)" },
    { "server-cert-weak-key/42-46", "C:hello S:hello +S:cert(rsa1024,inter) +S:done C:fatal(42)" },
    { "server-cert-rejected/critical", "C:hello S:hello +S:cert(unknown_critical,inter) +S:done C:fatal(42)" },
    { "server-cert-name-mismatch/no-san", "C:hello(s=0a0a,c02b;sni=no_san.example) S:hello +S:cert(no_san,inter) +S:done C:fatal(46)" },
    { "server-cert-not-yet-valid/client-clock", "C:hello(clock=12c) S:hello +S:cert(leaf,inter) +S:done C:fatal(46)" },
    { "server-cert-rejected/key-unusable", "C:hello(g=001d,0017) S:hello +S:cert(p384,inter) +S:done C:fatal(47)" },
    { "server-cert-unknown-ca/42-46", "S:cert(leaf) +S:ske C:alert(2,42)" },
    { "server-cert-rejected/seen", "S:cert(leaf) +S:ske C:alert(2,41)" },
    { "server-cert-rejected/unread", "C:cke C:alert(2,41)" },
    { "server-cert-rejected/encrypted", "C:hello(13) S:hello(13) +S:ccs +S:app(800) C:ccs +C:app(19)" },
    { "server-cert-wrong-usage/47-key-usage", "C:hello S:hello +S:cert(encipher,inter) +S:done C:fatal(47)" },
    { "version-refused-by-client/70", "C:cke C:alert(2,70)" },
    { "dh-too-small/71-below-1024", "C:hello(s=009e) S:hello(s=009e) +S:ske(dh=512) C:fatal(71)" },
    { "dh-too-small/below-1024", "C:hello(s=009e) S:hello(s=009e) +S:cert(!leaf,~inter) +S:ske(dh=512) C:alert(2,47)" },
    { "dh-too-small/below-2048", "C:hello(s=009e) S:hello(s=009e) +S:ske(dh=1024) C:fatal(40)" },
    { "server-cert-weak-key/71", "C:hello(sni=other.example) S:hello +S:cert(self_weak,leaf_not_ca,not_ca,unknown_critical) +S:status(revoked) C:alert(2,71)" },
    { "renegotiation-insecure/40-server", "C:hello S:hello(nori) C:fatal(40)" },
    { "ems-required/server", "C:hello S:hello(noems) C:fatal(40)" },
    { "extension-unsupported/110-unsolicited", "C:hello S:hello(x=1234) C:fatal(110)" },
    { "extension-unsupported/unsolicited", "C:hello S:hello(x=1234) C:fatal(47)" },
    { "extension-unsupported/110", "C:cke C:alert(2,110)" },
    { "ech-required/121-offered", "C:cke C:alert(2,121)" },
    { "ech-required/121", "C:hello C:alert(2,121)" },
    { "psk-key-mismatch/client", "C:hello(s=00a8) S:hello(s=00a8) C:cke(psk=device-7) C:alert(2,20)" },
    { "finished-mismatch/51-server-finished", "C:hello S:hello C:cke C:ccs S:ccs C:alert(2,51)" },
    { "finished-mismatch/51-server", "C:hello(13) S:hello(13) +S:ee +S:fin C:fatal(51)" },
    { "server-cert-key-mismatch/51-unseen", "C:cke C:alert(2,51)" },
    { "version-no-overlap/70-sslv2", "C:sslv2(01030300090000001000c02f00009c01008000112233445566778899aabbccddeeff) S:fatal(70)" },
    { "version-no-overlap/70-offer", "C:hello S:alert(2,70)" },
    { "version-no-overlap/70", "S:hello S:alert(2,70)" },
    { "fallback-refused/86-scsv", "C:hello(v=0302;s=c02b,5600) S:fatal(86)" },
    { "fallback-refused/86", "C:hello S:alert(2,86)" },
    { "sni-unrecognized/112-name", "C:hello S:fatal(112)" },
    { "sni-missing/112", "C:hello(nosni) S:fatal(112)" },
    { "sni-unrecognized/112", "S:hello S:alert(2,112)" },
    { "alpn-no-overlap/120-offer", "C:hello(nosni;alpn=h2) S:fatal(120)" },
    { "alpn-no-overlap/120", "C:cke S:alert(2,120)" },
    { "psk-unknown-identity/115-identity", "C:hello(13;psk=device-7) S:fatal(115)" },
    { "psk-unknown-identity/115", "C:cke S:alert(2,115)" },
    { "message-malformed/50-hello", "C:raw(01000000) S:alert(2,50)" },
    { "message-malformed/hello", "C:raw(01000000) S:alert(2,10)" },
    { "message-malformed/sni", "C:hello(sni=good.example.) S:fatal(50)" },
    { "message-malformed/47-share", "C:hello(13;ks=1e) S:fatal(47)" },
    { "psk-key-mismatch/hello", "C:hello(13;psk=device-7) S:fatal(47)" },
    { "cipher-no-overlap/weak-suites", "C:hello(s=0004,0005) S:fatal(40)" },
    { "group-no-overlap/rare-groups", "C:hello(g=0019) S:fatal(40)" },
    { "sigalg-no-overlap/rare-schemes", "C:hello(a=0807) S:fatal(40)" },
    { "psk-unknown-identity/40-external", "C:hello(13;psk=device-7) S:fatal(40)" },
    { "sigalg-no-overlap/71-unsaid", "C:hello(v=0303;s=c02f,00ff;bare) S:fatal(71)" },
    { "ems-required/71-hello", "C:hello(noems) S:fatal(71)" },
    { "extension-missing/hello", "C:raw(0100003203035a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a000002130101000007002b0003020304) S:fatal(109)" },
    { "version-no-overlap/40-ssl3", "C:hello(v=0300;bare) S:fatal(40)" },
    { "renegotiation-insecure/40-hello", "C:hello(bare) S:fatal(40)" },
    { "sigalg-no-overlap/40-unsaid", "C:hello(v=0303;s=c02f,00ff;bare) S:fatal(40)" },
    { "group-no-overlap/narrow", "C:hello(13;sv=0304;g=001d) S:fatal(40)" },
    { "sigalg-no-overlap/narrow", "C:hello(a=0804,0403) S:fatal(40)" },
    { "handshake-refused/40-only-13", "C:hello(13;sv=0304) S:fatal(40)" },
    { "sni-missing/40-usual-offer", "C:hello(nosni) S:fatal(40)" },
    { "handshake-refused/40-usual-suites", "C:hello S:fatal(40)" },
    { "cipher-no-overlap/offer", "C:hello S:fatal(71)" },
    { "version-no-overlap/80-old-versions", "C:hello(v=0301) S:fatal(80)" },
    { "session-aborted/certificate-settled", "C:hello(13) S:hello(13) S:fin C:fin S:alert(2,40)" },
    { "client-cert-missing/empty", "C:hello(13) S:hello(13) +S:ee +S:ask(root) +S:fin C:cert() +C:fin S:fatal(116)" },
    { "client-cert-missing/empty-any-alert", "C:hello(13) S:hello(13) +S:ee +S:ask(root) +S:fin C:cert() +C:fin C:app S:fatal(40)" },
    { "client-cert-missing/empty-behind-finished", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert() +C:cke +C:ccs +C:fin S:ccs +S:fin S:fatal(49)" },
    { "client-cert-missing/116-41", "C:cke S:alert(2,41)" },
    { "client-cert-missing/said-empty", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert() +C:cke +C:ccs +C:fin S:ccs +S:fin C:app S:said(missing)" },
    { "client-cert-missing/said", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cke +C:ccs +C:fin S:ccs +S:fin C:app S:said(missing)" },
    { "client-cert-missing/hidden-size", "C:hello(13) S:hello(13) +S:ccs +S:app(800) C:ccs +C:app(61) S:app(19)" },
    { "client-cert-missing/hidden", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert() +C:cke +C:ccs S:enca" },
    { "client-cert-weak-key/unsaid", "C:hello(13) S:hello(13) +S:ee +S:ask(root) +S:fin C:cert(rsa1024,inter) +C:cv +C:fin S:RST" },
    { "client-cert-revoked/44-seen", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(client,inter) +C:cke +C:ccs S:fatal(44)" },
    { "client-cert-revoked/44", "C:cke S:alert(2,44)" },
    { "client-cert-rejected/fingerprint", "dtls C:hello(x=e) S:hello +S:cert(self_signed) +S:ask +S:done C:cert(self_signed) +C:cke S:fatal(48)" },
    { "client-cert-expired/45-leaf", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(expired,inter) +C:cke +C:ccs S:fatal(45)" },
    { "client-cert-not-yet-valid/45-dates", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(future,inter) +C:cke +C:ccs S:fatal(45)" },
    { "client-cert-expired/45-above", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(leaf_inter_expired,inter_expired) +C:cke +C:ccs S:fatal(45)" },
    { "client-cert-expired/45-in-date", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(client,inter) +C:cke +C:ccs S:fatal(45)" },
    { "client-cert-expired/45", "C:cke S:alert(2,45)" },
    { "client-cert-malformed/43", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(!client,inter) +C:cke +C:ccs S:fatal(43)" },
    { "client-cert-wrong-usage/43-leaf-purposes", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(leaf,inter) +C:cke +C:ccs S:fatal(43)" },
    { "client-cert-wrong-usage/43", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(client_coding,coding) +C:cke +C:ccs S:fatal(43)" },
    { "client-cert-weak-key/43", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(rsa1024,inter) +C:cke +C:ccs S:fatal(43)" },
    { "client-cert-weak-signature/43", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(sha1) +C:cke +C:ccs S:fatal(43)" },
    { "client-cert-wrong-usage/43-unseen", "C:cke S:alert(2,43)" },
    { "client-cert-malformed/50-leaf", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(!client,inter) +C:cke +C:ccs S:fatal(50)" },
    { "client-cert-malformed/50", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(client,!inter) +C:cke +C:ccs S:fatal(50)" },
    { "client-cert-key-mismatch/51", "C:hello(13) S:hello(13) +S:ee +S:ask(root) +S:cert(leaf,inter) +S:cv +S:fin C:cert(client) +C:cv +C:fin S:alert(2,51)" },
    { "client-cert-key-mismatch/10-40-47", "C:hello(13) S:hello(13) +S:ee +S:ask(root) +S:cert(leaf,inter) +S:cv +S:fin C:cert(client) +C:cv +C:fin S:alert(2,10)" },
    { "client-cert-key-mismatch/42", "C:hello(13) S:hello(13) +S:ee +S:ask(root) +S:cert(leaf,inter) +S:cv +S:fin C:cert(client,inter) +C:cv +C:fin S:alert(2,42)" },
    { "client-cert-bad-signature/51-leaf", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(~client,inter) +C:cke +C:ccs S:fatal(51)" },
    { "client-cert-bad-signature/51", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(client,~inter,root) +C:cke +C:ccs S:fatal(51)" },
    { "client-cert-weak-signature/51", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(sha1) +C:cke +C:ccs S:fatal(51)" },
    { "client-cert-weak-key/51", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(rsa1024,inter) +C:cke +C:ccs S:fatal(51)" },
    { "client-cert-bad-ca/48", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(leaf_not_ca,not_ca) +C:cke +C:ccs S:fatal(48)" },
    { "client-cert-bad-signature/48", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(~client,inter) +C:cke +C:ccs S:fatal(48)" },
    { "client-cert-self-signed/48", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(self_signed) +C:cke +C:ccs S:fatal(48)" },
    { "client-cert-chain-incomplete/48", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(naming) +C:cke +C:ccs S:fatal(48)" },
    { "client-cert-issuer-not-listed/48", "C:hello S:hello +S:cert(self_signed) +S:ask(root) +S:done C:cert(client) +C:cke +C:ccs S:fatal(48)" },
    { "client-cert-expired/48-above", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(leaf_inter_expired,inter_expired) +C:cke +C:ccs S:fatal(48)" },
    { "client-cert-unknown-ca/48", "C:hello(13) S:hello(13) +S:ee +S:ask(root) +S:fin C:cert(client,inter) +C:fin S:fatal(48)" },
    { "client-cert-unknown-ca/48-unread", "C:cke S:alert(2,48)" },
    { "client-cert-malformed/any-alert", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(!client,inter) +C:cke +C:ccs S:fatal(42)" },
    { "client-cert-bad-signature/any-alert", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(~client,inter) +C:cke +C:ccs S:fatal(42)" },
    { "client-cert-bad-ca/any-alert", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(leaf_not_ca,not_ca) +C:cke +C:ccs S:fatal(42)" },
    { "client-cert-expired/any-alert", "C:hello S:hello +S:cert(leaf,inter) +S:ask(other_root) +S:done C:cert(expired,inter) +C:cke +C:ccs S:fatal(42)" },
    { "client-cert-not-yet-valid/any-alert", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(future,inter) +C:cke +C:ccs S:fatal(42)" },
    { "client-cert-self-signed/any-alert", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(self_weak) +C:cke +C:ccs S:fatal(42)" },
    { "client-cert-chain-incomplete/any-alert", "C:hello(13) S:hello(13) +S:ee +S:ask(root) +S:cert(leaf,inter) +S:cv +S:fin C:cert(client) +C:cv +C:fin S:alert(2,46)" },
    { "client-cert-weak-signature/any-alert", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(sha1) +C:cke +C:ccs S:fatal(42)" },
    { "client-cert-wrong-usage/any-alert", "C:hello(13) S:hello(13) +S:ccs +S:ee +S:ask +S:cert(leaf,inter) +S:cv +S:fin C:ccs +C:cert(leaf,inter) +C:fin C:app(230) S:app(19)" },
    { "client-cert-issuer-not-listed/any-alert", "C:hello S:hello +S:cert(leaf,inter) +S:ask(other_root) +S:done C:cert(client,inter) +C:cke +C:ccs S:fatal(46)" },
    { "client-cert-weak-key/42-46", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(rsa1024,inter) +C:cke +C:ccs S:fatal(42)" },
    { "client-cert-weak-key/71", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(rsa1024,inter) +C:cke +C:ccs S:fatal(71)" },
    { "client-cert-weak-signature/unlisted", "C:hello(13) S:hello(13) +S:ee +S:ask(root;a=0403) +S:fin C:cert(client,inter) +C:fin S:fatal(46)" },
    { "client-cert-unknown-ca/42-46", "C:hello S:hello +S:cert(leaf,inter) +S:ask() +S:done C:cert(client,inter) +C:cke +C:ccs S:fatal(46)" },
    { "client-cert-rejected/seen", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(client,inter) +C:cke +C:ccs S:fatal(46)" },
    { "client-cert-rejected/unread", "C:cke S:alert(2,42)" },
    { "client-cert-rejected/encrypted-unseen", "C:hello(13) S:hello(13) +S:ccs +S:app(800) C:ccs +C:app(900) S:app(19)" },
    { "client-cert-rejected/dropped-unseen", "C:hello(13) S:hello(13) +S:ccs +S:app(800) C:ccs +C:app(900) S:RST" },
    { "client-cert-rejected/said", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(client,inter) +C:cke +C:ccs +C:fin S:ccs +S:fin C:app S:said(rejected)" },
    { "psk-key-mismatch/server", "C:hello(s=00a8) S:hello(s=00a8) C:cke(psk=device-7) S:alert(2,20)" },
    { "client-cert-key-mismatch/51-unexamined", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(client,inter) +C:cke +C:ccs S:fatal(51)" },
    { "finished-mismatch/51-client", "C:cke S:alert(2,51)" },
    { "message-malformed/40-client-flight", "C:hello S:hello +S:done C:raw(1000000520aabbccdd) +C:ccs +C:enc S:fatal(40)" },
    { "finished-mismatch/40-client", "C:hello S:hello +S:cert(leaf,inter) +S:done C:cke +C:ccs +C:enc S:fatal(40)" },
    { "message-malformed/50-flaw", "C:hello S:raw(02000000) C:alert(2,50)" },
    { "message-malformed/flaw", "C:hello S:raw(02000000) C:alert(2,10)" },
    { "message-unexpected/order", "C:hello S:hello S:done +S:cert(leaf,inter) C:fatal(50)" },
    { "record-corrupt/20-21", "C:alert(2,20)" },
    { "record-overflow/22-length", "C:hello S:hello +S:cert(leaf,inter) +S:done C:cke +C:ccs +C:enc(19000) S:fatal(22)" },
    { "record-overflow/22", "C:alert(2,22)" },
    { "extension-missing/109", "C:alert(2,109)" },
    { "message-unexpected/10", "C:hello S:alert(2,10)" },
    { "message-malformed/50-30", "C:cke C:alert(2,30)" },
    { "ems-required/80-at-key", "C:hello S:hello(noems) +S:cert(leaf,inter) +S:done C:cke +C:fatal(80)" },
    { "internal-error/80-117", "C:fatal(80)" },
    { "handshake-refused/unsaid", "C:hello S:hello +S:cert(leaf,inter) +S:done C:cke +C:ccs +C:enc S:ccs +S:enca" },
    { "session-aborted/any", "S:enca C:alert(2,10)" },
    { "handshake-refused/any", "C:alert(2,1)" },
    { "server-cert-bad-signature/51-signature-good", "C:hello(13) S:hello(13) +S:ee +S:cert(leaf,inter) +S:cv(13;by=leaf) +S:fin C:fatal(51)" },
    { "finished-mismatch/51-server-signature-good", "C:hello S:hello +S:cert(leaf,inter) +S:ske(by=leaf) +S:done C:fatal(51)" },
    { "server-cert-not-yet-valid/48-above", "C:hello S:hello +S:cert(leaf_inter_future,inter_future) +S:done C:fatal(48)" },
    { "server-cert-expired/encrypted-known", "C:hello S:hello +S:cert(expired,inter) +S:done C:fatal(45) | C:hello(13) S:hello(13) +S:app(30) +S:hidden(expired,inter) +S:app(95) +S:app(53) C:app(19)" },
    { "server-cert-not-yet-valid/encrypted-known", "C:hello S:hello +S:cert(future,inter) +S:done C:fatal(45) | C:hello(13) S:hello(13) +S:app(30) +S:hidden(future,inter) +S:app(95) +S:app(53) C:app(19)" },
    { "server-cert-self-signed/encrypted-known", "C:hello S:hello +S:cert(self_signed) +S:done C:fatal(45) | C:hello(13) S:hello(13) +S:app(30) +S:hidden(self_signed) +S:app(95) +S:app(53) C:app(19)" },
    { "server-cert-name-mismatch/encrypted-known", "C:hello(sni=other.example) S:hello +S:cert(leaf,inter) +S:done C:fatal(46) | C:hello(13;sni=other.example) S:hello(13) +S:app(30) +S:hidden(leaf,inter) +S:app(95) +S:app(53) C:app(19)" },
    { "server-cert-rejected/encrypted-known", "C:hello(13) S:hello(13) +S:ee +S:cert(leaf,inter) +S:cv +S:fin C:fin | C:hello(13) S:hello(13) +S:app(30) +S:hidden(leaf,inter) +S:app(95) +S:app(53) C:app(19)" },
    { "version-no-overlap/compared", "C:hello(13) S:hello(13) +S:ee +S:cert(leaf,inter) +S:cv +S:fin C:fin | C:hello(s=1301,c02b) S:fatal(40)" },
    { "cipher-no-overlap/compared", "C:hello S:hello +S:cert(leaf,inter) +S:done C:cke +C:ccs +C:enc S:ccs +S:enc | C:hello(s=c02f,009c) S:fatal(40)" },
    { "group-no-overlap/compared", "C:hello(13) S:hello(13) +S:ee +S:cert(leaf,inter) +S:cv +S:fin C:fin | C:hello(13;g=0017,0018;ks=17) S:fatal(40)" },
    { "sigalg-no-overlap/compared", "C:hello S:hello +S:cert(leaf,inter) +S:ske +S:done C:cke +C:ccs +C:enc S:ccs +S:enc | C:hello(a=0804,0401) S:fatal(40)" },
    { "ems-required/compared", "C:hello S:hello +S:cert(leaf,inter) +S:ske +S:done C:cke +C:ccs +C:enc S:ccs +S:enc | C:hello(noems) S:fatal(40)" },
    { "renegotiation-insecure/compared", "C:hello S:hello +S:cert(leaf,inter) +S:done C:cke +C:ccs +C:enc S:ccs +S:enc | C:hello(nori) S:fatal(40)" },
    { "cipher-no-overlap/known-key", "C:hello S:hello +S:cert(expired,inter) +S:done C:fatal(45) | C:hello(s=c02f,009c) S:fatal(40)" },
    { "sigalg-no-overlap/known-key", "C:hello S:hello +S:cert(expired,inter) +S:done C:fatal(45) | C:hello(a=0401,0804) S:fatal(40)" },
    { "handshake-refused/lacks-nothing", "C:hello S:hello +S:cert(leaf,inter) +S:done C:cke +C:ccs +C:enc S:ccs +S:enc | C:hello S:fatal(40)" },
    { "client-cert-rejected/43-critical", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(client_critical,inter) +C:cke +C:ccs S:fatal(43)" },
    { "finished-mismatch/51-client-signature-good", "C:hello S:hello +S:cert(leaf,inter) +S:ske +S:ask(root) +S:done C:cert(client,inter) +C:cke +C:cv(by=client) +C:ccs S:fatal(51)" },
    { "client-cert-not-yet-valid/48-above", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(leaf_inter_future,inter_future) +C:cke +C:ccs S:fatal(48)" },
    { "client-cert-rejected/critical", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(client_critical,inter) +C:cke +C:ccs S:fatal(42)" },
    { "client-cert-wrong-usage/47-key-usage", "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(client_encipher,inter) +C:cke +C:ccs S:fatal(47)" },
};
/* clang-format on */

/* Plays separated by " | " are connections of one capture, to one server; each of another client. */
static GPtrArray *plays_of(const char *scripts, tw__contrast *contrast)
{
    GPtrArray *out = g_ptr_array_new_with_free_func((GDestroyNotify)play_free);
    char **parts = g_strsplit(scripts, " | ", -1);
    uint32_t frame = 0;
    for (unsigned i = 0; parts[i]; i++) {
        play *p = play_begin(parts[i]);
        tw__contrast_join(contrast, &p->context);
        set_end(p->conn, 0, g_strdup_printf("192.0.2.%u:50000", 10 + i));
        p->frame = frame;
        p->randoms = i * 100;
        play_on(p, parts[i]);
        frame = p->frame;
        g_ptr_array_add(out, p);
    }
    g_strfreev(parts);
    return out;
}

static bool has_verdict(const play *p, const char *rule)
{
    for (guint i = 0; i < p->verdicts->len; i++)
        if (!g_strcmp0(((const tw_verdict *)g_ptr_array_index(p->verdicts, i))->rule, rule))
            return true;
    return false;
}

static bool wins(const char *scripts, const char *rule)
{
    tw__contrast *contrast = tw__contrast_new();
    GPtrArray *all = plays_of(scripts, contrast);
    bool won = has_verdict(g_ptr_array_index(all, all->len - 1), rule);
    tw__contrast_free(contrast);
    g_ptr_array_unref(all);
    return won;
}

static void rows_win_their_plays(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(plays); i++)
        if (!wins(plays[i].script, plays[i].rule))
            fail_msg("%s does not give %s", plays[i].script, plays[i].rule);
}

static unsigned times_told(const char *rule)
{
    unsigned n = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(plays); i++)
        n += !strcmp(plays[i].rule, rule);
    return n;
}

static void every_row_is_told_once(void **state)
{
    unsigned n = 0;
    (void)state;
    for (; tw__rule_at(n); n++)
        if (times_told(tw__rule_at(n)->id) != 1)
            fail_msg("%s: there is no play for it, or there are two", tw__rule_at(n)->id);
    assert_int_equal(n, G_N_ELEMENTS(plays));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_win_their_plays),
        cmocka_unit_test(every_row_is_told_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
