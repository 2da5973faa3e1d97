/* The number of threads that a program may start. */
#ifndef LT_BASE_THREADS_H
#define LT_BASE_THREADS_H

/* Return the number of threads to use and make it OpenMP's default.  That is
 * asked (0: OpenMP's own number), limited to a small multiple of the processors
 * and to what the system can start. */
int lt_threads(int asked);

#endif
