private import Glibc

/// The files in a model's folder, by their names.
package struct ModelListing: Hashable, Sendable {
    package let path: String
    /// In their order, hidden ones left out.
    package let names: [String]

    package init(path: String) throws(ModelProblem) {
        guard let names = Self.names(in: path) else { throw .unreadableFolder }
        self.path = path
        self.names = names.sorted()
    }

    /// The path of a file; nil where there is none.
    func file(_ name: String) -> String? { names.contains(name) ? "\(path)/\(name)" : nil }

    /// The path of the model file in whose name a part stands, such as `tiny.en-encoder.int8.onnx` for `encoder`.
    ///
    /// - Parameter isSmall: Whether the one with weights of 8 bits is preferred where there are two.
    func model(_ part: String, isSmall: Bool = true) -> String? {
        let fitting = names.filter { $0.contains(part) && ($0.hasSuffix(".onnx") || $0.hasSuffix(".ort")) }
        return (fitting.first { $0.contains("int8") == isSmall } ?? fitting.first).map { "\(path)/\($0)" }
    }

    /// The same for a name that begins with the part.
    func model(beginningWith part: String) -> String? {
        let fitting = names.filter { $0.hasPrefix(part) && ($0.hasSuffix(".onnx") || $0.hasSuffix(".ort")) }
        return (fitting.first { $0.contains("int8") } ?? fitting.first).map { "\(path)/\($0)" }
    }

    /// What the makers of a file wrote into it.
    ///
    /// - Throws: `brokenFile` for a file that is none.
    func metadata(ofFileAt path: String) throws(ModelProblem) -> ModelMetadata {
        guard let metadata = ModelMetadata(file: path) else { throw .brokenFile(Self.name(path)) }
        return metadata
    }

    /// The model files that say what they are, those of 8 bits first.
    func models() throws(ModelProblem) -> [(path: String, metadata: ModelMetadata)] {
        let names = names.filter { $0.hasSuffix(".onnx") }
        var models: [(path: String, metadata: ModelMetadata)] = []
        for name in names.filter({ $0.contains("int8") }) + names.filter({ !$0.contains("int8") }) {
            models.append(("\(path)/\(name)", try metadata(ofFileAt: "\(path)/\(name)")))
        }
        return models
    }

    /// The last part of a path.
    static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// The names in a folder, hidden ones left out; nil where it cannot be read.
    static func names(in folder: String) -> [String]? {
        guard let stream = unsafe opendir(folder) else { return nil }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }
}
