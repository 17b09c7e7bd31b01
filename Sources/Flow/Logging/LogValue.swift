/// Something that may stand behind a name in a log line.
package protocol LogValue: Sendable {
    /// As shown; quoted and escaped by the writer.
    var logText: String { get }
}

extension LogValue where Self: CustomStringConvertible {
    package var logText: String { description }
}

extension String: LogValue { package var logText: String { self } }
extension Int: LogValue {}
extension Int32: LogValue {}
extension UInt64: LogValue {}
extension UInt32: LogValue {}
extension UInt16: LogValue {}
extension Bool: LogValue {}
extension Double: LogValue {}

extension Duration: LogValue {
    /// Milliseconds with one decimal: `12.5ms`.
    package var logText: String {
        let tenths = (self / .microseconds(100)).rounded()
        return "\(tenths / 10)ms"
    }
}
