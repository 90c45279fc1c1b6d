/// Who waits for which server, and whose turn it is.
///
/// A lane holds what goes to one origin. Within a lane the order of arrival counts; among lanes turns go around, so
/// that a thousand requests to a slow server do not hold up one to another.
struct Lanes<Job> {
    final class Lane {
        fileprivate let origin: Address.Origin
        fileprivate var underWay = 0
        fileprivate var waiting = Queue<Job>()
        fileprivate var isInRound = false

        fileprivate init(_ origin: Address.Origin) { self.origin = origin }
    }

    private let perLane: Int
    private let overall: Int
    private var underWay = 0
    private var lanes: [Address.Origin: Lane] = [:]
    /// Lanes with someone waiting and room for one more.
    private var round = Queue<Lane>()

    init(perLane: Int, overall: Int) {
        self.perLane = perLane
        self.overall = overall
    }

    mutating func add(_ job: Job, to origin: Address.Origin) {
        let lane = lanes[origin] ?? Lane(origin)
        lanes[origin] = lane
        lane.waiting.append(job)
        enterRound(lane)
    }

    /// The next whose turn it is, now under way in its lane; nil when nobody waits or there is no room.
    mutating func next() -> (job: Job, lane: Lane)? {
        guard underWay < overall, let lane = round.popFirst() else { return nil }
        lane.isInRound = false
        guard let job = lane.waiting.popFirst() else { return nil }
        lane.underWay += 1
        underWay += 1
        enterRound(lane)
        return (job, lane)
    }

    /// One that was under way has ended.
    mutating func leave(_ lane: Lane) {
        lane.underWay -= 1
        underWay -= 1
        enterRound(lane)
        if lane.underWay == 0 && lane.waiting.isEmpty { lanes[lane.origin] = nil }
    }

    /// Takes out all who wait.
    mutating func removeAll() -> [Job] {
        var jobs: [Job] = []
        for lane in lanes.values {
            while let job = lane.waiting.popFirst() { jobs.append(job) }
        }
        return jobs
    }

    private mutating func enterRound(_ lane: Lane) {
        guard !lane.isInRound, !lane.waiting.isEmpty, lane.underWay < perLane else { return }
        lane.isInRound = true
        round.append(lane)
    }
}

/// First in, first out, without moving the rest at each step.
struct Queue<Element> {
    private var elements: [Element?] = []
    private var start = 0

    var isEmpty: Bool { start == elements.count }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func popFirst() -> Element? {
        guard start < elements.count else { return nil }
        let element = elements[start]
        elements[start] = nil
        start += 1
        if start == elements.count {
            elements.removeAll(keepingCapacity: elements.count <= 1024)
            start = 0
        } else if start >= 1024 && start * 2 >= elements.count {
            elements.removeFirst(start)
            start = 0
        }
        return element
    }
}
