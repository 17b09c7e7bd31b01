private import COpenSSL
private import Glibc

/// A certificate that nobody vouches for, and its key: good for those who compare its fingerprint.
package struct SelfSignedCertificate: Sendable {
    /// Ten years, so that those who trust it need not be asked again (PROTOCOL.md, section 2).
    package static let lifetime = 3650 * 86_400

    /// PEM.
    package let certificate: [UInt8]
    /// PEM, to be kept from others.
    package let key: [UInt8]

    /// Makes a new key, and a certificate for servers at `names`.
    ///
    /// - Parameters:
    ///   - names: Host names and literal IP addresses; anything else is left out.
    ///   - now: Seconds since 1970; the certificate begins a day earlier, for clients whose clocks are slow.
    package static func make(names: [String], now: Int) throws(CertificateError) -> SelfSignedCertificate {
        let key = try PrivateKey.random()
        guard let pointer = unsafe X509_new() else { throw .outOfMemory }
        let certificate = unsafe X509Handle(owning: pointer)
        try fill(certificate, key, names, now)
        guard unsafe X509_sign(certificate.pointer, key.pointer, EVP_sha256()) > 0, let file = MemoryFile(),
            unsafe PEM_write_bio_X509(file.pointer, certificate.pointer) == 1
        else { throw OpenSSLErrors.certificateError() }
        return SelfSignedCertificate(certificate: file.bytes, key: try key.pem())
    }

    private static func fill(
        _ certificate: borrowing X509Handle, _ key: borrowing PrivateKey, _ names: [String], _ now: Int
    ) throws(CertificateError) {
        let pointer = unsafe certificate.pointer
        // RFC 5280, section 4.1.2.2: positive, at most 20 bytes; the first byte keeps it positive and at full length.
        var serial = SecureRandom.bytes(16)
        serial[0] = serial[0] & 0x3F | 0x40
        let common = Array((names.first { !$0.isEmpty } ?? "hearsay").utf8.prefix(64))
        let name = unsafe X509_get_subject_name(pointer)
        guard unsafe X509_set_version(pointer, 2) == 1,
            unsafe ASN1_STRING_set(X509_get_serialNumber(pointer), serial, Int32(serial.count)) == 1,
            unsafe ASN1_TIME_set(X509_getm_notBefore(pointer), now - 86_400) != nil,
            unsafe ASN1_TIME_set(X509_getm_notAfter(pointer), now + lifetime) != nil,
            unsafe X509_set_pubkey(pointer, key.pointer) == 1,
            unsafe X509_NAME_add_entry_by_txt(
                name, "CN", MBSTRING_FLAG, common, Int32(common.count), -1, 0) == 1,
            unsafe X509_set_issuer_name(pointer, name) == 1
        else { throw OpenSSLErrors.certificateError() }
        for (kind, value) in extensions(names) { try add(kind, value, to: certificate) }
    }

    /// Not an authority: who trusts it trusts this server and nothing it could sign.
    private static func extensions(_ names: [String]) -> [(Int32, String)] {
        let alternatives = alternativeNames(names)
        return [
            (NID_basic_constraints, "critical,CA:FALSE"), (NID_key_usage, "critical,digitalSignature"),
            (NID_ext_key_usage, "serverAuth"), (NID_subject_key_identifier, "hash"),
            (NID_authority_key_identifier, "keyid:always"),
        ] + (alternatives.isEmpty ? [] : [(NID_subject_alt_name, alternatives)])
    }

    private static func alternativeNames(_ names: [String]) -> String {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }.compactMap { name in
            var address = in6_addr()
            if unsafe inet_pton(name.contains(":") ? AF_INET6 : AF_INET, name, &address) == 1 { return "IP:\(name)" }
            let isHostName = !name.isEmpty && name.utf8.allSatisfy { isHostByte($0) }
            return isHostName ? "DNS:\(name)" : nil
        }.joined(separator: ",")
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func add(
        _ kind: Int32, _ value: String, to certificate: borrowing X509Handle
    ) throws(CertificateError) {
        var context = unsafe X509V3_CTX()
        unsafe X509V3_set_ctx(&context, certificate.pointer, certificate.pointer, nil, nil, 0)
        let made = unsafe X509V3_EXT_conf_nid(nil, &context, kind, value)
        guard let made = unsafe made else { throw OpenSSLErrors.certificateError() }
        defer { unsafe X509_EXTENSION_free(made) }
        guard unsafe X509_add_ext(certificate.pointer, made, -1) == 1 else { throw OpenSSLErrors.certificateError() }
    }
}
