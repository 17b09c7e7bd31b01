private import COgg

/// Takes the packets out of Ogg pages (RFC 3533), one page after the other.
@safe struct OggPageReader {
    struct Page {
        var serial: UInt32
        var isFirst: Bool
        var isLast: Bool
        /// Of the last packet that ends in it, by the codec's count; nil where none ends.
        var position: Int?
        /// Those that end in it.
        var packets: [[UInt8]]
    }

    /// RFC 6716, section 3.4: a packet of 120 ms has at most 48 frames of 1275 bytes; names and pictures may be longer.
    private static let packetLimit = 1 << 20
    private static let headLength = 27

    private let bytes: ArraySlice<UInt8>
    private var position: Int
    /// Beginnings of packets that go on in a later page.
    private var begun: [UInt32: [UInt8]] = [:]

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    /// - Throws: `truncated` where the file ends inside a page, `damaged` for one that its checksum does not fit.
    mutating func next() throws(RecordingError) -> Page? {
        guard position < bytes.endIndex else { return nil }
        let rest = bytes[position...]
        guard rest.count >= Self.headLength else { throw .truncated(.oggOpus) }
        guard rest.starts(with: "OggS".utf8), rest[position + 4] == 0 else { throw .damaged(.oggOpus) }
        let segmentCount = Int(rest[position + 26])
        let bodyStart = position + Self.headLength + segmentCount
        guard bodyStart <= bytes.endIndex else { throw .truncated(.oggOpus) }
        let lacing = bytes[(position + Self.headLength)..<bodyStart]
        let end = bodyStart + lacing.reduce(0) { $0 + Int($1) }
        guard end <= bytes.endIndex else { throw .truncated(.oggOpus) }
        guard isWhole(position, bodyStart, end) else { throw .damaged(.oggOpus) }
        let page = try page(at: position, lacing, bodyStart)
        position = end
        return page
    }

    private mutating func page(
        at start: Int, _ lacing: ArraySlice<UInt8>, _ bodyStart: Int
    ) throws(RecordingError) -> Page {
        let flags = bytes[start + 5]
        let serial = UInt32(truncatingIfNeeded: number(start + 14, 4))
        let granule = number(start + 6, 8)
        // A beginning whose rest is lost is thrown away; what goes on from nowhere is, too.
        let goesOn = flags & 1 != 0
        var packet = goesOn ? begun[serial] : []
        begun[serial] = nil
        var packets: [[UInt8]] = []
        var place = bodyStart
        for length in lacing {
            packet? += bytes[place..<place + Int(length)]
            place += Int(length)
            guard (packet?.count ?? 0) <= Self.packetLimit else { throw .damaged(.oggOpus) }
            // RFC 3533, section 6: a value below 255 ends a packet.
            guard length < 255 else { continue }
            if let packet { packets.append(packet) }
            packet = []
        }
        if let packet, !packet.isEmpty { begun[serial] = packet }
        return Page(
            serial: serial, isFirst: flags & 2 != 0, isLast: flags & 4 != 0, position: granule < 0 ? nil : granule,
            packets: packets)
    }

    private func number(_ place: Int, _ count: Int) -> Int {
        var number: UInt64 = 0
        for index in 0..<count { number |= UInt64(bytes[place + index]) << UInt64(8 * index) }
        return Int(truncatingIfNeeded: number)
    }

    /// Lets the library compute the checksum anew.
    private func isWhole(_ start: Int, _ bodyStart: Int, _ end: Int) -> Bool {
        var (head, body) = (Array(bytes[start..<bodyStart]), Array(bytes[bodyStart..<end]))
        return unsafe head.withUnsafeMutableBufferPointer { head in
            unsafe body.withUnsafeMutableBufferPointer { body in
                var page = unsafe ogg_page(
                    header: head.baseAddress, header_len: head.count, body: body.baseAddress, body_len: body.count)
                let stated = unsafe Array(head[22..<26])
                unsafe ogg_page_checksum_set(&page)
                return unsafe Array(head[22..<26]) == stated
            }
        }
    }
}
