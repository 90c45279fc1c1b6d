import Curl
import Facts
import HTTPTypes

/// When the certificates end that servers of the configuration's own show: a look at each, with nothing that shows who asks.
///
/// A platform that all shops share is looked after by the platform; the server of one shop by whoever set it up, and
/// everything stops on the day on which nobody renewed its certificate.
struct CertificateLook: Sendable {
    let transport: any Transport

    /// Those that show one, by host: `shop.example`, `shop.example:8443`.
    static func hosts(of fleet: Fleet) -> [String: [String]] {
        var hosts: [String: [String]] = [:]
        for case .store(let watched, let access) in fleet.pullSubjects {
            guard let endpoint = access.endpoint, endpoint.lowercased().hasPrefix("https://") else { continue }
            let host = endpoint.dropFirst("https://".count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
            hosts[host.lowercased(), default: []].append(watched.store.id)
        }
        return hosts.mapValues { $0.sorted() }
    }

    /// Those that could be asked; a server that does not answer is told of by the pulls that fail.
    func expiries(of fleet: Fleet) async -> [Expiry] {
        await withTaskGroup(of: Expiry?.self) { group in
            for (host, stores) in Self.hosts(of: fleet) {
                group.addTask { await expiry(of: host, stores) }
            }
            var found: [Expiry] = []
            for await case let expiry? in group { found.append(expiry) }
            return found.sorted { ($0.ends, $0.place ?? "") < ($1.ends, $1.place ?? "") }
        }
    }

    private func expiry(of host: String, _ stores: [String]) async -> Expiry? {
        let limits = Limits(connect: .seconds(5), total: .seconds(10), stall: .seconds(5), body: 1 << 20)
        // Not HEAD, which some servers leave without an answer. Of what comes nothing is kept.
        guard var request = Request(method: .get, url: "https://\(host)/", limits: limits) else { return nil }
        (request.ignoresBody, request.readsCertificate) = (true, true)
        guard let certificate = try? await transport.send(request).certificate else { return nil }
        return Expiry(
            name: Expiry.certificate, stores: stores, place: host, ends: Timestamp(seconds: certificate.endsAt))
    }
}
