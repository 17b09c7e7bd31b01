private import COpenSSL
private import Glibc

/// A certificate of OpenSSL, freed with its owner.
@safe struct X509Handle: ~Copyable {
    let pointer: OpaquePointer

    /// Takes over a reference.
    init(owning pointer: OpaquePointer) { unsafe self.pointer = unsafe pointer }

    deinit { unsafe X509_free(pointer) }

    /// What it says.
    var certificate: Certificate {
        Certificate(
            fingerprint: Fingerprint(of: encoding), validFrom: unsafe Self.seconds(X509_get0_notBefore(pointer)),
            validUntil: unsafe Self.seconds(X509_get0_notAfter(pointer)), names: names)
    }

    private var encoding: [UInt8] {
        var start: UnsafeMutablePointer<UInt8>?
        let count = unsafe i2d_X509(pointer, &start)
        guard count > 0, let start = unsafe start else { return [] }
        defer { unsafe CRYPTO_free(start, nil, 0) }
        return unsafe Array(UnsafeBufferPointer(start: start, count: Int(count)))
    }

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int {
        var parts = unsafe tm()
        guard unsafe ASN1_TIME_to_tm(time, &parts) == 1 else { return 0 }
        return unsafe timegm(&parts)
    }

    private var names: [String] {
        let list = unsafe OpaquePointer(X509_get_ext_d2i(pointer, NID_subject_alt_name, nil, nil))
        guard let list = unsafe list else { return [] }
        defer { unsafe hearsay_free_names(list) }
        let count = unsafe hearsay_name_count(list)
        return (0..<count).compactMap { index in
            var kind: Int32 = 0
            var start: UnsafePointer<UInt8>?
            let count = unsafe hearsay_name(list, index, &kind, &start)
            guard let start = unsafe start else { return nil }
            let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: Int(count)))
            return kind == GEN_IPADD ? Self.address(bytes) : String(decoding: bytes, as: UTF8.self)
        }
    }

    /// An IP address as people write it; nil if it has neither 4 nor 16 bytes.
    private static func address(_ bytes: [UInt8]) -> String? {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard unsafe inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
