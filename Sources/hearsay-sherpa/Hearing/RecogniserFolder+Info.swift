internal import Sherpa
internal import Wyoming

extension RecogniserFolder {
    private var readings: [String] {
        if files.family.isStreaming { return ["partials"] }
        return translates ? ["translation"] : []
    }

    /// What its worker answers to `describe`.
    func info(_ options: SherpaOptions) -> Info {
        let makers = Attribution(name: "k2-fsa", url: "https://github.com/k2-fsa/sherpa-onnx")
        let about = "A neural recogniser (\(files.family.rawValue))"
        let model = Artifact(name: options.name, about: about, attribution: makers)
        let program = Artifact(
            name: options.name, about: about, attribution: makers, version: SherpaLibrary.version)
        let known = languages.isEmpty ? options.languages : languages
        return Info(
            hearing: [
                HearingProgram(
                    artifact: program, models: [HearingModel(artifact: model, languages: known)],
                    readings: readings)
            ])
    }
}
