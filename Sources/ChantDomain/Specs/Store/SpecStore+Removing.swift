extension SpecStore {
    /// Removes a spec's file, if it still holds the bytes that were read.
    ///
    /// It is moved aside first and looked at there, so that a save of another program that came in between is found and
    /// takes its name again.
    func remove(_ file: SpecFile) throws(SpecError) {
        let expected = file.document.digest
        let aside = file.path + ".tmp"
        settle(file)
        try note(file.path, before: expected, after: expected)
        defer { intents.didWrite(path: file.path) }
        do {
            try files.move(file.path, to: aside)
            let found = (try? files.read(aside)).map { Digest(of: $0) }
            guard found == expected else {
                try putBack(aside, to: file.path, found)
                throw SpecError.changedMeanwhile(file.id)
            }
            try files.remove(aside)
            absorb(file.path, nil)
        } catch let error as SpecError {
            throw error
        } catch let error as FileError {
            if error.isMissing { throw .notFound(file.id.text) }
            throw .file(error)
        } catch {
            throw .changedMeanwhile(file.id)
        }
    }

    /// Makes a file again that was removed a moment ago, in its place.
    func restore(_ file: SpecFile) throws(SpecError) {
        try note(file.path, before: nil, after: file.document.digest)
        defer { intents.didWrite(path: file.path) }
        do {
            try files.create(file.document.bytes, at: file.path, mode: 0o644)
        } catch {
            throw .file(error)
        }
        absorb(file.path, file.document.revision)
    }

    /// Puts bytes back that were replaced a moment ago, whether they can be read as a spec or not.
    func restore(_ file: SpecFile, over digest: Digest) throws(SpecError) {
        try note(file.path, before: digest, after: file.document.digest)
        defer { intents.didWrite(path: file.path) }
        do {
            try files.exchange(file.document.bytes, at: file.path, expecting: digest)
        } catch {
            switch error {
            case .file(let error): throw .file(error)
            case .changedMeanwhile, .temporaryInTheWay: throw .changedMeanwhile(file.id)
            }
        }
        absorb(file.path, file.document.revision)
    }

    /// Gives a foreign save its name again; where an even newer one has taken it, this one is kept beside it.
    private func putBack(_ aside: String, to path: String, _ digest: Digest?) throws(FileError) {
        do { try files.move(aside, to: path) } catch {
            guard error.isTaken else { throw error }
            try files.move(aside, to: "\(path.dropLast(".md".count)).\(digest?.short16 ?? "saved").md.tmp")
        }
    }
}
