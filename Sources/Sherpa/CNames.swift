private import Glibc

/// The memory of texts that the library is given pointers to, for as long as this lives.
@safe final class CNames {
    private var copies = unsafe [UnsafeMutablePointer<CChar>]()

    deinit { unsafe copies.forEach { unsafe free($0) } }

    /// A copy of the text; NULL for nil.
    func callAsFunction(_ text: String?) -> UnsafePointer<CChar>? {
        guard let text, let copy = unsafe strdup(text) else { return nil }
        unsafe copies.append(copy)
        return unsafe UnsafePointer(copy)
    }
}
