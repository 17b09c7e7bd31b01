import Flow
import Glibc
import Secrets

/// Asks a person on a terminal whether an unknown server is the right one, and notes it if it is.
struct TrustQuestion: Sendable {
    private let invocation: Invocation

    init(_ invocation: Invocation) {
        self.invocation = invocation
    }

    /// - Returns: Whether the certificate is now noted; false also where nobody can be asked.
    /// - Throws: `Failure` when it cannot be noted.
    func allows(_ refusal: CertificateRefusal, _ url: String) async throws -> Bool {
        guard refusal.reason == .unknownIssuer, !invocation.output.isJSON, isatty(0) == 1, isatty(2) == 1
        else { return false }
        invocation.output.note("The certificate of \(url) is not known here. Its SHA-256 is")
        invocation.output.note("  \(refusal.fingerprint)")
        let answer = try await Interrupts.cancelling { [output = invocation.output] in
            output.ask("Did the server print the same when it started? yes or no: ")
            return await Self.answer()
        }
        guard answer == "yes" else { return false }
        try note(refusal.fingerprint, url)
        return true
    }

    private func note(_ fingerprint: Fingerprint, _ url: String) throws {
        let path = invocation.environment.knownServersPath
        do throws(SmallFile.Problem) {
            let text: String
            do throws(SmallFile.Problem) { text = try SmallFile.read(path) } catch {
                guard error == .absent else { throw error }
                text = ""
            }
            guard let added = KnownServers.adding(fingerprint, of: url, to: text) else { return }
            try SmallFile.write(added, to: path)
        } catch {
            throw Failure(
                exitCode: .certificateRefused, code: "cannot_write", message: "\(path) cannot be written: \(error)",
                advice: ["Without it: --fingerprint \(fingerprint)"])
        }
        invocation.output.note("Noted in \(path).")
    }

    /// One line of standard input, on a thread that ends with the process if nobody answers.
    private static func answer() async -> String? {
        let line = Monitor<String?>(nil)
        DedicatedThread.detach(label: "question") {
            let read = (readLine() ?? "").lowercased().filter { !$0.isWhitespace }
            line.update { $0 = read }
        }
        return await line.wait { $0 }
    }
}
