/* Opening a case: everything of the handshake that the rules may ask for, read once. See case.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "case/case_internal.h"

#include "connection/connection_internal.h"
#include "connection/record_sizes.h"
#include "verdict/offers.h"
#include "tlswhy/words.h"

#include <string.h>

bool tw__hello_has(const tw__hello *hello, uint16_t type)
{
    return hello && tw__list_has(&hello->extensions, type);
}

static void read_hellos(tw__case *k)
{
    size_t len;
    const uint8_t *body;
    k->client_hello_message = tw__handshake_find(k->h, TW_HS_CLIENT_HELLO, tw__conn_dir(k->conn, TW_CLIENT));
    k->client_hello = tw__handshake_client_hello(k->h, tw__conn_dir(k->conn, TW_CLIENT));
    k->server_hello_message = tw__handshake_find(k->h, TW_HS_SERVER_HELLO, -1);
    k->server_hello = tw__handshake_hello(k->h, TW_HS_SERVER_HELLO, -1);
    if ((body = tw__message_body(tw__handshake_find(k->h, TW_HS_ENCRYPTED_EXTENSIONS, -1), &len)))
        k->encrypted_extensions = tw__encrypted_extensions_read(body, len);
    if (k->server_hello && k->server_hello->suites.n) /* also of a HelloRetryRequest: it chooses, too */
        k->suite = tw__suite_get(k->server_hello->suites.v[0]);
    else if (k->h->suite)
        k->suite = tw__suite_get(k->h->suite);
}

/* A renegotiation may leave the name out. */
static void learn_server_name(tw_conn *c)
{
    tw__handshake *sources[] = { tw__seldom_of(c)->first, c->now };
    for (unsigned i = 0; i < G_N_ELEMENTS(sources) && !c->server_name; i++) {
        const tw__hello *hello =
            sources[i] && !sources[i]->name_read ? tw__handshake_client_hello(sources[i], -1) : NULL;
        if (hello)
            tw__conn_learn_name(c, sources[i], hello);
    }
}

static void read_request(tw__case *k)
{
    size_t len;
    const uint8_t *body;
    k->request_message = tw__handshake_find(k->h, TW_HS_CERTIFICATE_REQUEST, -1);
    if ((body = tw__message_body(k->request_message, &len)))
        k->request = tw__certificate_request_read(body, len, k->h->version);
}

/* The message that the sender was answering: the last one of its peer that belongs to the phase. */
static const tw__message *find_trigger(const tw__case *k)
{
    const tw__message *last = NULL;
    for (unsigned i = 0; i < k->h->n_messages; i++) {
        const tw__message *m = &k->h->messages[i];
        if (m->at.dir == k->dir || m->at.frame > k->at.frame)
            continue;
        /* of a flight, the message that carries the peer's identity is what gets rejected most */
        if (!last || last->type != TW_HS_CERTIFICATE || m->type == TW_HS_HELLO_REQUEST)
            last = m;
    }
    return last;
}

void tw__set_code(tw_values *values, const char *name, const char *text, uint16_t number)
{
    if (text)
        tw_values_set(values, name, text);
    else
        tw_values_setf(values, name, "0x%04x", number);
}

static void set_choice(tw__case *k)
{
    const tw__hello *choice = k->server_hello;
    uint16_t version = k->h->version ? k->h->version : choice ? choice->version : 0;
    if (version)
        tw__set_code(k->values, "version", tw__version_name(version), version);
    if (k->suite)
        tw_values_set(k->values, "suite", k->suite->name);
    else if (choice && choice->suites.n)
        tw__set_code(k->values, "suite", NULL, choice->suites.v[0]);
}

/* {alert} is "unknown_ca (48)", {alert_name} is "unknown_ca" for use in parentheses. */
static void set_alert(tw_values *v, const tw__case *k)
{
    char *label;
    if (k->event == TW_EVENT_ENCRYPTED || k->event == TW_EVENT_ABORTED) {
        tw_values_set_text(v, "alert", tw_text_template(TW_TEXT_WORD_ENCRYPTED_ALERT));
        tw_values_set_text(v, "alert_name", tw_text_template(TW_TEXT_WORD_ENCRYPTED_ALERT));
    }
    if (k->event == TW_EVENT_FAILURE)
        tw_values_set_text(v, "alert", tw_text_template(TW_TEXT_WORD_EAP_FAILURE));
    if (k->event == TW_EVENT_DROPPED)
        tw_values_set_text(
            v, "alert",
            tw_text_template(k->conn->side[k->dir].rst_frame == k->at.frame ? TW_TEXT_WORD_RST : TW_TEXT_WORD_FIN));
    if (k->event == TW_EVENT_SAID_MISSING || k->event == TW_EVENT_SAID_REJECTED) {
        tw_text said = k->event == TW_EVENT_SAID_MISSING ? TW_TEXT_WORD_SAID_MISSING : TW_TEXT_WORD_SAID_REJECTED;
        tw_values_set_text(v, "alert", tw_text_template(said));
        tw_values_set_text(v, "alert_name", tw_text_template(said));
    }
    if (!k->alert)
        return;
    label = tw_alert_label(k->alert->number);
    tw_values_set(v, "alert", label);
    tw_values_set(v, "alert_name", tw_alert_name(k->alert->number) ? tw_alert_name(k->alert->number) : label);
    g_free(label);
}

/* Whether the sender's last record may be an alert that cannot be read. */
static bool may_have_alerted(const tw__case *k)
{
    uint32_t length = k->conn->side[k->dir].last_opaque;
    return length && tw__is_13(k->h->version) &&
           (tw__is_alert_size(k->h->suite, length) || tw__is_granular_alert_size(k->h->suite, length));
}

/* What every text may use. */
static void common_values(tw__case *k)
{
    static const tw_text begins[] = { [TW_SIDE_UNKNOWN] = TW_TEXT_WORD_ONE_SIDE_BEGINS,
                                      [TW_CLIENT] = TW_TEXT_WORD_CLIENT_BEGINS,
                                      [TW_SERVER] = TW_TEXT_WORD_SERVER_BEGINS };
    tw_values *v = k->values;
    const char *server =
        tw__conn_dir(k->conn, TW_SERVER) >= 0 ? tw__conn_end(k->conn, tw__conn_dir(k->conn, TW_SERVER)) : NULL;
    tw_values_set(v, "sender", k->sender ? tw_side_name(k->sender) : tw_text_template(TW_TEXT_WORD_ONE_SIDE));
    tw_values_set(v, "Sender", tw_text_template(begins[k->sender]));
    tw_values_set(v, "peer", k->peer ? tw_side_name(k->peer) : tw_text_template(TW_TEXT_WORD_OTHER_SIDE));
    set_alert(v, k);
    tw_values_set_text(
        v, "without", tw_text_template(may_have_alerted(k) ? TW_TEXT_WITHOUT_READABLE_ALERT : TW_TEXT_WITHOUT_ALERT));
    tw_values_set_text(v, "late_checkers", tw_text_template(TW_TEXT_WORD_LATE_CHECKERS));
    tw_values_set_text(v, "moment", tw_text_template(TW_TEXT_WORD_THIS_CAPTURE));
    tw_values_set(v, "expectation", tw_text_template(TW_TEXT_WORD_EXPECTS_CHAIN));
    if (!k->conn->indirect) /* hints say what to try there */
        tw_values_set_private(v, "server", TW_PRIVATE_ENDPOINT, server);
    set_choice(k);
    if (k->trigger)
        tw_values_set(v, "message", tw__message_name(k->trigger->type));
}

static tw__case *case_new(tw_conn *conn, tw__event event, tw_at at, const tw__alert *alert)
{
    tw__case *k = g_new0(tw__case, 1);
    k->conn = conn;
    k->h = conn->now;
    k->event = event;
    k->at = at;
    k->alert = alert;
    k->dir = at.dir;
    k->sender = tw__conn_side(conn, at.dir);
    k->peer = tw_other_side(k->sender);
    k->phase = tw__phase_of(conn, k->sender, event);
    k->values = tw_values_new_private(conn->context->anonymizer);
    learn_server_name(conn);
    k->trigger = find_trigger(k);
    tw__case_sides_new(k);
    return k;
}

tw__case *tw__case_open(tw_conn *conn, tw__event event, tw_at at, const tw__alert *alert)
{
    tw__case *k = case_new(conn, event, at, alert);
    read_hellos(k);
    common_values(k);
    if (k->client_hello)
        tw__offers_values(k->client_hello, k->values);
    read_request(k);
    return k;
}

tw__case *tw__case_open_notice(tw_conn *conn, tw__event event, tw_at at, const tw__alert *alert)
{
    tw__case *k = case_new(conn, event, at, alert);
    common_values(k);
    if (conn->server_name)
        tw_values_set_private(k->values, "server_name", TW_PRIVATE_HOST, conn->server_name);
    return k;
}

void tw__case_close(tw__case *k)
{
    if (!k)
        return;
    tw__hello_free(k->encrypted_extensions);
    tw__certificate_request_free(k->request);
    tw__case_sides_free(k);
    tw_values_free(k->values);
    g_free(k);
}

bool tw__case_may_answer_inner(const tw__case *k)
{
    return tw__hello_has(k->client_hello, TW_EXT_ENCRYPTED_CLIENT_HELLO) &&
           (!k->h->version || tw__is_13(k->h->version)) &&
           !tw__hello_has(k->encrypted_extensions, TW_EXT_ENCRYPTED_CLIENT_HELLO);
}

bool tw__case_resumes(const tw__case *k)
{
    const tw__handshake *h = k->h;
    int server = tw__conn_dir(k->conn, TW_SERVER);
    if (tw__is_13(h->version) || !h->server_hello_frame || h->released || server < 0)
        return h->resumed_hint;
    return h->flight[server].ccs_frame && !tw__handshake_find(h, TW_HS_CERTIFICATE, server) &&
           !tw__handshake_find(h, TW_HS_SERVER_HELLO_DONE, server) &&
           !tw__handshake_find(h, TW_HS_CLIENT_KEY_EXCHANGE, 1 - server);
}

uint16_t tw__case_version(const tw__case *k)
{
    if (k->h->version)
        return k->h->version;
    return k->client_hello ? k->client_hello->version : 0;
}

const tw__message *tw__case_key_exchange(const tw__case *k, tw__server_key_exchange *ske)
{
    const tw__message *m = tw__handshake_find(k->h, TW_HS_SERVER_KEY_EXCHANGE, tw__conn_dir(k->conn, TW_SERVER));
    size_t len;
    const uint8_t *body = tw__message_body(m, &len);
    if (!body || !k->suite)
        return NULL;
    tw__server_key_exchange_read(body, len, k->suite->kx, !strcmp(k->suite->auth, "anon"), k->h->version, ske);
    return m;
}

void tw__finding_init(tw__finding *f, const tw__case *k, int arg, tw_confidence confidence)
{
    memset(f, 0, sizeof *f);
    f->k = k;
    f->arg = arg;
    f->confidence = confidence;
    f->same_as = TW_N_TEXTS;
    f->values = tw_values_new_above(k->values);
}

void tw__finding_clear(tw__finding *f)
{
    for (unsigned i = 0; i < f->n_evidence; i++)
        g_free(f->evidence[i].text);
    tw_values_free(f->values);
    memset(f, 0, sizeof *f);
}

void tw__finding_add(tw__finding *f, uint32_t frame, tw_text text)
{
    if (f->n_evidence == TW_EVIDENCE_MAX)
        f->n_left_out++;
    else
        f->evidence[f->n_evidence++] =
            (tw_evidence){ TW_EVIDENCE_FINDING, frame, tw_text_expand(tw_text_template(text), f->values), NULL };
}

void tw__finding_hold(tw__finding *f, tw_condition condition)
{
    f->conditions |= 1u << condition;
}

/* What stands as NAME in the finding is of a certificate that the peer takes for the leaf, since it came first. */
static void name_leaf(tw__finding *f, const char *name, const char *leaf)
{
    tw_values *v = tw_values_new_above(f->values);
    const char *first = tw_values_get(f->values, name);
    char *text;
    tw_values_set_text(v, "first", first);
    tw_values_set_text(v, "leaf", leaf);
    text = first ? tw_text_new(TW_TEXT_WORD_IN_PLACE_OF_LEAF, v) : NULL;
    tw_values_set_text(f->values, name, text);
    g_free(text);
    tw_values_free(v);
}

static void say_order(tw__finding *f)
{
    unsigned place = tw__case_leaf_place(f->k, f->k->peer);
    const char *leaf = place ? tw__chain_cert(tw__case_chain(f->k, f->k->peer), place)->subject : NULL;
    if (!leaf)
        return;
    tw_values_set_text(f->values, "which", tw_text_template(TW_TEXT_WORD_CERTIFICATE));
    name_leaf(f, "subject", leaf);
    name_leaf(f, "names", leaf);
}

void tw__finding_blame(tw__finding *f, const tw__fault *fault)
{
    f->fault = fault;
    tw_values_add_all(f->values, fault->values);
    if (!fault->cert)
        say_order(f);
    if (fault->kind == TW_FAULT_INCOMPLETE || fault->kind == TW_FAULT_UNKNOWN_ISSUER)
        tw__finding_hold(f, TW_IF_ISSUER_READ);
    if (fault->kind == TW_FAULT_INCOMPLETE && tw_values_get(fault->values, "aia"))
        tw__finding_hold(f, TW_IF_AIA);
    if (fault->kind == TW_FAULT_WRONG_USAGE && fault->cert > 0)
        tw__finding_hold(f, TW_IF_CA_LIMITS);
}

bool tw__finding_has(const tw__finding *f, tw_condition condition)
{
    return (f->conditions & 1u << condition) != 0;
}

void tw__finding_cap(tw__finding *f, tw_confidence c)
{
    f->confidence = MIN(f->confidence, c);
}

const char *tw__message_name(uint8_t type)
{
    static const struct {
        uint8_t type;
        const char *name;
    } names[] = {
        { TW_HS_HELLO_REQUEST, "HelloRequest" },
        { TW_HS_CLIENT_HELLO, "ClientHello" },
        { TW_HS_SERVER_HELLO, "ServerHello" },
        { TW_HS_HELLO_VERIFY_REQUEST, "HelloVerifyRequest" },
        { TW_HS_NEW_SESSION_TICKET, "NewSessionTicket" },
        { TW_HS_END_OF_EARLY_DATA, "EndOfEarlyData" },
        { TW_HS_HELLO_RETRY_REQUEST, "HelloRetryRequest" },
        { TW_HS_ENCRYPTED_EXTENSIONS, "EncryptedExtensions" },
        { TW_HS_CERTIFICATE, "Certificate" },
        { TW_HS_SERVER_KEY_EXCHANGE, "ServerKeyExchange" },
        { TW_HS_CERTIFICATE_REQUEST, "CertificateRequest" },
        { TW_HS_SERVER_HELLO_DONE, "ServerHelloDone" },
        { TW_HS_CERTIFICATE_VERIFY, "CertificateVerify" },
        { TW_HS_CLIENT_KEY_EXCHANGE, "ClientKeyExchange" },
        { TW_HS_FINISHED, "Finished" },
        { TW_HS_CERTIFICATE_STATUS, "CertificateStatus" },
        { TW_HS_KEY_UPDATE, "KeyUpdate" },
        { TW_HS_COMPRESSED_CERTIFICATE, "CompressedCertificate" },
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
        if (names[i].type == type)
            return names[i].name;
    return "message";
}
