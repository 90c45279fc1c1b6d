import Daemon

extension Wall.View {
    /// Without the stores that are kept from whoever looks.
    func seen(by caller: Caller) -> Wall.View {
        guard !caller.seesAll else { return self }
        var view = self
        view.lines = lines.filter { caller.mayRead($0.store) }
        view.behind = view.lines.count(where: \.isBehind)
        return view
    }
}
