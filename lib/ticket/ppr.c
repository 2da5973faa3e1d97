#include "ticket/ppr.h"

#define ROUNDING 1e-9

static double
median(double a, double b, double c)
{
	double low = a < b ? a : b, high = a < b ? b : a;

	return c < low ? low : c > high ? high : c;
}

void
lt_ppr_medians(double *m, const double *accuracy, size_t n)
{
	if (!n)
		return;
	for (size_t i = 1; i + 1 < n; i++)
		m[i] = median(accuracy[i - 1], accuracy[i], accuracy[i + 1]);
	m[0] = n > 2 && m[1] < accuracy[0] ? m[1] : accuracy[0];
}

struct lt_ppr_ticket
lt_ppr_offline(const double *m, size_t n, const struct lt_ppr_rule *rule)
{
	struct lt_ppr_ticket t = {n >= LT_PPR_LEAST, 0, n ? n - 1 : 0};
	double most;

	if (!t.found)
		return t;
	most = m[0];
	for (size_t i = 1; i + 1 < n; i++)
		most = m[i] > most ? m[i] : most;
	while (m[t.ticket] < most - rule->tolerance - ROUNDING)
		t.ticket++;
	return t;
}

struct lt_ppr_ticket
lt_ppr_online(const double *m, size_t n, const struct lt_ppr_rule *rule)
{
	struct lt_ppr_ticket t = {false, 0, n ? n - 1 : 0};

	for (size_t i = 1; i + 1 < n; i++) {
		if (m[i] > m[t.ticket] + rule->tolerance + ROUNDING) {
			t.ticket = i;
		} else if (i - t.ticket >= rule->window) {
			t.found = true;
			t.known = i + 1;
			break;
		}
	}
	return t;
}
