/// The members of a loop by slot, with the deadline of each.
struct MemberTable {
    struct Slot {
        var generation: UInt32 = 1
        var member: (any LoopMember)?
        var descriptor: Int32 = -1
        var interest: Interest = []
        var deadline: Duration?
        /// The earliest time at which the heap of the loop holds this slot.
        var scheduled: Duration?
        var isFlushPending = false
    }

    private var slots: [Slot] = []
    private var free: [UInt32] = []

    /// How many members there are.
    var count: Int { slots.count - free.count }

    /// Every member, in no order.
    var all: [any LoopMember] { slots.compactMap(\.member) }

    /// Finds room for a member to come.
    mutating func reserve() -> MemberID {
        if let slot = free.popLast() { return MemberID(slot: slot, generation: slots[Int(slot)].generation) }
        slots.append(Slot())
        return MemberID(slot: UInt32(slots.count - 1), generation: 1)
    }

    /// Forgets a member and its name.
    mutating func release(_ id: MemberID) {
        guard self[id] != nil else { return }
        slots[Int(id.slot)] = Slot(generation: id.generation &+ 1)
        free.append(id.slot)
    }

    /// What belongs to a name; nil once it is gone.
    subscript(id: MemberID) -> Slot? {
        get {
            guard Int(id.slot) < slots.count, slots[Int(id.slot)].generation == id.generation else { return nil }
            return slots[Int(id.slot)]
        }
        set {
            guard let newValue, Int(id.slot) < slots.count, slots[Int(id.slot)].generation == id.generation
            else { return }
            slots[Int(id.slot)] = newValue
        }
    }
}
