/* From a ClientHello to a command line. See openssl_command.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "case/openssl_command.h"

#include "verdict/offers.h"
#include "tlswhy/words.h"

#include <stdlib.h>
#include <string.h>

#define WORD_MAX       255  /* bytes of a word that comes from the capture */
#define LIST_MAX       1200 /* bytes of a list of names; a longer one would bury the rest */
#define LEFT_OUT_SHOWN 4    /* names of what openssl cannot offer that a hint bears */

typedef struct {
    uint16_t id;
    const char *name;
} openssl_name;

static const openssl_name suites[] = {
#define OPENSSL_SUITE(id, name) { id, name },
#include "catalogue/openssl.def"
};
static const openssl_name groups[] = {
#define OPENSSL_GROUP(id, name) { id, name },
#include "catalogue/openssl.def"
};
#define N_CURVES (G_N_ELEMENTS(groups) - 5) /* those before TLS 1.3: OpenSSL offers no ffdhe there (RFC 7919) */

static const openssl_name schemes[] = {
#define OPENSSL_SCHEME(id, name) { id, name },
#include "catalogue/openssl.def"
};

static int compare_id(const void *key, const void *element)
{
    uint16_t id = *(const uint16_t *)key;
    const openssl_name *row = element;
    return (id > row->id) - (id < row->id);
}

static const char *name_in(const openssl_name *table, size_t n, uint16_t id)
{
    const openssl_name *row = bsearch(&id, table, n, sizeof *table, compare_id);
    return row ? row->name : NULL;
}

/* ---- words for a shell ---- */

static bool is_printable(const char *text)
{
    for (const char *c = text; *c; c++)
        if (!g_ascii_isgraph(*c) && *c != ' ')
            return false;
    return true;
}

static bool is_harmless(const char *text, const char *marks)
{
    for (const char *c = text; *c; c++)
        if (!g_ascii_isalnum(*c) && !strchr(marks, *c))
            return false;
    return *text != '\0';
}

char *tw__posix_word(const char *text)
{
    GString *s;
    if (!is_printable(text) || strlen(text) > WORD_MAX)
        return NULL;
    if (is_harmless(text, "._-:/,+=@"))
        return g_strdup(text);
    s = g_string_new("'");
    for (const char *c = text; *c; c++)
        if (*c == '\'')
            g_string_append(s, "'\\''");
        else
            g_string_append_c(s, *c);
    g_string_append_c(s, '\'');
    return g_string_free(s, FALSE);
}

/* In double quotes cmd still reads % and !, PowerShell $ and `, and a backslash may take the quote behind it. */
char *tw__windows_word(const char *text)
{
    if (!is_printable(text) || strlen(text) > WORD_MAX || strpbrk(text, "\"%!$`\\"))
        return NULL;
    return is_harmless(text, "._-:/+=") ? g_strdup(text) : g_strdup_printf("\"%s\"", text);
}

/* Appends " OPTION WORD"; false: WORD cannot be put on a command line. */
static bool add_word(GString *command, const char *option, const char *word)
{
#ifdef G_OS_WIN32
    char *quoted = tw__windows_word(word);
#else
    char *quoted = tw__posix_word(word);
#endif
    if (!quoted)
        return false;
    g_string_append_printf(command, " %s %s", option, quoted);
    g_free(quoted);
    return true;
}

/* ---- lists of names ---- */

typedef struct {
    GString *command;
    GString *left_out; /* the first LEFT_OUT_SHOWN names */
    unsigned n_left_out;
    bool with_key; /* a pre-shared key is given: without one OpenSSL keeps suites of PSK to itself */
} writer;

static void leave_out(writer *w, const char *name, uint16_t id)
{
    if (w->n_left_out++ >= LEFT_OUT_SHOWN)
        return;
    if (w->left_out->len)
        g_string_append(w->left_out, ", ");
    if (name)
        g_string_append(w->left_out, name);
    else
        g_string_append_printf(w->left_out, "0x%04x", id);
}

/* Of LIST what CAN_CHOOSE takes goes into OPTION, as far as TABLE knows it; what is unknown is left out. */
static void add_list(writer *w, const char *option, const tw__list *list, const openssl_name *table, size_t n,
                     const char *(*name_of)(uint16_t), bool (*can_choose)(uint16_t), const char *last)
{
    GString *command = w->command;
    gsize begin = 0; /* of the names; 0: there are none yet */
    for (unsigned i = 0; i < list->n; i++) {
        uint16_t id = list->v[i];
        const char *name;
        if (tw__is_grease(id) || (can_choose && !can_choose(id)))
            continue;
        name = !begin || command->len - begin < LIST_MAX ? name_in(table, n, id) : NULL;
        if (!name || (!w->with_key && strstr(name, "PSK"))) {
            leave_out(w, w->n_left_out < LEFT_OUT_SHOWN ? name_of(id) : NULL, id);
            continue;
        }
        if (begin) {
            g_string_append_c(command, ':');
        } else {
            g_string_append_c(command, ' ');
            g_string_append(command, option);
            g_string_append_c(command, ' ');
            begin = command->len;
        }
        g_string_append(command, name);
    }
    if (begin)
        g_string_append(command, last);
}

static bool is_13_suite(uint16_t id)
{
    return id >> 8 == 0x13;
}

static bool is_older_suite(uint16_t id)
{
    return !is_13_suite(id) && !tw__is_signalling(id);
}

/* ---- options ---- */

/* The option that makes OpenSSL offer VERSION alone; NULL: there is none. */
static const char *only_version(uint16_t version)
{
    switch (version) {
    case TW_TLS13: return " -tls1_3";
    case TW_TLS12: return " -tls1_2";
    case TW_TLS11: return " -tls1_1";
    case TW_TLS10: return " -tls1";
    case TW_DTLS12: return " -dtls1_2";
    case TW_DTLS10: return " -dtls1";
    default: return NULL;
    }
}

static const char *protocol_name(uint16_t version)
{
    static const char *const names[] = { "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3" };
    return version >= TW_TLS10 && version <= TW_TLS13 ? names[version - TW_TLS10] : NULL;
}

/* The lowest and highest TLS version of a list; all between them are taken to be offered. */
static void span(const tw__list *versions, uint16_t *low, uint16_t *high)
{
    *low = *high = 0;
    for (unsigned i = 0; i < versions->n; i++) {
        uint16_t version = tw__version_final(versions->v[i]);
        if (!protocol_name(version))
            continue;
        *low = !*low || version < *low ? version : *low;
        *high = MAX(version, *high);
    }
}

static bool add_versions(GString *command, const tw__hello *hello)
{
    uint16_t low, high;
    const char *only;
    span(&hello->versions, &low, &high);
    if (high > low) {
        g_string_append_printf(command, " -min_protocol %s -max_protocol %s", protocol_name(low),
                               protocol_name(high));
        return true;
    }
    only = only_version(high ? high : hello->version);
    g_string_append(command, only ? only : "");
    return only != NULL;
}

/* Since OpenSSL 3.2; it has one version of TLS, and asks for the application protocols, which have to follow. */
static bool add_quic(GString *command, const tw__hello *hello)
{
    g_string_append(command, " -quic");
    return hello->alpn && hello->alpn->len;
}

/* The same for a word that names somebody. */
static bool add_private_word(const tw__case *k, GString *command, const char *option, tw_private kind,
                             const char *word)
{
    char *text = tw_private_text(k->conn->context->anonymizer, kind, g_strdup(word));
    bool done = add_word(command, option, text);
    g_free(text);
    return done;
}

static bool add_name(const tw__case *k, GString *command, const tw__hello *hello)
{
    if (!hello->sni) {
        g_string_append(command, " -noservername");
        return true;
    }
    return add_private_word(k, command, "-servername", TW_PRIVATE_HOST, hello->sni);
}

/* The protocols are escaped as they were read; one that holds what the list needs cannot stand in it. */
static void add_alpn(writer *w, const tw__hello *hello)
{
    GString *list;
    if (!hello->alpn || !hello->alpn->len)
        return;
    list = g_string_new(NULL);
    for (unsigned i = 0; i < hello->alpn->len; i++) {
        const char *protocol = g_ptr_array_index(hello->alpn, i);
        if (strpbrk(protocol, ",\\") || !is_printable(protocol))
            leave_out(w, protocol, 0);
        else
            g_string_append_printf(list, "%s%s", list->len ? "," : "", protocol);
    }
    if (list->len && !add_word(w->command, "-alpn", list->str))
        leave_out(w, "ALPN", 0);
    g_string_free(list, TRUE);
}

static size_t n_groups_of(const tw__hello *hello)
{
    return tw__version_as_tls(hello->version) == TW_TLS13 ? G_N_ELEMENTS(groups) : N_CURVES;
}

/* Without any of the client's groups OpenSSL would offer its own. */
static bool has_groups(const tw__hello *hello)
{
    unsigned real = 0;
    for (unsigned i = 0; i < hello->groups.n; i++) {
        if (name_in(groups, n_groups_of(hello), hello->groups.v[i]))
            return true;
        real += !tw__is_grease(hello->groups.v[i]);
    }
    return !real;
}

/* rustls offers suites of TLS 1.3 in hellos that are not; OpenSSL does not. */
static void leave_out_13(writer *w, const tw__list *list)
{
    for (unsigned i = 0; i < list->n; i++)
        if (is_13_suite(list->v[i]))
            leave_out(w, tw__suite_name(list->v[i]), list->v[i]);
}

static void add_suites(writer *w, const tw__hello *hello)
{
    bool old = !tw__list_has(&hello->versions, TW_TLS13) || hello->versions.n > 1;
    if (old) /* the lowest security level, so that OpenSSL keeps all of the list */
        add_list(w, "-cipher", &hello->suites, suites, G_N_ELEMENTS(suites), tw__suite_name, is_older_suite,
                 ":@SECLEVEL=0");
    if (tw__version_as_tls(hello->version) == TW_TLS13)
        add_list(w, "-ciphersuites", &hello->suites, suites, G_N_ELEMENTS(suites), tw__suite_name, is_13_suite, "");
    else
        leave_out_13(w, &hello->suites);
}

static void add_offers(writer *w, const tw__hello *hello)
{
    add_suites(w, hello);
    add_list(w, "-groups", &hello->groups, groups, n_groups_of(hello), tw__group_name, NULL, "");
    add_list(w, "-sigalgs", &hello->sigalgs, schemes, G_N_ELEMENTS(schemes), tw__scheme_name, NULL, "");
    add_alpn(w, hello);
    if (hello->fallback_scsv)
        g_string_append(w->command, " -fallback_scsv");
}

/* Whether a pre-shared key was used, or nothing else was offered. */
static bool needs_key(const tw__case *k)
{
    unsigned other = 0, psk = 0;
    if (k->suite)
        return k->suite->kx == TW_KX_PSK;
    for (unsigned i = 0; i < k->client_hello->suites.n; i++) {
        const char *name = tw__suite_name(k->client_hello->suites.v[i]);
        if (name && strstr(name, "_PSK_"))
            psk++;
        else if (name)
            other++;
    }
    return psk && !other;
}

/* What the client has and the capture does not give: its place is kept by words in capitals. */
static void add_secrets(writer *w, const tw__case *k)
{
    if (tw__case_has_chain(k, TW_CLIENT))
        g_string_append(w->command, " -cert CERTIFICATE.pem -key KEY.pem");
    if (w->with_key)
        g_string_append(w->command, " -psk_identity IDENTITY -psk HEXADECIMAL-KEY");
}

/* What was left out, for the hint; NULL: nothing. */
static char *left_out_text(const writer *w)
{
    tw_values *v;
    char *text;
    if (w->n_left_out <= LEFT_OUT_SHOWN)
        return w->n_left_out ? g_strdup(w->left_out->str) : NULL;
    v = tw_values_new();
    tw_values_set(v, "list", w->left_out->str);
    tw_values_setf(v, "more", "%u", w->n_left_out - LEFT_OUT_SHOWN);
    text = tw_text_expand(tw_text_template(TW_TEXT_LIST_MORE), v);
    tw_values_free(v);
    return text;
}

static bool is_reachable(const tw__case *k)
{
    int server = tw__conn_dir(k->conn, TW_SERVER);
    const tw__hello *hello = k->client_hello;
    return hello && !hello->flaw && server >= 0 && !k->conn->indirect && tw__conn_end(k->conn, server) &&
           tw_endpoint_port(tw__conn_end(k->conn, server));
}

static bool add_target(const tw__case *k, GString *command)
{
    return add_private_word(k, command, "-connect", TW_PRIVATE_ENDPOINT,
                            tw__conn_end(k->conn, tw__conn_dir(k->conn, TW_SERVER)));
}

static void add_starttls(const tw__case *k, GString *command)
{
    if (tw__seldom_of(k->conn)->starttls)
        g_string_append_printf(command, " -starttls %s", tw__seldom_of(k->conn)->starttls);
}

char *tw__reproduce(const tw__case *k, char **left_out)
{
    const tw__hello *hello = k->client_hello;
    writer w;
    bool done;
    *left_out = NULL;
    if (!is_reachable(k))
        return NULL;
    w = (writer){ g_string_new("openssl s_client"), g_string_new(NULL), 0, needs_key(k) };
    done = add_target(k, w.command) && add_name(k, w.command, hello) &&
           (tw__quic_of(k->conn) ? add_quic(w.command, hello) : add_versions(w.command, hello)) && has_groups(hello);
    if (done)
        add_starttls(k, w.command);
    if (done)
        add_offers(&w, hello);
    add_secrets(&w, k);
    g_string_append(w.command, " </dev/null");
    if (done)
        *left_out = left_out_text(&w);
    g_string_free(w.left_out, TRUE);
    return g_string_free(w.command, !done);
}

/* ---- the short form: what OpenSSL would do otherwise, and of the lists the one that failed ---- */

enum { VERSIONS = 1, SUITES = 2, GROUPS = 4, SCHEMES = 8, PROTOCOLS = 16, NAME = 32 };

/* What of the offer CAUSE is about; 0: it is not about the offer. */
static unsigned subject_of(tw_cause cause)
{
    switch (cause) {
    case TW_CAUSE_VERSION_NO_OVERLAP:
    case TW_CAUSE_VERSION_REFUSED_BY_CLIENT:
    case TW_CAUSE_FALLBACK_REFUSED: return VERSIONS;
    case TW_CAUSE_CIPHER_NO_OVERLAP:
    case TW_CAUSE_CIPHER_REFUSED_BY_CLIENT: return SUITES;
    case TW_CAUSE_DH_TOO_SMALL: return SUITES;
    case TW_CAUSE_GROUP_NO_OVERLAP:
    case TW_CAUSE_GROUP_REFUSED_BY_CLIENT: return GROUPS;
    case TW_CAUSE_SIGALG_NO_OVERLAP: return SCHEMES;
    case TW_CAUSE_ALPN_NO_OVERLAP: return PROTOCOLS;
    case TW_CAUSE_SNI_UNRECOGNIZED:
    case TW_CAUSE_SNI_MISSING: return NAME;
    default: return 0;
    }
}

/* OpenSSL 3 offers TLS 1.2 and 1.3 by itself. Older versions need a security level that knows them. */
static bool add_versions_shortly(GString *command, const tw__hello *hello, bool suites_follow)
{
    uint16_t low, high;
    const char *only;
    span(&hello->versions, &low, &high);
    if (high == TW_TLS13)
        g_string_append(command, low == TW_TLS13 ? " -tls1_3" : "");
    if (high == TW_TLS13)
        return true;
    only = only_version(high ? high : hello->version);
    if (!only)
        return false;
    if (high > low && protocol_name(high))
        g_string_append_printf(command, " -min_protocol %s -max_protocol %s", protocol_name(low),
                               protocol_name(high));
    else
        g_string_append(command, only);
    if (!suites_follow && (low ? low : hello->version) != TW_TLS12 && (low ? low : hello->version) != TW_DTLS12)
        g_string_append(command, " -cipher DEFAULT:@SECLEVEL=0");
    return true;
}

/* The list of W's hello that SUBJECT names. */
static void add_subject(writer *w, const tw__hello *hello, unsigned subject)
{
    if (subject & SUITES)
        add_suites(w, hello);
    if (subject & GROUPS)
        add_list(w, "-groups", &hello->groups, groups, n_groups_of(hello), tw__group_name, NULL, "");
    if (subject & SCHEMES)
        add_list(w, "-sigalgs", &hello->sigalgs, schemes, G_N_ELEMENTS(schemes), tw__scheme_name, NULL, "");
    if (subject & PROTOCOLS)
        add_alpn(w, hello);
    if (hello->fallback_scsv)
        g_string_append(w->command, " -fallback_scsv");
}

char *tw__reproduce_shortly(const tw__case *k, tw_cause cause)
{
    const tw__hello *hello = k->client_hello;
    unsigned subject = subject_of(cause);
    writer w;
    bool done;
    if (!subject || !is_reachable(k))
        return NULL;
    w = (writer){ g_string_new("openssl s_client"), g_string_new(NULL), 0, needs_key(k) };
    done = add_target(k, w.command) && (!hello->sni || add_name(k, w.command, hello)) &&
           (tw__quic_of(k->conn) ? add_quic(w.command, hello)
                                 : add_versions_shortly(w.command, hello, subject == SUITES)) &&
           (subject != GROUPS || has_groups(hello));
    add_starttls(k, w.command);
    add_subject(&w, hello, tw__quic_of(k->conn) ? subject | PROTOCOLS : subject);
    g_string_append(w.command, " </dev/null");
    g_string_free(w.left_out, TRUE);
    return g_string_free(w.command, !done);
}
