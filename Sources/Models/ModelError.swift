private import Glibc
package import Net

/// Why a model was not installed, or is not whole.
package enum ModelError: Error, Hashable, CustomStringConvertible {
    case badCatalogue(String)
    case unknownModel(String)
    case badName(String)
    case notInstalled(String)
    case alreadyInstalled(String)
    /// Another program fetches or installs it.
    case busy(String)
    /// The licence, to which nobody has agreed.
    case needsConsent(String)
    /// Nobody has told the file's hash, and the caller did not say to take it as it comes.
    case notPinned
    case badURL(String)
    /// Neither HTTPS nor pinned nor from this machine.
    case insecure(String)
    case unreachable(String, ClientError)
    case refused(String, status: Int)
    case tooManyRedirects(String)
    /// The connection broke again and again.
    case cut(String, after: Int, of: Int?)
    case webPage(String)
    case wrongHash(expected: String, found: String)
    case noRoom(needed: Int, free: Int)
    case notUnpacked(String)
    /// It cannot do what it is for, in its worker's words.
    case badModel(String)
    /// A file of an installed model is not what it was.
    case damaged(file: String)
    case system(String, number: Int32)

    /// For people.
    package var description: String {
        switch self {
        case .badCatalogue(let reason): "the catalogue cannot be used: \(reason)"
        case .unknownModel(let id): "no model is called \(id)"
        case .badName(let name): "\(name) is no name for a model"
        case .notInstalled(let id): "\(id) is not installed"
        case .alreadyInstalled(let id): "\(id) is installed already"
        case .busy(let id): "\(id) is being installed by another program"
        case .needsConsent(let licence): "the model's licence is \(licence)"
        case .notPinned: "nobody has told the SHA-256 that the file must have"
        case .badURL(let url): "\(url) is no address of a file"
        case .insecure(let url): "\(url) could be changed by anybody on the way"
        case .unreachable(let url, let error): "\(url): \(error)"
        case .refused(let url, let status): "\(url): the server answers with status \(status)"
        case .tooManyRedirects(let url): "\(url): the server sends from one place to the next"
        case .cut(let url, let count, let total):
            "\(url): the connection broke again and again, last after \(count)\(total.map { " of \($0)" } ?? "") bytes"
        case .webPage(let url): "\(url) is a web page, not a model"
        case .wrongHash(let expected, let found): "the file's SHA-256 is \(found), and should be \(expected)"
        case .noRoom(let needed, let free): "\(needed / 1_000_000) MB are needed, and \(free / 1_000_000) MB are free"
        case .notUnpacked(let reason): reason
        case .badModel(let reason): "it is no model that can be used: \(reason)"
        case .damaged(let file): "\(file) is missing or was changed"
        case .system(let path, let number): "\(path): \(unsafe String(cString: strerror(number)).lowercased())"
        }
    }

    /// For programs.
    package var code: String {
        switch self {
        case .badCatalogue: "bad_catalogue"
        case .unknownModel, .badName: "unknown_model"
        case .notInstalled: "not_installed"
        case .alreadyInstalled: "already_installed"
        case .busy: "busy"
        case .needsConsent: "consent_needed"
        case .notPinned: "not_pinned"
        case .badURL, .insecure: "insecure_url"
        case .unreachable, .refused, .tooManyRedirects: "unreachable"
        case .cut: "cut"
        case .webPage: "web_page"
        case .wrongHash: "wrong_hash"
        case .noRoom: "disk_full"
        case .notUnpacked: "bad_archive"
        case .badModel: "bad_model"
        case .damaged: "damaged"
        case .system: "system"
        }
    }
}
