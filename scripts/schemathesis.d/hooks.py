"""What schemathesis needs to know of this service beyond its contract."""

import schemathesis


@schemathesis.hook
def filter_case(context, case):
    """Leaves out requests whose answer is a stream: it has no end that a checker could wait for.

    Those are GET /events, and logs that are followed or asked for as events; ContractTests hold them to the contract.
    """
    if case.operation.definition.raw.get("operationId") == "streamEvents":
        return False
    query = case.query or {}
    headers = case.headers or {}
    accepts = " ".join(str(value) for name, value in headers.items() if name.lower() == "accept")
    return "follow" not in query and "event-stream" not in accepts
