import JSON

/// One thing in the configuration file that cannot be used, and where.
struct ServeFileMistake: Error, Hashable, Sendable {
    /// What an option's value is in the file.
    enum Shape: Hashable, Sendable {
        case flag
        case text
        case list
        /// Names with values.
        case table(example: String)
    }

    enum Kind: Hashable, Sendable {
        case unreadable(SmallFile.Problem)
        case notJSON5(JSON5Problem.Kind)
        case notAnObject
        case unknownKey(String, suggestion: String?)
        case repeatedKey(String)
        /// Secrets have files of their own.
        case secret(String)
        /// The data folder cannot be named by a file that lies in it.
        case ownFolder
        case badShape(String, Shape)
        case refused(UsageError)
    }

    let kind: Kind
    /// Nil for the file as a whole.
    let place: TextPlace?

    init(_ kind: Kind, at place: TextPlace?) {
        self.kind = kind
        self.place = place
    }

    /// As compilers write it, for editors to jump there.
    func text(in path: String) -> String {
        place.map { "\(path):\($0.line):\($0.column): \(kind)" } ?? "\(path): \(kind)"
    }
}

extension ServeFileMistake.Shape {
    init(_ option: Option) {
        if option.value == nil {
            self = .flag
        } else if option.holdsNames {
            self = .table(example: option.value ?? "")
        } else {
            self = option.isRepeatable ? .list : .text
        }
    }
}

extension ServeFileMistake.Shape: CustomStringConvertible {
    var description: String {
        switch self {
        case .flag: "true or false"
        case .text: "a text in quotes, or a number"
        case .list: "a text in quotes, or a list of them in [ ]"
        case .table(let example): "an object { name: value }, or a list of texts such as \(example)"
        }
    }
}

extension ServeFileMistake.Kind: CustomStringConvertible {
    var description: String {
        switch self {
        case .unreadable(let problem): "it cannot be read: \(problem)"
        case .notJSON5(let kind): "\(kind)"
        case .notAnObject: "the file must hold one object: { key: value }"
        case .unknownKey(let key, let suggestion):
            "“\(key)” means nothing here"
                + (suggestion.map { "; did you mean \($0)?" } ?? "; `hearsay help configuration` lists the keys")
        case .repeatedKey(let key): "“\(key)” is set a second time; keep one of them"
        case .secret(let key):
            "“\(key)” looks like a secret; put it into a file of its own, and name that with engine_key_file"
        case .ownFolder:
            "data cannot be set in the data folder's own file; use --data, or a file elsewhere with --config"
        case .badShape(let key, let shape): "\(key) needs \(shape)"
        case .refused(let error): "\(error.inFile)"
        }
    }
}
