/// A currency in words.
struct Currency: Hashable, Sendable {
    var one: String
    var many: String
    /// The hundredth part; nil for currencies without one.
    var cent: String?
    var cents: String?

    init(_ one: String, _ many: String? = nil, _ cent: String? = "cent", _ cents: String? = nil) {
        self.one = one
        self.many = many ?? one + "s"
        self.cent = cent
        self.cents = cents ?? cent.map { $0 + "s" }
    }

    /// - Parameter sign: `$`, `US$`, `€` and so on.
    static let signs: [String: Currency] = [
        "$": Currency("dollar"), "US$": Currency("US dollar"), "C$": Currency("Canadian dollar"),
        "CA$": Currency("Canadian dollar"), "A$": Currency("Australian dollar"), "AU$": Currency("Australian dollar"),
        "NZ$": Currency("New Zealand dollar"), "HK$": Currency("Hong Kong dollar"), "S$": Currency("Singapore dollar"),
        "R$": Currency("real", "reais", "centavo"), "€": Currency("euro"),
        "£": Currency("pound", nil, "penny", "pence"),
        "¥": Currency("yen", "yen", nil), "₹": Currency("rupee", nil, "paisa", "paise"),
        "₩": Currency("won", "won", nil),
        "₽": Currency("ruble", nil, "kopeck"), "₿": Currency("bitcoin", nil, nil),
        "₺": Currency("lira", "lira", "kurush", "kurush"),
        "₴": Currency("hryvnia", nil, "kopeck"), "₪": Currency("shekel", nil, "agora", "agorot"),
        "฿": Currency("baht", "baht", nil), "¢": Currency("cent", nil, nil),
    ]

    /// - Parameter code: ISO 4217.
    static let codes: [String: Currency] = [
        "USD": Currency("US dollar"), "EUR": Currency("euro"), "GBP": Currency("British pound", nil, "penny", "pence"),
        "JPY": Currency("Japanese yen", "Japanese yen", nil), "CHF": Currency("Swiss franc", nil, "centime"),
        "CAD": Currency("Canadian dollar"), "AUD": Currency("Australian dollar"), "NZD": Currency("New Zealand dollar"),
        "CNY": Currency("yuan", "yuan", nil), "INR": Currency("Indian rupee", nil, "paisa", "paise"),
        "SEK": Currency("Swedish krona", "Swedish kronor", nil),
        "NOK": Currency("Norwegian krone", "Norwegian kroner", nil),
        "DKK": Currency("Danish krone", "Danish kroner", nil), "PLN": Currency("zloty", "zloty", nil),
        "CZK": Currency("Czech koruna", "Czech koruna", nil), "BRL": Currency("Brazilian real", "Brazilian reais", nil),
        "MXN": Currency("Mexican peso"), "KRW": Currency("Korean won", "Korean won", nil),
        "SGD": Currency("Singapore dollar"), "HKD": Currency("Hong Kong dollar"), "ZAR": Currency("rand", "rand", nil),
        "TRY": Currency("Turkish lira", "Turkish lira", nil), "BTC": Currency("bitcoin", nil, nil),
        "ETH": Currency("ether", "ether", nil),
    ]
}
