private import Glibc

/// A value behind a lock of the system.
///
/// A `Mutex` of the standard library would do, but the thread sanitizer does not see it and reports every use as a race.
///
/// `@unchecked Sendable`: `value` is touched only while `mutex` is held.
@usableFromInline @safe final class Lock<Value: Sendable>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    @usableFromInline var value: Value

    @usableFromInline init(_ value: Value) {
        self.value = value
        unsafe pthread_mutex_init(mutex, nil)
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    /// Inlined, since a closure over a generic value costs ten times the lock when it is not specialised.
    @inlinable func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        lock()
        defer { unlock() }
        return body(&value)
    }

    @usableFromInline func lock() { unsafe pthread_mutex_lock(mutex) }

    @usableFromInline func unlock() { unsafe pthread_mutex_unlock(mutex) }
}
