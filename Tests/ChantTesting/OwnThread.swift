import Foundation

/// Runs what blocks or computes for long on a thread of its own.
///
/// Swift has as many threads for tasks as there are cores. On two cores two tests that never wait stop all others, and of
/// two that race against each other one may only begin when the other has ended.
public func onOwnThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
    }
}
