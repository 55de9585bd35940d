/* Steps in words. See steps.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "case/steps.h"

#include "case/case.h"
#include "connection/record_sizes.h"
#include "verdict/offers.h"

#define NAMES_SHOWN       3 /* CA names in one line */
#define CERTIFICATES_READ 1

typedef struct {
    const tw_conn *conn;
    const tw__message *message;
    const uint8_t *body;
    size_t len;
    tw_values *values;
} reading;

static uint16_t version_of(const reading *r)
{
    return r->conn->now->version ? r->conn->now->version : r->conn->version;
}

static char *filled(const reading *r, tw_text text)
{
    return tw_text_new(text, r->values);
}

/* Sets NAME to TEXT where the value it needs is there, else to nothing. */
static void set_part(const reading *r, const char *name, const char *needed, tw_text text)
{
    if (tw_values_get(r->values, needed))
        tw_values_set_phrase(r->values, name, text);
    else
        tw_values_set(r->values, name, "");
}

static char *client_hello(const reading *r)
{
    tw__hello *hello = tw__client_hello_read(r->body, r->len);
    tw__offers_brief(hello, r->values);
    if (!tw_values_get(r->values, "offered_versions"))
        tw_values_set_phrase(r->values, "offered_versions", TW_TEXT_STEP_UNKNOWN_VERSION);
    set_part(r, "name", "server_name", TW_TEXT_STEP_HELLO_NAME);
    set_part(r, "alpn", "offered_alpn", TW_TEXT_STEP_HELLO_ALPN);
    tw__hello_free(hello);
    return filled(r, TW_TEXT_STEP_CLIENT_HELLO);
}

static char *server_hello(const reading *r)
{
    tw__hello *hello = tw__server_hello_read(r->body, r->len);
    const tw__suite *suite = hello->suites.n ? tw__suite_get(hello->suites.v[0]) : NULL;
    tw__set_code(r->values, "version", tw__version_name(hello->version), hello->version);
    if (hello->suites.n)
        tw__set_code(r->values, "suite", suite ? suite->name : NULL, hello->suites.v[0]);
    tw__hello_free(hello);
    return filled(r, tw_values_get(r->values, "suite") ? TW_TEXT_STEP_SERVER_HELLO : TW_TEXT_STEP_VERSION);
}

static void set_date(const reading *r, int64_t seconds)
{
    GDateTime *date = seconds == TW_TIME_UNKNOWN ? NULL : g_date_time_new_from_unix_utc(seconds);
    char *text = date ? g_date_time_format(date, "%Y-%m-%d") : NULL;
    tw_values_set(r->values, "not_after", text);
    g_free(text);
    g_clear_pointer(&date, g_date_time_unref);
}

static char *certificate(const reading *r)
{
    tw__certificates *list = tw__certificates_read(r->body, r->len, tw__is_13(version_of(r)), CERTIFICATES_READ);
    tw__chain *chain = list->ders->len ? tw__chain_new(r->conn->context->chains, list->ders, list->partial) : NULL;
    const tw__cert_info *leaf = chain ? tw__chain_cert(chain, 0) : NULL;
    tw_text form = TW_TEXT_STEP_CERTIFICATE_UNREAD;
    if (leaf && leaf->parsed) {
        tw_values_set(r->values, "subject", leaf->subject);
        tw_values_set(r->values, "issuer", leaf->issuer);
        set_date(r, leaf->not_after);
        form = tw_values_get(r->values, "not_after") ? TW_TEXT_STEP_CERTIFICATE : TW_TEXT_STEP_CERTIFICATE_UNREAD;
    } else if (!chain && !list->flaw && !list->cut) {
        form = TW_TEXT_STEP_CERTIFICATE_NONE;
    }
    tw__chain_free(chain);
    tw__certificates_free(list);
    return filled(r, form);
}

static char *certificate_request(const reading *r)
{
    tw__certificate_request *request = tw__certificate_request_read(r->body, r->len, version_of(r));
    GString *names = g_string_new(NULL);
    tw_text form = TW_TEXT_STEP_REQUEST;
    for (unsigned i = 0; i < request->dns->len && i < NAMES_SHOWN; i++) {
        char *dn = tw__dn_text(r->conn->context->chains, g_ptr_array_index(request->dns, i));
        g_string_append_printf(names, "%s%s", i ? "; " : "", dn);
        g_free(dn);
    }
    tw_values_set_text(r->values, "list", names->str);
    if (request->n_dns > NAMES_SHOWN) {
        tw_values_setf(r->values, "more", "%u", request->n_dns - NAMES_SHOWN);
        tw_values_set_phrase(r->values, "list", TW_TEXT_LIST_MORE);
    }
    if (!request->dns->len)
        form = request->flaw ? TW_TEXT_STEP_CERTIFICATE_UNREAD : TW_TEXT_STEP_REQUEST_ANY;
    g_string_free(names, TRUE);
    tw__certificate_request_free(request);
    return filled(r, form);
}

static char *certificate_verify(const reading *r)
{
    uint16_t scheme = 0;
    const uint8_t *signature;
    size_t len;
    if (!tw__certificate_verify_read(r->body, r->len, version_of(r), &scheme, &signature, &len) || !scheme)
        return g_strdup("");
    tw__set_code(r->values, "scheme", tw__scheme_name(scheme), scheme);
    return filled(r, TW_TEXT_STEP_VERIFY);
}

static char *says(const reading *r)
{
    if (!r->body)
        return g_strdup("");
    switch (r->message->type) {
    case TW_HS_CLIENT_HELLO: return client_hello(r);
    case TW_HS_SERVER_HELLO: return server_hello(r);
    case TW_HS_CERTIFICATE: return certificate(r);
    case TW_HS_CERTIFICATE_REQUEST: return certificate_request(r);
    case TW_HS_CERTIFICATE_VERIFY: return certificate_verify(r);
    default: return g_strdup("");
    }
}

static bool is_retry(const reading *r)
{
    tw__hello *hello;
    bool retry;
    if (r->message->type != TW_HS_SERVER_HELLO || !r->body)
        return false;
    hello = tw__server_hello_read(r->body, r->len);
    retry = hello->is_retry;
    tw__hello_free(hello);
    return retry;
}

tw_step tw__step_of_message(const tw_conn *conn, const tw__message *m)
{
    reading r = { .conn = conn, .message = m, .values = tw_values_new_private(conn->context->anonymizer) };
    tw_step step = { .kind = TW_STEP_MESSAGE, .at = m->at };
    r.body = tw__message_body(m, &r.len);
    step.what = g_strdup(tw__message_name(is_retry(&r) ? TW_HS_HELLO_RETRY_REQUEST : m->type));
    step.says = says(&r);
    tw_values_free(r.values);
    return step;
}

/* ---- records ---- */

/* What an encrypted record of TLS 1.3, whose type is hidden, can be. */
static tw_text meaning_13(const tw_conn *c, tw_at at, uint32_t length)
{
    const tw__handshake *h = c->now;
    if (h->flight[at.dir].finished_frame == at.frame)
        return TW_TEXT_STEP_MUST_END_FLIGHT;
    if (h->suite && tw__is_bare_alert_size(h->suite, length))
        return TW_TEXT_STEP_SIZE_OF_ALERT;
    return tw__conn_side(c, at.dir) == TW_SERVER ? TW_TEXT_STEP_SERVER_FLIGHT : TW_TEXT_STEP_CLIENT_FLIGHT;
}

static tw_text meaning_12(const tw_conn *c, tw_at at)
{
    return c->now->flight[at.dir].finished_frame == at.frame ? TW_TEXT_STEP_MUST_BE_FINISHED
                                                             : TW_TEXT_STEP_ANOTHER_HANDSHAKE;
}

bool tw__step_of_record(const tw_conn *c, tw_at at, uint8_t type, uint32_t length, tw_step *step)
{
    bool is_data = c->side[at.dir].n_application > 0 && type == TW_CT_APPLICATION;
    tw_values *v;
    tw_text what = TW_TEXT_STEP_ENCRYPTED, meaning;
    if (is_data && (c->side[at.dir].application_frame != at.frame || c->side[at.dir].n_application > 1))
        return false; /* what follows the first data is no handshake */
    if (is_data)
        what = meaning = TW_TEXT_STEP_DATA;
    else if (type == TW_CT_ALERT)
        what = TW_TEXT_STEP_ENCRYPTED_ALERT, meaning = TW_TEXT_STEP_DATA;
    else if (type == TW_CT_HANDSHAKE)
        meaning = meaning_12(c, at);
    else
        meaning = meaning_13(c, at, length);
    v = tw_values_new();
    tw_values_setf(v, "length", "%u", length);
    *step = (tw_step){ .kind = type == TW_CT_ALERT ? TW_STEP_ALERT : TW_STEP_ENCRYPTED, .at = at };
    step->what = tw_text_new(what, v);
    step->says = meaning == TW_TEXT_STEP_DATA ? g_strdup("") : tw_text_new(meaning, v);
    tw_values_free(v);
    return true;
}

/* ---- alerts and ends ---- */

tw_step tw__step_of_alert(tw_at at, uint8_t level, uint8_t number)
{
    tw_values *v = tw_values_new();
    tw_step step = { .kind = TW_STEP_ALERT, .at = at };
    char *label = tw_alert_label(number);
    tw_values_set(v, "alert", label);
    tw_values_set(v, "level", tw_alert_level_name(level));
    step.what = tw_text_new(TW_TEXT_STEP_ALERT, v);
    step.says = tw_values_get(v, "level") ? tw_text_new(TW_TEXT_STEP_LEVEL, v) : g_strdup("");
    g_free(label);
    tw_values_free(v);
    return step;
}

tw_step tw__step_of(tw_step_kind kind, tw_at at, tw_text what)
{
    return (tw_step){ .kind = kind, .at = at, .what = tw_text_new(what, NULL), .says = g_strdup("") };
}

void tw__step_clear(tw_step *step)
{
    g_clear_pointer(&step->what, g_free);
    g_clear_pointer(&step->says, g_free);
}

char *tw_step_line(const char *what, const char *said)
{
    tw_values *v = tw_values_new();
    char *line;
    tw_values_set_text(v, "what", what);
    tw_values_set_text(v, "says", said);
    line = tw_text_new(*said ? TW_TEXT_STEP_LINE : TW_TEXT_STEP_LINE_BARE, v);
    tw_values_free(v);
    return line;
}
