"""Words that were said against words that were understood."""

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
