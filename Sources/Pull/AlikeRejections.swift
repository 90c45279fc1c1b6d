package import Facts

/// Tells rejections apart that read alike and name no fact: each of them is a fact that is lacking. Those of one file are
/// numbered in its order, so that the same file read again gives the same ones.
package struct AlikeRejections {
    private var counts: [String: Int] = [:]

    package init() {}

    package mutating func numbered(_ rejection: Rejection) -> Rejection {
        guard !rejection.isNamed else { return rejection }
        var numbered = rejection
        numbered.repeated = counts[rejection.text, default: 0]
        counts[rejection.text] = numbered.repeated + 1
        return numbered
    }
}
