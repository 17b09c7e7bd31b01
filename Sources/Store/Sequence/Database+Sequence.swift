extension Database {
    /// PROTOCOL.md, section 3: event numbers rise over restarts, so they are reserved in blocks.
    private static var blockSize: Int64 { 100_000 }

    /// Reserves the next block of event numbers; they are never given again, used or not.
    package func reserveSequence() throws(StoreError) -> Range<UInt64> {
        try connection.run("INSERT OR IGNORE INTO sequence (name, next) VALUES ('event', 1)")
        let row = try connection.run(
            "UPDATE sequence SET next = next + ? WHERE name = 'event' RETURNING next", [.integer(Self.blockSize)])
        let end = UInt64(clamping: row.first?.first?.integer ?? Self.blockSize + 1)
        return (end - UInt64(Self.blockSize))..<end
    }
}
