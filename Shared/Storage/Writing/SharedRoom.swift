/// Room in bytes that many share, so that none can take all of it.
///
/// Nobody may hold more than is free: one alone gets half of the room, two get a third each, and what is left is there
/// for whoever comes next, at once and without anybody's being told to give back. (Dynamic queue thresholds, as switches
/// share their memory by: Choudhury and Hahne, 1998.)
public struct SharedRoom<Sharer: Hashable> {
    public enum Admission: Equatable, Sendable {
        case admitted
        /// There is no room for anybody.
        case full
        /// There is room, but it is for others.
        case overShare
    }

    public let bytesMax: Int
    /// From how much on nothing more is admitted, though what is admitted below it may go beyond: so that a large one is
    /// served in its turn too.
    public var bytesWanted: Int
    public private(set) var bytesHeld = 0
    private var held: [Sharer: Int] = [:]

    public init(bytesMax: Int) {
        precondition(bytesMax > 0)
        self.bytesMax = bytesMax
        bytesWanted = bytesMax
    }

    /// Takes bytes that count for each of the sharers; without any, only the whole room bounds them. Who holds nothing
    /// gets whatever fits, and anything is admitted to an empty room: it could never be served otherwise.
    public mutating func admit(_ bytes: Int, for sharers: [Sharer]) -> Admission {
        take(bytes, for: sharers, look(bytes, for: sharers))
    }

    /// Takes more bytes for what was admitted before: up to `bytesMax`, whatever is wanted.
    public mutating func extend(_ bytes: Int, for sharers: [Sharer]) -> Admission {
        bytes == 0 ? .admitted : take(bytes, for: sharers, look(bytes, for: sharers, below: bytesMax))
    }

    /// What `admit` would say, without taking anything.
    public func look(_ bytes: Int, for sharers: [Sharer]) -> Admission {
        guard bytesHeld == 0 || bytesHeld < bytesWanted else { return .full }
        return look(bytes, for: sharers, below: bytesWanted)
    }

    private func look(_ bytes: Int, for sharers: [Sharer], below bytesWanted: Int) -> Admission {
        guard bytesHeld == 0 || bytesHeld + bytes <= bytesMax else { return .full }
        let free = bytesWanted - bytesHeld
        let isOverShare = sharers.contains { sharer in held[sharer].map { $0 + bytes > free } ?? false }
        return isOverShare ? .overShare : .admitted
    }

    private mutating func take(_ bytes: Int, for sharers: [Sharer], _ admission: Admission) -> Admission {
        guard admission == .admitted, bytes > 0 else { return admission }
        bytesHeld += bytes
        for sharer in sharers { held[sharer, default: 0] += bytes }
        return .admitted
    }

    /// Gives back what was admitted for the same sharers.
    public mutating func release(_ bytes: Int, of sharers: [Sharer]) {
        bytesHeld -= bytes
        precondition(bytesHeld >= 0)
        for sharer in sharers {
            let rest = (held[sharer] ?? 0) - bytes
            precondition(rest >= 0)
            held[sharer] = rest == 0 ? nil : rest
        }
    }

    /// How many hold something.
    public var sharerCount: Int { held.count }
}

extension SharedRoom: Sendable where Sharer: Sendable {}
