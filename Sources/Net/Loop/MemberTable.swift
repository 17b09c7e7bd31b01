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
        get { has(id) ? slots[Int(id.slot)] : nil }
        set {
            guard let newValue, has(id) else { return }
            slots[Int(id.slot)] = newValue
        }
    }

    // What each delivery asks copies no slot.

    /// The member of a name; nil once it is gone.
    func member(_ id: MemberID) -> (any LoopMember)? { has(id) ? slots[Int(id.slot)].member : nil }

    /// Marks that a member has something to flush.
    ///
    /// - Returns: False if it was marked before, or is gone.
    mutating func markUnflushed(_ id: MemberID) -> Bool {
        guard has(id), !slots[Int(id.slot)].isFlushPending else { return false }
        slots[Int(id.slot)].isFlushPending = true
        return true
    }

    /// Takes the mark away; nil once the member is gone.
    mutating func takeUnflushed(_ id: MemberID) -> (any LoopMember)? {
        guard has(id) else { return nil }
        slots[Int(id.slot)].isFlushPending = false
        return slots[Int(id.slot)].member
    }

    private func has(_ id: MemberID) -> Bool {
        Int(id.slot) < slots.count && slots[Int(id.slot)].generation == id.generation
    }
}
