/// The explanation of a problem, as `GET /problems/{name}` shows it.
struct ProblemPage {
    /// Its media types.
    static let forms = ["text/plain", "text/html"]

    private let name: ProblemName

    init(_ name: ProblemName) {
        self.name = name
    }

    /// For a terminal.
    var text: String {
        "\(name.title)\n\(subtitle)\n\n\(name.explanation)\n"
    }

    /// For a browser.
    var html: String {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>\(escaped(name.title))</title></head>
        <body><h1>\(escaped(name.title))</h1><p><code>\(escaped(subtitle))</code></p>
        <p>\(escaped(name.explanation))</p></body></html>

        """
    }

    private var subtitle: String {
        let status = name.status.map { "status \($0)" } ?? "how a run ended"
        return "\(name.rawValue) (\(status))"
    }

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
