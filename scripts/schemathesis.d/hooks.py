"""What schemathesis needs to know of this service beyond its contract."""

import schemathesis


@schemathesis.hook
def filter_case(context, case):
    """Leaves out what a checker cannot judge.

    A log that is followed, or asked for as events, is a stream without an end; ContractTests hold it to the contract.
    A markdown body that is "no string" does not exist: whatever is sent is a text.
    """
    headers = case.headers or {}
    accepts = " ".join(str(value) for name, value in headers.items() if name.lower() == "accept")
    if "follow" in (case.query or {}) or "event-stream" in accepts:
        return False
    return case.media_type != "text/markdown" or isinstance(case.body, (str, bytes))
