package import Alerts
package import Facts

/// What a receiver is told once a day of figures that no platform tells and somebody has to look up. Members are added,
/// never renamed.
package struct DueBody: Sendable {
    package var receiver: String
    /// The local day of its people, and where that is.
    package var day: LocalDay
    package var timezone: String
    /// At least one.
    package var figures: [Figure]

    package struct Figure: Sendable, Hashable {
        package var store: String
        package var storeName: String
        /// Of the measure.
        package var name: String
        package var title: Words
        /// Where in the back end it stands.
        package var place: Words?
        /// The rules that wait for it.
        package var rules: [String]

        package init(
            store: String, storeName: String, name: String, title: Words, place: Words?, rules: [String]
        ) {
            (self.store, self.storeName, self.name) = (store, storeName, name)
            (self.title, self.place, self.rules) = (title, place, rules)
        }
    }

    package init(receiver: String, day: LocalDay, timezone: String, figures: [Figure]) {
        (self.receiver, self.day, self.timezone, self.figures) = (receiver, day, timezone, figures)
    }

    /// What is owed for it: the same however often it is made, so that each receiver hears of a day once.
    package func notice(at now: Timestamp, in writing: ReceiverWriting) -> Notice {
        Notice(
            id: id, receiver: receiver, key: key,
            episode: episode, change: 1, madeAt: now,
            body: writing.bytes(of: writing.message.message(self), at: now, to: receiver) { json(at: now) })
    }

    var episode: String { "due \(day)" }

    // No rule's id holds a colon.
    var key: AlertKey { AlertKey(store: "", rule: "due:") }

    var id: String { ContentID.notice(receiver: receiver, episode: episode, change: 1) }

    var title: Words {
        let stores = Set(figures.map(\.store)).count
        return Words(
            en:
                "\(figures.count) figure\(figures.count == 1 ? "" : "s") of \(stores) store\(stores == 1 ? "" : "s") to be entered by hand, \(day)",
            zh: "\(day) 需手工录入 \(stores) 家店铺的 \(figures.count) 项数据")
    }

    var remedy: Words {
        Words(
            en:
                "until then what rests on them is not judged: goodstanding measure due lists them, goodstanding measure enters them",
            zh: "录入之前，相关规则不予考核：用 goodstanding measure due 查看，用 goodstanding measure 录入")
    }

    /// As webhooks get it.
    func json(at now: Timestamp) -> [UInt8] {
        var json = JSONWriter(reserving: 1024)
        json.object { json in
            json.member("type", string: "due")
            json.member("timestamp", string: "\(now)")
            json.member("data") { json in
                json.object { json in
                    json.member("receiver", string: receiver)
                    json.member("day", string: "\(day)")
                    json.member("timezone", string: timezone)
                    json.member("figures") { json in
                        json.array { json in
                            for figure in figures {
                                json.element { json in
                                    json.object { json in
                                        json.member("store", string: figure.store)
                                        json.member("store_name", string: figure.storeName)
                                        json.member("name", string: figure.name)
                                        json.member("title", words: figure.title)
                                        json.member("place", words: figure.place)
                                        json.member("rules") { json in
                                            json.array { json in
                                                for rule in figure.rules { json.element { $0.string(rule) } }
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                    json.member("title", words: title)
                    json.member("remedy", words: remedy)
                }
            }
        }
        return json.bytes
    }
}
