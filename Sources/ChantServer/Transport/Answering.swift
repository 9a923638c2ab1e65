import CMicroHTTPD

extension HTTPResponse {
    /// Queues this answer on the connection's thread.
    ///
    /// - Parameters:
    ///   - connection: whose request it answers.
    ///   - stream: what a streamed body is read from.
    ///   - isHead: only the header is wanted.
    ///   - closes: the connection is not to be used again.
    /// - Returns: what the library's callback has to answer.
    func queue(on connection: Connection, stream: ResponseStream?, isHead: Bool, closes: Bool) -> MHD_Result {
        guard let response = stream.flatMap(Self.streamed) ?? bodiless(isHead: isHead) ?? fixed() else { return .NO }
        // The library counts references: it keeps its own for as long as it sends.
        defer { MHD_destroy_response(response) }
        for field in headers.fields where !field.name.equalsIgnoringCase("Content-Length") {
            // A value that would begin another field is refused by the library, and the field is left out.
            _ = MHD_add_response_header(response, field.name, field.value)
        }
        if closes { _ = MHD_add_response_header(response, "Connection", "close") }
        return MHD_queue_response(connection.pointer, UInt32(status), response)
    }

    /// `HEAD` of a stream, and 304: no body, but not one of the length 0, which is what the library would say.
    private func bodiless(isHead: Bool) -> OpaquePointer? {
        switch body {
        case .stream where isHead, .live where isHead: cmhd_create_bodiless_response(cmhd_size_unknown)
        case .none where status == 304:
            cmhd_create_bodiless_response(headers["Content-Length"].flatMap { UInt64($0) } ?? cmhd_size_unknown)
        default: nil
        }
    }

    /// A body that is there.
    private func fixed() -> OpaquePointer? {
        guard case .bytes(let bytes) = body, !bytes.isEmpty else {
            return MHD_create_response_from_buffer(0, nil, .RESPMEM_PERSISTENT)
        }
        return bytes.withUnsafeBytes { bytes in
            MHD_create_response_from_buffer(
                bytes.count,
                UnsafeMutableRawPointer(mutating: bytes.baseAddress),
                .RESPMEM_MUST_COPY
            )
        }
    }

    /// A body that is read as it comes: chunks in HTTP/1.1, up to the connection's end in HTTP/1.0.
    private static func streamed(_ stream: ResponseStream) -> OpaquePointer? {
        let context = Unmanaged.passRetained(stream)
        let response = MHD_create_response_from_callback(
            cmhd_size_unknown,
            4096,
            { context, _, buffer, size in
                guard let context, let buffer else { return -2 }
                return Unmanaged<ResponseStream>.fromOpaque(context)._withUnsafeGuaranteedRef { stream in
                    switch stream.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size)) {
                    case .bytes(let count): count
                    case .suspended: 0
                    // MHD_CONTENT_READER_END_OF_STREAM and …_END_WITH_ERROR.
                    case .end, .handedOver: -1
                    case .broken: -2
                    }
                }
            },
            context.toOpaque(),
            { context in
                guard let context else { return }
                Unmanaged<ResponseStream>.fromOpaque(context).release()
            }
        )
        if response == nil { context.release() }
        return response
    }
}
