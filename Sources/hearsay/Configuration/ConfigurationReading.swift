/// What became of reading the configuration file: whatever can be understood, and every mistake.
struct ConfigurationReading: Hashable, Sendable {
    let path: String
    let file: ConfigurationFile
    let mistakes: [ConfigurationFile.Problem]
    /// Why there is nothing; nil if it was read.
    let problem: SmallFile.Problem?

    init(path: String) {
        self.path = path
        do throws(SmallFile.Problem) {
            (file, mistakes) = ConfigurationFile.understood(try SmallFile.read(path))
            problem = nil
        } catch {
            (file, mistakes, problem) = (ConfigurationFile(), [], error)
        }
    }
}
