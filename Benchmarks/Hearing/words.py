"""Words that were said against words that were understood, and how far chance may have had a hand in a figure."""

import math
import random
import re

DIGITS = dict(zip("0123456789", "zero one two three four five six seven eight nine".split()))


def words(text):
    text = re.sub(r"\(\d+\)", "", text.lower().replace("-", " ")).replace("’", "'")
    return [DIGITS.get(word, word) for word in re.sub(r"[^a-z0-9' ]", " ", text).split()]


def mistakes(wanted, got):
    """How many words have to change, go or come."""
    row = list(range(len(got) + 1))
    for index, word in enumerate(wanted, 1):
        diagonal, row[0] = row[0], index
        for place, other in enumerate(got, 1):
            diagonal, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, diagonal + (word != other))
    return row[-1]


def rate(pairs):
    """Per cent of the words, of pairs of mistakes and words."""
    return 100 * sum(wrong for wrong, _ in pairs) / sum(count for _, count in pairs)


def interval(pairs):
    """95 % of the mistake rates of sets that are drawn from these recordings (bootstrap, fixed seed)."""
    draw = random.Random(1)
    rates = sorted(rate([draw.choice(pairs) for _ in pairs]) for _ in range(1_000))
    return rates[25], rates[974]


def of_share(count, total):
    """95 % of what the share may be of which so many were drawn (Wilson), in per cent."""
    z, share = 1.96, count / total
    middle, width = share + z * z / (2 * total), z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    low, high = ((middle + sign * width) / (1 + z * z / total) for sign in (-1, 1))
    return f"{100 * max(low, 0):.0f}–{100 * min(high, 1):.0f}"


def of_rate(count, hours):
    """95 % of what the rate an hour may be where so many were met (Poisson, exact)."""
    def at_most(number, mean):
        return sum(math.exp(one * math.log(mean) - mean - math.lgamma(one + 1)) for one in range(number + 1))

    def last(holds):
        """The largest mean for which something holds that larger ones lack."""
        low, high = 0.0, 10.0 * count + 20
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if holds(middle) else (low, middle)
        return low

    fewest = last(lambda mean: at_most(count - 1, mean) > 0.975) if count else 0
    return f"{fewest / hours:.1f}–{last(lambda mean: at_most(count, mean) > 0.025) / hours:.1f}"
