import Alerts
import Facts
import Ledgers

/// What servers showed of their certificates when the daemon looked at them, kept as a note in the ledger: for the board,
/// the calendar and reports, which ask no server.
enum CertificateNote {
    /// A line each: name, place and end, between tabs.
    static func text(_ shown: [Expiry]) -> String {
        shown.compactMap { expiry in expiry.place.map { "\(expiry.name)\t\($0)\t\(expiry.ends)" } }.joined(
            separator: "\n")
    }

    /// Of what the configuration still names; whom it concerns the configuration says.
    static func expiries(_ text: String?, of fleet: Fleet) -> [Expiry] {
        let hosts = CertificateLook.hosts(of: fleet)
        return (text ?? "").split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "\t").map(String.init)
            guard parts.count == 3, let ends = Timestamp(parts[2]) else { return nil }
            if parts[0] == Expiry.authority {
                return parts[1] == fleet.config.caFile
                    ? Expiry(name: parts[0], stores: [], place: parts[1], ends: ends) : nil
            }
            return hosts[parts[1]].map { Expiry(name: parts[0], stores: $0, place: parts[1], ends: ends) }
        }
    }
}

extension Assembly {
    /// All that ends unless somebody renews it, as far as it is known without asking anybody now; the first to end first.
    func expiries() async throws -> [Expiry] {
        let known = try fleet.expiries(fleet.tokenFile.read())
        let shown = CertificateNote.expiries(try await ledger.note(.certificates), of: fleet)
        return Expiry.all(known, shown).sorted {
            ($0.ends, $0.name, $0.place ?? "") < ($1.ends, $1.name, $1.place ?? "")
        }
    }
}
