import Synchronization

/// A number that a test changes while others read it.
final class Figure: Sendable {
    private let figure: Mutex<Int>

    var value: Int {
        get { figure.withLock { $0 } }
        set { figure.withLock { $0 = newValue } }
    }

    init(_ value: Int) { figure = Mutex(value) }
}
