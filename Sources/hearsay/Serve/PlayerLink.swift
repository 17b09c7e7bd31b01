/// The link that a person opens to hear.
enum PlayerLink {
    /// The token stands in the fragment, which a browser never sends.
    static func text(url: String, token: String) -> String {
        "\(url)/player#token=\(token)"
    }
}
