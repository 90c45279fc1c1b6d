import Alerts
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
            guard let host = access.endpoint.flatMap(host) else { continue }
            hosts[host, default: []].append(watched.store.id)
        }
        return hosts.mapValues { $0.sorted() }
    }

    /// Other servers that are asked of which it is worth knowing who vouches for them, where the configuration says whom to
    /// trust.
    static func others(of fleet: Fleet) -> Set<String> {
        guard fleet.config.caFile != nil else { return [] }
        return Set(fleet.config.feeds.compactMap { host(of: $0.url) })
    }

    private static func host(of address: String) -> String? {
        guard address.lowercased().hasPrefix("https://") else { return nil }
        return address.dropFirst("https://".count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }.lowercased()
    }

    /// Those that could be asked, and of `ca_file:` the first to end of the authorities that vouched for any of them; a
    /// server that does not answer is told of by the pulls that fail.
    func expiries(of fleet: Fleet) async -> [Expiry] {
        let (hosts, authorities) = (Self.hosts(of: fleet), fleet.authorities)
        let shown = await withTaskGroup(of: (String, PeerCertificate)?.self) { group in
            for host in Set(hosts.keys).union(Self.others(of: fleet)) {
                group.addTask { await certificate(of: host).map { (host, $0) } }
            }
            var found: [(String, PeerCertificate)] = []
            for await case let one? in group { found.append(one) }
            return found
        }
        var expiries = shown.compactMap { host, certificate in
            hosts[host].map { stores in
                Expiry(
                    name: Expiry.certificate, stores: stores, place: host, ends: Timestamp(seconds: certificate.endsAt))
            }
        }
        let vouched = shown.compactMap { _, certificate in
            authorities?.authorityEnds(
                for: CertificateFile(pem: certificate.chain.joined(separator: "\n")).certificates)
        }
        if let path = fleet.config.caFile, let ends = vouched.min() {
            expiries.append(Expiry(name: Expiry.authority, stores: [], place: path, ends: ends))
        }
        return expiries.sorted { ($0.ends, $0.place ?? "") < ($1.ends, $1.place ?? "") }
    }

    private func certificate(of host: String) async -> PeerCertificate? {
        let limits = Limits(connect: .seconds(5), total: .seconds(10), stall: .seconds(5), body: 1 << 20)
        // Not HEAD, which some servers leave without an answer. Of what comes nothing is kept.
        guard var request = Request(method: .get, url: "https://\(host)/", limits: limits) else { return nil }
        (request.ignoresBody, request.readsCertificate) = (true, true)
        return try? await transport.send(request).certificate
    }
}
