import Facts
import Foundation

/// How much of a limit is left, as a bar.
struct RoomBar {
    let room: Double
    init(_ room: Double) { self.room = room }

    /// Less than that is near.
    private static let near = 0.2

    func view(_ tongue: Tongue) -> View {
        let share = min(abs(room), 1)
        let percent =
            abs(room) < 0.1 ? String(format: "%.1f", abs(room) * 100) : String(format: "%.0f", abs(room) * 100)
        return [
            "kind": room < 0 ? "beyond" : room < Self.near ? "near" : "inside",
            "width": String(format: "%.0f", max(share * 100, 2)),
            "text": room < 0
                ? tongue("\(percent)% beyond", "超出 \(percent)%") : tongue("\(percent)% left", "剩余 \(percent)%"),
        ]
    }
}
