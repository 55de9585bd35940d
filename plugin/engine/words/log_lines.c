/* Reading lines of programs' logs. See tlswhy/log_lines.h; log_lines.def says in its head what a row means.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "words/log_lines.h"
#include "words/programs.h"

#include <string.h>

#define ANY           (-1)
#define UNNAMED       (-2)
#define RECEIVED      TW_LOG_RECEIVED
#define SENT          TW_LOG_SENT
#define ENDED         TW_LOG_ENDED
#define EITHER        TW_LOG_EITHER
#define N_ALERTS      256
#define REASON_OFFSET 1000 /* OpenSSL's SSL_AD_REASON_OFFSET */
#define KEY_LENGTH    4    /* characters by which a sign is looked up */

/* ---- the tables ---- */

static const struct {
    tw__program program;
    int alert;
    tw_log_how how;
    const char *template, *truth;
} sign_rows[] = {
#define SIGN(id, alert, how, template, truth) { TW_PROGRAM_##id, alert, how, template, truth },
#include "catalogue/log_lines.def"
};

static const struct {
    tw__program program;
    tw_side side;
    const char *text;
} marks[] = {
#define MARK(id, side, text) { TW_PROGRAM_##id, side, text },
#include "catalogue/log_lines.def"
};

static const struct {
    uint8_t alert;
    const char *from_client, *from_server;
} meanings[] = {
#define MEANING(alert, from_client, from_server) { alert, from_client, from_server },
#include "catalogue/log_lines.def"
};

static const struct {
    tw__program program;
    uint8_t alert;
    const char *text;
} truths[] = {
#define TRUTH(id, alert, text) { TW_PROGRAM_##id, alert, text },
#include "catalogue/log_lines.def"
};

static const struct {
    tw__program program;
    const char *text;
} keys[] = {
#define KEYS(id, text) { TW_PROGRAM_##id, text },
#include "catalogue/log_lines.def"
};

const char *tw_alert_meaning(uint8_t alert, tw_side sender)
{
    for (size_t i = 0; i < G_N_ELEMENTS(meanings); i++) {
        const char *text = sender == TW_CLIENT ? meanings[i].from_client : meanings[i].from_server;
        if (meanings[i].alert == alert)
            return *text ? text : NULL;
    }
    return NULL;
}

const char *tw__log_program(const tw_log_line *line)
{
    return tw__program_label((tw__program)line->program);
}

const char *tw__log_truth(const tw_log_line *line)
{
    for (size_t i = 0; i < G_N_ELEMENTS(truths) && line->how == TW_LOG_RECEIVED; i++)
        if (truths[i].program == (tw__program)line->program && line->n_alerts && truths[i].alert == line->alerts[0])
            return truths[i].text;
    return NULL;
}

const char *tw__log_keys(const tw_log_line *line)
{
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        if (keys[i].program == (tw__program)line->program)
            return keys[i].text;
    return NULL;
}

/* ---- signs, as they stand in lines ---- */

typedef struct {
    char *text; /* as plain() makes it */
    size_t len;
    int alert;
    unsigned row;
    unsigned sharers; /* signs with the same text */
} sign;

struct tw_log_reader {
    GHashTable *signs; /* the first KEY_LENGTH characters -> GPtrArray of sign */
};

/* What of TEXT is compared: without case, blanks and what programs set a name in. Caller frees. */
static char *plain(const char *text)
{
    GString *s = g_string_sized_new(strlen(text));
    for (; *text; text++)
        if (!g_ascii_isspace(*text) && !strchr("_\"'{}[]", *text))
            g_string_append_c(s, g_ascii_tolower(*text));
    return g_string_free(s, FALSE);
}

static unsigned key_of(const char *text)
{
    unsigned key;
    memcpy(&key, text, KEY_LENGTH);
    return key;
}

static void sign_free(void *data)
{
    g_free(((sign *)data)->text);
    g_free(data);
}

static void signs_free(void *data)
{
    g_ptr_array_unref(data);
}

static void add_sign(tw_log_reader *reader, unsigned row, int alert, const tw_values *values)
{
    char *expanded;
    sign *added;
    GPtrArray *alike;
    if (!tw_text_complete(sign_rows[row].template, values))
        return;
    expanded = tw_text_expand(sign_rows[row].template, values);
    added = g_new0(sign, 1);
    added->text = plain(expanded);
    added->len = strlen(added->text);
    added->alert = alert;
    added->row = row;
    g_free(expanded);
    g_assert(added->len >= KEY_LENGTH);
    alike = g_hash_table_lookup(reader->signs, GUINT_TO_POINTER(key_of(added->text)));
    if (!alike) {
        alike = g_ptr_array_new_with_free_func(sign_free);
        g_hash_table_insert(reader->signs, GUINT_TO_POINTER(key_of(added->text)), alike);
    }
    g_ptr_array_add(alike, added);
}

/* SChannel's "SEC_E_CERT_UNKNOWN (0x80090327)" in its parts. */
static void split_status(tw_values *v)
{
    const char *both = tw_values_get(v, "schannel"), *open = both ? strchr(both, '(') : NULL;
    char *status;
    if (!open)
        return;
    status = g_strndup(both, (gsize)(open - both - 1));
    tw_values_set(v, "status", status);
    tw_values_setf(v, "status_code", "%.10s", open + 1);
    g_free(status);
}

/* Counts the sharers of each sign. */
static void count_sharers(void *key G_GNUC_UNUSED, void *value, void *data G_GNUC_UNUSED)
{
    const GPtrArray *alike = value;
    for (unsigned i = 0; i < alike->len; i++)
        for (unsigned j = 0; j < alike->len; j++) {
            sign *s = g_ptr_array_index(alike, i);
            const sign *other = g_ptr_array_index(alike, j);
            s->sharers += s->len == other->len && !strcmp(s->text, other->text);
        }
}

static bool is_of(unsigned row, unsigned alert)
{
    return sign_rows[row].alert == ANY || sign_rows[row].alert == (int)alert;
}

tw_log_reader *tw_log_reader_new(void)
{
    tw_log_reader *reader = g_new0(tw_log_reader, 1);
    reader->signs = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, signs_free);
    for (unsigned alert = 0; alert < N_ALERTS; alert++) {
        tw_values *v = tw__alert_values((uint8_t)alert);
        tw_values_setf(v, "reason_number", "%u", REASON_OFFSET + alert);
        split_status(v);
        for (unsigned row = 0; row < G_N_ELEMENTS(sign_rows); row++)
            if (is_of(row, alert))
                add_sign(reader, row, (int)alert, v);
        tw_values_free(v);
    }
    for (unsigned row = 0; row < G_N_ELEMENTS(sign_rows); row++)
        if (sign_rows[row].alert == UNNAMED)
            add_sign(reader, row, UNNAMED, NULL);
    g_hash_table_foreach(reader->signs, count_sharers, NULL);
    return reader;
}

void tw_log_reader_free(tw_log_reader *reader)
{
    if (reader)
        g_hash_table_destroy(reader->signs);
    g_free(reader);
}

/* ---- a line ---- */

/* Whether S stands at TEXT: a number ends where it ends. */
static bool stands_at(const sign *s, const char *text)
{
    return !strncmp(text, s->text, s->len) &&
           !(g_ascii_isdigit(s->text[s->len - 1]) && g_ascii_isdigit(text[s->len]));
}

static bool is_better(const sign *one, const sign *other)
{
    bool names = one->alert != UNNAMED && sign_rows[one->row].how != ENDED;
    bool other_names = other->alert != UNNAMED && sign_rows[other->row].how != ENDED;
    if (names != other_names)
        return names;
    return one->sharers != other->sharers ? one->sharers < other->sharers : one->len > other->len;
}

/* The best sign in TEXT, and in ALIKE (unless NULL) the others of its kind. */
static const sign *best_sign(const tw_log_reader *reader, const char *text, const GPtrArray **kind)
{
    const sign *best = NULL;
    for (size_t left = strlen(text); left >= KEY_LENGTH; left--, text++) {
        const GPtrArray *alike = g_hash_table_lookup(reader->signs, GUINT_TO_POINTER(key_of(text)));
        for (unsigned i = 0; alike && i < alike->len; i++) {
            const sign *s = g_ptr_array_index(alike, i);
            if (stands_at(s, text) && (!best || is_better(s, best))) {
                best = s;
                *kind = alike;
            }
        }
    }
    return best;
}

static void add_alert(tw_log_line *line, const sign *s, const sign *best)
{
    if (s->alert < 0 || strcmp(s->text, best->text) != 0 || line->n_alerts == TW_LOG_ALERTS_MAX ||
        memchr(line->alerts, s->alert, line->n_alerts))
        return;
    line->alerts[line->n_alerts++] = (uint8_t)s->alert;
}

/* The program and the side of its log, by the marks in TEXT. */
static void find_program(const char *text, tw_log_line *line)
{
    bool found = false;
    for (size_t i = 0; i < G_N_ELEMENTS(marks) && (!found || line->side == TW_SIDE_UNKNOWN); i++) {
        bool generic = found && marks[i].program == TW_PROGRAM_OPENSSL;
        if (!strstr(text, marks[i].text) || (found && !generic && (int)marks[i].program != line->program))
            continue;
        line->side = marks[i].side;
        if (!found)
            line->program = (int)marks[i].program;
        found = true;
    }
}

static bool is_lined_up(tw__program program, tw_side receiver)
{
    static const struct {
        tw_side receiver;
        tw__program program;
    } lineup[] = {
#define LINEUP(receiver, id) { receiver, TW_PROGRAM_##id },
#include "catalogue/programs.def"
    };
    for (size_t i = 0; i < G_N_ELEMENTS(lineup); i++)
        if (lineup[i].program == program && lineup[i].receiver == receiver)
            return true;
    return false;
}

/* The side that PROGRAM always is. */
static tw_side usual_side(tw__program program)
{
    bool client = is_lined_up(program, TW_CLIENT), server = is_lined_up(program, TW_SERVER);
    return client == server || is_lined_up(program, TW_SIDE_UNKNOWN) || program == TW_PROGRAM_NODE ? TW_SIDE_UNKNOWN
           : client                                                                                ? TW_CLIENT
                                                                                                   : TW_SERVER;
}

/* The only side that sends the alerts of LINE, if there is one. */
static tw_side only_sender(const tw_log_line *line)
{
    bool client = false, server = false;
    for (unsigned i = 0; i < line->n_alerts; i++) {
        client |= tw_alert_meaning(line->alerts[i], TW_CLIENT) != NULL;
        server |= tw_alert_meaning(line->alerts[i], TW_SERVER) != NULL;
    }
    return client == server ? TW_SIDE_UNKNOWN : client ? TW_CLIENT : TW_SERVER;
}

tw_side tw_log_sender(const tw_log_line *line)
{
    if (line->how == TW_LOG_RECEIVED)
        return line->side == TW_SIDE_UNKNOWN ? only_sender(line) : tw_other_side(line->side);
    return line->how == TW_LOG_SENT ? line->side : TW_SIDE_UNKNOWN;
}

bool tw_log_read(const tw_log_reader *reader, const char *text, tw_log_line *line)
{
    char *compared = plain(text);
    const GPtrArray *kind = NULL;
    const sign *best = best_sign(reader, compared, &kind);
    g_free(compared);
    if (!best)
        return false;
    *line = (tw_log_line){ .how = sign_rows[best->row].how,
                           .program = (int)sign_rows[best->row].program,
                           .truth = sign_rows[best->row].truth };
    for (unsigned i = 0; i < kind->len && line->how != TW_LOG_ENDED; i++)
        add_alert(line, g_ptr_array_index(kind, i), best);
    find_program(text, line);
    if (line->side == TW_SIDE_UNKNOWN)
        line->side = usual_side((tw__program)line->program);
    if (line->side == TW_SIDE_UNKNOWN && line->how == TW_LOG_RECEIVED)
        line->side = tw_other_side(only_sender(line));
    return true;
}
