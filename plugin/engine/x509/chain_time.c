/* Validity periods.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509/chain_internal.h"

#include <string.h>

static int digits(const uint8_t *text, size_t n)
{
    int value = 0;

    for (size_t i = 0; i < n; i++) {
        if (!g_ascii_isdigit(text[i]))
            return -1;
        value = 10 * value + text[i] - '0';
    }
    return value;
}

/* GnuTLS would hand out a time_t, which may have 32 bits, and makes one time of all before 1970. */
int64_t chain_time_read(der_span text)
{
    size_t year_digits = text.len == strlen("YYYYMMDDHHMMSSZ") ? 4 : 2;
    const uint8_t *rest;
    GDateTime *date;
    int64_t t = TW_TIME_UNKNOWN;
    int year;

    if (text.len != year_digits + strlen("MMDDHHMMSSZ") || text.data[text.len - 1] != 'Z')
        return TW_TIME_UNKNOWN; /* so it is, too, of what is absent, which has no data */
    year = digits(text.data, year_digits);
    rest = text.data + year_digits;
    if (year_digits == 2 && year >= 0)
        year += year < 50 ? 2000 : 1900;
    date = g_date_time_new_utc(year, digits(rest, 2), digits(rest + 2, 2), digits(rest + 4, 2), digits(rest + 6, 2),
                               digits(rest + 8, 2));
    if (date) {
        t = g_date_time_to_unix(date);
        g_date_time_unref(date);
    }
    return t;
}

void chain_time_set(tw_values *values, const char *name, int64_t t)
{
    GDateTime *date = t == TW_TIME_UNKNOWN ? NULL : g_date_time_new_from_unix_utc(t);
    char *text = date ? g_date_time_format(date, "%Y-%m-%d %H:%M:%S UTC") : NULL;

    tw_values_set(values, name, text ? text : tw_text_template(TW_TEXT_UNKNOWN_TIME));
    g_free(text);
    if (date)
        g_date_time_unref(date);
}

/* A unit is used from twice its length on: "36 hours", but "2 days". */
static const struct {
    int64_t seconds;
    tw_text many;
} units[] = {
    { 365 * 86400, TW_TEXT_N_YEARS }, { 30 * 86400, TW_TEXT_N_MONTHS }, { 86400, TW_TEXT_N_DAYS },
    { 3600, TW_TEXT_N_HOURS },        { 60, TW_TEXT_N_MINUTES },
};

static void set_duration(tw_values *values, const char *name, uint64_t seconds)
{
    uint64_t count = seconds;
    tw_text many = TW_TEXT_N_SECONDS;

    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        if (seconds >= 2 * (uint64_t)units[i].seconds) {
            count = seconds / (uint64_t)units[i].seconds;
            many = units[i].many;
            break;
        }
    }
    tw_values_set_count(values, name, (unsigned)count, TW_TEXT_ONE_SECOND, many);
}

/* Peers trust a root by their own copy. */
static bool is_trusted(const examination *ex, unsigned which)
{
    return which > 0 && chain_is_root(&ex->chain->certs[which]);
}

static void check_expired(examination *ex, unsigned which)
{
    int64_t not_after = ex->chain->certs[which].info.not_after;
    tw_values *values;

    if (not_after == TW_TIME_UNKNOWN || ex->at <= not_after || is_trusted(ex, which))
        return;
    values = chain_fault(ex, TW_FAULT_EXPIRED, which)->values;
    chain_time_set(values, "not_after", not_after);
    chain_time_set(values, "captured", ex->at);
    set_duration(values, "ago", (uint64_t)ex->at - (uint64_t)not_after);
}

static void check_early(examination *ex, unsigned which)
{
    int64_t not_before = ex->chain->certs[which].info.not_before;
    tw_values *values;

    if (not_before == TW_TIME_UNKNOWN || ex->at >= not_before || is_trusted(ex, which))
        return;
    values = chain_fault(ex, TW_FAULT_NOT_YET_VALID, which)->values;
    chain_time_set(values, "not_before", not_before);
    chain_time_set(values, "captured", ex->at);
    set_duration(values, "ahead", (uint64_t)not_before - (uint64_t)ex->at);
}

void chain_check_times(examination *ex)
{
    if (ex->at <= 0) /* a capture without time stamps */
        return;
    for (unsigned i = 0; i < ex->chain->path_n; i++) {
        check_expired(ex, ex->chain->path[i]);
        check_early(ex, ex->chain->path[i]);
    }
}
