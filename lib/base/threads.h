/* How many threads a program may start. */
#ifndef LT_BASE_THREADS_H
#define LT_BASE_THREADS_H

/* The number of threads that is asked for (0: OpenMP's own), but not so many
 * more than there are processors that they only take memory, and no more than
 * the system starts.  OpenMP uses it from now on where it is told no other. */
int lt_threads(int asked);

#endif
