/* The catalogue of alerts (alerts.def), and the lines that programs print for them (programs.def).
 *
 * Both tables say in their heads what a row means. The code here only finds the row, and knows two spellings
 * that OpenSSL derives from others: its error code and the capitals of its reason texts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "words/programs.h"
#include "words/shared.h"

#include <string.h>

/* ---- alerts ---- */

typedef struct {
    uint8_t number;
    bool warning;
    const char *name;
    const char *rfc;
    const char *openssl;
    const char *java;
    const char *go;
    const char *firefox;
    const char *chrome;
    const char *gnutls;
    const char *schannel;
} alert_row;

static const alert_row alerts[] = {
#define ALERT(NAME, NUMBER, ...) { .number = TW_ALERT_##NAME, __VA_ARGS__ },
#include "catalogue/alerts.def"
#undef ALERT
};

static const alert_row *find_alert(uint8_t number)
{
    for (size_t i = 0; i < G_N_ELEMENTS(alerts); i++)
        if (alerts[i].number == number)
            return &alerts[i];
    return NULL;
}

const char *tw_alert_name(uint8_t number)
{
    const alert_row *alert = find_alert(number);

    return alert ? alert->name : NULL;
}

const char *tw_alert_rfc(uint8_t number)
{
    const alert_row *alert = find_alert(number);

    return alert ? alert->rfc : NULL;
}

char *tw_alert_label(uint8_t number)
{
    const char *name = tw_alert_name(number);

    return g_strdup_printf("%s (%u)", name ? name : tw_text_template(TW_TEXT_UNASSIGNED_ALERT), number);
}

const char *tw_alert_level_name(uint8_t level)
{
    switch (level) {
    case 1: return "warning";
    case 2: return "fatal";
    default: return NULL;
    }
}

/* ---- programs ---- */

static const struct {
    const char *label, *library;
} programs[TW_N_PROGRAMS] = {
#define PROGRAM(id, label, library) [TW_PROGRAM_##id] = { label, library },
#include "catalogue/programs.def"
};

const char *tw__program_label(tw__program id)
{
    return programs[id].label;
}

typedef struct {
    tw_side receiver;
    tw__program id;
    bool rare; /* on any side */
} lineup_row;

static const lineup_row lineup[] = {
#define LINEUP(receiver, id) { receiver, TW_PROGRAM_##id, false },
#define RARE(id)             { TW_SIDE_UNKNOWN, TW_PROGRAM_##id, true },
#include "catalogue/programs.def"
};

typedef struct {
    tw__program id;
    int alert;
    unsigned phases;
    const char *template;
} log_row;

/* The words that programs.def uses for alerts and phases. */
#define ANY           (-1)
#define AT(phase)     (1u << (phase))
#define ALWAYS        (AT(TW_N_PHASES) - 1)
#define HELLO         AT(TW_CLIENT_HELLO)
#define CLIENT_FLIGHT AT(TW_CLIENT_FLIGHT)
#define LATE          (AT(TW_SERVER_FINISHED) | AT(TW_ESTABLISHED) | AT(TW_RENEGOTIATION))
#define HANDSHAKE     (ALWAYS & ~LATE)

static const log_row log_rows[] = {
#define LOG(id, alert, phases, template) { TW_PROGRAM_##id, alert, phases, template },
#include "catalogue/programs.def"
};

/* ---- the values of one alert ---- */

#define OPENSSL_REASON_OFFSET 1000             /* SSL_AD_REASON_OFFSET */
#define OPENSSL_LIBRARY       "0A0"            /* ERR_LIB_SSL (20) where OpenSSL 3 packs it: bits 23 to 30 */
#define OLD_PREFIX            "sslv3 alert "   /* until OpenSSL 3.1 ... */
#define NEW_PREFIX            "ssl/tls alert " /* ... and since 3.2 */

/* OpenSSL's text as Python and Node.js name it: "TLSV1_ALERT_UNKNOWN_CA". */
static void set_mnemonic(tw_values *v, const char *name, const char *text)
{
    char *capitals = g_ascii_strup(text, -1);

    g_strdelimit(capitals, " ", '_');
    tw_values_set(v, name, capitals);
    g_free(capitals);
}

static void add_openssl(tw_values *v, unsigned number, const char *text)
{
    unsigned reason = OPENSSL_REASON_OFFSET + number;

    tw_values_setf(v, "code", OPENSSL_LIBRARY "%05X", reason);
    if (!text) {
        tw_values_setf(v, "reason", "reason(%u)", reason);
        return;
    }
    tw_values_set(v, "reason", text);
    tw_values_set(v, "openssl", text);
    set_mnemonic(v, "mnemonic", text);
    if (g_str_has_prefix(text, OLD_PREFIX)) {
        char *renamed = g_strconcat(NEW_PREFIX, text + strlen(OLD_PREFIX), NULL);

        tw_values_set(v, "openssl32", renamed);
        set_mnemonic(v, "mnemonic32", renamed);
        g_free(renamed);
    }
}

tw_values *tw__alert_values(uint8_t number)
{
    const alert_row *alert = find_alert(number);
    tw_values *v = tw_values_new();

    tw_values_setf(v, "number", "%u", number);
    tw_values_setf(v, "signed", "%d", number < 128 ? number : number - 256);
    add_openssl(v, number, alert ? alert->openssl : NULL);
    if (alert) {
        tw_values_set(v, "name", alert->name);
        tw_values_set(v, "java", alert->java);
        tw_values_set(v, "go", alert->go);
        tw_values_set(v, "firefox", alert->firefox);
        tw_values_set(v, "chrome", alert->chrome);
        tw_values_set(v, "gnutls", alert->gnutls);
        tw_values_set(v, "schannel", alert->schannel);
    }
    return v;
}

/* ---- which line a program prints ---- */

static bool fits_alert(const log_row *row, uint8_t number, const alert_row *alert)
{
    if (row->alert == ANY)
        return !(alert && alert->warning);
    return row->alert == number;
}

static bool fits_phase(const log_row *row, tw_phase phase)
{
    if (row->phases == ALWAYS)
        return true;
    return phase < TW_N_PHASES && (row->phases & AT(phase)) != 0;
}

/* The template of the first row that fits, or NULL. */
static const char *find_template(tw__program id, uint8_t number, const alert_row *alert, tw_phase phase,
                                 const tw_values *v)
{
    for (size_t i = 0; i < G_N_ELEMENTS(log_rows); i++) {
        const log_row *row = &log_rows[i];

        if (row->id == id && fits_alert(row, number, alert) && fits_phase(row, phase) &&
            tw_text_complete(row->template, v))
            return row->template;
    }
    return NULL;
}

static char *log_line(tw__program id, const char *template, const tw_values *v)
{
    char *text = tw_text_expand(template, v);
    char *line = g_strdup_printf("%s: %s", programs[id].label, text);

    g_free(text);
    return line;
}

/* Whether the program of ROW may be the RECEIVER, which looks like LIBRARY. */
static bool fits_receiver(const lineup_row *row, tw_side receiver, const char *library)
{
    if (library && strcmp(programs[row->id].library, library) != 0)
        return false;
    return row->rare ? library != NULL : row->receiver == receiver;
}

GPtrArray *tw_alert_logs(uint8_t number, tw_side receiver, const char *library, tw_phase phase)
{
    const alert_row *alert = find_alert(number);
    tw_values *v = tw__alert_values(number);
    GPtrArray *lines = tw__shared_texts_new();

    for (size_t i = 0; i < G_N_ELEMENTS(lineup); i++) {
        const char *template;

        if (!fits_receiver(&lineup[i], receiver, library))
            continue;
        template = find_template(lineup[i].id, number, alert, phase, v);
        if (template && *template)
            tw__add_shared(lines, log_line(lineup[i].id, template, v));
    }
    tw_values_free(v);
    return lines;
}
