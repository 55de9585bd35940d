/* The certificates of failed handshakes as PEM files. See take_away.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/take_away.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <glib/gstdio.h>

#include "frames.h"
#include "report/parts.h"
#include "tlswhy/certificate.h"

#define PEM_COLUMNS    64
#define NAME_MAX_BYTES 60 /* of the capture's name in that of a file */
#define TRIES_MAX      999

static const char *const sides[] = { "server", "client" };

/* A chain of the same certificates, sent by the same side. */
typedef struct {
    const tw_conn *conn; /* lent: where it was sent first, and what came of it */
    const tw_verdict *verdict;
    unsigned side, count;
} sent;

/* What tells chains apart. Caller frees. */
static char *key_of(const GPtrArray *ders, unsigned side)
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    char *key;
    for (unsigned i = 0; i < ders->len; i++) {
        gsize size;
        const void *bytes = g_bytes_get_data(g_ptr_array_index(ders, i), &size);
        g_checksum_update(sum, bytes, (gssize)size);
    }
    key = g_strconcat(sides[side], g_checksum_get_string(sum), NULL);
    g_checksum_free(sum);
    return key;
}

static void note_chains(GHashTable *known, GPtrArray *chains, const tw_conn *conn, const tw_verdict *v)
{
    for (unsigned side = 0; side < G_N_ELEMENTS(sides); side++) {
        char *key = v->certificates[side] ? key_of(v->certificates[side], side) : NULL;
        sent *found = key ? g_hash_table_lookup(known, key) : NULL;
        if (key && !found) {
            found = g_new0(sent, 1);
            *found = (sent){ conn, v, side, 0 };
            g_ptr_array_add(chains, found);
            g_hash_table_insert(known, g_strdup(key), found);
        }
        if (found)
            found->count++;
        g_free(key);
    }
}

/* sent *, in the order of the capture. */
static GPtrArray *chains_of(const GPtrArray *connections)
{
    GHashTable *known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GPtrArray *chains = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < connections->len; i++) {
        const tw_conn *conn = g_ptr_array_index(connections, i);
        for (const tw_verdict *v = tw_conn_verdicts(conn); v; v = v->next)
            if (v->failure)
                note_chains(known, chains, conn, v);
    }
    g_hash_table_destroy(known);
    return chains;
}

/* ---- what stands in a file ---- */

static void add_heading(GString *text, const sent *s, const char *file)
{
    tw_values *v = tw_values_new();
    char *stream = report_stream(s->conn), *line;
    tw_values_set(v, "side", sides[s->side]);
    tw_values_set(v, "file", file ? file : "");
    tw_values_setf(v, "frame", "%u", frames_number(s->verdict->frame));
    tw_values_set(v, "stream", stream ? stream : "");
    if (stream)
        tw_values_set_phrase(v, "stream", TW_TEXT_REPORT_STREAM);
    tw_values_set(v, "cause", tw_cause_get(s->verdict->cause)->id);
    tw_values_set_text(v, "reason", s->verdict->reason);
    tw_values_set_count(v, "failures", s->count, TW_TEXT_PEM_ONE_FAILURE, TW_TEXT_PEM_FAILURES);
    line = tw_text_new(TW_TEXT_PEM_HEADING, v);
    g_string_append_printf(text, "# %s\n", line);
    g_free(line);
    g_free(stream);
    tw_values_free(v);
}

static void add_certificate(GString *text, GBytes *der)
{
    tw_certificate *c = tw_certificate_read(der, NULL);
    gsize size;
    const void *bytes = g_bytes_get_data(der, &size);
    char *base64 = g_base64_encode(bytes, size);
    if (c->subject)
        g_string_append_printf(text, "# subject: %s\n# issuer: %s\n", c->subject, c->issuer);
    g_string_append(text, "-----BEGIN CERTIFICATE-----\n");
    for (const char *at = base64; *at; at += MIN(strlen(at), PEM_COLUMNS))
        g_string_append_printf(text, "%.*s\n", PEM_COLUMNS, at);
    g_string_append(text, "-----END CERTIFICATE-----\n");
    g_free(base64);
    tw_certificate_free(c);
}

static char *pem_of(const sent *s, const char *file)
{
    const GPtrArray *ders = s->verdict->certificates[s->side];
    GString *text = g_string_new(NULL);
    add_heading(text, s, file);
    for (unsigned i = 0; i < ders->len; i++)
        add_certificate(text, g_ptr_array_index(ders, i));
    return g_string_free(text, FALSE);
}

/* ---- and what it is called ---- */

/* Of FILE its last part, without its extension and with nothing in it that any system or shell minds. Caller frees. */
static char *stem_of(const char *file)
{
    char *base = g_path_get_basename(file ? file : "-"), *dot = strchr(base + 1, '.');
    if (dot)
        *dot = '\0';
    if (strlen(base) > NAME_MAX_BYTES)
        base[NAME_MAX_BYTES] = '\0';
    for (char *c = base; *c; c++)
        if (!g_ascii_isalnum(*c) && *c != '_' && (*c != '-' || c == base))
            *c = '_';
    if (strspn(base, "_") == strlen(base)) {
        g_free(base);
        base = g_strdup("capture");
    }
    return base;
}

static bool holds(const char *path, const char *text)
{
    char *there;
    bool same = g_file_get_contents(path, &there, NULL, NULL) && !strcmp(there, text);
    if (same)
        g_free(there);
    return same;
}

/* Writes TEXT to a new file PATH. 0, or errno. */
static int write_new(const char *path, const char *text)
{
    FILE *out = g_fopen(path, "wx");
    bool written;
    if (!out)
        return errno;
    written = fputs(text, out) != EOF;
    return fclose(out) || !written ? EIO : 0;
}

/* Under NAME, or where another file has that, NAME-2 and so on. False: it cannot be written. */
static bool write_chain(const char *folder, const char *name, const char *text)
{
    int error = EEXIST;
    for (unsigned try = 1; try <= TRIES_MAX && error == EEXIST; try++) {
        char *file = try == 1 ? g_strdup_printf("%s.pem", name) : g_strdup_printf("%s-%u.pem", name, try);
        char *path = g_build_filename(folder, file, NULL);
        error = write_new(path, text);
        if (error == EEXIST && holds(path, text))
            error = 0;
        if (error && error != EEXIST)
            print_error(TW_TEXT_ERROR_CANNOT_WRITE, path);
        g_free(path);
        g_free(file);
    }
    return !error;
}

void take_certificates(const GPtrArray *connections, const char *file, const char *folder)
{
    GPtrArray *chains = chains_of(connections);
    char *stem = stem_of(file);
    unsigned written = 0;
    tw_values *v = tw_values_new();
    char *line;
    for (unsigned i = 0; i < chains->len; i++) {
        const sent *s = g_ptr_array_index(chains, i);
        char *name = g_strdup_printf("%s-frame-%u-%s", stem, frames_number(s->verdict->frame), sides[s->side]);
        char *text = pem_of(s, file);
        if (!write_chain(folder, name, text)) {
            g_free(text);
            g_free(name);
            break;
        }
        written++;
        g_free(text);
        g_free(name);
    }
    tw_values_set(v, "folder", folder);
    tw_values_set_count(v, "chains", written, TW_TEXT_PEM_ONE_CHAIN, TW_TEXT_PEM_CHAINS);
    line = tw_text_new(TW_TEXT_PEM_WRITTEN, v);
    fprintf(stderr, "%s\n", line);
    g_free(line);
    tw_values_free(v);
    g_free(stem);
    g_ptr_array_unref(chains);
}
