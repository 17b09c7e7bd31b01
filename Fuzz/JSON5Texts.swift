/// JSON5 texts: whatever is read has places inside the text, and its value, written as JSON, is read alike.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    var limits = JSON5Parser.Limits()
    limits.depth = 16
    limits.byteCount = 2_048
    let lineCount = 1 + input.count { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    do throws(JSON5Problem) {
        let root = try JSON5Parser.parse(input, limits: limits)
        precondition(input.count <= limits.byteCount, "a text within its limit")
        check(root, depth: 0, limits.depth, lineCount)
        if isFinite(root.value) { checkAgain(root.value) }
    } catch {
        precondition(isInside(error.place, lineCount, input.count), "a place in the text")
        precondition(!error.description.isEmpty, "words for it")
    }
    return 0
}

private func check(_ node: JSON5Node, depth: Int, _ limit: Int, _ lineCount: Int) {
    precondition(depth <= limit, "no deeper than allowed")
    precondition(node.place.line <= lineCount, "a line of the text")
    switch node.content {
    case .scalar: return
    case .array(let elements):
        for element in elements { check(element, depth: depth + 1, limit, lineCount) }
    case .object(let members):
        for member in members {
            let (name, value) = (member.place, member.value.place)
            precondition(name.line < value.line || name.line == value.line && name.column < value.column, "in order")
            check(member.value, depth: depth + 1, limit, lineCount)
        }
    }
}

private func isInside(_ place: TextPlace, _ lineCount: Int, _ byteCount: Int) -> Bool {
    (1...lineCount).contains(place.line) && (1...byteCount + 1).contains(place.column)
}

/// JSON is JSON5.
private func checkAgain(_ value: JSONValue) {
    do throws(JSON5Problem) {
        var limits = JSON5Parser.Limits()
        // The value's own depth; JSON escapes take up to six bytes for one.
        limits.depth = 17
        let again = try JSON5Parser.parse(value.bytes, limits: limits).value
        precondition(again.bytes == value.bytes, "the same again")
    } catch {
        preconditionFailure("JSON that is no JSON5: \(error)")
    }
}

/// JSON knows no others.
private func isFinite(_ value: JSONValue) -> Bool {
    switch value {
    case .double(let number): number.isFinite
    case .array(let elements): elements.allSatisfy(isFinite)
    case .object(let members): members.values.allSatisfy(isFinite)
    case .null, .bool, .integer, .string: true
    }
}
