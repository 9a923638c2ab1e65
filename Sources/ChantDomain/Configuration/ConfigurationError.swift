/// Why a configuration was refused: everything that is wrong with it at once, so that it can be mended in one go.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One thing that is wrong.
    public struct Complaint: Sendable, Equatable, CustomStringConvertible {
        /// The path of the file that says it.
        public let file: String
        /// The line in that file, counted from 1, where it is known.
        public let line: Int?
        /// The key with its path, such as `server.limits.wall`; `nil` where the file as a whole is meant.
        public let key: String?
        /// A sentence for a person.
        public let detail: String

        /// `file:line: key: sentence`.
        public var description: String {
            let place = line.map { "\(file):\($0)" } ?? file
            return ([place] + [key, detail].compactMap { $0 }).joined(separator: ": ")
        }
    }

    /// What is wrong, in the order of the files' lines; never empty.
    public let complaints: [Complaint]

    init(_ complaints: [Complaint]) {
        self.complaints = complaints
    }

    init(file: String, line: Int? = nil, key: String? = nil, _ detail: String) {
        self.init([Complaint(file: file, line: line, key: key, detail: detail)])
    }

    /// One complaint a line.
    public var description: String { complaints.map(\.description).joined(separator: "\n") }
}
