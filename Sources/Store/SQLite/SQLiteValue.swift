/// A value of one column of one row.
enum SQLiteValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    static func text(orNull text: String?) -> SQLiteValue { text.map(SQLiteValue.text) ?? .null }
    static func integer(orNull number: Int64?) -> SQLiteValue { number.map(SQLiteValue.integer) ?? .null }

    var integer: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    var real: Double? {
        if case .real(let number) = self { number } else { nil }
    }

    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    var blob: [UInt8]? {
        if case .blob(let bytes) = self { bytes } else { nil }
    }
}
