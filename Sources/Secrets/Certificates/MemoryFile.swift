private import COpenSSL

/// Bytes that OpenSSL reads and writes like a file.
@safe struct MemoryFile: ~Copyable {
    let pointer: OpaquePointer

    /// Nil only without memory.
    init?() {
        guard let pointer = unsafe BIO_new(BIO_s_mem()) else { return nil }
        unsafe self.pointer = unsafe pointer
    }

    /// Filled with what is to be read.
    init?(_ bytes: [UInt8]) {
        guard let pointer = unsafe BIO_new(BIO_s_mem()) else { return nil }
        unsafe self.pointer = unsafe pointer
        // Without memory it stays empty, and nothing is found in it.
        unsafe BIO_write(pointer, bytes, Int32(clamping: bytes.count))
    }

    deinit { unsafe BIO_free(pointer) }

    /// What was written.
    var bytes: [UInt8] {
        var start: UnsafeMutablePointer<CChar>?
        let count = unsafe hearsay_memory(pointer, &start)
        guard count > 0, let start = unsafe start else { return [] }
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}
