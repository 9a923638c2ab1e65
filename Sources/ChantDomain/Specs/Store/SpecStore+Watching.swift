/// How the index of a store is kept true.
struct SpecWatching: Sendable {
    /// How often all files are looked at although nobody told of a change.
    var safetyScan: Duration = .seconds(30)
    /// How often, where the kernel tells nothing: sizes and times of all files then, at every question too.
    var polling: Duration = .milliseconds(500)
    /// How long a file that has gone, or may be half written, is left alone: an editor that saves by renaming takes it away
    /// for a moment.
    var patience: Duration = .milliseconds(100)
    /// The kernel's word.
    var inotify = Inotify()
}

// MARK: - Outside edits

extension SpecStore {
    /// The moments at which there may be something for `takeChanges`, for one reader; the waiting begins here.
    func changeMoments() -> AsyncStream<Void> {
        guard let wakes else { return AsyncStream { $0.finish() } }
        wakes.start()
        return wakes.moments
    }

    /// Ends the moments.
    func stopWatching() { wakes?.stop() }

    /// What other programs did to the files since the last question, each change once.
    func takeChanges() throws(SpecError) -> [SpecFileChange] {
        try refresh()
        defer { pending = [] }
        return pending
    }

    /// Whether the kernel tells of changes, so that nobody has to look for them.
    var isTold: Bool { watch?.isWhole ?? false }

    /// Says that git, asked by the service, is about to write these files: what changes in them is the service's own.
    func expectWrites(to paths: Set<String>) {
        for path in paths { expected[ByteText(path), default: 0] += 1 }
    }

    /// Takes in what became of files announced by `expectWrites`.
    func tookPlace(at paths: Set<String>) throws(SpecError) {
        // Also where the folders cannot be read now: later changes are not the service's.
        defer {
            for path in paths {
                let place = ByteText(path)
                expected[place] = expected[place].flatMap { $0 > 1 ? $0 - 1 : nil }
            }
            wakes?.now()
        }
        try refresh()
        fold(scanner.look(at: paths))
    }
}

// MARK: - Keeping the index true

extension SpecStore {
    /// Brings the index up to what is on disk.
    ///
    /// Told by the kernel, this costs what has changed; else a look at every file.
    func refresh() throws(SpecError) {
        let now = ContinuousClock.now
        var news = watch?.take() ?? SpecWatch.News()
        let isTold = scanner.isComplete && isTold
        if !isTold || news.needsScan || now >= nextScan {
            // What the kernel calls complete is so, whatever a scan thinks of its age.
            if isTold { fold(scanner.look(at: news.written.map(\.text))) }
            news.written = []
            try scan(patience: isTold ? .some : .none, now)
            if !self.isTold { return }
        } else if news.isEmpty && later.isEmpty {
            return
        }
        for path in news.written { later[path] = nil }
        for path in news.unsettled where later[path] == nil { later[path] = now + watching.patience }
        var due = news.written
        for (path, moment) in later where moment <= now {
            if scanner.isYoung(path.text), moment + .seconds(1) > now { continue }
            later[path] = nil
            due.insert(path)
        }
        if !due.isEmpty { fold(scanner.look(at: due.map(\.text))) }
        tellWhen()
    }

    /// Takes in a file that the service has just written or removed itself.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - revision: what was written; `nil` for a removal. Whatever else is found there is somebody else's.
    func absorb(_ path: String, _ revision: String?) {
        later[ByteText(path)] = nil
        guard scanner.isComplete else { return }
        let others = scanner.look(at: [path]).filter { $0.revision != revision }
        fold(others)
        tellWhen()
    }

    /// Takes in what another program did to a file before the service writes it: two changes, each by its own author.
    func settle(_ file: SpecFile) {
        guard scanner.isComplete, scanner.revision(of: file.path) != file.document.revision else { return }
        fold(scanner.look(at: [file.path]))
    }

    private func scan(patience: Patience, _ now: ContinuousClock.Instant) throws(SpecError) {
        let isFirst = !scanner.isComplete
        // Until it has succeeded, every question asks for it again.
        nextScan = now
        let (changes, unsettled) = try scanner.scan(watch: &watch, patience: patience)
        nextScan = ContinuousClock.now + watching.safetyScan
        if patience == .none { later = [:] }
        for path in unsettled where later[ByteText(path)] == nil { later[ByteText(path)] = now + watching.patience }
        if !isFirst { fold(changes) }
        tellWhen()
    }

    private func fold(_ changes: [SpecFileChange]) {
        guard !changes.isEmpty, wakes != nil else { return }
        for var change in changes {
            change.isOwn = expected.keys.contains { $0.text.hasSuffix("/\(change.id).md") }
            pending.append(change)
        }
        wakes?.now()
    }

    /// Sets the next moment to look without being told.
    private func tellWhen() {
        if !isTold {
            wakes?.wait(atMost: watching.polling)
        } else if later.isEmpty {
            wakes?.wait(atMost: watching.safetyScan)
        } else {
            wakes?.wait(atMost: watching.patience / 2)
        }
    }
}
