private import Glibc

/// The program `hearsay-unpack ARCHIVE FOLDER BYTES`, apart from the others because it reads what strangers made.
@main
enum UnpackProgram {
    private static let usage = """
        usage: hearsay-unpack ARCHIVE FOLDER BYTES
        Unpacks a tar or zip archive, compressed or not, of at most BYTES bytes into an empty FOLDER.
        Says why not on standard output, and returns 3, if the archive is not to be trusted.

        """

    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count == 3, let byteLimit = Int(arguments[2]), byteLimit > 0 else {
            write(usage, to: STDERR_FILENO)
            exit(1)
        }
        do throws(UnpackProblem) {
            try Unpacking.unpack(arguments[0], into: arguments[1], byteLimit: byteLimit)
        } catch {
            write("\(error)\n", to: STDOUT_FILENO)
            exit(3)
        }
    }

    private static func write(_ text: String, to file: Int32) {
        let bytes = Array(text.utf8)
        _ = unsafe Glibc.write(file, bytes, bytes.count)
    }
}
