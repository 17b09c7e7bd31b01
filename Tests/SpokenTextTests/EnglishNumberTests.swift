import Testing

@testable import SpokenText

@Suite struct EnglishNumberTests {
    @Test(arguments: [
        (0, "zero"), (13, "thirteen"), (21, "twenty-one"), (100, "one hundred"), (342, "three hundred forty-two"),
        (1_000, "one thousand"), (1_001, "one thousand one"), (2_000_000, "two million"),
        (1_000_000_000_000_000_000, "one quintillion"), (70_000_000_010, "seventy billion ten"),
    ])
    func `cardinals`(number: UInt64, words: String) {
        #expect(EnglishNumber.cardinal(number) == words)
    }

    @Test(arguments: [
        (1, "first"), (2, "second"), (3, "third"), (5, "fifth"), (8, "eighth"), (9, "ninth"), (12, "twelfth"),
        (20, "twentieth"), (23, "twenty-third"), (100, "one hundredth"), (101, "one hundred first"),
    ])
    func `ordinals`(number: UInt64, words: String) {
        #expect(EnglishNumber.ordinal(number) == words)
    }

    @Test(arguments: [
        (1066, "ten sixty-six"), (1900, "nineteen hundred"), (1905, "nineteen oh five"), (1984, "nineteen eighty-four"),
        (2000, "two thousand"), (2007, "two thousand seven"), (2026, "twenty twenty-six"), (2100, "twenty-one hundred"),
    ])
    func `years`(year: Int, words: String) {
        #expect(EnglishNumber.year(year) == words)
    }

    @Test(arguments: [("IV", 4), ("XIX", 19), ("XLII", 42), ("VIII", 8)])
    func `roman numerals have their value`(numeral: String, value: Int) {
        #expect(Roman.value(numeral) == value)
    }

    @Test(arguments: ["IIX", "MIX", "VV", "", "IIII", "A"])
    func `what the Romans did not write is no numeral`(word: String) {
        #expect(Roman.value(word) == nil)
    }
}
