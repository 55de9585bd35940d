/* Writing the file of facts. See facts.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "elsewhere/facts.h"

typedef struct {
    tw_frame_number *number;
    GHashTable *places; /* GBytes -> its number + 1 in CERTIFICATES */
    GVariantBuilder certificates;
    size_t size; /* of all so far */
} writer;

static GVariant *bytes_variant(const void *data, size_t len)
{
    return g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, len ? data : NULL, len, 1);
}

static GVariant *blob(GBytes *bytes)
{
    gsize len = 0;
    const void *data = bytes ? g_bytes_get_data(bytes, &len) : NULL;
    return bytes_variant(data, len);
}

static GVariant *name_variant(const char *name)
{
    return bytes_variant(name, name ? strlen(name) : 0);
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static int place_of(writer *w, GBytes *der)
{
    gpointer known = der ? g_hash_table_lookup(w->places, der) : NULL;
    if (!der)
        return -1;
    if (!known) {
        known = GINT_TO_POINTER(g_hash_table_size(w->places) + 1);
        g_hash_table_insert(w->places, der, known);
        g_variant_builder_add_value(&w->certificates, blob(der));
        w->size += g_bytes_get_size(der) + sizeof(uint64_t);
    }
    return GPOINTER_TO_INT(known) - 1;
}

static GVariant *lane_variant(const writer *w, const tw__lane *lane)
{
    unsigned n = tw__lane_length(lane);
    tw__packed_seen *seen =
        g_new0(tw__packed_seen, n + 1); /* a GVariant for each of its numbers takes thirty times as much */
    GVariant *list;
    for (unsigned i = 0; i < n; i++) {
        const tw__seen *s = tw__lane_at(lane, i);
        seen[i].time_us = s->time_us;
        seen[i].frame = w->number(s->frame);
        seen[i].seq = s->seq;
        seen[i].ack = s->ack;
        seen[i].len = s->len;
        seen[i].hash = s->hash;
        seen[i].window = s->window;
        seen[i].ip_id = s->ip_id;
        seen[i].flags = s->flags;
        seen[i].hops = s->hops;
    }
    list = g_variant_new_fixed_array(G_VARIANT_TYPE(SEEN), seen, n, sizeof *seen);
    g_free(seen);
    return g_variant_new("(bbbuu@a" SEEN "@ay)", lane->begins, lane->placed, lane->left_out, lane->isn, lane->base,
                         list,
                         bytes_variant(lane->bytes ? lane->bytes->data : NULL, lane->bytes ? lane->bytes->len : 0));
}

static GVariant *texts_variant(const GPtrArray *texts)
{
    GVariantBuilder list;
    g_variant_builder_init(&list, G_VARIANT_TYPE("as"));
    for (unsigned i = 0; texts && i < texts->len; i++)
        g_variant_builder_add(&list, "s", (const char *)g_ptr_array_index(texts, i));
    return g_variant_builder_end(&list);
}

static GVariant *verdict_variant(const writer *w, const tw_verdict *v)
{
    GVariantBuilder evidence;
    const tw_evidence *e;
    g_variant_builder_init(&evidence, G_VARIANT_TYPE("a(us)"));
    for (unsigned i = 0; (e = tw_verdict_evidence(v, i)); i++)
        g_variant_builder_add(&evidence, "(us)", w->number(e->frame), e->text);
    return g_variant_new("(siiiiibuxxsss@a(us)@as@as)", tw_cause_get(v->cause)->id, (int)v->confidence,
                         (int)v->sender, (int)v->phase, v->alert, v->level, v->encrypted, w->number(v->frame),
                         v->times.frame_us, v->times.hello_us, or_empty(v->rule), v->reason, or_empty(v->version),
                         g_variant_builder_end(&evidence), texts_variant(v->hints), texts_variant(v->logs));
}

static GVariant *account_variant(writer *w, const tw__account *a)
{
    GVariantBuilder verdicts;
    g_variant_builder_init(&verdicts, G_VARIANT_TYPE("a" VERDICT));
    if (a->verdict)
        g_variant_builder_add_value(&verdicts, verdict_variant(w, a->verdict));
    return g_variant_new("(ss@ay@ay@ayiiuuuuuxxxxxiibyy@" LANE "@" LANE "@a" VERDICT ")", or_empty(a->client),
                         or_empty(a->server), name_variant(a->name), blob(a->hello), blob(a->choice),
                         place_of(w, a->leaf[TW_CLIENT]), place_of(w, a->leaf[TW_SERVER]), w->number(a->hello_frame),
                         w->number(a->choice_frame), w->number(a->leaf_frame[TW_CLIENT]),
                         w->number(a->leaf_frame[TW_SERVER]), w->number(a->last_frame), a->begin_us, a->hello_us,
                         a->choice_us, a->last_us, a->until_us, (int)a->carrier, (int)a->outcome, a->lossy,
                         a->hops[TW_OF_CLIENT], a->hops[TW_OF_SERVER], lane_variant(w, &a->lane[TW_OF_CLIENT]),
                         lane_variant(w, &a->lane[TW_OF_SERVER]), g_variant_builder_end(&verdicts));
}

static GVariant *handshake_variant(writer *w, const tw__remembered *o)
{
    int leaf[3];
    for (int side = TW_CLIENT; side <= TW_SERVER; side++)
        leaf[side] = place_of(w, o->leaf[side] ? o->leaf[side]->der : NULL);
    return g_variant_new("(ss@ayuux@aybbbqqqqqiiuu)", o->client, o->server, name_variant(o->name),
                         w->number(o->hello_frame), w->number(o->choice_frame), o->hello_us,
                         bytes_variant(o->hello, o->hello_len), o->sslv2, o->renegotiation, o->fallback_scsv,
                         o->version, o->suite, o->group, o->scheme, o->offered_max, leaf[TW_CLIENT], leaf[TW_SERVER],
                         w->number(o->leaf_frame[TW_CLIENT]), w->number(o->leaf_frame[TW_SERVER]));
}

/* Adds VALUE to LIST unless that makes more than MOST. */
static bool add(writer *w, GVariantBuilder *list, GVariant *value, size_t most)
{
    size_t size;
    g_variant_ref_sink(value);
    g_variant_get_data(value); /* lets go of the variants that it is made of */
    size = g_variant_get_size(value) + sizeof(uint64_t);
    if (w->size + size <= most) {
        g_variant_builder_add_value(list, value);
        w->size += size;
        size = 0;
    }
    g_variant_unref(value);
    return !size;
}

/* What matters most to whoever has a failure of the same connections: 0. */
static unsigned rank_of(const tw__account *a)
{
    bool silent = !tw__lane_length(&a->lane[TW_OF_CLIENT]) || !a->lane[TW_OF_CLIENT].bytes->len;
    if (a->outcome == TW_FAILED)
        return 0;
    if (a->outcome == TW_COMPLETED)
        return 2;
    return a->conn || a->capture || silent ? 1
                                           : 3; /* what has opened and said nothing may have lost its ClientHello */
}

#define RANKS 4

/* Nothing of A is noted any more, and it is counted already. */
static bool is_bare(const tw__account *a)
{
    return !a->verdict && !a->hello && !tw__lane_length(&a->lane[0]) && !tw__lane_length(&a->lane[1]);
}

/* Its stream is not noted any more, and counted already. */
static bool is_counted(const tw__account *a)
{
    return a->conn && a->carrier == TW_CARRIER_TCP && !tw__lane_length(&a->lane[0]) && !tw__lane_length(&a->lane[1]);
}

/* Those of ALL with this rank; gives how many do not fit. */
static unsigned add_accounts(writer *w, GVariantBuilder *accounts, GVariantBuilder *entries, const GPtrArray *all,
                             unsigned rank, size_t most)
{
    unsigned left_out = 0;
    for (unsigned i = 0; i < all->len; i++) {
        const tw__account *a = g_ptr_array_index(all, i);
        tw__entry e;
        if (rank_of(a) != rank || is_bare(a))
            continue;
        if (!add(w, accounts, account_variant(w, a), most)) {
            left_out += !is_counted(a);
            continue;
        }
        e = tw__entry_of(a);
        g_variant_builder_add(entries, ENTRY, e.random, e.choice, e.name, e.numbers, e.begin_us, e.last_us, e.flags);
        w->size += sizeof e;
    }
    return left_out;
}

static GVariant *pack(writer *w, const tw__facts *facts, size_t most, unsigned *left_out)
{
    GVariantBuilder accounts, handshakes, entries;
    *left_out = facts->n_left_out;
    g_variant_builder_init(&w->certificates, G_VARIANT_TYPE("aay"));
    g_variant_builder_init(&accounts, G_VARIANT_TYPE("a" ACCOUNT));
    g_variant_builder_init(&entries, G_VARIANT_TYPE("a" ENTRY));
    g_variant_builder_init(&handshakes, G_VARIANT_TYPE("a" HANDSHAKE));
    for (unsigned i = 0; i < facts->handshakes->len; i++) {
        const tw__remembered *o = g_ptr_array_index(facts->handshakes, i);
        if (o->completed)
            add(w, &handshakes, handshake_variant(w, o), most);
    }
    for (unsigned rank = 0; rank < RANKS; rank++)
        *left_out += add_accounts(w, &accounts, &entries, facts->accounts, rank, most);
    return g_variant_new("(sxxu@aay@a" ENTRY "@a" ACCOUNT "@a" HANDSHAKE ")", facts->capture, facts->from_us,
                         facts->until_us, *left_out, g_variant_builder_end(&w->certificates),
                         g_variant_builder_end(&entries), g_variant_builder_end(&accounts),
                         g_variant_builder_end(&handshakes));
}

GBytes *tw__facts_write(const tw__facts *facts, tw_frame_number *number, size_t most, unsigned *left_out)
{
    writer w = { .number = number, .places = g_hash_table_new(g_bytes_hash, g_bytes_equal) };
    GVariant *all = g_variant_ref_sink(pack(&w, facts, most, left_out));
    GByteArray *file = g_byte_array_sized_new(TW_FACTS_HEAD + (guint)g_variant_get_size(all));
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    uint64_t size = g_variant_get_size(all);
    uint8_t digest[TW_FACTS_DIGEST];
    gsize len = sizeof digest;
    g_checksum_update(sum, g_variant_get_data(all), (gssize)size);
    g_checksum_get_digest(sum, digest, &len);
    g_byte_array_append(file, (const uint8_t *)TW_FACTS_MAGIC, strlen(TW_FACTS_MAGIC));
    g_byte_array_append(file, (const uint8_t *)&size, sizeof size);
    g_byte_array_append(file, digest, sizeof digest);
    while (file->len < TW_FACTS_HEAD)
        g_byte_array_append(file, (const uint8_t *)"", 1);
    g_byte_array_append(file, g_variant_get_data(all), (guint)size);
    g_checksum_free(sum);
    g_variant_unref(all);
    g_hash_table_destroy(w.places);
    return g_byte_array_free_to_bytes(file);
}
