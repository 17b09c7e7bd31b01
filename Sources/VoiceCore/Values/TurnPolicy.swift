/// In which order waiting jobs take their turn.
package enum TurnPolicy: String, Hashable, Sendable, CaseIterable {
    /// One job of each session in rotation; the session that was served, or began to wait, longest ago comes first.
    case roundRobin = "round_robin"
    /// As they were accepted.
    case fifo
    /// Higher priority first; each 10 s of waiting count as one more.
    case priority
}
