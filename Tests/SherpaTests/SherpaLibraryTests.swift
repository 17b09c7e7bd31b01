import Sherpa
import Testing

/// Where Scripts/install-sherpa puts the library.
let libraryFolder = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/.build/sherpa"

@Suite struct SherpaLibraryTests {
    @Test func `the library that the scripts install is understood`() throws {
        _ = try SherpaLibrary.open(in: libraryFolder)
    }

    @Test func `a folder without the library is told, and no other is taken instead`() {
        let error = #expect(throws: SherpaError.self) { try SherpaLibrary.open(in: "/proc/no-such-folder") }
        #expect(error?.description.contains("/proc/no-such-folder/libsherpa-onnx-c-api.so") == true)
    }
}
