import Foundation

/// A made-up platform: one store's seeded history behind one API, after its public documents alone. It holds what it is
/// asked against signature, clock, windows, page sizes and limits, and answers as the real one does, errors included.
package actor MadeUpPlatform {
    package nonisolated let history: PlatformHistory
    package private(set) var desk: PlatformDesk
    private let dialect: PlatformDialect
    private var faults: [PlatformFault] = []
    private var mishaps: (dice: Dice, faults: [PlatformFault], of: Int)?
    /// How often which of them was met.
    package private(set) var met: [PlatformFault: Int] = [:]
    /// What the clock of this machine shows, and how far the platform's is from it.
    private let clock: @Sendable () -> Int64
    private let fineClock: (@Sendable () -> Int64)?
    private var offset: Int64 = 0
    /// What was asked, in order, since it was last forgotten.
    package private(set) var asked: [PlatformCall] = []
    /// How often it was asked in all.
    package private(set) var requests = 0
    /// The last answer.
    package private(set) var told: PlatformReply?
    private var pages = ToldPages()

    /// - Parameters:
    ///   - application: who asks, also at other stores; one for this store alone where nothing is given.
    ///   - fineClock: the same in microseconds, for what is counted in less than a second; it does not move the clock on.
    ///   - clock: seconds since 1970.
    package init(
        _ dialect: PlatformDialect, history: PlatformHistory, credentials: [String: String] = [:],
        application: ApplicationLedger = ApplicationLedger(), fineClock: (@Sendable () -> Int64)? = nil,
        clock: @escaping @Sendable () -> Int64
    ) {
        (self.dialect, self.history, self.clock, self.fineClock) = (dialect, history, clock, fineClock)
        desk = PlatformDesk(
            history: history, credentials: dialect.credentials.merging(credentials) { $1 }, application: application)
    }

    /// What the next requests meet, one each; what does not fit a request waits for one that it does fit.
    package func meet(_ faults: [PlatformFault]) { self.faults += faults }

    /// From now on each request meets one of these by chance: so many of ten thousand do. None: all is well from now on,
    /// and what still waited is forgotten.
    package func meet(_ faults: [PlatformFault], seed: UInt64, of tenThousand: Int) {
        if faults.isEmpty { self.faults = [] }
        mishaps = faults.isEmpty ? nil : (Dice(seed: seed), faults, tenThousand)
    }

    /// Forgets what was asked, for who asks for a year.
    package func forgetAsked() { asked = [] }

    /// Changes something that the platform knows of the store: a right, or how often it may be asked.
    package func set(_ name: String, _ value: String) { desk.credentials[name] = value }
    package func setClock(_ offset: Int64) { self.offset = offset }
    package func setDelay(_ seconds: Int64) { desk.delay = seconds }
    /// Holds the store's life still at a moment, however long a pull takes by the clock; nil: it goes on.
    package func setHorizon(_ moment: Int64?) { desk.horizon = moment }
    /// Lists of cases tell no more of what happens after a moment; a case that is asked for by its number does.
    package func endLists(at moment: Int64) { desk.listsEnd = moment }

    /// The platform's clock.
    package var now: Int64 { clock() + offset }

    func consent(at address: URLComponents, consents: Bool) -> String? {
        desk.now = now
        return ConsentPage.page(of: dialect.name, desk.credentials)?.lead(address, consents: consents, &desk)
    }

    /// The owner takes the consent back: neither token is taken any more.
    package func takeConsentBack() {
        for name in ["access_token", "session", "refresh_token"] where desk.credentials[name] != nil {
            desk.credentials[name] = desk.newToken("taken-back")
        }
        for name in desk.credentials.keys where name.hasPrefix("until of ") { desk.credentials[name] = nil }
    }

    private func mishap() -> PlatformFault? {
        guard let (rolled, faults, share) = mishaps else { return nil }
        var dice = rolled
        defer { mishaps?.dice = dice }
        return dice.happens(share) ? faults[dice.within(0...faults.count - 1)] : nil
    }

    enum Answer: Sendable {
        case reply(PlatformReply)
        case hangUp
        case cut(PlatformReply)
    }

    func answer(_ call: PlatformCall) -> Answer {
        asked.append(call)
        requests += 1
        desk.now = now
        if let fineClock { desk.microseconds = fineClock() + offset * 1_000_000 }
        let list = call.list
        let before = pages.before(list)
        let waiting = faults.firstIndex { $0 != .again || before != nil }
        var fault = waiting.map { faults.remove(at: $0) } ?? mishap()
        if fault == .again, before == nil { fault = nil }
        if fault == .reordered { return reordered(call, list, isForced: waiting != nil) }
        if let fault { met[fault, default: 0] += 1 }
        switch fault {
        case .again: if let before { return .reply(before) }
        case .hangUp: return .hangUp
        case .status(let status): return .reply(PlatformReply(status: status, text: ""))
        case .garbage: return .reply(PlatformReply(status: 200, text: "<html><body>Please wait</body></html>"))
        case .cut:
            // Who never learns of its new tokens has lost them; that is not for chance to do.
            let credentials = desk.credentials
            let reply = dialect.answer(call, &desk)
            return desk.credentials == credentials ? .cut(reply) : .reply(reply)
        case .throttled, .busy, .expired, .failed: desk.fault = fault
        case .reordered, nil: desk.fault = nil
        }
        let reply = dialect.answer(call, &desk)
        told = reply
        if fault == nil, reply.status == 200 { pages.note(reply, to: list) }
        return .reply(reply)
    }

    /// The truth, from the last item to the first. Where there are not two items it is still to be met, if it has to be.
    private func reordered(_ call: PlatformCall, _ list: ToldPages.Asked, isForced: Bool) -> Answer {
        desk.fault = nil
        var reply = dialect.answer(call, &desk)
        if reply.status == 200, reply.packed == nil, let document = JSONText(reading: Array(reply.body.utf8)),
            let other = document.reordered
        {
            reply.body = other.text
            met[.reordered, default: 0] += 1
        } else if isForced {
            faults.append(.reordered)
        }
        told = reply
        if reply.status == 200 { pages.note(reply, to: list) }
        return .reply(reply)
    }
}

/// How one platform speaks.
package struct PlatformDialect: Sendable {
    package let name: String
    /// Made-up keys and tokens, by the platform's own names.
    package let credentials: [String: String]
    /// How late at most it shows what happened, in seconds: as its documents have it, whatever a pack reckons with. Where
    /// they say nothing: less than a minute.
    package let lateness: Int64
    let answer: @Sendable (PlatformCall, inout PlatformDesk) -> PlatformReply

    init(
        _ name: String, credentials: [String: String], lateness: Int64 = 59,
        answer: @escaping @Sendable (PlatformCall, inout PlatformDesk) -> PlatformReply
    ) {
        (self.name, self.credentials, self.lateness, self.answer) = (name, credentials, lateness, answer)
    }
}
