import Glibc

/// The program.
@main
enum Hearsay {
    static let version = "0.1.0"

    static func main() async {
        let program = Program(commands: Command.all, environment: .process, output: .standard)
        exit(await program.run(Array(CommandLine.arguments.dropFirst())).rawValue)
    }
}
