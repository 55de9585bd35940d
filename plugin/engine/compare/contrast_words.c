/* How two handshakes differ, in words. See contrast_internal.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compare/contrast_internal.h"
#include "verdict/offers.h"
#include "verdict/verdict_internal.h"
#include "tlswhy/words.h"

#include <string.h>

#define SHOWN 4 /* names of a list that a sentence bears */

tw__view tw__view_of(const tw__remembered *o, const tw__hello *hello)
{
    tw__hello *own = hello ? NULL : tw__remembered_hello(o);
    tw__view w = { o, hello ? hello : own, own, tw_values_new_private(o->context->anonymizer) };
    tw__offers_brief(w.hello, w.offers);
    return w;
}

void tw__view_clear(tw__view *w)
{
    tw__hello_free(w->own);
    tw_values_free(w->offers);
}

/* ---- one attribute each: texts of what is there and what is here; NULL, NULL where they are equal ---- */

typedef struct {
    char *there, *here;
} difference;

typedef difference (*comparison)(const tw__view *here, const tw__view *there);

static char *word(tw_text text)
{
    return g_strdup(tw_text_template(text));
}

/* What A has and B lacks, as text; NULL: nothing. */
static char *surplus(const tw__list *a, const tw__list *b, const char *(*name_of)(uint16_t))
{
    tw__list rest = { g_new(uint16_t, a->n + 1), 0 };
    char *text = NULL;
    for (unsigned i = 0; i < a->n; i++)
        if (!tw__is_grease(a->v[i]) && !tw__is_signalling(a->v[i]) && !tw__list_has(b, a->v[i]))
            rest.v[rest.n++] = a->v[i];
    if (rest.n)
        text = tw__list_text(&rest, name_of, SHOWN);
    g_free(rest.v);
    return text;
}

static char *also(char *names)
{
    tw_values *v;
    char *text;
    if (!names)
        return NULL;
    v = tw_values_new();
    tw_values_set_text(v, "names", names);
    text = tw_text_expand(tw_text_template(TW_TEXT_CONTRAST_ALSO), v);
    tw_values_free(v);
    g_free(names);
    return text;
}

static difference of_lists(const tw__list *here, const tw__list *there, const char *(*name_of)(uint16_t))
{
    difference d = { also(surplus(there, here, name_of)), also(surplus(here, there, name_of)) };
    if (d.there && !d.here)
        d.here = word(TW_TEXT_CONTRAST_NO_MORE);
    else if (d.here && !d.there)
        d.there = word(TW_TEXT_CONTRAST_NO_MORE);
    return d;
}

static difference suites(const tw__view *here, const tw__view *there)
{
    return of_lists(&here->hello->suites, &there->hello->suites, tw__suite_name);
}

static difference groups(const tw__view *here, const tw__view *there)
{
    return of_lists(&here->hello->groups, &there->hello->groups, tw__group_name);
}

static difference schemes(const tw__view *here, const tw__view *there)
{
    return of_lists(&here->hello->sigalgs, &there->hello->sigalgs, tw__scheme_name);
}

/* Two texts: equal ones are no difference. Takes over both. */
static difference of_texts(char *here, char *there)
{
    if (strcmp(here, there) != 0)
        return (difference){ there, here };
    g_free(here);
    g_free(there);
    return (difference){ NULL, NULL };
}

static char *offered(const tw__view *w, const char *what)
{
    const char *text = tw_values_get(w->offers, what);
    return text ? g_strdup(text) : word(TW_TEXT_WORD_NONE);
}

static difference versions(const tw__view *here, const tw__view *there)
{
    return of_texts(offered(here, "offered_versions"), offered(there, "offered_versions"));
}

static difference alpn(const tw__view *here, const tw__view *there)
{
    return of_texts(offered(here, "offered_alpn"), offered(there, "offered_alpn"));
}

static difference server_name(const tw__view *here, const tw__view *there)
{
    return of_texts(offered(here, "server_name"), offered(there, "server_name"));
}

#define ONE_SEGMENT 1400 /* bytes that every path carries in one packet */

/* Some middleboxes lose or dislike a hello of more than one segment: that ends without an alert. */
static difference length(const tw__view *here, const tw__view *there)
{
    size_t mine = here->o->hello_len, other = there->o->hello_len;
    if (!here->o->verdict || here->o->verdict->alert >= 0 || (mine > ONE_SEGMENT) == (other > ONE_SEGMENT))
        return (difference){ NULL, NULL };
    return (difference){ g_strdup_printf("%" G_GSIZE_FORMAT " bytes", other),
                         g_strdup_printf("%" G_GSIZE_FORMAT " bytes", mine) };
}

static char *read_leaf(GBytes *der, const tw__context *context)
{
    GPtrArray *ders = g_ptr_array_new();
    tw__chain *chain;
    const tw__cert_info *leaf;
    tw_values *v = tw_values_new_private(context->anonymizer);
    char *text;
    g_ptr_array_add(ders, der);
    chain = tw__chain_new(context->chains, ders, false);
    leaf = tw__chain_cert(chain, 0);
    tw_values_set_text(v, "subject", leaf->subject);
    tw_values_set_text(v, "issuer", leaf->issuer);
    tw_values_set_private(v, "serial", TW_PRIVATE_SERIAL, leaf->parsed ? leaf->serial : "");
    text =
        leaf->parsed ? tw_text_expand(tw_text_template(TW_TEXT_CONTRAST_LEAF), v) : word(TW_TEXT_CONTRAST_UNREADABLE);
    tw_values_free(v);
    tw__chain_free(chain);
    g_ptr_array_unref(ders);
    return text;
}

static char *leaf_text(tw__leaf *leaf, const tw__context *context)
{
    if (!leaf->text)
        leaf->text = read_leaf(leaf->der, context);
    return g_strdup(leaf->text);
}

static difference leaves(const tw__view *here, const tw__view *there, tw_side side, tw_text none)
{
    const tw__context *context = here->o->context;
    tw__leaf *a = here->o->leaf[side], *b = there->o->leaf[side];
    if (a == b || (a && b && g_bytes_equal(a->der, b->der))) /* another capture has its own */
        return (difference){ NULL, NULL };
    return (difference){ b ? leaf_text(b, context) : word(none), a ? leaf_text(a, context) : word(none) };
}

/* Only where both can be read. */
static difference server_certificate(const tw__view *here, const tw__view *there)
{
    if (!here->o->leaf[TW_SERVER] || !there->o->leaf[TW_SERVER])
        return (difference){ NULL, NULL };
    return leaves(here, there, TW_SERVER, TW_TEXT_WORD_NONE);
}

/* A handshake that was not asked for one says nothing; in TLS 1.3 without keys none can be seen. */
static difference client_certificate(const tw__view *here, const tw__view *there)
{
    if (!here->o->leaf_frame[TW_CLIENT] || !there->o->leaf_frame[TW_CLIENT])
        return (difference){ NULL, NULL };
    return leaves(here, there, TW_CLIENT, TW_TEXT_WORD_NONE);
}

static const struct {
    tw_text what;
    comparison compare;
    tw_side side; /* the frame is that of this side's Certificate; unknown: of the ClientHello */
} comparisons[] = {
    { TW_TEXT_WHAT_VERSIONS, versions, TW_SIDE_UNKNOWN },
    { TW_TEXT_WHAT_CLIENT_CERTIFICATE, client_certificate, TW_CLIENT },
    { TW_TEXT_WHAT_SERVER_CERTIFICATE, server_certificate, TW_SERVER },
    { TW_TEXT_WHAT_NAME, server_name, TW_SIDE_UNKNOWN },
    { TW_TEXT_WHAT_SUITES, suites, TW_SIDE_UNKNOWN },
    { TW_TEXT_WHAT_GROUPS, groups, TW_SIDE_UNKNOWN },
    { TW_TEXT_WHAT_SCHEMES, schemes, TW_SIDE_UNKNOWN },
    { TW_TEXT_WHAT_ALPN, alpn, TW_SIDE_UNKNOWN },
    { TW_TEXT_WHAT_LENGTH, length, TW_SIDE_UNKNOWN },
};

unsigned tw__contrast_distance(const tw__view *here, const tw__remembered *o)
{
    tw__view there = tw__view_of(o, NULL);
    unsigned n = 0;
    for (unsigned i = 0; i < G_N_ELEMENTS(comparisons); i++) {
        difference d = comparisons[i].compare(here, &there);
        n += d.there != NULL;
        g_free(d.there);
        g_free(d.here);
    }
    tw__view_clear(&there);
    return n;
}

/* ---- sentences ---- */

/* Evidence of OTHER, which may be of another capture. */
static void add(tw_verdict *v, const tw__remembered *other, uint32_t frame, tw_text text, const tw_values *values)
{
    tw__verdict_add_other(v, other->capture, frame, text, values);
}

static void set_choice(tw_values *v, const tw__remembered *o)
{
    const char *version = tw__version_name(o->version);
    tw_values_set(v, "version", version ? version : "?");
    tw__set_code(v, "suite", tw__suite_name(o->suite), o->suite);
}

static tw_values *values_of(const tw__remembered *o)
{
    tw_values *v = tw_values_new_private(o->context->anonymizer);
    tw_values_set_private(v, "client", TW_PRIVATE_ENDPOINT, o->client);
    tw_values_set_private(v, "server", TW_PRIVATE_ENDPOINT, o->server);
    tw_values_set_private(v, "server_name", TW_PRIVATE_HOST, o->name ? o->name : "");
    set_choice(v, o);
    return v;
}

void tw__contrast_words(const tw__view *here, const tw__remembered *other, tw__kinship kinship)
{
    static const tw_text first[] = { [TW_SAME_SERVER] = TW_TEXT_CONTRAST_SERVER,
                                     [TW_SAME_NAME] = TW_TEXT_CONTRAST_NAME,
                                     [TW_SAME_CLIENT] = TW_TEXT_CONTRAST_CLIENT };
    tw_verdict *verdict = here->o->verdict;
    tw__view there = tw__view_of(other, NULL);
    tw_values *v = values_of(other);
    unsigned n = 0;
    add(verdict, other, other->choice_frame ? other->choice_frame : other->hello_frame, first[kinship], v);
    for (unsigned i = 0; i < G_N_ELEMENTS(comparisons); i++) {
        difference d;
        if (kinship == TW_SAME_CLIENT && comparisons[i].side == TW_SERVER)
            continue; /* another server has another certificate */
        d = comparisons[i].compare(here, &there);
        if (d.there) {
            tw_values_set_text(v, "what", tw_text_template(comparisons[i].what));
            tw_values_set_text(v, "there", d.there);
            tw_values_set_text(v, "here", d.here);
            add(verdict, other, comparisons[i].side ? other->leaf_frame[comparisons[i].side] : other->hello_frame,
                TW_TEXT_CONTRAST_DIFFERENCE, v);
            n++;
        }
        g_free(d.there);
        g_free(d.here);
    }
    if (!n)
        add(verdict, other, other->hello_frame, TW_TEXT_CONTRAST_EQUAL, v);
    tw_values_free(v);
    tw__view_clear(&there);
}

#define DANCE_SHOWN 2 /* attempts shown each way */

/* A cause that is only one of several would mislead here: then the alert is shown. */
static void set_outcome(tw_values *v, const tw__remembered *o)
{
    char *label;
    if (!o->verdict) {
        tw_values_set_text(
            v, "outcome", tw_text_template(o->completed ? TW_TEXT_CONTRAST_COMPLETED : TW_TEXT_CONTRAST_FAILED_LATE));
    } else if (o->verdict->confidence == TW_POSSIBLE && o->verdict->alert >= 0) {
        label = tw_alert_label((uint8_t)o->verdict->alert);
        tw_values_set_text(v, "outcome", label);
        g_free(label);
    } else {
        tw_values_set_text(v, "outcome", tw_cause_get(o->verdict->cause)->title);
    }
}

static void add_attempt(const tw__remembered *o, const tw__remembered *other, tw_text text)
{
    tw_values *v = values_of(other);
    tw__view attempt = tw__view_of(other, NULL);
    tw_values_set_text(v, "scsv", other->fallback_scsv ? tw_text_template(TW_TEXT_CONTRAST_SCSV) : "");
    set_outcome(v, other);
    tw__offers_values(attempt.hello, v);
    add(o->verdict, other, other->hello_frame, text, v);
    tw_values_free(v);
    tw__view_clear(&attempt);
}

void tw__contrast_dance(const tw__remembered *o)
{
    const tw__remembered *other = o->before;
    for (unsigned i = 0; other && i < DANCE_SHOWN; i++, other = other->before)
        add_attempt(o, other, TW_TEXT_CONTRAST_BEFORE);
    other = o->after;
    for (unsigned i = 0; other && i < DANCE_SHOWN; i++, other = other->after)
        add_attempt(o, other, TW_TEXT_CONTRAST_AFTER);
}
