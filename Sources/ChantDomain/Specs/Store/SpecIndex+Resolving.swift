extension SpecIndex {
    /// What a partial id leads to.
    public enum Resolution: Sendable, Equatable {
        case found(SpecID)
        case none
        case ambiguous([SpecID])
    }
}

extension SpecIndex {
    /// What a full or partial id leads to: the one resolver (§2.4 of the reference), active specs before archived ones.
    ///
    /// The exact id; else the only id that ends with the text; else, for three characters, the only one of `today`
    /// with that counter; else the only one that contains it.
    public func resolve(_ partial: String, today: LocalDay) -> Resolution {
        guard !partial.isEmpty else { return .none }
        if let id = SpecID(partial), row(id) != nil || unreadable(id) != nil { return .found(id) }
        let found = resolve(partial, among: ids(archived: false), today: today)
        return found == .none ? resolve(partial, among: ids(archived: true), today: today) : found
    }

    /// In list order; an id stands for its spec, else for the file that cannot be read.
    private func ids(archived: Bool) -> [SpecID] {
        rows.compactMap { file in
            guard file.isArchived == archived else { return nil }
            if let spec = file.spec { return spec.id }
            return SpecID(file.id).flatMap { row($0) == nil ? $0 : nil }
        }
    }

    private func resolve(_ partial: String, among ids: [SpecID], today: LocalDay) -> Resolution {
        let bytes = Array(partial.utf8)
        let ends = ids.filter { $0.text.utf8.suffix(bytes.count).elementsEqual(bytes) }
        if ends.count == 1 { return .found(ends[0]) }
        if partial.count == 3 {
            let prefix = "\(today.text)-\(partial)-"
            let begins = ids.filter { $0.text.utf8.starts(with: prefix.utf8) }
            if begins.count == 1 { return .found(begins[0]) }
        }
        let containing = ids.filter { $0.text.contains(partial) }
        if containing.count == 1 { return .found(containing[0]) }
        return containing.isEmpty ? .none : .ambiguous(containing)
    }
}
