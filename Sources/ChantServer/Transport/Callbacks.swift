import CMicroHTTPD

/// What libmicrohttpd calls, each on one of its own threads.
///
/// The context of the daemon is the `TransportCore`; the context of a request is its `Exchange`, retained when the target
/// is known and released when the library has done with it.
///
/// Not in a `main.swift`: there such closures would be taken for `@MainActor` and trap when they are called.
enum Callbacks {
    static let target:
        @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?, OpaquePointer?)
            -> UnsafeMutableRawPointer? = { context, target, connection in
                guard let context, let target, let connection else { return nil }
                let core = Unmanaged<TransportCore>.fromOpaque(context).takeUnretainedValue()
                core.connections.begun(UInt(bitPattern: connection), deadline: .now + core.limits.header)
                return exchange(String(cString: target), connection, context)
            }

    static let handler: MHD_AccessHandlerCallback = {
        context,
        connection,
        target,
        method,
        version,
        piece,
        size,
        request in
        guard let context, let connection, let method, let version, let size, let request else { return .NO }
        // The library has no target to tell of where the request line has none.
        if request.pointee == nil { request.pointee = exchange("", connection, context) }
        guard let pointer = request.pointee else { return .NO }
        let exchange = Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
        if let piece, size.pointee > 0 {
            defer { size.pointee = 0 }
            return exchange.receiveBody(UnsafeRawBufferPointer(start: piece, count: size.pointee))
        }
        guard exchange.isFresh else { return exchange.proceed() }
        let length = exchange.target.utf8.count
        return exchange.receiveHeader(
            method: String(cString: method),
            version: String(cString: version),
            headers: headers(of: connection),
            isWellFormed: target.map { cmhd_is_well_formed(connection, method, $0, length, version) } ?? false
        )
    }

    static let completed: MHD_RequestCompletedCallback = { _, _, request, _ in
        guard let request, let pointer = request.pointee else { return }
        request.pointee = nil
        Unmanaged<Exchange>.fromOpaque(pointer).takeRetainedValue().complete()
    }

    static let connection: MHD_NotifyConnectionCallback = { context, connection, _, event in
        guard let context, let connection else { return }
        let core = Unmanaged<TransportCore>.fromOpaque(context).takeUnretainedValue()
        let key = UInt(bitPattern: connection)
        switch event {
        case .CONNECTION_NOTIFY_STARTED:
            let fd = cmhd_connection_fd(connection)
            core.connections.opened(key, fd: fd, deadline: .now + core.limits.header)
        case .CONNECTION_NOTIFY_CLOSED: core.connections.closed(key)
        @unknown default: break
        }
    }

    static let log: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?) -> Void = { context, message in
        guard let context, let message else { return }
        Unmanaged<TransportCore>.fromOpaque(context).takeUnretainedValue().note(String(cString: message))
    }

    private static func exchange(
        _ target: String,
        _ connection: OpaquePointer,
        _ context: UnsafeMutableRawPointer
    ) -> UnsafeMutableRawPointer {
        let core = Unmanaged<TransportCore>.fromOpaque(context).takeUnretainedValue()
        let exchange = Exchange(connection: Connection(pointer: connection), target: target, core: core)
        return Unmanaged.passRetained(exchange).toOpaque()
    }

    private static func headers(of connection: OpaquePointer) -> Headers {
        var headers = Headers()
        withUnsafeMutablePointer(to: &headers) { pointer in
            _ = MHD_get_connection_values_n(
                connection,
                .HEADER_KIND,
                { context, _, name, nameSize, value, valueSize in
                    guard let context, let name else { return .YES }
                    context.assumingMemoryBound(to: Headers.self).pointee
                        .add(Callbacks.text(name, nameSize), value.map { Callbacks.text($0, valueSize) } ?? "")
                    return .YES
                },
                pointer
            )
        }
        return headers
    }

    private static func text(_ start: UnsafePointer<CChar>, _ count: Int) -> String {
        String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }
}
