private import Glibc

/// How sure a model is of what it understood.
enum Confidence {
    /// - Returns: 0 to 1.
    static func probability(ofLogarithm logarithm: Float) -> Double {
        logarithm.isFinite ? min(1, exp(Double(logarithm))) : 0
    }

    /// The mean of those that are known; nil where none is.
    static func mean(ofLogarithms logarithms: [Float]) -> Double? {
        if logarithms.isEmpty { return nil }
        return logarithms.reduce(0) { $0 + probability(ofLogarithm: $1) } / Double(logarithms.count)
    }
}
