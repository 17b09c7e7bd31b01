private import COpenSSL

/// A private key of OpenSSL, freed with its owner.
@safe struct PrivateKey: ~Copyable {
    let pointer: OpaquePointer

    private init(owning pointer: OpaquePointer) { unsafe self.pointer = unsafe pointer }

    deinit { unsafe EVP_PKEY_free(pointer) }

    /// A new one on the curve P-256, which all browsers know.
    static func random() throws(CertificateError) -> PrivateKey {
        guard let pointer = unsafe hearsay_new_key() else { throw .outOfMemory }
        return unsafe PrivateKey(owning: pointer)
    }

    /// Reads the first private key in a PEM file.
    static func read(pem: [UInt8]) throws(CertificateError) -> PrivateKey {
        guard let file = MemoryFile(pem) else { throw .outOfMemory }
        defer { ERR_clear_error() }
        // Without an answer of ours OpenSSL would ask at the terminal.
        let pointer = unsafe PEM_read_bio_PrivateKey(file.pointer, nil, { _, _, _, _ in -1 }, nil)
        guard let pointer = unsafe pointer else {
            let isEncrypted = String(decoding: pem, as: UTF8.self).contains("ENCRYPTED")
            throw isEncrypted ? .encryptedKey : .noKey
        }
        return unsafe PrivateKey(owning: pointer)
    }

    /// As PEM (PKCS #8), not encrypted.
    func pem() throws(CertificateError) -> [UInt8] {
        guard let file = MemoryFile(),
            unsafe PEM_write_bio_PKCS8PrivateKey(file.pointer, pointer, nil, nil, 0, nil, nil) == 1
        else { throw .outOfMemory }
        return file.bytes
    }
}
