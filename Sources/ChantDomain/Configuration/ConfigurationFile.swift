import Foundation
import Yams

/// A markdown file whose YAML header configures something; the text below the header is ignored.
struct ConfigurationFile {
    let path: String
    /// The header's map.
    let root: ConfigurationSection

    /// Reads the file at `path`; `nil` where there is none.
    ///
    /// A symlink is followed: people keep their own configuration under version control elsewhere.
    static func read(_ path: String) throws(ConfigurationError) -> ConfigurationFile? {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile {
            return nil
        } catch {
            throw ConfigurationError(file: path, "The file cannot be read: \(reason(of: error)).")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw ConfigurationError(file: path, "The file is not UTF-8.")
        }
        return try parse(text, path: path)
    }

    /// Parses the text of a file.
    ///
    /// The header opens at the first line that is not blank and closes only at a line that is exactly `---`, as in a spec.
    static func parse(_ text: String, path: String) throws(ConfigurationError) -> ConfigurationFile {
        var lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        if let first = lines.first, first.first == "\u{FEFF}" { lines[0] = first.dropFirst() }
        guard let opening = lines.firstIndex(where: { !$0.allSatisfy(\.isWhitespace) }), lines[opening] == "---" else {
            let hint = "the settings stand in YAML between two lines `---` at the top of the file"
            throw ConfigurationError(file: path, "The file has no header: \(hint).")
        }
        guard let closing = lines[(opening + 1)...].firstIndex(of: "---") else {
            let detail = "The header is never closed: a line that is exactly `---` is missing."
            throw ConfigurationError(file: path, line: opening + 1, detail)
        }
        let header = lines[(opening + 1)..<closing].joined(separator: "\n")
        let node = try compose(header, path: path, offset: opening + 1)
        let value = ConfigurationValue(node: node, file: path, key: "", offset: opening + 1)
        guard let root = value.section else {
            throw ConfigurationError(file: path, line: value.line, "The header must be a map of keys.")
        }
        return ConfigurationFile(path: path, root: root)
    }

    private static func compose(_ header: String, path: String, offset: Int) throws(ConfigurationError) -> Node? {
        do {
            return try Yams.compose(yaml: header)
        } catch let error as YamlError {
            let (line, detail) = explain(error)
            throw ConfigurationError(file: path, line: line.map { $0 + offset }, "The YAML is broken: \(detail).")
        } catch {
            throw ConfigurationError(file: path, "The YAML is broken: \(error).")
        }
    }

    private static func explain(_ error: YamlError) -> (line: Int?, detail: String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            (mark.line, problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            (context.mark.line, "it has twice the key " + duplicates.sorted().joined(separator: ", "))
        case .reader(let problem, _, _, _): (nil, problem)
        default: (nil, "\(error)")
        }
    }

    private static func reason(of error: any Error) -> String {
        let error = error as NSError
        let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError
        if let cause, cause.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(cause.code))) }
        return error.localizedDescription
    }
}
