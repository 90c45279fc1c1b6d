import Alerts
package import Facts
import Foundation
import Ledgers
import Notify
package import Rules

/// Who would hear of an alert, when, and why: worked out by what routes it, from the configuration and the ledger as they
/// are.
package struct RouteTask: Sendable {
    private let opening: Opening

    package init(_ opening: Opening) { self.opening = opening }

    /// What one receiver would hear.
    package struct Line: Sendable {
        package var receiver: String
        package var kind: String
        /// Of these standings it hears.
        package var standings: [Standing]
        package var words: [Words]
    }

    /// - Parameters:
    ///   - store: one that is watched; empty: of an alert that speaks for many.
    ///   - rule: one of its pack's, or `health:…` of its data.
    package func explain(_ store: String, _ rule: String) async throws -> [Line] {
        let assembly = try opening.assembly()
        let key = AlertKey(store: store, rule: rule)
        let asked = try await RouteSubject.find(key, assembly)
        let subject = asked.subject
        let holds = try await holds(asked, assembly)
        return assembly.config.receivers.map { entry in
            let route = entry.route
            let standings = [Standing.warning, .breach].filter { standing in
                route.wants(key, subject, standing: standing)
                    || asked.members.contains { route.wants($0.key, $0.subject, standing: standing) }
            }
            var words = standings.isEmpty ? [refusal(route, key, subject)] : told(route, key, subject)
            if !standings.isEmpty { words += holds }
            return Line(
                receiver: entry.id, kind: entry.writing.kind.rawValue, standings: standings, words: words)
        }
    }

    private func refusal(_ route: Route, _ key: AlertKey, _ subject: AlertSubject) -> Words {
        route.when.fits(key, subject, standing: nil)
            ? Words(en: "hears nothing: its except: fits", zh: "不通知：符合 except:")
            : Words(en: "hears nothing: its when: does not fit", zh: "不通知：不符合 when:")
    }

    /// When it hears, as far as its entry says.
    private func told(_ route: Route, _ key: AlertKey, _ subject: AlertSubject) -> [Words] {
        var words: [Words] = []
        if let digest = route.digest {
            let minutes = digest.microsecondsOfDay / 60_000_000
            let hour = String(format: "%02d:%02d", Int(minutes / 60), Int(minutes % 60))
            return [
                Words(
                    en: "hears of it in the board of \(hour) in \(digest.calendar.timezone) alone",
                    zh: "仅在 \(digest.calendar.timezone) \(hour) 的每日汇总中通知")
            ]
        }
        if let after = route.after {
            words.append(
                Words(
                    en: "hears of what has gone on for \(after.written) and nobody has acknowledged",
                    zh: "持续 \(after.written) 且无人确认时才通知"))
        }
        if let grouping = route.grouping {
            let name = grouping.name(key, subject)
            words.append(
                Words(
                    en:
                        "told together with others of \(name): \(grouping.wait.written) after the first, then every \(grouping.interval.written)",
                    zh: "与 \(name) 的其他告警合并：首条后等待 \(grouping.wait.written)，之后每 \(grouping.interval.written) 一次"))
            if grouping.isUrgentAtOnce, subject.severity == .critical {
                words.append(Words(en: "a breach of this critical rule goes at once", zh: "此严重规则不达标时立即通知"))
            }
        } else if route.after == nil {
            words.append(Words(en: "hears at once", zh: "立即通知"))
        }
        if let quiet = route.quiet, subject.severity != .critical, !key.isHealth {
            words.append(
                Words(
                    en: "not between 22:00 and 08:00 in \(quiet.calendar.timezone), if it changes once a day",
                    zh: "每日变化的规则在 \(quiet.calendar.timezone) 22:00 至 08:00 之间不打扰"))
        }
        if let remind = route.remind {
            words.append(
                Words(en: "reminded every \(remind.written) while it goes on", zh: "持续期间每 \(remind.written) 提醒一次"))
        }
        return words
    }

    /// What holds it back at present, whoever would hear.
    private func holds(_ asked: RouteSubject, _ assembly: Assembly) async throws -> [Words] {
        let (key, subject, now) = (asked.key, asked.subject, assembly.clock.now)
        var words: [Words] = []
        if asked.isObserved {
            words.append(Words(en: "nobody is told: it is only observed", zh: "处于仅观察模式，不通知任何人"))
        }
        words += try await assembly.ledger.silences(inForceAfter: now).compactMap { silence -> Words? in
            // One that ends for what grows worse, or that is of one standing, lets through the other.
            let held = [Standing.warning, .breach].filter {
                silence.holds(key, subject, .firing, standing: $0, at: now)
            }
            guard let first = held.first else { return nil }
            let which = held.count == 1 ? Words(en: "\(first.title.en) ", zh: "\(first.title.zh)") : Words("")
            return Words(
                en: "\(which.en)silenced by \(silence.by) until \(silence.endWords.en): \(silence.why)",
                zh: "\(which.zh)已被 \(silence.by) 静默至\(silence.endWords.zh)：\(silence.why)")
        }
        // What is wrong with the data is told whatever goes on at the store.
        if let watched = asked.watched, subject.severity != .critical, !key.isHealth {
            words += watched.windows.compactMap { window in
                window.end(at: now, in: watched.calendar).map { end in
                    Words(
                        en: "held until \(end): \(window.kind.rawValue) of the store",
                        zh: "暂缓至 \(end)：店铺\(window.kind == .maintenance ? "维护" : "促销")期间")
                }
            }
        }
        let firing = try await assembly.ledger.openAlerts().filter { $0.told != nil }
        for inhibition in assembly.config.inhibitions {
            if let source = inhibition.source(for: key, subject, standing: nil, among: firing) {
                words.append(
                    Words(
                        en: "held back by the alert of \(source.words)",
                        zh: source.store.isEmpty
                            ? "被 '\(source.rule)' 的告警抑制" : "被店铺 '\(source.store)' 规则 '\(source.rule)' 的告警抑制"))
            }
        }
        return words
    }
}
