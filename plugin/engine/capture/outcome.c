/* What may be asked of a connection. See tlswhy/capture.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/capture_internal.h"

#include <string.h>

tw_outcome tw_conn_outcome(const tw_conn *c)
{
    for (const tw_verdict *v = c->verdicts; v; v = v->next)
        if (v->failure)
            return TW_FAILED;
    return c->n_completed ? TW_COMPLETED : TW_UNDECIDED;
}

bool tw_conn_is_twice(const tw_conn *c)
{
    return tw__seldom_of(c)->twice != NULL;
}

bool tw_conn_completed(const tw_conn *c)
{
    return c->n_completed > 0;
}

int tw_conn_client_dir(const tw_conn *c)
{
    return c->client_dir;
}

void tw_conn_set_number(tw_conn *c, int64_t number)
{
    c->numbered = number >= 0;
    if (c->numbered)
        c->stream = (uint32_t)number;
}

int64_t tw_conn_number(const tw_conn *c)
{
    return c->numbered ? (int64_t)c->stream : -1;
}

void tw_conn_set_data(tw_conn *c, void *data)
{
    if (data || c->seldom)
        tw__seldom_for(c)->data = data;
}

void *tw_conn_data(const tw_conn *c)
{
    return tw__seldom_of(c)->data;
}

tw_carrier tw_conn_carrier(const tw_conn *c)
{
    return c->carrier;
}

const char *tw_conn_unopened(const tw_conn *c)
{
    return tw__seldom_of(c)->unopened;
}

uint32_t tw_conn_first_frame(const tw_conn *c)
{
    return c->first_frame;
}

int64_t tw_conn_begin_us(const tw_conn *c)
{
    return c->begin_us;
}

bool tw_conn_spans(const tw_conn *c, uint32_t frame)
{
    return frame >= c->first_frame && frame <= c->last_frame;
}

char *tw_conn_endpoint(const tw_conn *c, int dir)
{
    return tw_private_text(c->context->anonymizer, TW_PRIVATE_ENDPOINT, g_strdup(tw__conn_end(c, dir)));
}

char *tw_conn_server_name(const tw_conn *c)
{
    char *name, *shown;
    if (!c->server_name)
        return NULL;
    name = tw_private_text(c->context->anonymizer, TW_PRIVATE_HOST, g_strdup(c->server_name));
    shown = tw_escape(name, -1, TW_VALUE_MAX);
    g_free(name);
    return shown;
}

bool tw_conn_has_server_name(const tw_conn *c)
{
    return c->server_name != NULL;
}

const char *tw_conn_version(const tw_conn *c)
{
    return c->version ? tw__version_name(c->version) : NULL;
}

const tw_verdict *tw_conn_verdicts(const tw_conn *c)
{
    return c->verdicts;
}

bool tw_conn_is_dtls13(const tw_conn *c)
{
    return c->now->version == TW_DTLS13;
}

#define RANDOM_AT  6 /* in a ClientHello: header and version come before */
#define RANDOM_LEN 32

static bool has_random(const tw__handshake *h, const uint8_t *random)
{
    const tw__message *hello = h ? tw__handshake_find(h, TW_HS_CLIENT_HELLO, -1) : NULL;
    gsize len = 0;
    const uint8_t *bytes = hello && hello->bytes ? g_bytes_get_data(hello->bytes, &len) : NULL;
    return bytes && len >= RANDOM_AT + RANDOM_LEN && !memcmp(bytes + RANDOM_AT, random, RANDOM_LEN);
}

bool tw_conn_is_another(const tw_conn *c, const uint8_t random[32])
{
    return !has_random(c->now, random) && !has_random(tw__seldom_of(c)->first, random) &&
           (c->established == TW_YES || c->now->failed ||
            (c->now->server_hello_frame && c->now->client_hello_frame)); /* else it was recorded late */
}
