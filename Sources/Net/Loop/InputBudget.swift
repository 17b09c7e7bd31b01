/// How much unfinished input the connections of one loop hold together.
///
/// Everybody may send a body before it is known who it is; without a common bound, many of the largest size would fill
/// the memory.
final class InputBudget {
    /// What one connection may hold in any case, so that small requests get through while others hold everything.
    private static let smallShare = 64 * 1024

    private let limit: Int
    private var held = 0

    init(limit: Int) { self.limit = limit }

    /// One connection's part; given back when let go of.
    final class Share {
        private let budget: InputBudget
        private var held = 0

        init(of budget: InputBudget) { self.budget = budget }

        deinit { budget.held -= held }

        /// Tells how much the connection holds now.
        ///
        /// - Returns: Whether it may.
        func hold(_ byteCount: Int) -> Bool {
            budget.held += byteCount - held
            held = byteCount
            return byteCount <= InputBudget.smallShare || budget.held <= budget.limit
        }
    }
}
