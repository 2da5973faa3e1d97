/* Make text from a file or a command line harmless for a terminal and for a
 * line of a table.
 */
#ifndef LT_BASE_TAME_H
#define LT_BASE_TAME_H

/* Replace each byte of these by '?': control characters (below 0x20, 0x7f,
 * U+0080 to U+009F) except those in keep, bytes that are not UTF-8, line
 * separators and characters that change the direction of writing. */
void lt_tame(char *s, const char *keep);

#endif
