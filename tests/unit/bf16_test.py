"""Print the expected bits of bf16_test.c: sums of the bf16 mode in exact
fractions, rounded and flushed step by step.  It uses no float and no code of lt.

    python3 tests/unit/bf16_test.py
"""
from fractions import Fraction


def value(bits):
    """A float's number and sign; a subnormal operand counts as zero."""
    sign, exponent, low = bits >> 31, bits >> 23 & 255, bits & 0x7FFFFF
    if exponent == 0:
        return Fraction(0), sign
    size = Fraction(low + (1 << 23)) * Fraction(2) ** (exponent - 150)
    return (-size if sign else size), sign


def rounded(x, sign_of_zero):
    """The bits of x at 24 bits, ties to even; too small is a zero of x's sign."""
    if x == 0:
        return sign_of_zero << 31
    sign, a = (1 if x < 0 else 0), abs(x)
    e = a.numerator.bit_length() - a.denominator.bit_length()
    while Fraction(2) ** e > a:
        e -= 1
    while Fraction(2) ** (e + 1) <= a:
        e += 1
    steps = a / Fraction(2) ** (e - 23)
    n = steps.numerator // steps.denominator
    rest = steps - n
    if rest > Fraction(1, 2) or (rest == Fraction(1, 2) and n & 1):
        n += 1
    if n == 1 << 24:
        n, e = n >> 1, e + 1
    if e < -126:
        return sign << 31
    assert e <= 127
    return sign << 31 | (e + 127) << 23 | (n - (1 << 23))


def fma(a, b, c):
    (x, sx), (y, sy), (z, sz) = value(a), value(b), value(c)
    return rounded(x * y + z, (sx ^ sy) & sz if x * y == 0 and z == 0 else 0)


def add(a, b):
    (x, sx), (y, sy) = value(a), value(b)
    return rounded(x + y, sx & sy if x == 0 and y == 0 else 0)


def number(i, shift):
    """A case's number i, which bf16 holds."""
    exponent = (i * 13 + 5) % 9 - 4 - shift
    return rounded(((i * 37 + 11) % 255 - 127) * Fraction(2) ** exponent, 0)


def taps(c, k, shift, salt):
    """One output: kernel rows; pairs of (column, channel); blocks of 16 pairs."""
    padded, total = c + c % 2, 0
    for row in range(k):
        for first in range(0, k * padded, 32):
            chain = [0, 0]
            for q in range(first, min(first + 32, k * padded)):
                column, channel = divmod(q, padded)
                if channel < c:
                    at = (row * k + column) * c + channel
                    chain[q % 2] = fma(number(salt + at, shift),
                                       number(salt + 1000 + 3 * at, shift),
                                       chain[q % 2])
            total = add(total, add(chain[0], chain[1]))
    return add(total, 0)


def pixels(rows, cols, shift, salt):
    """One weight: a block is a pair of columns by 16 images."""
    total = 0
    for row in range(rows):
        for pair in range(0, cols, 2):
            chain = [0, 0]
            for column in range(pair, min(pair + 2, cols)):
                for image in range(16):
                    at = (row * cols + column) * 16 + image
                    chain[image % 2] = fma(number(salt + at, shift),
                                           number(salt + 500 + 5 * at, shift),
                                           chain[image % 2])
            total = add(total, add(chain[0], chain[1]))
    return add(total, 0)


for case in [(3, 3, 0, 0), (16, 3, 0, 7), (5, 1, 0, 9), (33, 2, 0, 4),
             (7, 3, 68, 3), (20, 2, 72, 8), (3, 3, 74, 5)]:
    print("\t{%d, %d, %d, %d, 0x%08x}," % (*case, taps(*case)))
for case in [(1, 1, 0, 2), (2, 4, 0, 6), (3, 5, 0, 1), (2, 3, 70, 5),
             (4, 9, 69, 12), (1, 4, 74, 3)]:
    print("\t{%d, %d, %d, %d, 0x%08x}," % (*case, pixels(*case)))
