/* Reading the file of facts, which may hold anything. See facts.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "elsewhere/facts.h"
#include "rules/rules.h"
#include "verdict/verdict_internal.h"

#define HELLO_MAX    65536
#define EVIDENCE_MAX 32
#define TEXTS_MAX    64
#define TEXT_MAX     4096

typedef struct tw__facts_reader {
    tw__facts *facts;
    tw__pool *pool;
    const tw__context *context;
    bool private;
} reader;

static void leaf_free(void *data)
{
    tw__leaf *leaf = data;
    g_bytes_unref(leaf->der);
    g_free(leaf->text);
    g_free(leaf);
}

static void account_free(void *data)
{
    tw__account_free(data);
}

static tw__facts *facts_new(void)
{
    tw__facts *f = g_new0(tw__facts, 1);
    f->accounts = g_ptr_array_new_with_free_func(account_free);
    f->handshakes = g_ptr_array_new_with_free_func(tw__remembered_free);
    f->leaves = g_ptr_array_new_with_free_func(leaf_free);
    f->refused = g_hash_table_new(g_int64_hash, g_int64_equal);
    return f;
}

void tw__facts_free(void *data)
{
    tw__facts *f = data;
    if (!f)
        return;
    g_ptr_array_unref(f->accounts);
    g_ptr_array_unref(f->handshakes);
    g_ptr_array_unref(f->leaves);
    g_hash_table_destroy(f->refused);
    g_clear_pointer(&f->index, g_variant_unref);
    g_clear_pointer(&f->packed, g_variant_unref);
    g_free(f->reader);
    g_free(f->capture);
    g_free(f);
}

/* ---- parts; each takes the reference to its variant over ---- */

static GBytes *take_blob(GVariant *v, size_t most)
{
    gsize len;
    const void *data = g_variant_get_fixed_array(v, &len, 1);
    GBytes *bytes = len && len <= most ? g_bytes_new(data, len) : NULL;
    g_variant_unref(v);
    return bytes;
}

/* NULL for nothing, and for what holds a NUL. */
static char *take_name(GVariant *v)
{
    gsize len;
    const char *data = g_variant_get_fixed_array(v, &len, 1);
    char *name = len && len < TEXT_MAX && !memchr(data, 0, len) ? g_strndup(data, len) : NULL;
    g_variant_unref(v);
    return name;
}

/* What is shown is clean already, unless somebody else wrote the file. */
static char *clean(const char *text)
{
    for (const char *c = text; *c; c = g_utf8_next_char(c)) {
        gunichar point = g_utf8_get_char(c);
        if (g_unichar_iscntrl(point) || g_unichar_type(point) == G_UNICODE_FORMAT)
            return tw_escape(text, -1, TEXT_MAX);
    }
    return g_strndup(text, TEXT_MAX);
}

static char *endpoint(const char *text)
{
    return *text ? clean(text) : NULL;
}

static GPtrArray *take_texts(const reader *r, GVariant *v)
{
    GPtrArray *texts = tw__shared_texts_new();
    gsize n = r->private ? 0 : MIN(g_variant_n_children(v), TEXTS_MAX);
    for (gsize i = 0; i < n; i++) {
        GVariant *text = g_variant_get_child_value(v, i);
        tw__add_shared(texts, clean(g_variant_get_string(text, NULL)));
        g_variant_unref(text);
    }
    g_variant_unref(v);
    return tw__shared_list(r->pool, texts);
}

static void take_lane(tw__lane *lane, GVariant *v)
{
    GVariant *seen, *bytes;
    gsize n, len;
    const uint8_t *data;
    const tw__packed_seen *at;
    gboolean begins, placed, left_out;
    tw__lane_init(lane);
    g_variant_get(v, "(bbbuu@a" SEEN "@ay)", &begins, &placed, &left_out, &lane->isn, &lane->base, &seen, &bytes);
    lane->begins = begins;
    lane->placed = placed;
    lane->left_out = left_out;
    at = g_variant_get_fixed_array(seen, &n, sizeof *at);
    for (gsize i = 0; i < MIN(n, 2 * TW_LANE_SEGMENTS); i++, at++) {
        tw__seen s = { CLAMP(at->time_us, 0, G_MAXINT64 / 4),
                       at->frame,
                       at->seq,
                       at->ack,
                       MIN(at->len, 65535),
                       at->hash,
                       at->window,
                       at->ip_id,
                       at->flags,
                       at->hops,
                       0 };
        g_array_append_val(lane->seen, s);
    }
    data = g_variant_get_fixed_array(bytes, &len, 1);
    g_byte_array_append(lane->bytes, data, (guint)MIN(len, TW_LANE_BYTES));
    g_variant_unref(seen);
    g_variant_unref(bytes);
    g_variant_unref(v);
}

static tw_cause cause_of(const char *id)
{
    unsigned cause = 0;
    while (cause < TW_N_CAUSES && strcmp(tw_cause_get((tw_cause)cause)->id, id) != 0)
        cause++;
    return (tw_cause)cause;
}

/* Static; NULL: there is no such rule. */
static const char *rule_of(const char *id)
{
    const tw__rule *rule;
    for (unsigned i = 0; (rule = tw__rule_at(i)); i++)
        if (!strcmp(rule->id, id))
            return rule->id;
    return NULL;
}

static void take_evidence(const reader *r, tw_verdict *verdict, GVariant *v)
{
    gsize n = r->private ? 0 : MIN(g_variant_n_children(v), EVIDENCE_MAX);
    for (gsize i = 0; i < n; i++) {
        uint32_t frame;
        const char *text;
        g_variant_get_child(v, i, "(u&s)", &frame, &text);
        tw__verdict_take(verdict, NULL, frame, clean(text));
    }
    g_variant_unref(v);
}

/* A verdict of another capture; NULL: it names what this version does not know. */
static tw_verdict *take_verdict(const reader *r, GVariant *packed)
{
    tw_verdict *v = g_new0(tw_verdict, 1);
    const char *cause, *rule, *reason, *version;
    int confidence, sender, phase, alert, level;
    gboolean encrypted;
    GVariant *evidence, *hints, *logs;
    g_variant_get(packed, "(&siiiiibuxx&s&s&s@a(us)@as@as)", &cause, &confidence, &sender, &phase, &alert, &level,
                  &encrypted, &v->frame, &v->times.frame_us, &v->times.hello_us, &rule, &reason, &version, &evidence,
                  &hints, &logs);
    v->cause = cause_of(cause);
    v->rule = rule_of(rule);
    v->pool = r->pool;
    v->confidence = (tw_confidence)CLAMP(confidence, TW_POSSIBLE, TW_PROVEN);
    v->sender = (tw_side)CLAMP(sender, TW_SIDE_UNKNOWN, TW_SERVER);
    v->phase = (tw_phase)CLAMP(phase, 0, TW_N_PHASES - 1);
    v->alert = (int16_t)CLAMP(alert, -1, 255);
    v->level = (int16_t)CLAMP(level, -1, 255);
    v->ordinal = -1;
    v->encrypted = encrypted;
    v->failure = true;
    take_evidence(r, v, evidence);
    v->hints = take_texts(r, hints);
    v->logs = take_texts(r, logs);
    if (*version)
        v->version = tw__shared_text(clean(version));
    if (v->cause < TW_N_CAUSES && v->rule) {
        const tw_cause_info *info = tw_cause_get(v->cause);
        v->title = info->title;
        v->severity = info->severity;
        v->reason = tw__shared_text(r->private ? g_strdup(info->title) : clean(reason));
        g_variant_unref(packed);
        return v;
    }
    tw__verdict_free(v);
    g_variant_unref(packed);
    return NULL;
}

static tw__leaf *leaf_at(const reader *r, int place)
{
    return place >= 0 && (unsigned)place < r->facts->leaves->len ? g_ptr_array_index(r->facts->leaves, (guint)place)
                                                                 : NULL;
}

static GBytes *der_at(const reader *r, int place)
{
    tw__leaf *leaf = leaf_at(r, place);
    return leaf ? g_bytes_ref(leaf->der) : NULL;
}

/* ---- connections ---- */

static tw__account *take_account(const reader *r, GVariant *packed)
{
    tw__account *a = g_new0(tw__account, 1);
    const char *client, *server;
    GVariant *name, *hello, *choice, *lanes[2], *verdicts;
    int leaf[3], carrier, outcome;
    gboolean lossy;
    g_variant_get(packed, "(&s&s@ay@ay@ayiiuuuuuxxxxxiibyy@" LANE "@" LANE "@a" VERDICT ")", &client, &server, &name,
                  &hello, &choice, &leaf[TW_CLIENT], &leaf[TW_SERVER], &a->hello_frame, &a->choice_frame,
                  &a->leaf_frame[TW_CLIENT], &a->leaf_frame[TW_SERVER], &a->last_frame, &a->begin_us, &a->hello_us,
                  &a->choice_us, &a->last_us, &a->until_us, &carrier, &outcome, &lossy, &a->hops[TW_OF_CLIENT],
                  &a->hops[TW_OF_SERVER], &lanes[0], &lanes[1], &verdicts);
    a->capture = r->facts->capture;
    a->client = endpoint(client);
    a->server = endpoint(server);
    a->name = take_name(name);
    a->hello = take_blob(hello, HELLO_MAX);
    a->choice = take_blob(choice, HELLO_MAX);
    for (int side = TW_CLIENT; side <= TW_SERVER; side++)
        a->leaf[side] = der_at(r, leaf[side]);
    a->carrier = (tw_carrier)CLAMP(carrier, TW_CARRIER_TCP, TW_CARRIER_TUNNEL);
    a->outcome = (tw_outcome)CLAMP(outcome, TW_FAILED, TW_UNDECIDED);
    a->lossy = lossy;
    a->begin_us = CLAMP(a->begin_us, 0, G_MAXINT64 / 4);
    a->hello_us = CLAMP(a->hello_us, 0, G_MAXINT64 / 4);
    a->choice_us = CLAMP(a->choice_us, 0, G_MAXINT64 / 4);
    a->last_us = CLAMP(a->last_us, 0, G_MAXINT64 / 4);
    a->until_us = CLAMP(a->until_us, 0, G_MAXINT64 / 4);
    take_lane(&a->lane[TW_OF_CLIENT], lanes[0]);
    take_lane(&a->lane[TW_OF_SERVER], lanes[1]);
    if (g_variant_n_children(verdicts))
        a->verdict = take_verdict(r, g_variant_get_child_value(verdicts, 0));
    g_variant_unref(verdicts);
    g_variant_unref(packed);
    return a;
}

/* ---- completed handshakes ---- */

/* A handshake that began with HELLO; NULL: that is empty. */
static tw__remembered *handshake_between(const char *client, const char *server, GVariant *name, GVariant *hello)
{
    char *ends[2] = { clean(client), clean(server) }, *wanted = take_name(name);
    GBytes *bytes = take_blob(hello, HELLO_MAX);
    gsize len = 0;
    const uint8_t *body = bytes ? g_bytes_get_data(bytes, &len) : NULL;
    tw__remembered *o = bytes ? tw__remembered_new(ends[0], ends[1], wanted, body, len) : NULL;
    g_clear_pointer(&bytes, g_bytes_unref);
    g_free(wanted);
    g_free(ends[0]);
    g_free(ends[1]);
    return o;
}

/* NULL: it has no ClientHello. */
static tw__remembered *take_handshake(const reader *r, GVariant *packed)
{
    const char *client, *server;
    GVariant *name, *hello;
    tw__remembered *o;
    int leaf[3];
    gboolean sslv2, renegotiation, scsv;
    g_variant_get_child(packed, 0, "&s", &client);
    g_variant_get_child(packed, 1, "&s", &server);
    g_variant_get_child(packed, 2, "@ay", &name);
    g_variant_get_child(packed, 6, "@ay", &hello);
    o = handshake_between(client, server, name, hello);
    if (!o) {
        g_variant_unref(packed);
        return NULL;
    }
    g_variant_get(packed, HANDSHAKE, NULL, NULL, NULL, &o->hello_frame, &o->choice_frame, &o->hello_us, NULL, &sslv2,
                  &renegotiation, &scsv, &o->version, &o->suite, &o->group, &o->scheme, &o->offered_max,
                  &leaf[TW_CLIENT], &leaf[TW_SERVER], &o->leaf_frame[TW_CLIENT], &o->leaf_frame[TW_SERVER]);
    o->capture = r->facts->capture;
    o->context = r->context;
    o->sslv2 = sslv2;
    o->renegotiation = renegotiation;
    o->fallback_scsv = scsv;
    o->completed = true;
    for (int side = TW_CLIENT; side <= TW_SERVER; side++)
        o->leaf[side] = leaf_at(r, leaf[side]);
    g_variant_unref(packed);
    return o;
}

/* ---- the file ---- */

static void take_leaves(const reader *r, GVariant *list)
{
    for (gsize i = 0; i < g_variant_n_children(list); i++) {
        GVariant *der = g_variant_get_child_value(list, i);
        gsize len;
        const void *data = g_variant_get_fixed_array(der, &len, 1);
        tw__leaf *leaf = g_new0(tw__leaf, 1);
        leaf->der = g_bytes_new(data, len);
        g_ptr_array_add(r->facts->leaves, leaf);
        g_variant_unref(der);
    }
    g_variant_unref(list);
}

tw__account *tw__facts_account(tw__facts *facts, unsigned place)
{
    void **slot = &g_ptr_array_index(facts->accounts, place);
    if (!*slot && facts->packed)
        *slot = take_account(facts->reader, g_variant_get_child_value(facts->packed, place));
    return *slot;
}

/* Accounts wait until they are asked for. */
static void take_index(tw__facts *facts, GVariant *entries, GVariant *accounts)
{
    gsize n;
    facts->index = entries;
    facts->packed = accounts;
    facts->entries = g_variant_get_fixed_array(entries, &n, sizeof(tw__entry));
    n = MIN(n, g_variant_n_children(accounts));
    g_ptr_array_set_size(facts->accounts, (int)n);
    for (gsize i = 0; i < n; i++)
        if ((facts->entries[i].flags & TW_ENTRY_REFUSED) && facts->entries[i].numbers)
            g_hash_table_add(facts->refused, (gpointer)(uintptr_t)&facts->entries[i].numbers);
}

static void unpack(const reader *r, GVariant *all)
{
    GVariant *leaves, *entries, *accounts, *handshakes;
    const char *capture;
    g_variant_get(all, "(&sxxu@aay@a" ENTRY "@a" ACCOUNT "@a" HANDSHAKE ")", &capture, &r->facts->from_us,
                  &r->facts->until_us, &r->facts->n_left_out, &leaves, &entries, &accounts, &handshakes);
    r->facts->capture = clean(capture);
    take_leaves(r, leaves);
    take_index(r->facts, entries, accounts);
    for (gsize i = 0; i < g_variant_n_children(handshakes); i++) {
        tw__remembered *o = take_handshake(r, g_variant_get_child_value(handshakes, i));
        if (o)
            g_ptr_array_add(r->facts->handshakes, o);
    }
    g_variant_unref(handshakes);
}

static bool is_intact(const uint8_t *digest, const uint8_t *body, size_t size)
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    uint8_t actual[TW_FACTS_DIGEST];
    gsize len = sizeof actual;
    g_checksum_update(sum, body, (gssize)size);
    g_checksum_get_digest(sum, actual, &len);
    g_checksum_free(sum);
    return !memcmp(digest, actual, sizeof actual);
}

/* What lies between the digest and the body. */
static bool is_padding(const uint8_t *at)
{
    for (size_t i = strlen(TW_FACTS_MAGIC) + sizeof(uint64_t) + TW_FACTS_DIGEST; i < TW_FACTS_HEAD; i++)
        if (at[i])
            return false;
    return true;
}

#define NAMED 13 /* of the magic: up to the number of the format */

tw__facts *tw__facts_read(GBytes *file, tw__pool *pool, const tw__context *context, bool private, tw_text *text)
{
    gsize left;
    const uint8_t *at = g_bytes_get_data(file, &left);
    const size_t magic = strlen(TW_FACTS_MAGIC);
    uint64_t size = 0;
    reader *r;
    GBytes *body;
    GVariant *all;
    *text = TW_TEXT_FACTS_NONE;
    if (left < NAMED || memcmp(at, TW_FACTS_MAGIC, NAMED) != 0)
        return NULL;
    *text = TW_TEXT_FACTS_VERSION;
    if (left >= magic && memcmp(at, TW_FACTS_MAGIC, magic) != 0)
        return NULL;
    *text = TW_TEXT_FACTS_DAMAGED;
    if (left < TW_FACTS_HEAD || !is_padding(at))
        return NULL;
    memcpy(&size, at + magic, sizeof size);
    if (size != left - TW_FACTS_HEAD || !is_intact(at + magic + sizeof size, at + TW_FACTS_HEAD, size))
        return NULL;
    body = g_bytes_new_from_bytes(file, TW_FACTS_HEAD, size);
    all = g_variant_ref_sink(g_variant_new_from_bytes(G_VARIANT_TYPE(FACTS), body, FALSE));
    r = g_new0(reader, 1);
    *r = (reader){ facts_new(), pool, context, private };
    r->facts->reader = r;
    unpack(r, all);
    g_variant_unref(all);
    g_bytes_unref(body);
    return r->facts;
}
