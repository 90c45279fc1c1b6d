extension PlatformHistory.Order {
    /// The last thing that happened to it; of what was asked as of a moment, by then.
    package var changed: Int64 {
        max(latest(paid, shipped, canceled, placed), latest(delivered, completed, trashed, placed))
    }

    mutating func forget(after moment: Int64) {
        for key in [\Self.paid, \.shipped, \.delivered, \.completed, \.canceled, \.trashed]
        where (self[keyPath: key] ?? 0) > moment {
            self[keyPath: key] = nil
        }
        if paid == nil { shipBy = nil }
    }
}

extension PlatformHistory.Refund {
    package var changed: Int64 {
        max(latest(responded, intervened, ended, opened), latest(amended?.at, disputedAt, deleted, opened))
    }
    package var isRefunded: Bool { ended != nil && outcome == .refunded && wish != .exchange }

    mutating func forget(after moment: Int64) {
        for key in [\Self.responded, \.intervened, \.ended, \.disputedAt, \.deleted]
        where (self[keyPath: key] ?? 0) > moment {
            self[keyPath: key] = nil
        }
        if let amended, amended.at > moment { (cents, self.amended) = (amended.before, nil) }
    }
}

extension PlatformHistory.Rating {
    var changed: Int64 { latest(amended?.at, approved, withdrawn, at) }

    /// Whether everybody sees it.
    package var isShown: Bool { withdrawn == nil && (approved != nil || !hasToBeApproved) }

    mutating func forget(after moment: Int64) {
        if let amended, amended.at > moment { (stars, self.amended) = (amended.before, nil) }
        if (approved ?? 0) > moment { approved = nil }
        if (withdrawn ?? 0) > moment { withdrawn = nil }
    }
}

private func latest(_ a: Int64?, _ b: Int64?, _ c: Int64?, _ first: Int64) -> Int64 {
    max(max(a ?? first, b ?? first), max(c ?? first, first))
}
