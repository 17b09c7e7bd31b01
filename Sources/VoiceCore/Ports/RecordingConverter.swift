package import Sound

/// Why a recording was not converted.
package enum ConversionError: Error, Hashable, Sendable {
    /// There is no program that could.
    case notInstalled
    /// The program refused it, or went beyond its bounds.
    case failed
    case tookTooLong
}

/// Something that reads containers which are not read here.
package protocol RecordingConverter: Sendable {
    /// Converts a recording; cancelling the calling task ends the work.
    ///
    /// - Parameter limit: What comes behind is left out.
    func convert(
        _ bytes: ArraySlice<UInt8>, from container: ForeignContainer, limit: Duration
    ) async throws(ConversionError) -> any RecordingReader
}
