package import Facts
package import Rules

/// The store and the rule of an alert in words, kept with it so that both can be named once they are gone.
package struct AlertSubject: Sendable, Hashable {
    package var storeName: String
    /// The name of the store's pack.
    package var platform: String
    /// The store's labels.
    package var labels: [String: String]
    /// The rule's title.
    package var title: Words
    package var severity: Severity

    package init(storeName: String, platform: String, labels: [String: String], title: Words, severity: Severity) {
        (self.storeName, self.platform, self.labels) = (storeName, platform, labels)
        (self.title, self.severity) = (title, severity)
    }

    package init(store: Store, title: Words, severity: Severity) {
        self.init(
            storeName: store.name, platform: store.pack, labels: store.labels, title: title, severity: severity)
    }
}
