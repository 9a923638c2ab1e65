import Foundation
import Glibc

/// What a set-up command's supervisor writes, beside what the agent's will write later.
extension RunFolder {
    /// The folder of the set-up command's supervisor, while that runs.
    var setupFolder: String { path + "/setup" }
    /// How large the output was when the agent began; no number before that.
    ///
    /// What came before are the service's and the set-up's words.
    private var agentBeginFile: String { path + "/agent.begin" }

    /// Makes the folder in which the set-up command is supervised; its output and its times are those of the run.
    ///
    /// - Returns: the folder's path.
    func makeSetup() throws(FileError) -> String {
        removeSetup()
        let files = LocalFileSystem()
        try files.makeFolder(setupFolder, mode: 0o700)
        for file in [outFile, timesFile] {
            try files.append([], to: file)
            let name = file.split(separator: "/").last ?? ""
            guard link(file, "\(setupFolder)/\(name)") == 0 else {
                throw FileError(operation: "link", path: file, code: errno)
            }
        }
        // Readers take nothing for the agent's as long as no place is named.
        try files.replace(Array("set-up\n".utf8), at: agentBeginFile, mode: 0o600)
        return setupFolder
    }

    /// Removes it: the output stays, and how the command ended is in the run's problem.
    func removeSetup() { try? FileManager.default.removeItem(atPath: setupFolder) }

    /// Notes that what is written from now on is the agent's, and lets that begin on a line of its own.
    func noteAgentBegin() throws(FileError) {
        endLine()
        try LocalFileSystem().replace(Array("\(outputFigures.bytes)\n".utf8), at: agentBeginFile, mode: 0o600)
    }

    /// Where the agent's output begins; 0 where no set-up command came before it, beyond every end until it has begun.
    ///
    /// Who asks for the output's size asks that first: what lay there by then is judged right, whatever begins meanwhile.
    var agentBegin: Int {
        guard let bytes = SmallFile.read(agentBeginFile, limit: 32) else { return 0 }
        return Int(String(decoding: bytes, as: UTF8.self).filter(\.isNumber)) ?? .max
    }

    /// The end of the output from an offset on, as view `text` shows it.
    ///
    /// Masked before it is cut: of half a secret nobody could tell that it is one (R34).
    func output(from offset: Int, atMost limit: Int, masking redactor: SecretRedactor) -> String {
        let size = outputFigures.bytes
        let start = max(offset, size - limit)
        guard size > start,
            let bytes = try? LogReader(self, agentStarted: true).masking(by: redactor).bytes(
                from: start,
                limit: size - start
            )
        else { return "" }
        let text = LogText(keepsEscapes: false).clean(bytes[...], isFinal: true).text
        return String(decoding: text, as: UTF8.self)
    }
}
