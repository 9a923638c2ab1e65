// Made by scripts/embed-contract from openapi.yaml; edit that file and run the script.
// swift-format-ignore-file

/// The contract: the bytes of `openapi.yaml` in the repository's root.
///
/// It is part of the program, so that the binary can be copied alone.
enum ContractDocument {
    static let text = ###"""
openapi: 3.1.0
info:
  title: Chant Server
  version: 0.1.0
  summary: Runs coding agents on specs and merges what they finish.
  license:
    name: Apache-2.0
    identifier: Apache-2.0
  description: |
    A service for one chant project: a git repository with a `.chant` folder of specs (markdown files with a YAML
    header). Its main job is `POST /specs/{id}/work`: a coding agent works on the spec in a worktree of its own, and
    what it finished is merged as one commit, with the spec's `status`, `commits`, `completed_at` and `model` written.

    **Bodies** are JSON in UTF-8 with `snake_case` keys, the same names as in a spec's header. An unknown key or query
    name is refused by name (422 `unknown-key`). A body without a content type, or with curl's default form type, is
    read as JSON if the request carries neither `Origin` nor `Sec-Fetch-Site`; any other type is 415.

    **Times** are RFC 3339 in UTC with `Z`; those of runs carry milliseconds. Times that stand in a spec's header
    are given as written there.

    In a request a key with the value `null` counts as absent, except in a merge patch, where it removes.

    **Flags** in a query (`follow`): present without a value, `true` or `1` is on; `false` or `0` is off; anything else
    is 422 `invalid-value`.

    **Spec ids.** `{id}` takes a full id or a part of one: the exact id; else its end; else, with three characters,
    today's spec with that counter; else any part of it. Active specs come before archived ones. No match is 404
    `spec-not-found`, several are 409 `spec-ambiguous` with `candidates`. The answer to a part names the full address
    in `Content-Location`.

    **Tags.** A spec's file has the tag `"<revision>"`, its JSON `"<revision>.<digest>"`; `If-None-Match` answers 304. Writes
    compare `If-Match` by the part before the dot, and answer 412 `precondition-failed` with the revision that is there.

    **Lists** are `{"items": […], "total": n, "next": "<cursor>"}`; `limit` says how many items at most, and `total` how
    many there are in all. `next` is null on the last page; else it is the value of `cursor` for the next one, which
    `Link` with `rel="next"` gives as a whole address. Only `limit` may change from page to page: a cursor of another
    list, filter or order is 400 `bad-cursor`. What is in the list throughout a walk is on exactly one page, whatever
    changes meanwhile; what is new may be on one. A cursor survives a restart of the service.

    **Errors** are RFC 9457 problem documents, `application/problem+json`. Their `type` is `/problems/<name>`, an
    address that answers with an explanation. Each operation below lists the names that it can answer with as
    examples. Any request may further be answered by `foreign-origin` (403), `route-not-found` (404),
    `method-not-allowed` (405, with `Allow`), `not-acceptable` (406), `request-timeout` (408), `length-required` (411),
    `payload-too-large` (413), `uri-too-long` (414: over 8 KiB), `unsupported-media-type` (415: also for a
    `Content-Encoding`), `expectation-failed` (417), `unknown-host` (421), `headers-too-large` (431: over 12 KiB or 64
    fields), `not-implemented` (501) or, while the service ends, `stopping` (503). What libmicrohttpd refuses before it
    calls the service (a broken request line, chunk or length, headers over its memory limit) keeps its own form.

    **Names and pages.** `Host` must be a loopback name (`localhost`, names below it, 127.0.0.0/8, `[::1]`) or one that
    the service was given with `--host`, with any port; anything else is 421. A request whose `Origin` is another than
    the one it was sent to, or whose `Sec-Fetch-Site` is neither `same-origin` nor `none`, is 403, on every route.

    Every answer carries `X-Request-Id`: the client's own, if it sent a usable one, else the service's.

    **Streams** are `text/event-stream`: each event has an `id`, and `Last-Event-ID` (or `?after=`) resumes behind it
    without a gap or a double. A comment line comes every 10 seconds; a reader that is too slow is ended, and resumes
    where it stopped.

    `HEAD` is answered wherever `GET` is, `OPTIONS` (204, with `Allow`) on every path and on `*`. A route answers in the
    media types that it lists; an `Accept` that fits none of them is 406.
servers:
  - url: http://127.0.0.1:24268
    description: The default address; the service listens on loopback only.
tags:
  - name: specs
    description: The files in `.chant/specs`.
  - name: runs
    description: What agents did and are doing.
  - name: orders
    description: What one request started, of one spec or of several.
  - name: logs
    description: What agents print.
  - name: service
    description: The service itself.

paths:
  /specs:
    get:
      operationId: listSpecs
      tags: [specs]
      summary: List the active specs.
      description: |
        By id, in the order of ids: date, counter, suffix, member number. Archived specs are left out unless `archived`
        asks for them, cancelled ones unless `status` does. Filters narrow each other; one that is repeated matches any
        of its values. A file that cannot be read as a spec is listed with `unreadable`, except where a filter asks for
        something that only a spec has.

        Edits by other programs are seen within a second. `ETag` changes with everything that the list shows.
      parameters:
        - $ref: '#/components/parameters/statusFilter'
        - $ref: '#/components/parameters/typeFilter'
        - $ref: '#/components/parameters/labelFilter'
        - $ref: '#/components/parameters/readyFilter'
        - $ref: '#/components/parameters/approvalFilter'
        - $ref: '#/components/parameters/textFilter'
        - $ref: '#/components/parameters/createdFilter'
        - $ref: '#/components/parameters/updatedFilter'
        - $ref: '#/components/parameters/archivedFilter'
        - $ref: '#/components/parameters/specOrder'
        - $ref: '#/components/parameters/limit'
        - $ref: '#/components/parameters/cursor'
      responses:
        '200':
          description: The specs.
          headers:
            ETag:
              $ref: '#/components/headers/ListTag'
            Link:
              $ref: '#/components/headers/NextPage'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/SpecList'
              examples:
                none:
                  value: {items: [], total: 0, next: null}
        '304':
          description: The client has it already (`If-None-Match`).
          headers:
            ETag:
              $ref: '#/components/headers/ListTag'
            Link:
              $ref: '#/components/headers/NextPage'
        '400':
          $ref: '#/components/responses/BadListRequest'
        '422':
          $ref: '#/components/responses/InvalidQuery'
        '500':
          $ref: '#/components/responses/InternalError'
    post:
      operationId: createSpec
      tags: [specs]
      summary: Create a spec.
      description: |
        From fields, or from a whole file sent as `text/markdown`. The service gives it an id of today. A file's status has to
        be `pending` or `cancelled`, and its dependencies must close no circle. The file is written and not committed, but
        for `server.commit_specs`, which makes one commit of it (`chant: create <id>`).
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/NewSpec'
            examples:
              small:
                value:
                  title: Say hello
                  body: "Add a greeting.\n\n## Acceptance Criteria\n\n- [ ] `hello.txt` exists\n"
                  labels: [demo]
          text/markdown:
            schema:
              type: string
              minLength: 1
            examples:
              file:
                value: |
                  ---
                  type: code
                  status: pending
                  ---

                  # Say hello

                  ## Acceptance Criteria

                  - [ ] `hello.txt` exists
      responses:
        '201':
          description: Created.
          headers:
            Location:
              $ref: '#/components/headers/SpecLocation'
            Content-Location:
              $ref: '#/components/headers/SpecAddress'
            ETag:
              $ref: '#/components/headers/SpecTag'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Spec'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '409':
          description: A spec with that id was made in the meantime, or it cannot be committed.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                spec-exists:
                  $ref: '#/components/examples/spec-exists'
                changed-meanwhile:
                  $ref: '#/components/examples/changed-meanwhile'
                checkout-dirty:
                  $ref: '#/components/examples/checkout-dirty'
                checkout-busy:
                  $ref: '#/components/examples/checkout-busy'
                target-moving:
                  $ref: '#/components/examples/target-moving'
                target-missing:
                  $ref: '#/components/examples/target-missing'
                repository-empty:
                  $ref: '#/components/examples/repository-empty'
        '413':
          $ref: '#/components/responses/PayloadTooLarge'
        '415':
          $ref: '#/components/responses/UnsupportedMediaType'
        '422':
          description: A key is unknown, a value is not allowed, or the file is no valid spec.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                invalid-spec:
                  $ref: '#/components/examples/invalid-spec'
                unknown-key:
                  $ref: '#/components/examples/unknown-key'
                invalid-value:
                  $ref: '#/components/examples/invalid-value'
        '500':
          $ref: '#/components/responses/InternalError'
        '503':
          $ref: '#/components/responses/Stopping'

  /specs/{id}:
    parameters:
      - $ref: '#/components/parameters/specID'
    get:
      operationId: getSpec
      tags: [specs]
      summary: One spec, as JSON or as the file.
      description: |
        With `Accept: text/markdown` the file, byte for byte. A file that cannot be read as a spec is answered with
        200 and `unreadable` in JSON, and as it is in markdown; one that cannot even be opened, such as a symlink, has no
        markdown and no `ETag`.
      parameters:
        - name: copy
          in: query
          description: |
            `worktree`: the spec as it stands in the worktree of its live or latest run, where the agent changes it.
          schema:
            type: string
            enum: [worktree]
        - $ref: '#/components/parameters/accept'
        - $ref: '#/components/parameters/ifNoneMatch'
      responses:
        '200':
          description: The spec.
          headers:
            ETag:
              $ref: '#/components/headers/SpecTag'
            Vary:
              $ref: '#/components/headers/VaryAccept'
            Accept-Patch:
              $ref: '#/components/headers/AcceptPatch'
            Content-Location:
              $ref: '#/components/headers/ContentLocation'
          content:
            application/json:
              schema:
                oneOf:
                  - $ref: '#/components/schemas/Spec'
                  - $ref: '#/components/schemas/UnreadableSpec'
            text/markdown:
              schema:
                type: string
              examples:
                file:
                  value: |
                    ---
                    type: code
                    status: pending
                    ---

                    # Say hello

                    ## Acceptance Criteria

                    - [ ] `hello.txt` exists
        '304':
          $ref: '#/components/responses/NotModified'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '404':
          description: No spec has this id or part, or no worktree has a copy of it.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                spec-not-found:
                  $ref: '#/components/examples/spec-not-found'
                run-not-found:
                  $ref: '#/components/examples/run-not-found'
        '406':
          $ref: '#/components/responses/NotAcceptable'
        '409':
          description: Several specs have this part in their ids, or there are no bytes to send as markdown.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                spec-ambiguous:
                  $ref: '#/components/examples/spec-ambiguous'
                spec-unreadable:
                  $ref: '#/components/examples/spec-unreadable'
        '422':
          $ref: '#/components/responses/InvalidSpecQuery'
        '500':
          $ref: '#/components/responses/InternalError'
    put:
      operationId: replaceSpec
      tags: [specs]
      summary: Replace a spec's file, or create a spec of this very id.
      description: |
        The body becomes the file, byte for byte. Without a content type, or with curl's default form type, it is read as
        markdown by the rule on bodies (`curl -T file.md`).

        A spec that exists is replaced only with `If-Match`: its tag, compared by the part before the dot, or `*` to
        overwrite whatever it is; without, the answer is 428. That holds for a file that cannot be read as a spec, too: who
        names its revision means to mend it. Where there is no such spec, one is created: of an id of the dated form
        (`2026-08-01-001-k3x`, also with a member's number), or with `If-None-Match: *` of any id that is allowed, parts of
        which are then not looked for.

        A file that cannot be read as a spec is refused with the place (422 `invalid-spec`), and so are dependencies that
        close a circle. Every key may be changed, with one exception: `status` changes only to `pending` or `cancelled`,
        and only where the status allows that (409 `illegal-transition`); while a run is live it does not change at all (409
        `already-running`; cancel the run). A completed spec that goes back to `pending` loses `commits`, `completed_at` and
        `model`; the answer has no `ETag` then, since the file is not what was sent. A new spec is `pending` or `cancelled`.
        Other edits are allowed while a run is live; finishing merges them.

        With `server.commit_specs` the edit is one commit on the target branch (`chant: edit <id>`); where it cannot be
        committed, it is not made.
      parameters:
        - $ref: '#/components/parameters/ifMatch'
        - $ref: '#/components/parameters/ifNoneMatch'
      requestBody:
        required: true
        content:
          text/markdown:
            schema:
              type: string
              minLength: 1
            examples:
              file:
                value: |
                  ---
                  type: code
                  status: pending
                  ---

                  # Say hello
      responses:
        '200':
          description: Replaced.
          headers:
            ETag:
              $ref: '#/components/headers/FileTag'
            Content-Location:
              $ref: '#/components/headers/ContentLocation'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Spec'
        '201':
          description: Created.
          headers:
            Location:
              $ref: '#/components/headers/SpecLocation'
            ETag:
              $ref: '#/components/headers/FileTag'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Spec'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '404':
          description: No spec has this id or part, and it is no id that PUT creates by itself.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                spec-not-found:
                  $ref: '#/components/examples/spec-not-found'
        '409':
          description: It cannot be written; the name says why.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                spec-ambiguous:
                  $ref: '#/components/examples/spec-ambiguous'
                spec-exists:
                  $ref: '#/components/examples/spec-exists'
                spec-unreadable:
                  $ref: '#/components/examples/spec-unreadable'
                illegal-transition:
                  $ref: '#/components/examples/illegal-transition'
                already-running:
                  $ref: '#/components/examples/already-running'
                locked-by-other:
                  $ref: '#/components/examples/locked-by-other'
                changed-meanwhile:
                  $ref: '#/components/examples/changed-meanwhile'
                checkout-dirty:
                  $ref: '#/components/examples/checkout-dirty'
                checkout-busy:
                  $ref: '#/components/examples/checkout-busy'
                target-moving:
                  $ref: '#/components/examples/target-moving'
                target-missing:
                  $ref: '#/components/examples/target-missing'
                repository-empty:
                  $ref: '#/components/examples/repository-empty'
        '412':
          $ref: '#/components/responses/PreconditionFailed'
        '413':
          $ref: '#/components/responses/PayloadTooLarge'
        '415':
          $ref: '#/components/responses/UnsupportedMediaType'
        '422':
          description: The id cannot be one, or the file is no valid spec.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                invalid-id:
                  $ref: '#/components/examples/invalid-id'
                invalid-spec:
                  $ref: '#/components/examples/invalid-spec'
                unknown-key:
                  $ref: '#/components/examples/unknown-key'
        '428':
          description: The spec exists; say which version is replaced.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                precondition-required:
                  $ref: '#/components/examples/precondition-required'
        '500':
          $ref: '#/components/responses/InternalError'
        '503':
          $ref: '#/components/responses/Stopping'
    patch:
      operationId: patchSpec
      tags: [specs]
      summary: Change some fields of a spec.
      description: |
        A JSON merge patch (RFC 7396): what it names is set, `null` removes a key of the header, everything else in the file
        stays byte for byte as it is. A patch that changes nothing writes nothing. `application/merge-patch+json` or, by
        the rule on bodies, `application/json`.

        The keys of the header have their own names; `approval` and `retry_state` are merged key by key. Keys that the
        service does not know stand below `extra`. `body` is the text after the header: one without a title (a first-level
        heading) keeps the old title above it. `title` sets that heading. What is computed (`ready`, `members`, …) is
        refused by name.

        `If-Match` is honoured and not required. For `status`, circles, live runs and commits the rules of PUT hold.
      parameters:
        - $ref: '#/components/parameters/ifMatch'
        - $ref: '#/components/parameters/ifNoneMatch'
      requestBody:
        required: true
        content:
          application/merge-patch+json:
            schema:
              $ref: '#/components/schemas/SpecPatch'
            examples:
              fields:
                value: {labels: [demo, urgent], prompt: null, extra: {team: core}}
              text:
                value: {title: Say hello politely, body: "Add a greeting.\n"}
          application/json:
            schema:
              $ref: '#/components/schemas/SpecPatch'
            examples:
              status:
                value: {status: pending}
      responses:
        '200':
          description: The spec as it is now.
          headers:
            ETag:
              $ref: '#/components/headers/SpecTag'
            Content-Location:
              $ref: '#/components/headers/SpecAddress'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Spec'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '404':
          $ref: '#/components/responses/SpecNotFound'
        '409':
          description: It cannot be written; the name says why.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                spec-ambiguous:
                  $ref: '#/components/examples/spec-ambiguous'
                spec-unreadable:
                  $ref: '#/components/examples/spec-unreadable'
                illegal-transition:
                  $ref: '#/components/examples/illegal-transition'
                already-running:
                  $ref: '#/components/examples/already-running'
                locked-by-other:
                  $ref: '#/components/examples/locked-by-other'
                changed-meanwhile:
                  $ref: '#/components/examples/changed-meanwhile'
                checkout-dirty:
                  $ref: '#/components/examples/checkout-dirty'
                checkout-busy:
                  $ref: '#/components/examples/checkout-busy'
                target-moving:
                  $ref: '#/components/examples/target-moving'
                target-missing:
                  $ref: '#/components/examples/target-missing'
                repository-empty:
                  $ref: '#/components/examples/repository-empty'
        '412':
          $ref: '#/components/responses/PreconditionFailed'
        '413':
          $ref: '#/components/responses/PayloadTooLarge'
        '415':
          description: The body's type is none that this route reads.
          headers:
            Accept-Patch:
              $ref: '#/components/headers/AcceptPatch'
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                unsupported-media-type:
                  $ref: '#/components/examples/unsupported-media-type'
        '422':
          description: The id cannot be one, a key is unknown, a value is not allowed, or the file would be no valid spec.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                invalid-id:
                  $ref: '#/components/examples/invalid-id'
                unknown-key:
                  $ref: '#/components/examples/unknown-key'
                invalid-value:
                  $ref: '#/components/examples/invalid-value'
                invalid-spec:
                  $ref: '#/components/examples/invalid-spec'
        '500':
          $ref: '#/components/responses/InternalError'
        '503':
          $ref: '#/components/responses/Stopping'
    delete:
      operationId: deleteSpec
      tags: [specs]
      summary: Delete a spec.
      description: |
        Its file, its log of all runs (`.chant/logs/<id>.log`), and the worktrees that were kept of its runs. Branches stay;
        what a worktree holds that no branch has is stored under `refs/chant/left/<run>` first. Members of a driver stay.
        Runs and their logs stay, by their own retention, under `/runs`.

        `If-Match` is honoured and not required. Not while a run is live (409 `already-running`).
      parameters:
        - $ref: '#/components/parameters/ifMatch'
        - $ref: '#/components/parameters/ifNoneMatch'
      responses:
        '204':
          description: Deleted.
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '404':
          $ref: '#/components/responses/SpecNotFound'
        '409':
          description: It cannot be deleted; the name says why.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                spec-ambiguous:
                  $ref: '#/components/examples/spec-ambiguous'
                spec-unreadable:
                  $ref: '#/components/examples/spec-unreadable'
                already-running:
                  $ref: '#/components/examples/already-running'
                locked-by-other:
                  $ref: '#/components/examples/locked-by-other'
                changed-meanwhile:
                  $ref: '#/components/examples/changed-meanwhile'
                checkout-dirty:
                  $ref: '#/components/examples/checkout-dirty'
                checkout-busy:
                  $ref: '#/components/examples/checkout-busy'
                target-moving:
                  $ref: '#/components/examples/target-moving'
                target-missing:
                  $ref: '#/components/examples/target-missing'
                repository-empty:
                  $ref: '#/components/examples/repository-empty'
        '412':
          $ref: '#/components/responses/PreconditionFailed'
        '422':
          $ref: '#/components/responses/InvalidSpecQuery'
        '500':
          $ref: '#/components/responses/InternalError'
        '503':
          $ref: '#/components/responses/Stopping'

  /specs/{id}/work:
    parameters:
      - $ref: '#/components/parameters/specID'
    post:
      operationId: startWork
      tags: [specs, runs]
      summary: Start an agent on a spec.
      description: |
        The main job. The answer comes at once, with the run `queued`; follow it with `GET /runs/{run}`, its log or
        `/events`, or let `Prefer: wait` wait for its end. All fields are optional, and so is the body.

        On a driver its members are worked, one after the other (`chain`) or as their dependencies allow (`parallel`): the
        answer is an order then, as it is for `chain` on a plain spec, which goes on with what that made ready.
      parameters:
        - $ref: '#/components/parameters/wait'
        - $ref: '#/components/parameters/expect'
      requestBody:
        required: false
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/WorkRequest'
            examples:
              nothing:
                value: {}
              patient:
                value:
                  agent: mine
                  timeout_seconds: 3600
                  criteria: tick
              again:
                value:
                  from: branch
                  note: The tests need a running database; leave them out.
              members:
                value:
                  mode: parallel
                  max_concurrent: 3
      responses:
        '200':
          description: It has ended, and the caller had waited for that.
          headers:
            Location:
              $ref: '#/components/headers/WorkLocation'
            Content-Location:
              $ref: '#/components/headers/ContentLocation'
            Preference-Applied:
              $ref: '#/components/headers/PreferenceApplied'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Work'
        '202':
          description: Accepted; the run is queued, or the order open.
          headers:
            Location:
              $ref: '#/components/headers/WorkLocation'
            Content-Location:
              $ref: '#/components/headers/ContentLocation'
            Preference-Applied:
              $ref: '#/components/headers/PreferenceApplied'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Work'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '404':
          $ref: '#/components/responses/SpecNotFound'
        '409':
          description: It cannot start; the name says why, the members show it.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                spec-ambiguous:
                  $ref: '#/components/examples/spec-ambiguous'
                lint-failed:
                  $ref: '#/components/examples/lint-failed'
                already-running:
                  $ref: '#/components/examples/already-running'
                chant-watch-running:
                  $ref: '#/components/examples/chant-watch-running'
                not-ready:
                  $ref: '#/components/examples/not-ready'
                needs-approval:
                  $ref: '#/components/examples/needs-approval'
                approval-rejected:
                  $ref: '#/components/examples/approval-rejected'
                spec-unreadable:
                  $ref: '#/components/examples/spec-unreadable'
                not-startable:
                  $ref: '#/components/examples/not-startable'
                prompt-missing:
                  $ref: '#/components/examples/prompt-missing'
                agent-missing:
                  $ref: '#/components/examples/agent-missing'
                provider-unsupported:
                  $ref: '#/components/examples/provider-unsupported'
                agent-refuses-root:
                  $ref: '#/components/examples/agent-refuses-root'
                target-missing:
                  $ref: '#/components/examples/target-missing'
                repository-empty:
                  $ref: '#/components/examples/repository-empty'
                locked-by-other:
                  $ref: '#/components/examples/locked-by-other'
                nothing-to-do:
                  $ref: '#/components/examples/nothing-to-do'
                unexpected-outcome:
                  $ref: '#/components/examples/unexpected-outcome'
        '413':
          $ref: '#/components/responses/PayloadTooLarge'
        '415':
          $ref: '#/components/responses/UnsupportedMediaType'
        '422':
          description: The id cannot be one, a key is unknown, or a value is not allowed.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                invalid-id:
                  $ref: '#/components/examples/invalid-id'
                unknown-key:
                  $ref: '#/components/examples/unknown-key'
                invalid-value:
                  $ref: '#/components/examples/invalid-value'
        '500':
          $ref: '#/components/responses/InternalError'
        '503':
          description: Not now; `Retry-After` says when to try again.
          headers:
            Retry-After:
              $ref: '#/components/headers/RetryAfter'
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                queue-full:
                  $ref: '#/components/examples/queue-full'
                disk-floor:
                  $ref: '#/components/examples/disk-floor'
                stopping:
                  $ref: '#/components/examples/stopping'

  /specs/{id}/cancel:
    parameters:
      - $ref: '#/components/parameters/specID'
    post:
      operationId: cancelSpec
      tags: [specs, runs]
      summary: Cancel a spec, and stop its run.
      description: |
        Without a live run the spec is `cancelled` at once. A live run is stopped in whatever stage it is, ends as `cancelled`
        with reason `spec-cancelled`, and the spec becomes `cancelled` with it; its branch stays. The end is waited for up to
        10 seconds, then the answer is 202 with the spec as it is. Asked again meanwhile, the answer is the same. Once the run's
        work is on the target, or how it ends is decided, it is too late.
      requestBody:
        required: false
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/EmptyRequest'
      responses:
        '200':
          description: The spec, cancelled.
          headers:
            Content-Location:
              $ref: '#/components/headers/ContentLocation'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Spec'
        '202':
          description: Its run is still being stopped; `run_id` names it.
          headers:
            Content-Location:
              $ref: '#/components/headers/ContentLocation'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Spec'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '404':
          $ref: '#/components/responses/SpecNotFound'
        '409':
          description: Not from this status, or not now; the name says why, the members what is allowed.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                spec-ambiguous:
                  $ref: '#/components/examples/spec-ambiguous'
                spec-unreadable:
                  $ref: '#/components/examples/spec-unreadable'
                illegal-transition:
                  $ref: '#/components/examples/illegal-transition'
                locked-by-other:
                  $ref: '#/components/examples/locked-by-other'
                too-late:
                  $ref: '#/components/examples/too-late'
                changed-meanwhile:
                  $ref: '#/components/examples/changed-meanwhile'
                checkout-dirty:
                  $ref: '#/components/examples/checkout-dirty'
                checkout-busy:
                  $ref: '#/components/examples/checkout-busy'
                target-moving:
                  $ref: '#/components/examples/target-moving'
                target-missing:
                  $ref: '#/components/examples/target-missing'
                repository-empty:
                  $ref: '#/components/examples/repository-empty'
        '413':
          $ref: '#/components/responses/PayloadTooLarge'
        '415':
          $ref: '#/components/responses/UnsupportedMediaType'
        '422':
          description: The id cannot be one, a key is unknown, or a value is not allowed.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                invalid-id:
                  $ref: '#/components/examples/invalid-id'
                unknown-key:
                  $ref: '#/components/examples/unknown-key'
                invalid-value:
                  $ref: '#/components/examples/invalid-value'
        '500':
          $ref: '#/components/responses/InternalError'

  /specs/{id}/reset:
    parameters:
      - $ref: '#/components/parameters/specID'
    post:
      operationId: resetSpec
      tags: [specs, runs]
      summary: Put a spec back to pending.
      description: |
        For a spec that is `paused`, `failed`, `needs_attention`, `completed` or `cancelled`, and for one that says `in_progress`
        while nobody works on it (`stale`). A completed one loses `commits`, `completed_at` and `model`. Branch, worktree and
        logs of its runs stay; the next start from the target keeps the branch's tip under `refs/chant/kept`.
        
        With `force` it works from every status: the live run is stopped, and one that cannot be stopped is given up, that is
        settled as `cancelled`, and whatever it still does touches neither spec nor target. The event `spec.changed` names who
        asked (`by`). Only a file that is gone or cannot be read, and a run whose work is being merged at that very moment, are
        refused.
      requestBody:
        required: false
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/ResetRequest'
      responses:
        '200':
          description: The spec, pending.
          headers:
            Content-Location:
              $ref: '#/components/headers/ContentLocation'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Spec'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '404':
          $ref: '#/components/responses/SpecNotFound'
        '409':
          description: Not from this status, or not now; the name says why, the members what is allowed.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                spec-ambiguous:
                  $ref: '#/components/examples/spec-ambiguous'
                spec-unreadable:
                  $ref: '#/components/examples/spec-unreadable'
                illegal-transition:
                  $ref: '#/components/examples/illegal-transition'
                already-running:
                  $ref: '#/components/examples/already-running'
                locked-by-other:
                  $ref: '#/components/examples/locked-by-other'
                too-late:
                  $ref: '#/components/examples/too-late'
                changed-meanwhile:
                  $ref: '#/components/examples/changed-meanwhile'
                checkout-dirty:
                  $ref: '#/components/examples/checkout-dirty'
                checkout-busy:
                  $ref: '#/components/examples/checkout-busy'
                target-moving:
                  $ref: '#/components/examples/target-moving'
                target-missing:
                  $ref: '#/components/examples/target-missing'
                repository-empty:
                  $ref: '#/components/examples/repository-empty'
        '413':
          $ref: '#/components/responses/PayloadTooLarge'
        '415':
          $ref: '#/components/responses/UnsupportedMediaType'
        '422':
          description: The id cannot be one, a key is unknown, or a value is not allowed.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                invalid-id:
                  $ref: '#/components/examples/invalid-id'
                unknown-key:
                  $ref: '#/components/examples/unknown-key'
                invalid-value:
                  $ref: '#/components/examples/invalid-value'
        '500':
          $ref: '#/components/responses/InternalError'

  /specs/{id}/pause:
    parameters:
      - $ref: '#/components/parameters/specID'
    post:
      operationId: pauseSpec
      tags: [specs, runs]
      summary: Stop a spec's agent for a while.
      description: |
        The agent is stopped, its run ends as `paused`, the spec is `paused`. Worktree and branch stay as they are, for as long as
        the spec is paused, and `POST /specs/{id}/resume` goes on there. The end is waited for up to 10 seconds, then the answer
        is 202. A run that waits for a worker, or whose spec is not `in_progress` yet, has nothing to pause: cancel it.
      requestBody:
        required: false
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/EmptyRequest'
      responses:
        '200':
          description: The spec, paused.
          headers:
            Content-Location:
              $ref: '#/components/headers/ContentLocation'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Spec'
        '202':
          description: Its run is still being stopped.
          headers:
            Content-Location:
              $ref: '#/components/headers/ContentLocation'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Spec'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '404':
          $ref: '#/components/responses/SpecNotFound'
        '409':
          description: Not from this status, or not now; the name says why, the members what is allowed.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                spec-ambiguous:
                  $ref: '#/components/examples/spec-ambiguous'
                spec-unreadable:
                  $ref: '#/components/examples/spec-unreadable'
                illegal-transition:
                  $ref: '#/components/examples/illegal-transition'
                locked-by-other:
                  $ref: '#/components/examples/locked-by-other'
                too-late:
                  $ref: '#/components/examples/too-late'
        '413':
          $ref: '#/components/responses/PayloadTooLarge'
        '415':
          $ref: '#/components/responses/UnsupportedMediaType'
        '422':
          description: The id cannot be one, a key is unknown, or a value is not allowed.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                invalid-id:
                  $ref: '#/components/examples/invalid-id'
                unknown-key:
                  $ref: '#/components/examples/unknown-key'
                invalid-value:
                  $ref: '#/components/examples/invalid-value'
        '500':
          $ref: '#/components/responses/InternalError'

  /specs/{id}/resume:
    parameters:
      - $ref: '#/components/parameters/specID'
    post:
      operationId: resumeSpec
      tags: [specs, runs]
      summary: Go on with a paused spec.
      description: |
        A new run, with `resumed_from`, in the kept worktree and with the base of the first run, so that what was committed before
        counts. Where the worktree is gone, a new one goes on from the branch. Claude Code goes on with its session; one that it
        no longer knows is replaced by a new one, with warning `session-lost`. What was edited in the spec's file meanwhile and
        what the agent changed in its copy come together in the copy. `POST /specs/{id}/work` does the same for a paused spec;
        `{"from": "target"}` starts over, and keeps what there was.
      parameters:
        - $ref: '#/components/parameters/wait'
        - $ref: '#/components/parameters/expect'
      requestBody:
        required: false
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/WorkRequest'
            examples:
              nothing:
                value: {}
              told:
                value:
                  note: The database runs now; go on.
      responses:
        '200':
          description: It has ended, and the caller had waited for that.
          headers:
            Location:
              $ref: '#/components/headers/RunLocation'
            Content-Location:
              $ref: '#/components/headers/ContentLocation'
            Preference-Applied:
              $ref: '#/components/headers/PreferenceApplied'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Run'
        '202':
          description: Accepted; the run is queued.
          headers:
            Location:
              $ref: '#/components/headers/RunLocation'
            Content-Location:
              $ref: '#/components/headers/ContentLocation'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Run'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '404':
          $ref: '#/components/responses/SpecNotFound'
        '409':
          description: Not from this status, or not now; the name says why, the members what is allowed.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                unexpected-outcome:
                  $ref: '#/components/examples/unexpected-outcome'
                spec-ambiguous:
                  $ref: '#/components/examples/spec-ambiguous'
                illegal-transition:
                  $ref: '#/components/examples/illegal-transition'
                already-running:
                  $ref: '#/components/examples/already-running'
                not-ready:
                  $ref: '#/components/examples/not-ready'
                needs-approval:
                  $ref: '#/components/examples/needs-approval'
                approval-rejected:
                  $ref: '#/components/examples/approval-rejected'
                spec-unreadable:
                  $ref: '#/components/examples/spec-unreadable'
                not-startable:
                  $ref: '#/components/examples/not-startable'
                prompt-missing:
                  $ref: '#/components/examples/prompt-missing'
                agent-missing:
                  $ref: '#/components/examples/agent-missing'
                provider-unsupported:
                  $ref: '#/components/examples/provider-unsupported'
                agent-refuses-root:
                  $ref: '#/components/examples/agent-refuses-root'
                target-missing:
                  $ref: '#/components/examples/target-missing'
                repository-empty:
                  $ref: '#/components/examples/repository-empty'
                locked-by-other:
                  $ref: '#/components/examples/locked-by-other'
        '413':
          $ref: '#/components/responses/PayloadTooLarge'
        '415':
          $ref: '#/components/responses/UnsupportedMediaType'
        '422':
          description: The id cannot be one, a key is unknown, or a value is not allowed.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                invalid-id:
                  $ref: '#/components/examples/invalid-id'
                unknown-key:
                  $ref: '#/components/examples/unknown-key'
                invalid-value:
                  $ref: '#/components/examples/invalid-value'
        '500':
          $ref: '#/components/responses/InternalError'
        '503':
          description: Not now; `Retry-After` says when to try again.
          headers:
            Retry-After:
              $ref: '#/components/headers/RetryAfter'
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                queue-full:
                  $ref: '#/components/examples/queue-full'
                disk-floor:
                  $ref: '#/components/examples/disk-floor'
                stopping:
                  $ref: '#/components/examples/stopping'

  /specs/{id}/takeover:
    parameters:
      - $ref: '#/components/parameters/specID'
    post:
      operationId: takeOverSpec
      tags: [specs, runs]
      summary: Stop a spec's agent and go on by hand.
      description: |
        As `pause`, with reason `takeover`; and what the agent had done is said in the answer and below `## Takeover Analysis` in
        the spec's body: what its log speaks of, its last 50 lines, where the worktree is, what to do. Commit there and merge, or
        resume.
      requestBody:
        required: false
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/EmptyRequest'
      responses:
        '200':
          description: The agent is stopped; what it had done.
          headers:
            Content-Location:
              $ref: '#/components/headers/ContentLocation'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Takeover'
        '202':
          description: Its run is still being stopped; the spec as it is.
          headers:
            Content-Location:
              $ref: '#/components/headers/ContentLocation'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Spec'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '404':
          $ref: '#/components/responses/SpecNotFound'
        '409':
          description: Not from this status, or not now; the name says why, the members what is allowed.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                spec-ambiguous:
                  $ref: '#/components/examples/spec-ambiguous'
                spec-unreadable:
                  $ref: '#/components/examples/spec-unreadable'
                illegal-transition:
                  $ref: '#/components/examples/illegal-transition'
                locked-by-other:
                  $ref: '#/components/examples/locked-by-other'
                too-late:
                  $ref: '#/components/examples/too-late'
        '413':
          $ref: '#/components/responses/PayloadTooLarge'
        '415':
          $ref: '#/components/responses/UnsupportedMediaType'
        '422':
          description: The id cannot be one, a key is unknown, or a value is not allowed.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                invalid-id:
                  $ref: '#/components/examples/invalid-id'
                unknown-key:
                  $ref: '#/components/examples/unknown-key'
                invalid-value:
                  $ref: '#/components/examples/invalid-value'
        '500':
          $ref: '#/components/responses/InternalError'

  /specs/{id}/merge:
    parameters:
      - $ref: '#/components/parameters/specID'
    post:
      operationId: mergeSpec
      tags: [specs]
      summary: Bring to the target what a run has left.
      description: |
        Finishes the kept branch of the spec's latest run that has commits and did not complete: it waits for its merge,
        needs a person, failed or was paused. The protocol is that of a run's own end: one commit on the target, acceptance
        criteria judged again, nothing in a checkout touched that a person has changed. What was held back because of
        uncommitted changes, or of changes below `.chant`, is let through; uncommitted changes are no part of it.

        Where it completes, the spec is `completed`, the run gets its `merge_commit` and keeps its outcome, and worktree and
        branch go. Else spec and branch are as they were, and the answer says what stands in the way.

        `rebase` puts the commits onto the target first; the old ones are kept as `refs/chant/kept/<id>/<run>`.
        `conflict-spec` merges nothing: it makes a spec of type `conflict` for the conflict that a merge would meet. When that
        spec is completed, the work is on the target, and a merge of this one completes it.
      parameters:
        - $ref: '#/components/parameters/expect'
      requestBody:
        required: false
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/MergeRequest'
            examples:
              plain:
                value: {by: ann}
              resolve:
                value: {strategy: conflict-spec}
      responses:
        '200':
          description: It was tried; `outcome` says how it ended.
          headers:
            Content-Location:
              $ref: '#/components/headers/ContentLocation'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/MergeReport'
        '201':
          description: The conflict spec.
          headers:
            Location:
              $ref: '#/components/headers/SpecLocation'
            Content-Location:
              $ref: '#/components/headers/SpecAddress'
            ETag:
              $ref: '#/components/headers/SpecTag'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Spec'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '404':
          $ref: '#/components/responses/SpecNotFound'
        '409':
          description: It cannot be done now; the name says why.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                spec-ambiguous:
                  $ref: '#/components/examples/spec-ambiguous'
                spec-unreadable:
                  $ref: '#/components/examples/spec-unreadable'
                already-running:
                  $ref: '#/components/examples/already-running'
                locked-by-other:
                  $ref: '#/components/examples/locked-by-other'
                illegal-transition:
                  $ref: '#/components/examples/illegal-transition'
                changed-meanwhile:
                  $ref: '#/components/examples/changed-meanwhile'
                nothing-to-do:
                  $ref: '#/components/examples/nothing-to-do'
                needs-approval:
                  $ref: '#/components/examples/needs-approval'
                approval-rejected:
                  $ref: '#/components/examples/approval-rejected'
                unexpected-outcome:
                  $ref: '#/components/examples/unexpected-outcome'
                spec-exists:
                  $ref: '#/components/examples/spec-exists'
                checkout-dirty:
                  $ref: '#/components/examples/checkout-dirty'
                checkout-busy:
                  $ref: '#/components/examples/checkout-busy'
                target-moving:
                  $ref: '#/components/examples/target-moving'
                target-missing:
                  $ref: '#/components/examples/target-missing'
                repository-empty:
                  $ref: '#/components/examples/repository-empty'
        '413':
          $ref: '#/components/responses/PayloadTooLarge'
        '415':
          $ref: '#/components/responses/UnsupportedMediaType'
        '422':
          $ref: '#/components/responses/InvalidSpecQuery'
        '500':
          $ref: '#/components/responses/InternalError'

  /specs/{id}/finalize:
    parameters:
      - $ref: '#/components/parameters/specID'
    post:
      operationId: finalizeSpec
      tags: [specs]
      summary: Say that a spec is done.
      description: |
        A person's word: the spec becomes `completed` from `paused`, `failed` or `needs_attention`, or from an `in_progress`
        that is `stale`. Nothing is merged and no acceptance criterion is judged; who said so stands in the event of the
        change. `commits` are those given, else those of the spec's latest run, else absent; `model` is that of the run, or
        `manual`. The file is written and not committed, but for `server.commit_specs`.
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/FinalizeRequest'
      responses:
        '200':
          description: Completed.
          headers:
            Content-Location:
              $ref: '#/components/headers/ContentLocation'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Spec'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '404':
          $ref: '#/components/responses/SpecNotFound'
        '409':
          description: It cannot be done now; the name says why.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                spec-ambiguous:
                  $ref: '#/components/examples/spec-ambiguous'
                spec-unreadable:
                  $ref: '#/components/examples/spec-unreadable'
                already-running:
                  $ref: '#/components/examples/already-running'
                locked-by-other:
                  $ref: '#/components/examples/locked-by-other'
                illegal-transition:
                  $ref: '#/components/examples/illegal-transition'
                changed-meanwhile:
                  $ref: '#/components/examples/changed-meanwhile'
                nothing-to-do:
                  $ref: '#/components/examples/nothing-to-do'
                checkout-dirty:
                  $ref: '#/components/examples/checkout-dirty'
                checkout-busy:
                  $ref: '#/components/examples/checkout-busy'
                target-moving:
                  $ref: '#/components/examples/target-moving'
                target-missing:
                  $ref: '#/components/examples/target-missing'
                repository-empty:
                  $ref: '#/components/examples/repository-empty'
        '413':
          $ref: '#/components/responses/PayloadTooLarge'
        '415':
          $ref: '#/components/responses/UnsupportedMediaType'
        '422':
          $ref: '#/components/responses/InvalidSpecQuery'
        '500':
          $ref: '#/components/responses/InternalError'

  /specs/{id}/diff:
    parameters:
      - $ref: '#/components/parameters/specID'
    get:
      operationId: getSpecDiff
      tags: [runs]
      summary: What the live run of a spec, else its latest, has changed.
      description: |
        The branch against the commit that it started at, as commits: what an agent has not committed yet is no part of it.
        Of a live run as it is at this moment, of one that has ended by its stored commits, whatever became of the branch.
        All patches together have at most 4 MiB. Files from the first that does not fit are named without their patches,
        with `truncated`, and `Chant-Diff-Truncated` is `true`. Secrets are masked, so that a patch with one does not apply.
      responses:
        '200':
          description: The difference; without files where nothing was committed.
          headers:
            Chant-Diff-Truncated:
              $ref: '#/components/headers/DiffTruncated'
            Vary:
              $ref: '#/components/headers/VaryAccept'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/RunDiff'
            text/x-diff:
              schema:
                type: string
              examples:
                small:
                  value: |
                    diff --git a/hello.txt b/hello.txt
                    new file mode 100644
                    index 0000000..ce01362
                    --- /dev/null
                    +++ b/hello.txt
                    @@ -0,0 +1 @@
                    +hello
        '404':
          description: There is no such spec, or no run has worked it.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                spec-not-found:
                  $ref: '#/components/examples/spec-not-found'
                run-not-found:
                  $ref: '#/components/examples/run-not-found'
        '409':
          $ref: '#/components/responses/SpecAmbiguous'
        '422':
          $ref: '#/components/responses/InvalidSpecQuery'
        '406':
          $ref: '#/components/responses/NotAcceptable'
        '500':
          $ref: '#/components/responses/InternalError'

  /specs/{id}/approve:
    parameters:
      - $ref: '#/components/parameters/specID'
    post:
      operationId: approveSpec
      tags: [specs]
      summary: Say yes to a spec.
      description: |
        Sets `approval.status`, `by` and `at` in the spec's header, byte for byte beside everything else, and adds an entry
        to `## Approval Discussion`. No status changes by it. Only where the spec asks for an approval (`approval.required`)
        that it has not got, and while no run of it is live; a rejection can be taken back in this way. With
        `server.commit_specs` it is one commit.
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/Approving'
            examples:
              word:
                value: {by: ana, reason: Looks good.}
      responses:
        '200':
          description: The spec as it is now.
          headers:
            ETag:
              $ref: '#/components/headers/SpecTag'
            Content-Location:
              $ref: '#/components/headers/SpecAddress'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Spec'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '404':
          $ref: '#/components/responses/SpecNotFound'
        '409':
          description: It cannot be said or written now; the name says why.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                spec-ambiguous:
                  $ref: '#/components/examples/spec-ambiguous'
                spec-unreadable:
                  $ref: '#/components/examples/spec-unreadable'
                illegal-transition:
                  $ref: '#/components/examples/illegal-transition'
                already-running:
                  $ref: '#/components/examples/already-running'
                locked-by-other:
                  $ref: '#/components/examples/locked-by-other'
                changed-meanwhile:
                  $ref: '#/components/examples/changed-meanwhile'
                checkout-dirty:
                  $ref: '#/components/examples/checkout-dirty'
                checkout-busy:
                  $ref: '#/components/examples/checkout-busy'
                target-moving:
                  $ref: '#/components/examples/target-moving'
                target-missing:
                  $ref: '#/components/examples/target-missing'
                repository-empty:
                  $ref: '#/components/examples/repository-empty'
        '413':
          $ref: '#/components/responses/PayloadTooLarge'
        '415':
          $ref: '#/components/responses/UnsupportedMediaType'
        '422':
          description: The id cannot be one, a key is unknown, a value is not allowed, or the text cannot stand in the spec.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                invalid-id:
                  $ref: '#/components/examples/invalid-id'
                unknown-key:
                  $ref: '#/components/examples/unknown-key'
                invalid-value:
                  $ref: '#/components/examples/invalid-value'
                invalid-spec:
                  $ref: '#/components/examples/invalid-spec'
        '500':
          $ref: '#/components/responses/InternalError'

  /specs/{id}/reject:
    parameters:
      - $ref: '#/components/parameters/specID'
    post:
      operationId: rejectSpec
      tags: [specs]
      summary: Say no to a spec.
      description: |
        As `approve`, with a reason. Then `approval.rejection_action` of the configuration: `manual` does nothing more;
        `dependency` makes a spec for what has to be mended and adds it to `depends_on`; `group` makes the spec a driver,
        with a member for each of its acceptance criteria, one after the other. All of it is one commit with
        `server.commit_specs`. What a crash left of it is taken by the next rejection, and not made twice.
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/Rejecting'
            examples:
              word:
                value: {by: ana, reason: Two things at once.}
      responses:
        '200':
          description: The spec as it is now.
          headers:
            ETag:
              $ref: '#/components/headers/SpecTag'
            Content-Location:
              $ref: '#/components/headers/SpecAddress'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Spec'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '404':
          $ref: '#/components/responses/SpecNotFound'
        '409':
          description: It cannot be said or written now; the name says why.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                spec-ambiguous:
                  $ref: '#/components/examples/spec-ambiguous'
                spec-unreadable:
                  $ref: '#/components/examples/spec-unreadable'
                illegal-transition:
                  $ref: '#/components/examples/illegal-transition'
                already-running:
                  $ref: '#/components/examples/already-running'
                locked-by-other:
                  $ref: '#/components/examples/locked-by-other'
                changed-meanwhile:
                  $ref: '#/components/examples/changed-meanwhile'
                checkout-dirty:
                  $ref: '#/components/examples/checkout-dirty'
                checkout-busy:
                  $ref: '#/components/examples/checkout-busy'
                target-moving:
                  $ref: '#/components/examples/target-moving'
                target-missing:
                  $ref: '#/components/examples/target-missing'
                repository-empty:
                  $ref: '#/components/examples/repository-empty'
        '413':
          $ref: '#/components/responses/PayloadTooLarge'
        '415':
          $ref: '#/components/responses/UnsupportedMediaType'
        '422':
          description: The id cannot be one, a key is unknown, a value is not allowed, or the text cannot stand in the spec.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                invalid-id:
                  $ref: '#/components/examples/invalid-id'
                unknown-key:
                  $ref: '#/components/examples/unknown-key'
                invalid-value:
                  $ref: '#/components/examples/invalid-value'
                invalid-spec:
                  $ref: '#/components/examples/invalid-spec'
        '500':
          $ref: '#/components/responses/InternalError'

  /specs/{id}/members:
    parameters:
      - $ref: '#/components/parameters/specID'
    get:
      operationId: listMembers
      tags: [specs]
      summary: The members of a driver.
      description: |
        In number order, members of members included; `progress` is how far the driver is, which is stored nowhere. Empty
        for a spec that is no driver. Always all of them: `next` is null.
      responses:
        '200':
          description: What there is now.
          headers:
            Content-Location:
              $ref: '#/components/headers/ContentLocation'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/MemberList'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '404':
          $ref: '#/components/responses/SpecNotFound'
        '409':
          description: Several specs fit, or the file cannot be read as a spec.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                spec-ambiguous:
                  $ref: '#/components/examples/spec-ambiguous'
                spec-unreadable:
                  $ref: '#/components/examples/spec-unreadable'
        '422':
          $ref: '#/components/responses/InvalidSpecQuery'
        '500':
          $ref: '#/components/responses/InternalError'

  /specs/{id}/dependencies:
    parameters:
      - $ref: '#/components/parameters/specID'
    get:
      operationId: listDependencies
      tags: [specs]
      summary: What a spec waits for, and what waits for it.
      description: |
        `items` are the specs that have to be done before this one can start: its own dependencies, those of its driver, its
        elder siblings, then what those wait for; each once, and circles end where they come back. `why` says why one holds
        `needed_by` back, and is null where it does not. `dependents` wait for this spec themselves. Always all of them:
        `next` is null.
      responses:
        '200':
          description: What there is now.
          headers:
            Content-Location:
              $ref: '#/components/headers/ContentLocation'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/DependencyList'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '404':
          $ref: '#/components/responses/SpecNotFound'
        '409':
          description: Several specs fit, or the file cannot be read as a spec.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                spec-ambiguous:
                  $ref: '#/components/examples/spec-ambiguous'
                spec-unreadable:
                  $ref: '#/components/examples/spec-unreadable'
        '422':
          $ref: '#/components/responses/InvalidSpecQuery'
        '500':
          $ref: '#/components/responses/InternalError'

  /specs/{id}/prompt:
    parameters:
      - $ref: '#/components/parameters/specID'
    get:
      operationId: getSpecPrompt
      tags: [specs]
      summary: The message that an agent would get.
      description: |
        As it would be put together for a run that starts now, from the target branch. `<run>` stands for the name of
        the run that there is not yet. With `Accept: text/markdown` the message alone. Whether a run may start is not
        asked.
      parameters:
        - name: prompt
          in: query
          description: The prompt that a request would ask for, in place of the spec's or the configured one.
          schema:
            type: string
          example: standard
        - name: note
          in: query
          description: The `note` that a request would bring.
          schema:
            type: string
        - $ref: '#/components/parameters/accept'
      responses:
        '200':
          description: The message.
          headers:
            Vary:
              $ref: '#/components/headers/VaryAccept'
            Content-Location:
              $ref: '#/components/headers/ContentLocation'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/PromptMessage'
            text/markdown:
              schema:
                type: string
              examples:
                message:
                  value: |
                    # Work on one spec

                    You are a software engineer. …
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '404':
          $ref: '#/components/responses/SpecNotFound'
        '406':
          $ref: '#/components/responses/NotAcceptable'
        '409':
          description: Several specs fit, the file cannot be read as a spec, or there is no such prompt.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                spec-ambiguous:
                  $ref: '#/components/examples/spec-ambiguous'
                spec-unreadable:
                  $ref: '#/components/examples/spec-unreadable'
                prompt-missing:
                  $ref: '#/components/examples/prompt-missing'
        '422':
          $ref: '#/components/responses/InvalidSpecQuery'
        '500':
          $ref: '#/components/responses/InternalError'

  /specs/{id}/runs:
    parameters:
      - $ref: '#/components/parameters/specID'
    get:
      operationId: listSpecRuns
      tags: [specs, runs]
      summary: The runs of a spec.
      parameters:
        - $ref: '#/components/parameters/orderFilter'
        - $ref: '#/components/parameters/stateFilter'
        - $ref: '#/components/parameters/outcomeFilter'
        - $ref: '#/components/parameters/runOrder'
        - $ref: '#/components/parameters/limit'
        - $ref: '#/components/parameters/cursor'
      responses:
        '200':
          description: The runs.
          headers:
            Content-Location:
              $ref: '#/components/headers/ContentLocation'
            Link:
              $ref: '#/components/headers/NextPage'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/RunList'
        '400':
          $ref: '#/components/responses/BadListRequest'
        '404':
          $ref: '#/components/responses/SpecNotFound'
        '409':
          $ref: '#/components/responses/SpecAmbiguous'
        '422':
          $ref: '#/components/responses/InvalidSpecQuery'
        '500':
          $ref: '#/components/responses/InternalError'

  /specs/{id}/log:
    parameters:
      - $ref: '#/components/parameters/specID'
    get:
      operationId: getSpecLog
      tags: [specs, logs]
      summary: The log of a spec's live run, else of its latest.
      description: |
        As `GET /runs/{run}/log`. With `?run=all` the file `.chant/logs/<id>.log`: all runs, in the original's
        format; a spec that only the original has worked is served from that file, and its positions are named `all`
        in place of a run.

        A position of another run (`Last-Event-ID`, `?after=`) wins over "latest" as long as that run has unread bytes;
        then `event: run` with `{"run_id"}` announces the next one. Only a stream does so.
      parameters:
        - name: run
          in: query
          description: '`all`: the file of all runs.'
          schema:
            type: string
            enum: [all]
        - $ref: '#/components/parameters/accept'
        - $ref: '#/components/parameters/range'
        - $ref: '#/components/parameters/ifRange'
        - $ref: '#/components/parameters/view'
        - $ref: '#/components/parameters/ansi'
        - $ref: '#/components/parameters/tail'
        - $ref: '#/components/parameters/offset'
        - $ref: '#/components/parameters/since'
        - $ref: '#/components/parameters/follow'
        - $ref: '#/components/parameters/logAfter'
        - $ref: '#/components/parameters/lastLogEventID'
      responses:
        '200':
          $ref: '#/components/responses/Log'
        '204':
          $ref: '#/components/responses/LogEnded'
        '206':
          $ref: '#/components/responses/LogPart'
        '400':
          $ref: '#/components/responses/BadStreamRequest'
        '404':
          description: No such spec, or nothing has worked it yet.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                spec-not-found:
                  $ref: '#/components/examples/spec-not-found'
                run-not-found:
                  $ref: '#/components/examples/run-not-found'
        '406':
          $ref: '#/components/responses/NotAcceptable'
        '409':
          $ref: '#/components/responses/SpecAmbiguous'
        '410':
          $ref: '#/components/responses/LogGone'
        '416':
          $ref: '#/components/responses/RangeNotSatisfiable'
        '422':
          $ref: '#/components/responses/InvalidSpecQuery'
        '429':
          $ref: '#/components/responses/TooManyStreams'
        '500':
          $ref: '#/components/responses/InternalError'

  /work:
    get:
      operationId: listOrders
      tags: [orders]
      summary: List orders.
      description: What each POST started, the newest first.
      parameters:
        - name: state
          in: query
          description: Only orders that are open (or stopping), or only those that are settled.
          schema:
            type: string
            enum: [open, settled]
        - $ref: '#/components/parameters/runOrder'
        - $ref: '#/components/parameters/limit'
        - $ref: '#/components/parameters/cursor'
      responses:
        '200':
          description: The orders.
          headers:
            Link:
              $ref: '#/components/headers/NextPage'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/OrderList'
        '400':
          $ref: '#/components/responses/BadListRequest'
        '422':
          $ref: '#/components/responses/InvalidQuery'
        '500':
          $ref: '#/components/responses/InternalError'
    post:
      operationId: startOrder
      tags: [orders]
      summary: Work several specs.
      description: |
        Named specs, or those with a label, or with an empty body everything that is ready. `single` starts each once, side
        by side; `chain` one after the other; `parallel` as many at once as `max_concurrent`, workers and agents allow.
        A driver stands for its members. An order is kept in the journal and goes on where it was after a restart.

        An unknown or ambiguous id refuses the whole, and nothing starts. Named specs that cannot run are `skipped` with a
        reason, those that wait for others of the same order are `waiting`.
      parameters:
        - $ref: '#/components/parameters/wait'
        - $ref: '#/components/parameters/expect'
      requestBody:
        required: false
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/OrderRequest'
            examples:
              everything:
                value: {}
              chain:
                value:
                  mode: chain
                  specs: ["001", "002"]
                  follow: true
              labelled:
                value:
                  mode: parallel
                  labels: [nightly]
                  max_concurrent: 4
                  max_specs: 20
      responses:
        '200':
          description: It has ended, and the caller had waited for that.
          headers:
            Location:
              $ref: '#/components/headers/WorkLocation'
            Preference-Applied:
              $ref: '#/components/headers/PreferenceApplied'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Order'
        '202':
          description: Accepted; the order is open.
          headers:
            Location:
              $ref: '#/components/headers/WorkLocation'
            Preference-Applied:
              $ref: '#/components/headers/PreferenceApplied'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Order'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '404':
          $ref: '#/components/responses/SpecNotFound'
        '409':
          description: Nothing of it can start, or a name fits several specs.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                nothing-to-do:
                  $ref: '#/components/examples/nothing-to-do'
                spec-ambiguous:
                  $ref: '#/components/examples/spec-ambiguous'
                agent-missing:
                  $ref: '#/components/examples/agent-missing'
                provider-unsupported:
                  $ref: '#/components/examples/provider-unsupported'
                agent-refuses-root:
                  $ref: '#/components/examples/agent-refuses-root'
                target-missing:
                  $ref: '#/components/examples/target-missing'
                repository-empty:
                  $ref: '#/components/examples/repository-empty'
                prompt-missing:
                  $ref: '#/components/examples/prompt-missing'
                unexpected-outcome:
                  $ref: '#/components/examples/unexpected-outcome'
        '413':
          $ref: '#/components/responses/PayloadTooLarge'
        '415':
          $ref: '#/components/responses/UnsupportedMediaType'
        '422':
          description: An id cannot be one, a key is unknown, or a value is not allowed.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                invalid-id:
                  $ref: '#/components/examples/invalid-id'
                unknown-key:
                  $ref: '#/components/examples/unknown-key'
                invalid-value:
                  $ref: '#/components/examples/invalid-value'
        '500':
          $ref: '#/components/responses/InternalError'
        '503':
          description: Not now; `Retry-After` says when to try again.
          headers:
            Retry-After:
              $ref: '#/components/headers/RetryAfter'
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                disk-floor:
                  $ref: '#/components/examples/disk-floor'
                stopping:
                  $ref: '#/components/examples/stopping'

  /work/{order}:
    parameters:
      - $ref: '#/components/parameters/orderID'
    get:
      operationId: getOrder
      tags: [orders]
      summary: One order, with each of its specs.
      parameters:
        - $ref: '#/components/parameters/wait'
        - $ref: '#/components/parameters/expect'
      responses:
        '200':
          description: The order.
          headers:
            Preference-Applied:
              $ref: '#/components/headers/PreferenceApplied'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Order'
        '202':
          description: The time is up, and the order has not ended.
          headers:
            Preference-Applied:
              $ref: '#/components/headers/PreferenceApplied'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Order'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '404':
          $ref: '#/components/responses/OrderNotFound'
        '409':
          $ref: '#/components/responses/UnexpectedOutcome'
        '422':
          $ref: '#/components/responses/InvalidQuery'
        '500':
          $ref: '#/components/responses/InternalError'

  /work/{order}/cancel:
    parameters:
      - $ref: '#/components/parameters/orderID'
    post:
      operationId: cancelOrder
      tags: [orders]
      summary: Start nothing more of an order, and stop its agents.
      description: |
        The order ends as `cancelled` once nothing of it runs any more; its specs go back to `pending`. With
        `finish_running` the agents that run may end. Asked again while it stops, the answer is the same.
      requestBody:
        required: false
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/CancelOrderRequest'
      responses:
        '202':
          description: It is being stopped.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Order'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '404':
          $ref: '#/components/responses/OrderNotFound'
        '409':
          description: It is settled.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                too-late:
                  $ref: '#/components/examples/too-late'
        '413':
          $ref: '#/components/responses/PayloadTooLarge'
        '415':
          $ref: '#/components/responses/UnsupportedMediaType'
        '422':
          description: A key is unknown, or a value is not allowed.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                unknown-key:
                  $ref: '#/components/examples/unknown-key'
                invalid-value:
                  $ref: '#/components/examples/invalid-value'
        '500':
          $ref: '#/components/responses/InternalError'

  /runs:
    get:
      operationId: listRuns
      tags: [runs]
      summary: List runs.
      description: |
        The newest come first. A filter that is repeated matches any of its values; filters narrow each other.
      parameters:
        - name: spec
          in: query
          description: Only runs of this spec; a full id or a part, as in a path.
          schema:
            type: string
            minLength: 1
        - $ref: '#/components/parameters/orderFilter'
        - $ref: '#/components/parameters/stateFilter'
        - $ref: '#/components/parameters/outcomeFilter'
        - $ref: '#/components/parameters/runOrder'
        - $ref: '#/components/parameters/limit'
        - $ref: '#/components/parameters/cursor'
      responses:
        '200':
          description: The runs.
          headers:
            Link:
              $ref: '#/components/headers/NextPage'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/RunList'
        '400':
          $ref: '#/components/responses/BadListRequest'
        '409':
          $ref: '#/components/responses/SpecAmbiguous'
        '422':
          $ref: '#/components/responses/InvalidSpecQuery'
        '500':
          $ref: '#/components/responses/InternalError'

  /runs/{run}:
    parameters:
      - $ref: '#/components/parameters/runID'
    get:
      operationId: getRun
      tags: [runs]
      summary: One run.
      parameters:
        - $ref: '#/components/parameters/wait'
        - $ref: '#/components/parameters/expect'
      responses:
        '200':
          description: The run; where the caller waited, the last of those that follow it.
          headers:
            Preference-Applied:
              $ref: '#/components/headers/PreferenceApplied'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Run'
        '202':
          description: The time is up, and the run has not ended.
          headers:
            Preference-Applied:
              $ref: '#/components/headers/PreferenceApplied'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Run'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '404':
          $ref: '#/components/responses/RunNotFound'
        '409':
          $ref: '#/components/responses/UnexpectedOutcome'
        '422':
          $ref: '#/components/responses/InvalidQuery'
        '500':
          $ref: '#/components/responses/InternalError'

  /runs/{run}/cancel:
    parameters:
      - $ref: '#/components/parameters/runID'
    post:
      operationId: cancelRun
      tags: [runs]
      summary: Stop a run, in any stage.
      description: |
        The agent is stopped, the spec goes back to `pending`, the run ends as `cancelled`. Asked again while it
        stops, the answer is the same. While git moves the target the answer is not known yet and is waited for; after
        10 seconds it is 202 all the same, and the run tells which of the two came first.
      requestBody:
        required: false
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/EmptyRequest'
      responses:
        '202':
          description: It is being stopped.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Run'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '404':
          $ref: '#/components/responses/RunNotFound'
        '409':
          description: It has ended, or its finishing commit is already on the target.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                too-late:
                  $ref: '#/components/examples/too-late'
        '413':
          $ref: '#/components/responses/PayloadTooLarge'
        '415':
          $ref: '#/components/responses/UnsupportedMediaType'
        '422':
          $ref: '#/components/responses/UnknownKey'
        '500':
          $ref: '#/components/responses/InternalError'

  /runs/{run}/diff:
    parameters:
      - $ref: '#/components/parameters/runID'
    get:
      operationId: getRunDiff
      tags: [runs]
      summary: What a run has changed.
      description: |
        The branch against the commit that it started at, as commits: what an agent has not committed yet is no part of it.
        Of a live run as it is at this moment, of one that has ended by its stored commits, whatever became of the branch.
        All patches together have at most 4 MiB. Files from the first that does not fit are named without their patches,
        with `truncated`, and `Chant-Diff-Truncated` is `true`. Secrets are masked, so that a patch with one does not apply.
      responses:
        '200':
          description: The difference; without files where nothing was committed.
          headers:
            Chant-Diff-Truncated:
              $ref: '#/components/headers/DiffTruncated'
            Vary:
              $ref: '#/components/headers/VaryAccept'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/RunDiff'
            text/x-diff:
              schema:
                type: string
              examples:
                small:
                  value: |
                    diff --git a/hello.txt b/hello.txt
                    new file mode 100644
                    index 0000000..ce01362
                    --- /dev/null
                    +++ b/hello.txt
                    @@ -0,0 +1 @@
                    +hello
        '404':
          $ref: '#/components/responses/RunNotFound'
        '422':
          $ref: '#/components/responses/UnknownKey'
        '406':
          $ref: '#/components/responses/NotAcceptable'
        '500':
          $ref: '#/components/responses/InternalError'

  /runs/{run}/log:
    parameters:
      - $ref: '#/components/parameters/runID'
    get:
      operationId: getRunLog
      tags: [runs, logs]
      summary: What a run's agent printed.
      description: |
        Plain, or with `Accept: text/event-stream` as server-sent events:

        | event | id | data |
        | --- | --- | --- |
        | `log` | `<run>:<view>:<offset after this piece>` | one line |
        | `log-part` | the same | a piece of a line over 64 KiB; the last piece is a `log` |
        | `run` | `<run>:<view>:0` | `{"run_id"}`: from here on the log of this run |
        | `reset` | `<run>:<view>:0` | `{"reason"}`: the position does not exist; from the start of what there is |
        | `end` | `<run>:<view>:<offset>:end` | `{"run_id","outcome","reason"}`: the run has ended and all was sent |

        A line ends at LF; a CR before it is dropped, other CRs become LF (several `data:` lines). A last line
        without LF is sent when the run has ended. Offsets are bytes of the log's file.

        Resuming: `Last-Event-ID` wins over `?after=`, that over `?offset=`. The id of an `end` is answered 204, so
        that a browser stops.
      parameters:
        - $ref: '#/components/parameters/accept'
        - $ref: '#/components/parameters/range'
        - $ref: '#/components/parameters/ifRange'
        - $ref: '#/components/parameters/view'
        - $ref: '#/components/parameters/ansi'
        - $ref: '#/components/parameters/tail'
        - $ref: '#/components/parameters/offset'
        - $ref: '#/components/parameters/since'
        - $ref: '#/components/parameters/follow'
        - $ref: '#/components/parameters/logAfter'
        - $ref: '#/components/parameters/lastLogEventID'
      responses:
        '200':
          $ref: '#/components/responses/Log'
        '204':
          $ref: '#/components/responses/LogEnded'
        '206':
          $ref: '#/components/responses/LogPart'
        '400':
          $ref: '#/components/responses/BadStreamRequest'
        '404':
          $ref: '#/components/responses/RunNotFound'
        '406':
          $ref: '#/components/responses/NotAcceptable'
        '410':
          $ref: '#/components/responses/LogGone'
        '416':
          $ref: '#/components/responses/RangeNotSatisfiable'
        '422':
          $ref: '#/components/responses/InvalidQuery'
        '429':
          $ref: '#/components/responses/TooManyStreams'
        '500':
          $ref: '#/components/responses/InternalError'

  /processes:
    get:
      operationId: listProcesses
      tags: [runs]
      summary: Every agent and set-up command that lives now, whoever started it.
      description: Read from the process table at the moment of the answer, in the order of their starts.
      parameters:
        - $ref: '#/components/parameters/limit'
        - $ref: '#/components/parameters/cursor'
      responses:
        '200':
          description: The processes.
          headers:
            Link:
              $ref: '#/components/headers/NextPage'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/ProcessList'
        '400':
          $ref: '#/components/responses/BadListRequest'
        '422':
          $ref: '#/components/responses/InvalidQuery'
        '500':
          $ref: '#/components/responses/InternalError'

  /processes/{pid}/stop:
    parameters:
      - name: pid
        in: path
        required: true
        description: A process id, as `GET /processes` lists it.
        schema:
          type: integer
          minimum: 1
    post:
      operationId: stopProcess
      tags: [runs]
      summary: Cancel the run of a process.
      requestBody:
        required: false
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/StopRequest'
            examples:
              exactly:
                value:
                  run_id: r01k0c8m4hde1rbxq2m7z5ya9wt
      responses:
        '202':
          description: Its run is being stopped.
          headers:
            Location:
              $ref: '#/components/headers/RunLocation'
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Run'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '404':
          description: No agent process has this id.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                process-not-found:
                  $ref: '#/components/examples/process-not-found'
        '409':
          description: It is another run's, not ours, or too late.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                process-changed:
                  $ref: '#/components/examples/process-changed'
                not-ours:
                  $ref: '#/components/examples/not-ours'
                too-late:
                  $ref: '#/components/examples/too-late'
        '413':
          $ref: '#/components/responses/PayloadTooLarge'
        '415':
          $ref: '#/components/responses/UnsupportedMediaType'
        '422':
          description: A key is unknown, or a value is not allowed.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                unknown-key:
                  $ref: '#/components/examples/unknown-key'
                invalid-value:
                  $ref: '#/components/examples/invalid-value'
        '500':
          $ref: '#/components/responses/InternalError'

  /status:
    get:
      operationId: getStatus
      tags: [service]
      summary: Counts, workers, queue and repository.
      responses:
        '200':
          description: How the service stands.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Status'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '422':
          $ref: '#/components/responses/UnknownKey'
        '500':
          $ref: '#/components/responses/InternalError'

  /config:
    get:
      operationId: getConfiguration
      tags: [service]
      summary: What is in force, the defaults included.
      description: |
        What `.chant/config.md` and its neighbours say, with the defaults for what they do not say, the target that was
        fixed at start, and how the service was started. Nothing in it is secret: of variables for agents only the names are
        given, of commands only the program.
      responses:
        '200':
          description: The configuration.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Configuration'
        '400':
          $ref: '#/components/responses/MalformedRequest'
        '422':
          $ref: '#/components/responses/UnknownKey'
        '500':
          $ref: '#/components/responses/InternalError'

  /events:
    get:
      operationId: streamEvents
      tags: [service]
      summary: Everything that happens, as server-sent events.
      description: |
        `event:` is the event's type, `id:` its sequence number, `data:` an Event. Without `Last-Event-ID` or
        `?after=` the stream begins with what happens next; `?after=0` begins with the oldest event that is kept.

        A position older than the oldest event, or newer than the newest (the journal was replaced), gets first
        `event: reset` with `{"oldest","newest"}`, and then everything that is kept.
      parameters:
        - name: after
          in: query
          description: The sequence number to go on after; `Last-Event-ID` wins.
          schema:
            type: integer
            minimum: 0
        - name: Last-Event-ID
          in: header
          description: The sequence number of the last event seen.
          schema:
            type: string
            pattern: '^[0-9]+$'
      responses:
        '200':
          description: The stream; it ends when the client or the service does.
          headers:
            Cache-Control:
              $ref: '#/components/headers/NoStore'
            X-Accel-Buffering:
              $ref: '#/components/headers/NoBuffering'
          content:
            text/event-stream:
              schema:
                type: string
                description: Each `data:` is an Event, or an EventReset for `event reset`.
                x-data:
                  reset: {$ref: '#/components/schemas/EventReset'}
                  '*': {$ref: '#/components/schemas/Event'}
              examples:
                two:
                  value: |
                    retry: 2000

                    event: run.started
                    id: 42
                    data: {"sequence":42,"type":"run.started","run_id":"r01k0c8m4hde1rbxq2m7z5ya9wt"}

                    :
        '400':
          $ref: '#/components/responses/BadStreamRequest'
        '422':
          $ref: '#/components/responses/UnknownKey'
        '429':
          $ref: '#/components/responses/TooManyStreams'
        '500':
          $ref: '#/components/responses/InternalError'

  /health/live:
    get:
      operationId: getLiveness
      tags: [service]
      summary: Whether the service answers.
      responses:
        '200':
          description: It does.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Health'
        '422':
          $ref: '#/components/responses/UnknownKey'

  /health/ready:
    get:
      operationId: getReadiness
      tags: [service]
      summary: Whether the service takes work.
      responses:
        '200':
          description: It does.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Health'
        '422':
          $ref: '#/components/responses/UnknownKey'
        '503':
          $ref: '#/components/responses/Stopping'

  /version:
    get:
      operationId: getVersion
      tags: [service]
      summary: The service's name and version.
      responses:
        '200':
          description: Name and version.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Version'
        '422':
          $ref: '#/components/responses/UnknownKey'

  /openapi.yaml:
    get:
      operationId: getContract
      tags: [service]
      summary: This document.
      parameters:
        - $ref: '#/components/parameters/ifNoneMatch'
      responses:
        '200':
          description: This document, byte for byte.
          headers:
            ETag:
              $ref: '#/components/headers/ContractTag'
          content:
            application/yaml:
              schema:
                type: object
                required: [openapi, info, paths]
              examples:
                begin:
                  value: {openapi: 3.1.0, info: {title: Chant Server}, paths: {}}
        '304':
          $ref: '#/components/responses/NotModified'
        '422':
          $ref: '#/components/responses/UnknownKey'

  /problems/{name}:
    parameters:
      - name: name
        in: path
        required: true
        description: The name of a problem, or the reason of a run.
        schema:
          type: string
          pattern: '^[a-z0-9-]+$'
    get:
      operationId: getProblem
      tags: [service]
      summary: What a problem means and what to do.
      parameters:
        - $ref: '#/components/parameters/accept'
      responses:
        '200':
          description: The explanation; a page where the client prefers HTML.
          content:
            text/plain:
              schema:
                type: string
              examples:
                begin:
                  value: |
                    spec-not-found (404): No such spec
            text/html:
              schema:
                type: string
              examples:
                begin:
                  value: <!doctype html><title>spec-not-found</title><h1>No such spec</h1>
        '404':
          description: No problem has this name.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
              examples:
                route-not-found:
                  $ref: '#/components/examples/route-not-found'
        '406':
          $ref: '#/components/responses/NotAcceptable'
        '422':
          $ref: '#/components/responses/UnknownKey'

components:
  parameters:
    ifMatch:
      name: If-Match
      in: header
      description: |
        The tag of the version that is meant, or `*` for whatever there is. A spec's tags are compared by the part before the
        dot: what is computed never costs a 412.
      schema:
        type: string
        examples: ['"0123456789abcdef"']
    ifNoneMatch:
      name: If-None-Match
      in: header
      description: |
        Reading: 304 where the answer still has this tag. Writing: only if the spec is none of these versions; `*`, if there
        is none.
      schema:
        type: string
        examples: ['"0123456789abcdef.fedcba9876543210"']
    specID:
      name: id
      in: path
      required: true
      description: A spec's full id, or a part that only one spec has.
      schema:
        type: string
        minLength: 1
        maxLength: 200
    runID:
      name: run
      in: path
      required: true
      description: A run's id.
      schema:
        type: string
    orderID:
      name: order
      in: path
      required: true
      description: An order's id.
      schema:
        type: string
    wait:
      name: Prefer
      in: header
      description: |
        `wait=<seconds>` (at most 600): the answer comes when the run, or the run that follows it last, or the order has
        ended: 200 with it, or 202 with it as it stands when the time is up. Other preferences are passed over.
      schema:
        type: string
        examples: [wait=600]
    expect:
      name: expect
      in: query
      description: |
        Outcomes or reasons, comma between: an ending that is none of them is answered 409 `unexpected-outcome` with the
        run or order inside, so that `curl -f` fails. An order counts as `completed` when it finished and all its specs
        completed; its own endings (`finished failed cancelled limit`) can be named as well.
      schema:
        type: string
        pattern: '^[a-z-]+(,[a-z-]+)*$'
        examples: [completed]
    limit:
      name: limit
      in: query
      description: How many items at most.
      schema:
        type: integer
        minimum: 1
        maximum: 500
        default: 50
    cursor:
      name: cursor
      in: query
      description: Where the page begins, the `next` of the one before; without it the first page.
      schema:
        type: string
        minLength: 1
    statusFilter:
      name: status
      in: query
      description: Only specs with this status; may be repeated.
      schema:
        type: array
        items:
          $ref: '#/components/schemas/SpecStatus'
      explode: true
    typeFilter:
      name: type
      in: query
      description: Only specs of this type; may be repeated.
      schema:
        type: array
        items:
          $ref: '#/components/schemas/SpecType'
      explode: true
    labelFilter:
      name: label
      in: query
      description: Only specs with this label; may be repeated.
      schema:
        type: array
        items:
          type: string
      explode: true
    readyFilter:
      name: ready
      in: query
      description: Only specs that an automatic selection would start now, or only the others.
      schema:
        type: boolean
    approvalFilter:
      name: approval
      in: query
      description: Only specs that need an approval which stands there.
      schema:
        $ref: '#/components/schemas/ApprovalStatus'
    textFilter:
      name: q
      in: query
      description: |
        Only specs with this text, in any case, in their id, title or body (its first MiB). At most 200 bytes of UTF-8.
      schema:
        type: string
        minLength: 1
        maxLength: 200
    createdFilter:
      name: created_after
      in: query
      description: |
        Only specs whose id carries the day of this time, where the service runs, or a later one. A time of RFC 3339 or
        a day.
      schema:
        type: string
        examples: ['2026-08-01', '2026-08-01T12:00:00Z']
    updatedFilter:
      name: updated_after
      in: query
      description: |
        Only specs whose file was written later. A time of RFC 3339, or a day: its beginning where the service runs.
      schema:
        type: string
        examples: ['2026-08-01', '2026-08-01T12:00:00Z']
    archivedFilter:
      name: archived
      in: query
      description: The archive instead of the active specs.
      schema:
        type: boolean
        default: false
    specOrder:
      name: sort
      in: query
      description: |
        The order; the id decides between equals, and with `-` in front the greatest comes first. What has no such
        value is last in either direction. In an order other than that of ids, a walk from page to page keeps the order
        that it began with.
      schema:
        type: string
        enum: [id, -id, updated_at, -updated_at, completed_at, -completed_at]
        default: id
    runOrder:
      name: sort
      in: query
      description: Ids of runs carry the time of acceptance; `-id` is the newest first.
      schema:
        type: string
        enum: [id, -id]
        default: -id
    orderFilter:
      name: order
      in: query
      description: Only runs of this order.
      schema:
        $ref: '#/components/schemas/OrderID'
    stateFilter:
      name: state
      in: query
      description: Only runs in this state; repeatable.
      style: form
      explode: true
      schema:
        type: array
        items:
          $ref: '#/components/schemas/RunState'
    outcomeFilter:
      name: outcome
      in: query
      description: Only runs with this outcome; repeatable.
      style: form
      explode: true
      schema:
        type: array
        items:
          $ref: '#/components/schemas/RunOutcome'
    accept:
      name: Accept
      in: header
      description: Chooses among the media types of the answer.
      schema:
        type: string
    range:
      name: Range
      in: header
      description: |
        A part of a log of view `raw` to which no run is writing: `bytes=0-499`, `bytes=500-`, `bytes=-500`. Several
        ranges, other units, and ranges of other logs are answered with the whole.
      schema:
        type: string
    ifRange:
      name: If-Range
      in: header
      description: The `ETag` of the log that the client has a part of; if it is another, the whole is answered.
      schema:
        type: string
    view:
      name: view
      in: query
      description: |
        `text`: bytes that are no UTF-8 become U+FFFD; control characters other than TAB and LF, and ANSI escape
        sequences, are removed; of an agent with structured output (Claude Code) its decoded text, and after the run, under
        a line `[stderr]`, its standard error. `raw`: the bytes. In every view each byte of a secret is a `*`. `events`: what an agent with structured output did, one
        LogStep a line (`application/x-ndjson`); 422 for agents that write plain text.
      schema:
        type: string
        enum: [text, raw, events]
        default: text
    ansi:
      name: ansi
      in: query
      description: '`keep` leaves ANSI escape sequences in `text`.'
      schema:
        type: string
        enum: [keep]
    tail:
      name: tail
      in: query
      description: Begin so many lines before the end; not together with `offset` or `since`.
      schema:
        type: integer
        minimum: 0
    offset:
      name: offset
      in: query
      description: Begin at this byte; not together with `tail` or `since`.
      schema:
        type: integer
        minimum: 0
    since:
      name: since
      in: query
      description: |
        Begin with what was printed at or after this moment, with a precision of one second; not together with `tail`
        or `offset`, and not with the file of all runs, which has no times.
      schema:
        type: string
        format: date-time
    follow:
      name: follow
      in: query
      description: |
        Whether the answer stays open until the run is final. A stream follows unless told `false`; a plain answer only
        when told so.
      allowEmptyValue: true
      schema:
        type: string
        enum: ['', 'true', '1', 'false', '0']
    logAfter:
      name: after
      in: query
      description: Go on after this id of a stream, `<run>:<view>:<offset>`; `Last-Event-ID` wins.
      schema:
        $ref: '#/components/schemas/LogPosition'
    lastLogEventID:
      name: Last-Event-ID
      in: header
      description: The id of the last event seen; for streams.
      schema:
        $ref: '#/components/schemas/LogPosition'

  headers:
    SpecTag:
      description: |
        The file's `revision`, for JSON with a dot and a digest of the answer behind it, which changes with what is computed.
        Absent where the file cannot be opened.
      schema:
        type: string
        examples: ['"0123456789abcdef.fedcba9876543210"']
    FileTag:
      description: The file's `revision`; absent where the file is not exactly what was sent.
      schema:
        type: string
        examples: ['"0123456789abcdef"']
    ContractTag:
      description: A digest of the document.
      required: true
      schema:
        type: string
        examples: ['"fedcba9876543210"']
    VaryAccept:
      description: Always `Accept`.
      schema:
        type: string
        const: Accept
    AcceptPatch:
      description: The types that PATCH reads; also on OPTIONS and 405 of this path.
      required: true
      schema:
        type: string
        examples: ['application/merge-patch+json, application/json']
    SpecAddress:
      description: The spec's address.
      required: true
      schema:
        type: string
        examples: [/specs/2026-08-01-001-k3x]
    ListTag:
      description: Changes with everything that the list shows, and with a restart; for `If-None-Match`.
      required: true
      schema:
        type: string
        examples: ['"5f2c0a9e81d3b746.12.9a0364b9e99bb480"']
    NextPage:
      description: The address of the next page; absent on the last one.
      schema:
        type: string
        examples: ['</specs?limit=50&cursor=MQA5YTAzNjRi>; rel="next"']
    ContentRange:
      description: Which bytes these are, and of how many; `bytes */<size>` where there are none.
      required: true
      schema:
        type: string
        pattern: '^bytes ([0-9]+-[0-9]+|\*)/[0-9]+$'
        examples: [bytes 0-499/1234]
    AcceptRanges:
      description: Ranges are served.
      required: true
      schema:
        type: string
        const: bytes
    LogTag:
      description: Names the bytes of the whole log; for `If-Range`.
      required: true
      schema:
        type: string
    SpecLocation:
      description: The spec's address.
      required: true
      schema:
        type: string
        examples: [/specs/2026-08-01-001-k3x]
    WorkLocation:
      description: The address of the run, or of the order.
      required: true
      schema:
        type: string
        examples: [/runs/r01k0c8m4hde1rbxq2m7z5ya9wt]
    PreferenceApplied:
      description: Which preference was honoured, where one was.
      schema:
        type: string
        examples: [wait=600]
    RunLocation:
      description: The run's address.
      required: true
      schema:
        type: string
        examples: [/runs/r01k0c8m4hde1rbxq2m7z5ya9wt]
    ContentLocation:
      description: The full address, when the request named the spec by a part of its id.
      schema:
        type: string
        examples: [/specs/2026-08-01-001-k3x]
    RetryAfter:
      description: Seconds to wait before the next try.
      required: true
      schema:
        type: integer
        minimum: 1
    DiffTruncated:
      description: Whether patches were left out, because all of them together would have been too large.
      required: true
      schema:
        type: string
        enum: ['true', 'false']
    LogOffset:
      description: |
        The offset after the last byte that was sent, for the next `?offset=`. Only on plain answers that do not
        follow.
      schema:
        type: integer
        minimum: 0
    NoStore:
      description: Always `no-store`.
      schema:
        type: string
        const: no-store
    NoBuffering:
      description: Always `no`, for proxies.
      schema:
        type: string
        const: 'no'

  responses:
    NotModified:
      description: The client has it already.
    PreconditionFailed:
      description: The spec is at another version than the one that was named, or there is none.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            precondition-failed:
              $ref: '#/components/examples/precondition-failed'
    Log:
      description: The log, or from `offset`, `tail`, `since` or a position on.
      headers:
        Content-Location:
          $ref: '#/components/headers/ContentLocation'
        Chant-Log-Offset:
          $ref: '#/components/headers/LogOffset'
        Cache-Control:
          $ref: '#/components/headers/NoStore'
        Accept-Ranges:
          description: Whether ranges are served.
          schema:
            type: string
            const: bytes
        ETag:
          description: Of a log that can be asked for in parts.
          schema:
            type: string
        X-Accel-Buffering:
          $ref: '#/components/headers/NoBuffering'
      content:
        text/plain:
          schema:
            type: string
          examples:
            last:
              value: |
                all 12 tests passed
        application/octet-stream:
          schema:
            type: string
            format: binary
          examples:
            last:
              value: "all 12 tests passed\n"
        application/x-ndjson:
          schema:
            type: string
            description: View `events`, each line a LogStep.
            x-line: {$ref: '#/components/schemas/LogStep'}
          examples:
            steps:
              value: |
                {"offset":2904,"kind":"text","text":"I will do the work."}
                {"offset":3310,"kind":"tool_use","name":"Bash","input":{"command":"make test"}}
                {"offset":3811,"kind":"tool_result","is_error":false,"bytes":40}
                {"offset":4622,"kind":"usage","input_tokens":300,"output_tokens":60,"cost_usd":0.0012}
                {"offset":4622,"kind":"result","is_error":false,"text":"Done."}
        text/event-stream:
          schema:
            type: string
            description: Each `data:` is text for `log` and `log-part`, else a LogRun, LogReset or LogEnd.
            x-data:
              run: {$ref: '#/components/schemas/LogRun'}
              reset: {$ref: '#/components/schemas/LogReset'}
              end: {$ref: '#/components/schemas/LogEnd'}
          examples:
            last:
              value: |
                retry: 2000

                event: log
                id: r01k0c8m4hde1rbxq2m7z5ya9wt:text:118
                data: all 12 tests passed

                event: end
                id: r01k0c8m4hde1rbxq2m7z5ya9wt:text:118:end
                data: {"outcome":"completed","reason":null,"run_id":"r01k0c8m4hde1rbxq2m7z5ya9wt"}
    LogPart:
      description: The part of the log that `Range` asked for.
      headers:
        Content-Range:
          $ref: '#/components/headers/ContentRange'
        Accept-Ranges:
          $ref: '#/components/headers/AcceptRanges'
        ETag:
          $ref: '#/components/headers/LogTag'
        Content-Location:
          $ref: '#/components/headers/ContentLocation'
        Chant-Log-Offset:
          $ref: '#/components/headers/LogOffset'
        Cache-Control:
          $ref: '#/components/headers/NoStore'
        X-Accel-Buffering:
          $ref: '#/components/headers/NoBuffering'
      content:
        application/octet-stream:
          schema:
            type: string
            format: binary
          examples:
            last:
              value: "tests passed\n"
    RangeNotSatisfiable:
      description: The range begins behind the end of the log.
      headers:
        Content-Range:
          $ref: '#/components/headers/ContentRange'
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            range-not-satisfiable:
              $ref: '#/components/examples/range-not-satisfiable'
    ForeignOrigin:
      description: A page of another origin made a browser send this; any route.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            foreign-origin:
              $ref: '#/components/examples/foreign-origin'
    NotAcceptable:
      description: No form of the answer fits `Accept`.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            not-acceptable:
              $ref: '#/components/examples/not-acceptable'
    RequestTimeout:
      description: The request was not complete in time; any route.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            request-timeout:
              $ref: '#/components/examples/request-timeout'
    LengthRequired:
      description: A body must come, and nothing tells its length; any route.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            length-required:
              $ref: '#/components/examples/length-required'
    URITooLong:
      description: Path and query are too long; any route.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            uri-too-long:
              $ref: '#/components/examples/uri-too-long'
    ExpectationFailed:
      description: '`Expect` asks for something other than 100-continue; any route.'
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            expectation-failed:
              $ref: '#/components/examples/expectation-failed'
    UnknownHost:
      description: The service is not known by the name that the request was sent to; any route.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            unknown-host:
              $ref: '#/components/examples/unknown-host'
    HeadersTooLarge:
      description: The header is too large, or has too many fields; any route.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            headers-too-large:
              $ref: '#/components/examples/headers-too-large'
    LogEnded:
      description: The position is that of an `end`; there is nothing more.
    MalformedRequest:
      description: The request breaks HTTP, its query cannot be decoded, or its body is no JSON in UTF-8.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            malformed-request:
              $ref: '#/components/examples/malformed-request'
    BadListRequest:
      description: As for every request, or the cursor belongs to another list or query.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            malformed-request:
              $ref: '#/components/examples/malformed-request'
            bad-cursor:
              $ref: '#/components/examples/bad-cursor'
    BadStreamRequest:
      description: As for every request, or the position is none that this stream gives.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            malformed-request:
              $ref: '#/components/examples/malformed-request'
            bad-event-id:
              $ref: '#/components/examples/bad-event-id'
    OrderNotFound:
      description: The journal knows no such order.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            order-not-found:
              $ref: '#/components/examples/order-not-found'
    UnexpectedOutcome:
      description: It ended in another way than `expect` says.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            unexpected-outcome:
              $ref: '#/components/examples/unexpected-outcome'
    SpecNotFound:
      description: No spec has this id or part.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            spec-not-found:
              $ref: '#/components/examples/spec-not-found'
    RunNotFound:
      description: No run has this id.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            run-not-found:
              $ref: '#/components/examples/run-not-found'
    SpecAmbiguous:
      description: Several specs have this part in their ids.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            spec-ambiguous:
              $ref: '#/components/examples/spec-ambiguous'
    LogGone:
      description: The log's file was removed.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            log-gone:
              $ref: '#/components/examples/log-gone'
    PayloadTooLarge:
      description: The body is larger than the service takes.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            payload-too-large:
              $ref: '#/components/examples/payload-too-large'
    UnsupportedMediaType:
      description: The body has a type that this route does not read.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            unsupported-media-type:
              $ref: '#/components/examples/unsupported-media-type'
    UnknownKey:
      description: A query name, or a key of the body, is unknown.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            unknown-key:
              $ref: '#/components/examples/unknown-key'
    InvalidQuery:
      description: A query name is unknown, or a value is not allowed.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            unknown-key:
              $ref: '#/components/examples/unknown-key'
            invalid-value:
              $ref: '#/components/examples/invalid-value'
    RouteNotFound:
      description: Nothing is at this path.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            route-not-found:
              $ref: '#/components/examples/route-not-found'
    MethodNotAllowed:
      description: The path does not have this method.
      headers:
        Allow:
          description: The methods that it has.
          required: true
          schema:
            type: string
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            method-not-allowed:
              $ref: '#/components/examples/method-not-allowed'
    NotImplemented:
      description: The method, or a transfer coding, is one that the service does not have.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            not-implemented:
              $ref: '#/components/examples/not-implemented'
    TooManyStreams:
      description: As many streams are open as the service holds.
      headers:
        Retry-After:
          $ref: '#/components/headers/RetryAfter'
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            rate-limited:
              $ref: '#/components/examples/rate-limited'
    InvalidSpecQuery:
      description: The id cannot be one, a query name is unknown, or a value is not allowed.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            invalid-id:
              $ref: '#/components/examples/invalid-id'
            unknown-key:
              $ref: '#/components/examples/unknown-key'
            invalid-value:
              $ref: '#/components/examples/invalid-value'
    InternalError:
      description: A bug, or the machine failed us; the service's log has more, under the request's id.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            internal-error:
              $ref: '#/components/examples/internal-error'
    Stopping:
      description: The service is stopping; from `GET /health/ready` also that it still decides the runs of an earlier one.
      headers:
        Retry-After:
          $ref: '#/components/headers/RetryAfter'
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
          examples:
            stopping:
              $ref: '#/components/examples/stopping'

  schemas:
    SpecID:
      description: The name of the spec's file without `.md`.
      type: string
      minLength: 1
      maxLength: 200
      examples: [2026-08-01-001-k3x]
    RunID:
      description: '`r` and a UUIDv7 in base 32; sorts by the time of acceptance.'
      type: string
      pattern: '^r[0-9a-hjkmnp-tv-z]{26}$'
    OrderID:
      description: '`o` and a UUIDv7 in base 32; sorts by the time of acceptance.'
      type: string
      pattern: '^o[0-9a-hjkmnp-tv-z]{26}$'
    CommitHash:
      description: A full object name.
      type: string
      pattern: '^([0-9a-f]{40}|[0-9a-f]{64})$'
    Revision:
      description: The first 16 hex digits of the file's SHA-256.
      type: string
      pattern: '^[0-9a-f]{16}$'
    LogPosition:
      description: '`<run>:<view>:<offset>`, or that with `:end`; the file of all runs is `all` in place of a run.'
      type: string
      pattern: '^(r[0-9a-hjkmnp-tv-z]{26}|all):(text|raw|events):(0|[1-9][0-9]{0,17})(:end)?$'

    Text:
      type: [string, 'null']
    Texts:
      type: array
      items:
        type: string
    Commit:
      oneOf:
        - $ref: '#/components/schemas/CommitHash'
        - type: 'null'
    Time:
      type: string
      format: date-time
    Moment:
      description: Null where it has not come yet.
      type: [string, 'null']
      format: date-time
    Milliseconds:
      type: [integer, 'null']
      minimum: 0
    Count:
      type: integer
      minimum: 0
    Sequence:
      description: An event's number; never reused, grows.
      type: integer
      minimum: 1
    EventProject:
      description: The project's name; null where the event is about the service itself.
      type: [string, 'null']

    SpecStatus:
      type: string
      enum: [pending, in_progress, paused, completed, failed, needs_attention, cancelled]
    SpecType:
      type: string
      enum: [code, task, driver, documentation, research, group, conflict]
    ApprovalStatus:
      type: string
      enum: [pending, approved, rejected]
    RunMode:
      description: How an order schedules its specs.
      type: string
      enum: [single, chain, parallel]
    RunState:
      type: string
      enum: [queued, preparing, running, settling, settled]
    Stage:
      type: string
      enum: [validate, prepare, invoke_agent, collect_commits, finalize, clean_up]
    RunOutcome:
      type: string
      enum: [completed, failed, needs_attention, cancelled, paused, interrupted, refused]
    RunReason:
      description: Why a run ended as it did; `GET /problems/{reason}` explains it. None for `completed`.
      type: string
      enum:
        - no-commits
        - worktree-failed
        - setup-failed
        - agent-start-failed
        - agent-exit
        - agent-error
        - agent-unfinished
        - agent-killed
        - wall-limit
        - idle-limit
        - log-limit
        - cost-limit
        - rate-limited
        - disk-full
        - interrupted-too-often
        - internal-error
        - open-criteria
        - uncommitted-changes
        - left-branch
        - touches-chant
        - merge-conflict
        - checkout-dirty
        - checkout-busy
        - target-moving
        - target-missing
        - awaiting-merge
        - awaiting-approval
        - schema-mismatch
        - spec-edited
        - spec-gone
        - run-cancelled
        - spec-cancelled
        - pause
        - takeover
        - service-stopped
        - supervisor-lost
        - machine-restarted
        - spec-unreadable
        - lint-failed
        - needs-approval
        - approval-rejected
        - not-ready
        - prompt-missing
        - agent-missing
        - repository-empty
        - provider-unsupported
        - agent-refuses-root
        - chant-watch-running
        - locked-by-other
        - not-startable
    CriteriaPolicy:
      type: string
      enum: [require, tick, ignore]
    MergePolicy:
      type: string
      enum: [auto, manual]
    StartPoint:
      type: string
      enum: [target, branch]
    SkippedGate:
      type: string
      enum: [dependencies, approval]
    WarningCode:
      type: string
      enum:
        - agent-moved-target
        - all-members-cancelled
        - criteria-ticked
        - main-checkout-changed
        - schema-mismatch
        - session-lost
        - status-changed-outside
        - status-not-written
        - uncommitted-changes
        - untracked-files
    BlockReason:
      type: string
      enum: [status, missing, cycle, sibling, driver]

    NewSpec:
      description: What a new spec is made of.
      type: object
      additionalProperties: false
      required: [title]
      properties:
        title:
          description: One line; becomes the body's first heading.
          type: string
          minLength: 1
        body:
          description: Markdown, below the title.
          type: [string, 'null']
        type:
          oneOf:
            - $ref: '#/components/schemas/SpecType'
            - type: 'null'
        labels:
          type: [array, 'null']
          items:
            type: string
        depends_on:
          description: Ids that must be done first. An empty list means none, also for a member.
          type: [array, 'null']
          items:
            type: string
        target_files:
          type: [array, 'null']
          items:
            type: string
        prompt:
          description: The name of the prompt for its runs.
          type: [string, 'null']
          minLength: 1
        needs_approval:
          description: Whether a person must approve it before it can start.
          type: [boolean, 'null']
          default: false

    SpecPatch:
      description: What is set; `null` removes a key of the header.
      type: object
      additionalProperties: false
      properties:
        title:
          description: One line; the body's first heading.
          type: string
          minLength: 1
        body:
          description: The text after the header; null is an empty one.
          type: [string, 'null']
        type:
          oneOf:
            - $ref: '#/components/schemas/SpecType'
            - {type: string, const: docs}
            - type: 'null'
        status:
          description: Changes only to `pending` or `cancelled`.
          oneOf:
            - $ref: '#/components/schemas/SpecStatus'
            - type: 'null'
        depends_on:
          type: [array, 'null']
          items:
            type: string
        labels:
          type: [array, 'null']
          items:
            type: string
        target_files:
          type: [array, 'null']
          items:
            type: string
        context:
          type: [array, 'null']
          items:
            type: string
        commits:
          type: [array, 'null']
          items:
            type: string
        tracks:
          type: [array, 'null']
          items:
            type: string
        informed_by:
          type: [array, 'null']
          items:
            type: string
        origin:
          type: [array, 'null']
          items:
            type: string
        conflicting_files:
          type: [array, 'null']
          items:
            type: string
        blocked_specs:
          type: [array, 'null']
          items:
            type: string
        verification_failures:
          type: [array, 'null']
          items:
            type: string
        derived_fields:
          type: [array, 'null']
          items:
            type: string
        prompt:
          type: [string, 'null']
        branch:
          type: [string, 'null']
        completed_at:
          type: [string, 'null']
        model:
          type: [string, 'null']
        schedule:
          type: [string, 'null']
        source_branch:
          type: [string, 'null']
        target_branch:
          type: [string, 'null']
        original_spec:
          type: [string, 'null']
        last_verified:
          type: [string, 'null']
        verification_status:
          type: [string, 'null']
        replayed_at:
          type: [string, 'null']
        original_completed_at:
          type: [string, 'null']
        output_schema:
          type: [string, 'null']
        replay_count:
          type: [integer, 'null']
        public:
          type: [boolean, 'null']
        approval:
          type: [object, 'null']
          additionalProperties: false
          properties:
            required:
              type: [boolean, 'null']
            status:
              oneOf:
                - $ref: '#/components/schemas/ApprovalStatus'
                - type: 'null'
            by:
              type: [string, 'null']
            at:
              type: [string, 'null']
        retry_state:
          type: [object, 'null']
          additionalProperties: false
          properties:
            attempts:
              type: [integer, 'null']
            last_retry_time:
              type: [integer, 'null']
            next_retry_time:
              type: [integer, 'null']
        extra:
          description: Keys of the header that the service does not know.
          type: object
          additionalProperties: true

    WorkRequest:
      description: How to run it; what is left out comes from the project's configuration.
      type: object
      additionalProperties: false
      properties:
        mode:
          description: '`single` unless said otherwise; on a driver it means `chain`.'
          oneOf:
            - $ref: '#/components/schemas/RunMode'
            - type: 'null'
        follow:
          description: |
            Whether specs are taken up that became ready because of what the order completed; on a plain spec in mode
            `chain` that is implied.
          type: [boolean, 'null']
        on_failure:
          description: |
            `stop`: nothing new starts after a spec that did not complete (the default in mode `chain`). `continue`: only
            what depends on it is left out.
          type: [string, 'null']
          enum: [stop, continue, null]
        max_specs:
          description: At most so many specs are started; a retry is no new one.
          type: [integer, 'null']
          minimum: 1
          maximum: 10000
        max_concurrent:
          description: At most so many runs of a parallel order are in flight at once; in another mode it is refused (422).
          type: [integer, 'null']
          minimum: 1
          maximum: 10000
        prompt:
          description: The name of a prompt; wins over the spec's.
          type: [string, 'null']
          minLength: 1
        agent:
          description: The name of a configured agent.
          type: [string, 'null']
          minLength: 1
        model:
          type: [string, 'null']
          minLength: 1
        timeout_seconds:
          description: The wall limit.
          type: [integer, 'null']
          minimum: 1
          maximum: 31536000
        criteria:
          description: What open acceptance criteria mean in the end.
          oneOf:
            - $ref: '#/components/schemas/CriteriaPolicy'
            - type: 'null'
        skip:
          description: Parts of the gate that are left out, for this start only.
          type: [array, 'null']
          items:
            $ref: '#/components/schemas/SkippedGate'
        merge:
          description: '`manual` ends the run as `awaiting-merge`, with its branch kept.'
          oneOf:
            - $ref: '#/components/schemas/MergePolicy'
            - type: 'null'
        allow_no_commits:
          description: Whether a run without commits can complete.
          type: [boolean, 'null']
          default: false
        from:
          description: '`target`: fresh at the target''s tip. `branch`: from the kept branch, whose commits count.'
          oneOf:
            - $ref: '#/components/schemas/StartPoint'
            - type: 'null'
        note:
          description: What the agent of this attempt is to be told besides; it ends the message. At most 64 KiB.
          type: [string, 'null']
          minLength: 1
          maxLength: 65536

    MergeRequest:
      type: object
      additionalProperties: false
      properties:
        strategy:
          description: '`merge` if absent.'
          oneOf:
            - type: string
              enum: [merge, rebase, conflict-spec]
            - type: 'null'
        by:
          description: Who says so; it stands in the event of the change.
          oneOf:
            - type: string
              pattern: '\S'
            - type: 'null'
    MergeReport:
      description: How a merge by a person's word ended.
      examples:
        - spec_id: 2026-08-01-001-k3x
          run_id: r01k0c8m4hde1rbxq2m7z5ya9wt
          outcome: completed
          reason: null
          files: []
          target_commits: []
          run_commits: []
          merge_commit: 6c1b2a7f0d9e8c5b4a3f2e1d0c9b8a7f6e5d4c3b
          problem: null
          warnings: []
      type: object
      additionalProperties: false
      required: [spec_id, run_id, outcome, reason, files, target_commits, run_commits, merge_commit, problem, warnings]
      properties:
        spec_id:
          $ref: '#/components/schemas/SpecID'
        run_id:
          $ref: '#/components/schemas/RunID'
        outcome:
          type: string
          enum: [completed, needs_attention]
        reason:
          oneOf:
            - $ref: '#/components/schemas/RunReason'
            - type: 'null'
        files:
          description: The files that stand in the way.
          $ref: '#/components/schemas/Texts'
        target_commits:
          description: The target's commits that touch them, of a conflict; the newest first.
          $ref: '#/components/schemas/Texts'
        run_commits:
          description: The run's commits that touch them, of a conflict; the newest first.
          $ref: '#/components/schemas/Texts'
        merge_commit:
          $ref: '#/components/schemas/Commit'
        problem:
          oneOf:
            - $ref: '#/components/schemas/RunProblem'
            - type: 'null'
        warnings:
          type: array
          items:
            $ref: '#/components/schemas/RunWarning'
    FinalizeRequest:
      examples:
        - {by: ann, commits: [6c1b2a7]}
      type: object
      additionalProperties: false
      required: [by]
      properties:
        by:
          description: Who says so.
          type: string
          pattern: '\S'
        commits:
          description: Hashes of commits of the repository, oldest first.
          oneOf:
            - $ref: '#/components/schemas/Texts'
            - type: 'null'
    RunDiff:
      description: What a run has changed.
      examples:
        - run_id: r01k0c8m4hde1rbxq2m7z5ya9wt
          spec_id: 2026-08-01-001-k3x
          branch: chant/2026-08-01-001-k3x
          base_commit: 6c1b2a7f0d9e8c5b4a3f2e1d0c9b8a7f6e5d4c3b
          head_commit: 0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c
          additions: 1
          deletions: 0
          truncated: false
          files:
            - path: hello.txt
              old_path: null
              status: added
              additions: 1
              deletions: 0
              binary: false
              truncated: false
              hunks:
                - {old_start: 0, old_lines: 0, new_start: 1, new_lines: 1, heading: '', lines: ['+hello']}
      type: object
      additionalProperties: false
      required: [run_id, spec_id, branch, base_commit, head_commit, additions, deletions, truncated, files]
      properties:
        run_id:
          $ref: '#/components/schemas/RunID'
        spec_id:
          $ref: '#/components/schemas/SpecID'
        branch:
          type: string
        base_commit:
          $ref: '#/components/schemas/CommitHash'
        head_commit:
          $ref: '#/components/schemas/CommitHash'
        additions:
          $ref: '#/components/schemas/Count'
        deletions:
          $ref: '#/components/schemas/Count'
        truncated:
          description: Whether patches are left out.
          type: boolean
        files:
          type: array
          items:
            $ref: '#/components/schemas/DiffFile'
    DiffFile:
      type: object
      additionalProperties: false
      required: [path, old_path, status, additions, deletions, binary, truncated, hunks]
      properties:
        path:
          type: string
        old_path:
          description: The path before, of a renamed file.
          $ref: '#/components/schemas/Text'
        status:
          type: string
          enum: [added, modified, deleted, renamed, type_changed]
        additions:
          description: '`null` for a binary file.'
          type: [integer, 'null']
          minimum: 0
        deletions:
          description: '`null` for a binary file.'
          type: [integer, 'null']
          minimum: 0
        binary:
          type: boolean
        truncated:
          description: Whether its patch is left out.
          type: boolean
        hunks:
          type: array
          items:
            $ref: '#/components/schemas/DiffHunk'
    DiffHunk:
      type: object
      additionalProperties: false
      required: [old_start, old_lines, new_start, new_lines, heading, lines]
      properties:
        old_start:
          $ref: '#/components/schemas/Count'
        old_lines:
          $ref: '#/components/schemas/Count'
        new_start:
          $ref: '#/components/schemas/Count'
        new_lines:
          $ref: '#/components/schemas/Count'
        heading:
          type: string
        lines:
          description: Each with its first character, a space, `+`, `-` or `\`.
          $ref: '#/components/schemas/Texts'
    OrderRequest:
      description: Which specs to work, and how; what is left out comes from the mode and the project's configuration.
      type: object
      additionalProperties: false
      properties:
        specs:
          description: Full ids or parts, in their order; without it, all that are ready.
          type: [array, 'null']
          minItems: 1
          maxItems: 10000
          items:
            type: string
        labels:
          description: Only specs that have one of these labels; not beside `specs`.
          type: [array, 'null']
          minItems: 1
          maxItems: 10000
          items:
            type: string
        mode:
          description: '`single` unless said otherwise; where only drivers are named it means `chain`.'
          oneOf:
            - $ref: '#/components/schemas/RunMode'
            - type: 'null'
        follow:
          description: |
            Whether specs are taken up that became ready because of what the order completed; on a plain spec in mode
            `chain` that is implied.
          type: [boolean, 'null']
        on_failure:
          description: |
            `stop`: nothing new starts after a spec that did not complete (the default in mode `chain`). `continue`: only
            what depends on it is left out.
          type: [string, 'null']
          enum: [stop, continue, null]
        max_specs:
          description: At most so many specs are started; a retry is no new one.
          type: [integer, 'null']
          minimum: 1
          maximum: 10000
        max_concurrent:
          description: At most so many runs of a parallel order are in flight at once; in another mode it is refused (422).
          type: [integer, 'null']
          minimum: 1
          maximum: 10000
        prompt:
          description: The name of a prompt; wins over the spec's.
          type: [string, 'null']
          minLength: 1
        agent:
          description: The name of a configured agent.
          type: [string, 'null']
          minLength: 1
        model:
          type: [string, 'null']
          minLength: 1
        timeout_seconds:
          description: The wall limit.
          type: [integer, 'null']
          minimum: 1
          maximum: 31536000
        criteria:
          description: What open acceptance criteria mean in the end.
          oneOf:
            - $ref: '#/components/schemas/CriteriaPolicy'
            - type: 'null'
        skip:
          description: Parts of the gate that are left out, for this start only.
          type: [array, 'null']
          items:
            $ref: '#/components/schemas/SkippedGate'
        merge:
          description: '`manual` ends the run as `awaiting-merge`, with its branch kept.'
          oneOf:
            - $ref: '#/components/schemas/MergePolicy'
            - type: 'null'
        allow_no_commits:
          description: Whether a run without commits can complete.
          type: [boolean, 'null']
          default: false
        from:
          description: '`target`: fresh at the target''s tip. `branch`: from the kept branch, whose commits count.'
          oneOf:
            - $ref: '#/components/schemas/StartPoint'
            - type: 'null'
        note:
          description: What the agent of this attempt is to be told besides; it ends the message. At most 64 KiB.
          type: [string, 'null']
          minLength: 1
          maxLength: 65536

    CancelOrderRequest:
      examples:
        - {finish_running: true}
      type: object
      additionalProperties: false
      properties:
        finish_running:
          description: Whether the agents that run may end.
          type: [boolean, 'null']
          default: false

    StopRequest:
      type: object
      additionalProperties: false
      properties:
        run_id:
          description: Stop it only if it still works for this run.
          oneOf:
            - $ref: '#/components/schemas/RunID'
            - type: 'null'
    ResetRequest:
      description: How a spec is reset.
      type: object
      additionalProperties: false
      properties:
        force:
          description: From every status, whatever works on it.
          type: [boolean, 'null']
          default: false
        by:
          description: Who asks, for the event; only where it is forced.
          type: [string, 'null']
          pattern: '\S'
          maxLength: 200
      examples:
        - {}
        - {force: true, by: ann}

    Takeover:
      description: What is known of the run that a person has taken over.
      type: object
      additionalProperties: false
      required: [spec_id, analysis, log_tail, suggestion, worktree_path]
      properties:
        spec_id:
          type: string
        analysis:
          description: What its log says, in a few sentences.
          type: string
        log_tail:
          description: Its last 50 lines.
          type: string
        suggestion:
          description: What to do next.
          type: string
        worktree_path:
          description: Where its work lies; null where no worktree was made, or it is gone.
          type: [string, 'null']
      examples:
        - spec_id: 2026-08-01-001-k3x
          analysis: "Run r01k0c8m4hde1rbxq2m7z5ya9wt of agent main was stopped so that a person can take the work over. It had written 2 lines."
          log_tail: "reading the spec\nrunning the tests"
          suggestion: "Go on in the worktree and commit there, or say in the spec how to go on, and resume it."
          worktree_path: /var/lib/chant/worktrees/0123456789abcdef/r01k0c8m4hde1rbxq2m7z5ya9wt

    EmptyRequest:
      examples:
        - {}
      description: No keys; an empty body does as well.
      type: object
      additionalProperties: false

    PromptMessage:
      type: object
      additionalProperties: false
      required: [spec_id, prompt, source, extends, extensions, message]
      properties:
        spec_id:
          $ref: '#/components/schemas/SpecID'
        prompt:
          description: The prompt's name.
          type: string
        source:
          description: Whether the project has a file of this name, or the program's own text is used.
          type: string
          enum: [project, built-in]
        extends:
          description: 'What the prompt extends: its parent, that one''s parent, ….'
          type: array
          items:
            type: string
        extensions:
          description: The snippets that `defaults.prompt_extensions` adds to every message.
          type: array
          items:
            type: string
        message:
          description: The whole message.
          type: string
      examples:
        - spec_id: 2026-08-01-001-k3x
          prompt: careful
          source: project
          extends: [standard]
          extensions: [house-rules]
          message: "# Work on one spec\n\nYou are a software engineer. …\n"

    SpecFields:
      description: |
        The keys of a spec's header, typed and normalised, and what is computed. A key that the header lacks is null,
        or an empty list.
      type: object
      required:
        - id
        - title
        - path
        - updated_at
        - archived
        - revision
        - type
        - status
        - depends_on
        - labels
        - target_files
        - context
        - prompt
        - branch
        - commits
        - completed_at
        - model
        - tracks
        - informed_by
        - origin
        - schedule
        - source_branch
        - target_branch
        - conflicting_files
        - blocked_specs
        - original_spec
        - last_verified
        - verification_status
        - verification_failures
        - replayed_at
        - original_completed_at
        - replay_count
        - derived_fields
        - approval
        - output_schema
        - public
        - retry_state
        - extra
        - driver
        - members
        - ready
        - blocked_by
        - allowed
        - criteria
        - stale
        - run_id
        - order_id
        - usage
      properties:
        id:
          $ref: '#/components/schemas/SpecID'
        title:
          description: The first `# ` line outside fences.
          type: [string, 'null']
        path:
          description: The file, below the project's folder.
          type: string
          examples: [.chant/specs/2026-08-01-001-k3x.md]
        updated_at:
          description: When the file was last written.
          type: string
          format: date-time
        archived:
          type: boolean
        revision:
          $ref: '#/components/schemas/Revision'
        type:
          $ref: '#/components/schemas/SpecType'
        status:
          description: A stored `blocked` is shown as `pending`.
          $ref: '#/components/schemas/SpecStatus'
        depends_on:
          description: Null where the header has no such key, which matters for members.
          type: [array, 'null']
          items:
            type: string
        labels: {$ref: '#/components/schemas/Texts'}
        target_files: {$ref: '#/components/schemas/Texts'}
        context: {$ref: '#/components/schemas/Texts'}
        prompt: {$ref: '#/components/schemas/Text'}
        branch: {$ref: '#/components/schemas/Text'}
        commits:
          description: Short hashes, oldest first, as the file has them.
          type: array
          items:
            type: string
        completed_at: {$ref: '#/components/schemas/Text'}
        model: {$ref: '#/components/schemas/Text'}
        tracks: {$ref: '#/components/schemas/Texts'}
        informed_by: {$ref: '#/components/schemas/Texts'}
        origin: {$ref: '#/components/schemas/Texts'}
        schedule: {$ref: '#/components/schemas/Text'}
        source_branch: {$ref: '#/components/schemas/Text'}
        target_branch: {$ref: '#/components/schemas/Text'}
        conflicting_files: {$ref: '#/components/schemas/Texts'}
        blocked_specs: {$ref: '#/components/schemas/Texts'}
        original_spec: {$ref: '#/components/schemas/Text'}
        last_verified: {$ref: '#/components/schemas/Text'}
        verification_status: {$ref: '#/components/schemas/Text'}
        verification_failures: {$ref: '#/components/schemas/Texts'}
        replayed_at: {$ref: '#/components/schemas/Text'}
        original_completed_at: {$ref: '#/components/schemas/Text'}
        replay_count:
          type: [integer, 'null']
        derived_fields: {$ref: '#/components/schemas/Texts'}
        approval:
          oneOf:
            - $ref: '#/components/schemas/Approval'
            - type: 'null'
        output_schema: {$ref: '#/components/schemas/Text'}
        public:
          type: [boolean, 'null']
        retry_state:
          oneOf:
            - $ref: '#/components/schemas/RetryState'
            - type: 'null'
        extra:
          description: Keys of the header that chant does not know, with their values.
          type: object
          additionalProperties: true
        driver:
          description: The spec that this one is a member of.
          oneOf:
            - $ref: '#/components/schemas/SpecID'
            - type: 'null'
        members:
          description: The specs that have this one as their driver, by number.
          type: array
          items:
            $ref: '#/components/schemas/SpecID'
        ready:
          description: Whether it can start now without being named.
          type: boolean
        blocked_by:
          type: array
          items:
            $ref: '#/components/schemas/Blocker'
        allowed:
          description: What can be asked for now; grows with the service's routes.
          type: array
          items:
            type: string
            enum: [work, edit, delete, approve, reject, cancel, reset, pause, resume, takeover, merge, finalize]
        criteria:
          $ref: '#/components/schemas/Criteria'
        stale:
          description: Whether it is `in_progress` though nothing works on it.
          type: boolean
        run_id:
          description: The live run, else the latest.
          oneOf:
            - $ref: '#/components/schemas/RunID'
            - type: 'null'
        order_id:
          description: That run's order.
          oneOf:
            - $ref: '#/components/schemas/OrderID'
            - type: 'null'
        usage:
          description: The sums over its settled runs.
          $ref: '#/components/schemas/Usage'
    SpecItem:
      description: A spec in a list, without its body.
      unevaluatedProperties: false
      allOf:
        - $ref: '#/components/schemas/SpecFields'
    Spec:
      examples:
        - {id: 2026-08-01-001-k3x, title: Say hello, path: .chant/specs/2026-08-01-001-k3x.md, updated_at: '2026-08-01T09:24:22.912Z',
          archived: false, revision: f2eab282cbca2405, type: code, status: completed, depends_on: null, labels: [demo],
          target_files: [hello.txt], context: [], prompt: null, branch: chant/2026-08-01-001-k3x, commits: [bfbcf1c], completed_at: '2026-08-01T09:24:22Z',
          model: main, tracks: [], informed_by: [], origin: [], schedule: null, derived_fields: [], approval: null, output_schema: null,
          public: null, retry_state: null, extra: {}, source_branch: null, target_branch: null, conflicting_files: [], blocked_specs: [],
          original_spec: null, last_verified: null, verification_status: null, verification_failures: [], replayed_at: null,
          original_completed_at: null, replay_count: null, driver: null, members: [], ready: false, blocked_by: [], allowed: [],
          criteria: {total: 1, checked: 1}, stale: false, run_id: r01k0c8m4hde1rbxq2m7z5ya9wt, order_id: o01k0c8m4h7wq3nd8vxe5zr2ktm,
          usage: {input_tokens: 300, output_tokens: 60, cost_usd: 0.0012},
          body: '
          
          # Say hello
          
          
          Add a greeting.
          
          
          ## Acceptance Criteria
          
          
          - [x] `hello.txt` exists
          
          ', frontmatter: {type: code, status: completed, labels: [demo], target_files: [hello.txt], branch: chant/2026-08-01-001-k3x,
          commits: [bfbcf1c], completed_at: '2026-08-01T09:24:22Z', model: main}}
      description: A spec with its body and its header as written.
      type: object
      unevaluatedProperties: false
      allOf:
        - $ref: '#/components/schemas/SpecFields'
      required: [body, frontmatter]
      properties:
        body:
          description: Everything below the header.
          type: string
        frontmatter:
          description: The header as the file has it, in its order; scalars are strings as written.
          type: object
          additionalProperties: true
    UnreadableSpec:
      examples:
        - {id: 2026-08-01-002-m7q, path: .chant/specs/2026-08-01-002-m7q.md, revision: e0b516eb8dbab7ae, unreadable: {detail: 'The
          header is no YAML: did not find expected '','' or '']''.', line: 3}}
      description: A file among the specs that cannot be read as one; nothing overwrites it.
      type: object
      additionalProperties: false
      required: [id, path, revision, unreadable]
      properties:
        id:
          description: The file's name without `.md`, whatever it is.
          type: string
        path:
          type: string
        revision:
          description: Null where the bytes cannot be read either.
          oneOf:
            - $ref: '#/components/schemas/Revision'
            - type: 'null'
        unreadable:
          type: object
          additionalProperties: false
          required: [detail, line]
          properties:
            detail:
              type: string
            line:
              type: [integer, 'null']
              minimum: 1
    SpecList:
      type: object
      additionalProperties: false
      required: [items, total, next]
      properties:
        items:
          type: array
          items:
            oneOf:
              - $ref: '#/components/schemas/SpecItem'
              - $ref: '#/components/schemas/UnreadableSpec'
        total:
          $ref: '#/components/schemas/Total'
        next:
          $ref: '#/components/schemas/Next'
    Total:
      description: How many there are, beyond `limit` too.
      type: integer
      minimum: 0
    Next:
      description: The `cursor` of the next page; null on the last one.
      type: [string, 'null']
    Approval:
      type: object
      additionalProperties: false
      required: [required, status, by, at]
      properties:
        required:
          type: boolean
        status:
          $ref: '#/components/schemas/ApprovalStatus'
        by: {$ref: '#/components/schemas/Text'}
        at: {$ref: '#/components/schemas/Text'}
    RetryState:
      description: What the original's watch noted; times are milliseconds since 1970.
      type: object
      additionalProperties: false
      required: [attempts, last_retry_time, next_retry_time]
      properties:
        attempts:
          type: [integer, 'null']
        last_retry_time:
          type: [integer, 'null']
        next_retry_time:
          type: [integer, 'null']
    Finding:
      type: object
      additionalProperties: false
      required: [rule, severity, detail, suggestion]
      properties:
        rule:
          $ref: '#/components/schemas/LintRule'
        severity:
          $ref: '#/components/schemas/Severity'
        detail:
          type: string
        suggestion:
          description: What to do about it.
          type: [string, 'null']
    LintRule:
      type: string
      enum: [title, dependency, type, complexity, coupling, modelwaste]
    Severity:
      description: Errors stop work.
      type: string
      enum: [error, warning]
    Approving:
      type: object
      additionalProperties: false
      required: [by]
      properties:
        by:
          description: Whose word it is; one line.
          type: string
          minLength: 1
          maxLength: 200
        reason:
          type: [string, 'null']
          minLength: 1
          maxLength: 65536
    Rejecting:
      type: object
      additionalProperties: false
      required: [by, reason]
      properties:
        by:
          description: Whose word it is; one line.
          type: string
          minLength: 1
          maxLength: 200
        reason:
          type: string
          minLength: 1
          maxLength: 65536
    MemberList:
      examples:
        - {spec_id: 2026-08-01-002-q0z, items: [{id: 2026-08-01-002-q0z.1, title: The parser, status: completed,
          driver: 2026-08-01-002-q0z, archived: false, ready: false, blocked_by: [], run_id: r01k0c8m4hde1rbxq2m7z5ya9wt,
          unreadable: null}, {id: 2026-08-01-002-q0z.2, title: The printer, status: pending,
          driver: 2026-08-01-002-q0z, archived: false, ready: true, blocked_by: [], run_id: null, unreadable: null}],
          total: 2, next: null, summary: {pending: 1, in_progress: 0, paused: 0, completed: 1, failed: 0,
          needs_attention: 0, cancelled: 0, ready: 1, unreadable: 0}, progress: {state: pending, done: 1, total: 2}}
      type: object
      additionalProperties: false
      required: [spec_id, items, total, next, summary, progress]
      properties:
        spec_id:
          $ref: '#/components/schemas/SpecID'
        items:
          type: array
          items:
            $ref: '#/components/schemas/Member'
        total:
          $ref: '#/components/schemas/Total'
        next:
          $ref: '#/components/schemas/Next'
        summary:
          description: How many members have each status, can start, and cannot be read.
          type: object
          additionalProperties: false
          required: [pending, in_progress, paused, completed, failed, needs_attention, cancelled, ready, unreadable]
          properties:
            pending: {$ref: '#/components/schemas/Count'}
            in_progress: {$ref: '#/components/schemas/Count'}
            paused: {$ref: '#/components/schemas/Count'}
            completed: {$ref: '#/components/schemas/Count'}
            failed: {$ref: '#/components/schemas/Count'}
            needs_attention: {$ref: '#/components/schemas/Count'}
            cancelled: {$ref: '#/components/schemas/Count'}
            ready: {$ref: '#/components/schemas/Count'}
            unreadable: {$ref: '#/components/schemas/Count'}
        progress:
          type: object
          additionalProperties: false
          required: [state, done, total]
          properties:
            state:
              $ref: '#/components/schemas/DriverProgress'
            done:
              description: Members that are completed, cancelled or archived.
              type: integer
              minimum: 0
            total:
              $ref: '#/components/schemas/Count'
    DriverProgress:
      description: |
        `empty`: no members; `running`: one at least is worked; `attention`: one has failed, needs a person or cannot be read;
        `completed`: all are done; else `pending`.
      type: string
      enum: [empty, pending, running, attention, completed]
    Member:
      type: object
      additionalProperties: false
      required: [id, title, status, driver, archived, ready, blocked_by, run_id, unreadable]
      properties:
        id:
          $ref: '#/components/schemas/SpecID'
        title:
          type: [string, 'null']
        status:
          description: Null where the file cannot be read.
          oneOf:
            - $ref: '#/components/schemas/SpecStatus'
            - type: 'null'
        driver:
          description: The nearest spec above it.
          type: string
        archived:
          type: boolean
        ready:
          type: boolean
        blocked_by:
          type: array
          items:
            $ref: '#/components/schemas/Blocker'
        run_id:
          description: The live run, else the latest.
          oneOf:
            - $ref: '#/components/schemas/RunID'
            - type: 'null'
        unreadable:
          oneOf:
            - type: object
              additionalProperties: false
              required: [detail, line]
              properties:
                detail:
                  type: string
                line:
                  type: [integer, 'null']
            - type: 'null'
    DependencyList:
      examples:
        - {spec_id: 2026-08-01-003-m4t, ready: false, blocked_by: [{id: 2026-08-01-001-k3x, why: status}],
          items: [{id: 2026-08-01-001-k3x, title: Say hello, status: in_progress, archived: false, direct: true,
          needed_by: 2026-08-01-003-m4t, why: status}], total: 1, next: null,
          dependents: [{id: 2026-08-01-004-p0q, title: Say goodbye, status: pending, waits: true}]}
      type: object
      additionalProperties: false
      required: [spec_id, ready, blocked_by, items, total, next, dependents]
      properties:
        spec_id:
          $ref: '#/components/schemas/SpecID'
        ready:
          type: boolean
        blocked_by:
          description: What holds the spec back itself.
          type: array
          items:
            $ref: '#/components/schemas/Blocker'
        items:
          type: array
          items:
            $ref: '#/components/schemas/Dependency'
        total:
          $ref: '#/components/schemas/Total'
        next:
          $ref: '#/components/schemas/Next'
        dependents:
          type: array
          items:
            $ref: '#/components/schemas/Dependent'
    Dependency:
      type: object
      additionalProperties: false
      required: [id, title, status, archived, direct, needed_by, why]
      properties:
        id:
          description: As it is named; it need not exist.
          type: string
        title:
          type: [string, 'null']
        status:
          description: Null where it does not exist or cannot be read.
          oneOf:
            - $ref: '#/components/schemas/SpecStatus'
            - type: 'null'
        archived:
          type: boolean
        direct:
          description: Whether the spec itself waits for it.
          type: boolean
        needed_by:
          description: The spec that waits for it.
          type: string
        why:
          description: Why it holds `needed_by` back; null where it is done.
          oneOf:
            - $ref: '#/components/schemas/BlockReason'
            - type: 'null'
    Dependent:
      type: object
      additionalProperties: false
      required: [id, title, status, waits]
      properties:
        id:
          $ref: '#/components/schemas/SpecID'
        title:
          type: [string, 'null']
        status:
          $ref: '#/components/schemas/SpecStatus'
        waits:
          description: Whether the spec holds it back now.
          type: boolean
    Blocker:
      type: object
      additionalProperties: false
      required: [id, why]
      properties:
        id:
          description: The spec that is waited for, as it is named.
          type: string
        why:
          $ref: '#/components/schemas/BlockReason'
    Criteria:
      description: Acceptance criteria; while a run lives, those of its worktree's copy.
      type: object
      additionalProperties: false
      required: [total, checked]
      properties:
        total:
          type: integer
          minimum: 0
        checked:
          type: integer
          minimum: 0

    Run:
      examples:
        - {kind: run, id: r01k0c8m4hde1rbxq2m7z5ya9wt, spec_id: 2026-08-01-001-k3x, order_id: o01k0c8m4h7wq3nd8vxe5zr2ktm,
          project: greeter, mode: single, state: settled, stage: finalize, attempt: 1, agent: main, provider: demo, model: null,
          from: target, note: null, by: null, branch: chant/2026-08-01-001-k3x, worktree: /home/ana/.local/state/chant-server/worktrees/09f8186bf883/r01k0c8m4hde1rbxq2m7z5ya9wt,
          target: main, base_commit: 33887df184d91f5a68c4661a28bcf1ee8fb24339, head_commit: bfbcf1c61ca35798454113ea24fb514ab05f11bf,
          commits: [bfbcf1c61ca35798454113ea24fb514ab05f11bf], merge_commit: 0d2650ff857945ff3cf0d7702496f6d5e3c5b7af, queued_at: '2026-08-01T09:24:17.517Z',
          started_at: '2026-08-01T09:24:17.541Z', finished_at: '2026-08-01T09:24:22.959Z', waiting_for: [], not_before: null,
          limits: {wall_seconds: 7200, idle_seconds: 1800, log_bytes: 268435456, cost_usd: null}, timings: {queued_ms: 24,
          prepare_ms: 219, git_ms: 420, spawn_ms: 83, settle_ms: 399}, exit_code: 0, signal: null, session_id: null, usage: {
          input_tokens: null, output_tokens: null, cost_usd: null}, outcome: completed, reason: null, problem: null, warnings: [],
          retry_of: null, resumed_from: null, next_run: null}
      description: One agent start for one spec, from its acceptance to its outcome.
      type: object
      additionalProperties: false
      required:
        - kind
        - id
        - spec_id
        - order_id
        - project
        - mode
        - state
        - stage
        - attempt
        - agent
        - provider
        - model
        - branch
        - worktree
        - target
        - base_commit
        - head_commit
        - commits
        - merge_commit
        - exit_code
        - signal
        - session_id
        - queued_at
        - started_at
        - finished_at
        - waiting_for
        - not_before
        - limits
        - usage
        - timings
        - outcome
        - reason
        - problem
        - warnings
        - retry_of
        - resumed_from
        - next_run
        - from
        - note
        - by
      properties:
        kind:
          const: run
        id:
          $ref: '#/components/schemas/RunID'
        spec_id:
          $ref: '#/components/schemas/SpecID'
        order_id:
          $ref: '#/components/schemas/OrderID'
        project:
          type: string
        mode:
          $ref: '#/components/schemas/RunMode'
        state:
          $ref: '#/components/schemas/RunState'
        stage:
          description: The step that it is in; null before the first.
          oneOf:
            - $ref: '#/components/schemas/Stage'
            - type: 'null'
        attempt:
          description: Counts from 1 within the order; a run after an interruption keeps its predecessor's number.
          type: integer
          minimum: 1
        agent:
          type: string
        provider:
          type: string
        model:
          description: The model asked for, later the one that the agent reported.
          type: [string, 'null']
        branch:
          type: string
        worktree:
          description: The path of its worktree, once there is one.
          type: [string, 'null']
        target:
          description: The branch that finished work goes to.
          type: string
        base_commit: {$ref: '#/components/schemas/Commit'}
        head_commit: {$ref: '#/components/schemas/Commit'}
        commits:
          description: The agent's commits, oldest first.
          type: array
          items:
            $ref: '#/components/schemas/CommitHash'
        merge_commit: {$ref: '#/components/schemas/Commit'}
        exit_code:
          type: [integer, 'null']
        signal:
          type: [integer, 'null']
        session_id:
          description: The name of the agent's session; null before its end, and for agents that have none.
          type: [string, 'null']
        queued_at:
          type: string
          format: date-time
        started_at: {$ref: '#/components/schemas/Moment'}
        finished_at: {$ref: '#/components/schemas/Moment'}
        waiting_for:
          description: |
            What a queued run waits for: `worker`, `agent:<name>`, `dependency:<id>`, `not-before:<time>`, `memory`,
            `disk`, `repository`.
          type: array
          items:
            type: string
            pattern: '^(worker|agent:.+|dependency:.+|not-before:.+|memory|disk|repository)$'
        not_before:
          description: It does not start earlier; a run that follows a failure that passes with time.
          type: [string, 'null']
          format: date-time
        limits:
          $ref: '#/components/schemas/RunLimits'
        usage:
          $ref: '#/components/schemas/Usage'
        timings:
          $ref: '#/components/schemas/RunTimings'
        outcome:
          description: Null until it is settled.
          oneOf:
            - $ref: '#/components/schemas/RunOutcome'
            - type: 'null'
        reason:
          oneOf:
            - $ref: '#/components/schemas/RunReason'
            - type: 'null'
        problem:
          description: What went wrong, with the evidence.
          oneOf:
            - $ref: '#/components/schemas/RunProblem'
            - type: 'null'
        warnings:
          type: array
          items:
            $ref: '#/components/schemas/RunWarning'
        retry_of:
          description: The run that this one follows after an interruption.
          oneOf:
            - $ref: '#/components/schemas/RunID'
            - type: 'null'
        resumed_from:
          description: The paused run whose work this one goes on with.
          oneOf:
            - $ref: '#/components/schemas/RunID'
            - type: 'null'
        next_run:
          description: The run that follows this one; of a paused one, the run that goes on with it.
          oneOf:
            - $ref: '#/components/schemas/RunID'
            - type: 'null'
        from:
          $ref: '#/components/schemas/StartPoint'
        note:
          description: What a person wanted to tell the agent of this attempt.
          type: [string, 'null']
        by:
          description: Always null in this version.
          type: 'null'
    RunLimits:
      type: object
      additionalProperties: false
      required: [wall_seconds, idle_seconds, log_bytes, cost_usd]
      properties:
        wall_seconds:
          type: number
        idle_seconds:
          type: number
        log_bytes:
          type: integer
        cost_usd:
          description: What the run may cost in US dollars; null without a limit. Kept by Claude Code alone.
          type: [number, 'null']
          minimum: 0
    Usage:
      description: What the agent says its model calls took; null where it does not say it, or not yet.
      type: object
      additionalProperties: false
      required: [input_tokens, output_tokens, cost_usd]
      properties:
        input_tokens: {$ref: '#/components/schemas/TokenCount'}
        output_tokens: {$ref: '#/components/schemas/TokenCount'}
        cost_usd: {$ref: '#/components/schemas/Cost'}
    TokenCount:
      description: Tokens of all models that the agent used; of those that went in also the cached ones.
      type: [integer, 'null']
      minimum: 0
    Cost:
      description: US dollars, by the agent's own price table.
      type: [number, 'null']
      minimum: 0
    DailyUsage:
      description: The sums of the runs that ended on one day (UTC) and said what they took.
      type: object
      additionalProperties: false
      required: [date, runs, input_tokens, output_tokens, cost_usd]
      properties:
        date:
          type: string
          format: date
        runs: {$ref: '#/components/schemas/Count'}
        input_tokens: {$ref: '#/components/schemas/TokenCount'}
        output_tokens: {$ref: '#/components/schemas/TokenCount'}
        cost_usd: {$ref: '#/components/schemas/Cost'}
    LogStep:
      description: |
        What an agent with structured output did, or said. `offset` is where the line that says it begins in view `raw`.
        `unknown` names an event that this version does not read; the line is in view `raw`.
      type: object
      required: [offset, kind]
      additionalProperties: false
      properties:
        offset:
          type: integer
          minimum: 0
        kind:
          type: string
          enum: [text, tool_use, tool_result, retry, usage, result, unknown]
        text:
          type: string
        name:
          description: The tool.
          type: string
        input:
          description: What it is used for, as the agent wrote it.
        is_error:
          type: boolean
        bytes:
          description: The size of what the tool gave.
          type: integer
          minimum: 0
        attempt:
          type: [integer, 'null']
        delay_ms:
          type: [integer, 'null']
        status:
          description: The HTTP status with which the model's interface refused.
          type: [integer, 'null']
        input_tokens: {$ref: '#/components/schemas/TokenCount'}
        output_tokens: {$ref: '#/components/schemas/TokenCount'}
        cost_usd: {$ref: '#/components/schemas/Cost'}
        raw_type:
          type: [string, 'null']
    RunTimings:
      description: Where the time went, in milliseconds; null where it did not go yet.
      type: object
      additionalProperties: false
      required: [queued_ms, prepare_ms, git_ms, spawn_ms, settle_ms]
      properties:
        queued_ms: {$ref: '#/components/schemas/Milliseconds'}
        prepare_ms: {$ref: '#/components/schemas/Milliseconds'}
        git_ms: {$ref: '#/components/schemas/Milliseconds'}
        spawn_ms: {$ref: '#/components/schemas/Milliseconds'}
        settle_ms: {$ref: '#/components/schemas/Milliseconds'}
    RunProblem:
      description: A problem document without a status of HTTP, with the evidence as further members.
      type: object
      required: [type, title, detail, instance]
      properties:
        type:
          description: '`/problems/<reason>`.'
          type: string
          pattern: '^/problems/[a-z0-9-]+$'
        title:
          type: string
        detail:
          type: string
        instance:
          description: The run's address.
          type: string
      additionalProperties: true
    RunWarning:
      description: Something noteworthy that did not change the outcome.
      type: object
      additionalProperties: false
      required: [code, detail, paths]
      properties:
        code:
          $ref: '#/components/schemas/WarningCode'
        detail:
          type: string
        paths:
          type: array
          items:
            type: string
    Work:
      description: What was started.
      oneOf:
        - $ref: '#/components/schemas/Run'
        - $ref: '#/components/schemas/Order'
    OrderList:
      examples:
        - {items: [{kind: order, id: o01k0c8m4h7wq3nd8vxe5zr2ktm, project: greeter, mode: chain, state: settled, ended: failed,
          options: {named: true, labels: [], follow: false, on_failure: stop, max_specs: null, max_concurrent: null, prompt: null,
          agent: null, model: null, timeout_seconds: null, criteria: null, skip: [], merge: null, allow_no_commits: false,
          from: null, note: null}, specs: [{spec_id: 2026-08-01-001-k3x, state: settled, run_id: r01k0c8m4hde1rbxq2m7z5ya9wt,
          outcome: failed, reason: no-commits, detail: The agent ended well but made no commit., waiting_for: []},
          {spec_id: 2026-08-01-002-q0z, state: skipped, run_id: null, outcome: null, reason: order-ended,
          detail: The order ended before it came to spec 2026-08-01-002-q0z., waiting_for: []}],
          summary: {completed: 0, failed: 1, needs_attention: 0, skipped: 1, cancelled: 0, remaining_ready: 1},
          created_at: '2026-08-01T09:24:17.517Z', settled_at: '2026-08-01T09:24:22.959Z'}], total: 1, next: null}
      type: object
      additionalProperties: false
      required: [items, total, next]
      properties:
        items:
          type: array
          items:
            $ref: '#/components/schemas/Order'
        total:
          $ref: '#/components/schemas/Total'
        next:
          $ref: '#/components/schemas/Next'
    Order:
      examples:
        - {kind: order, id: o01k0c8m4h7wq3nd8vxe5zr2ktm, project: greeter, mode: chain, state: settled, ended: failed,
          options: {named: true, labels: [], follow: false, on_failure: stop, max_specs: null, max_concurrent: null, prompt: null,
          agent: null, model: null, timeout_seconds: null, criteria: null, skip: [], merge: null, allow_no_commits: false,
          from: null, note: null}, specs: [{spec_id: 2026-08-01-001-k3x, state: settled, run_id: r01k0c8m4hde1rbxq2m7z5ya9wt,
          outcome: failed, reason: no-commits, detail: The agent ended well but made no commit., waiting_for: []},
          {spec_id: 2026-08-01-002-q0z, state: skipped, run_id: null, outcome: null, reason: order-ended,
          detail: The order ended before it came to spec 2026-08-01-002-q0z., waiting_for: []}],
          summary: {completed: 0, failed: 1, needs_attention: 0, skipped: 1, cancelled: 0, remaining_ready: 1},
          created_at: '2026-08-01T09:24:17.517Z', settled_at: '2026-08-01T09:24:22.959Z'}
      description: What one POST started.
      type: object
      additionalProperties: false
      required: [kind, id, project, mode, state, ended, options, specs, summary, created_at, settled_at]
      properties:
        kind:
          const: order
        id:
          $ref: '#/components/schemas/OrderID'
        project:
          type: string
        mode:
          $ref: '#/components/schemas/RunMode'
        state:
          description: '`stopping` once it was cancelled, until nothing of it runs any more.'
          type: string
          enum: [open, stopping, settled]
        ended:
          description: Why it ended; null while it has not.
          oneOf:
            - $ref: '#/components/schemas/OrderEnding'
            - type: 'null'
        options:
          $ref: '#/components/schemas/OrderOptions'
        specs:
          type: array
          items:
            $ref: '#/components/schemas/OrderEntry'
        summary:
          description: So far, while it is open.
          $ref: '#/components/schemas/OrderSummary'
        created_at: {$ref: '#/components/schemas/Time'}
        settled_at: {$ref: '#/components/schemas/Moment'}
    OrderEnding:
      description: |
        `finished`: nothing was left that it could start, whatever its specs' endings; an order of one spec, and one in mode
        `single`, only where all completed. `failed`: a spec did not complete, and the rest was to stop then (or, in mode
        `single`, some did not). `cancelled`: somebody cancelled it. `limit`: `max_specs` were started, and more were left.
      type: string
      enum: [finished, failed, cancelled, limit]
    OrderOptions:
      description: What the caller asked for, with what follows from the mode.
      type: object
      additionalProperties: false
      required: [named, labels, follow, on_failure, max_specs, max_concurrent, prompt, agent, model, timeout_seconds, criteria,
        skip, merge, allow_no_commits, from, note]
      properties:
        named:
          description: Whether the caller named the specs; else what is ready is taken.
          type: boolean
        labels:
          type: array
          items:
            type: string
        follow:
          type: boolean
        on_failure:
          type: string
          enum: [stop, continue]
        max_specs:
          type: [integer, 'null']
        max_concurrent:
          type: [integer, 'null']
        prompt:
          type: [string, 'null']
        agent:
          type: [string, 'null']
        model:
          type: [string, 'null']
        timeout_seconds:
          type: [integer, 'null']
        criteria:
          oneOf:
            - $ref: '#/components/schemas/CriteriaPolicy'
            - type: 'null'
        skip:
          type: array
          items:
            $ref: '#/components/schemas/SkippedGate'
        merge:
          oneOf:
            - $ref: '#/components/schemas/MergePolicy'
            - type: 'null'
        allow_no_commits:
          type: boolean
        from:
          oneOf:
            - $ref: '#/components/schemas/StartPoint'
            - type: 'null'
        note:
          type: [string, 'null']
    OrderEntry:
      description: One spec of an order.
      type: object
      additionalProperties: false
      required: [spec_id, state, run_id, outcome, reason, detail, waiting_for]
      properties:
        spec_id:
          $ref: '#/components/schemas/SpecID'
        state:
          type: string
          enum: [waiting, queued, running, settled, skipped]
        run_id:
          description: Its latest run in this order.
          oneOf:
            - $ref: '#/components/schemas/RunID'
            - type: 'null'
        outcome:
          oneOf:
            - $ref: '#/components/schemas/RunOutcome'
            - type: 'null'
        reason:
          description: |
            That of its run; of a spec that is skipped the word of the gate, `already-running`, or `order-ended`.
          type: [string, 'null']
        detail:
          description: The same in a sentence.
          type: [string, 'null']
        waiting_for:
          description: As in a run; also `dependency:<id>` for a spec whose turn has not come.
          type: array
          items:
            type: string
    RunList:
      examples:
        - {items: [{kind: run, id: r01k0c8m4hde1rbxq2m7z5ya9wt, spec_id: 2026-08-01-001-k3x, order_id: o01k0c8m4h7wq3nd8vxe5zr2ktm,
          project: greeter, mode: single, state: settled, stage: finalize, attempt: 1, agent: main, provider: demo,
          model: null, from: target, note: null, by: null, branch: chant/2026-08-01-001-k3x, worktree: /home/ana/.local/state/chant-server/worktrees/09f8186bf883/r01k0c8m4hde1rbxq2m7z5ya9wt,
          target: main, base_commit: 33887df184d91f5a68c4661a28bcf1ee8fb24339, head_commit: bfbcf1c61ca35798454113ea24fb514ab05f11bf,
          commits: [bfbcf1c61ca35798454113ea24fb514ab05f11bf], merge_commit: 0d2650ff857945ff3cf0d7702496f6d5e3c5b7af,
          queued_at: '2026-08-01T09:24:17.517Z', started_at: '2026-08-01T09:24:17.541Z', finished_at: '2026-08-01T09:24:22.959Z',
          waiting_for: [], not_before: null, limits: {wall_seconds: 7200, idle_seconds: 1800, log_bytes: 268435456,
          cost_usd: null}, timings: {queued_ms: 24, prepare_ms: 219, git_ms: 420, spawn_ms: 83, settle_ms: 399}, exit_code: 0,
          signal: null, session_id: null, usage: {input_tokens: null, output_tokens: null, cost_usd: null}, outcome: completed,
          reason: null, problem: null, warnings: [], retry_of: null, resumed_from: null, next_run: null}], total: 1,
          next: null}
      type: object
      additionalProperties: false
      required: [items, total, next]
      properties:
        items:
          type: array
          items:
            $ref: '#/components/schemas/Run'
        total:
          $ref: '#/components/schemas/Total'
        next:
          $ref: '#/components/schemas/Next'

    Process:
      description: A process that works for a run; the figures are sums over its tree.
      type: object
      additionalProperties: false
      required:
        - role
        - pid
        - started_at
        - spec_id
        - run_id
        - order_id
        - agent
        - model
        - state
        - adopted
        - owner
        - cpu_seconds
        - rss_bytes
        - children
        - worktree
        - branch
        - log_bytes
        - last_output_at
      properties:
        role:
          description: The agent, or the command of `server.worktree.setup` before it.
          type: string
          enum: [agent, setup]
        pid:
          type: integer
          minimum: 1
        started_at:
          type: string
          format: date-time
        spec_id:
          $ref: '#/components/schemas/SpecID'
        run_id:
          description: Null for what the original program started.
          oneOf:
            - $ref: '#/components/schemas/RunID'
            - type: 'null'
        order_id:
          oneOf:
            - $ref: '#/components/schemas/OrderID'
            - type: 'null'
        agent:
          type: [string, 'null']
        model:
          type: [string, 'null']
        state:
          description: |
            `stale`: its supervisor is gone, and it is about to be stopped. `unverifiable`: it lives, or lived, where the
            service cannot look.
          type: string
          enum: [running, stopping, stale, unverifiable]
        adopted:
          description: Whether an earlier service started it.
          type: boolean
        owner:
          type: string
          enum: [server, chant]
        cpu_seconds:
          type: number
          minimum: 0
        rss_bytes:
          type: integer
          minimum: 0
        children:
          type: integer
          minimum: 0
        worktree:
          type: [string, 'null']
        branch:
          type: [string, 'null']
        log_bytes:
          type: integer
          minimum: 0
        last_output_at:
          type: [string, 'null']
          format: date-time
    ProcessList:
      examples:
        - {items: [{role: agent, pid: 4711, started_at: '2026-08-01T09:24:17.873Z', spec_id: 2026-08-01-001-k3x, run_id: r01k0c8m4hde1rbxq2m7z5ya9wt,
          order_id: o01k0c8m4h7wq3nd8vxe5zr2ktm, agent: main, model: null, state: running, adopted: false, owner: server,
          cpu_seconds: 0.01, rss_bytes: 30175232, children: 0, worktree: /home/ana/.local/state/chant-server/worktrees/09f8186bf883/r01k0c8m4hde1rbxq2m7z5ya9wt,
          branch: chant/2026-08-01-001-k3x, log_bytes: 151, last_output_at: '2026-08-01T09:24:17.960Z'}], total: 1,
          next: null, summary: {running: 1, stopping: 0, stale: 0, unverifiable: 0}}
      type: object
      additionalProperties: false
      required: [items, total, next, summary]
      properties:
        items:
          type: array
          items:
            $ref: '#/components/schemas/Process'
        total:
          $ref: '#/components/schemas/Total'
        next:
          $ref: '#/components/schemas/Next'
        summary:
          description: How many are in each state, beyond `limit` too.
          type: object
          additionalProperties: false
          required: [running, stopping, stale, unverifiable]
          properties:
            running: {$ref: '#/components/schemas/Count'}
            stopping: {$ref: '#/components/schemas/Count'}
            stale: {$ref: '#/components/schemas/Count'}
            unverifiable: {$ref: '#/components/schemas/Count'}

    Configuration:
      examples:
        - {version: 0.3.0, project: {name: greeter, path: /home/ana/greeter/.chant}, target: main,
          service: {workers: 4, queue_limit: 1000, state_dir: /home/ana/.local/state/chant-server,
          worktrees_dir: /home/ana/.local/state/chant-server/worktrees, listen: '127.0.0.1:24268', hosts: [],
          port_file: null, on_stop: detach, log_format: json, log_level: info},
          defaults: {prompt: standard, branch_prefix: chant/, model: null, split_model: null, main_branch: null,
          provider: claude, rotation_strategy: none, prompt_extensions: []},
          agents: [{name: main, provider: claude, program: claude, max_concurrent: 2, weight: 1}],
          parallel: {stagger_delay_ms: 1000, stagger_jitter_ms: 200},
          watch: {failure: {max_retries: 3, retry_delay_ms: 60000, backoff_multiplier: 2.0, retryable_patterns: []}},
          server: {limits: {wall_seconds: 7200, idle_seconds: 1800, stop_grace_seconds: 10, setup_seconds: 600,
          log_bytes: 268435456, cost_usd: null}, criteria: require, merge: auto, uncommitted: attention,
          keep_failed_seconds: 86400, commit_specs: false, agent_may_write: ['specs/<id>*.md'],
          agent_env: {pass: ['MY_*'], set: [CLAUDE_CODE_MAX_RETRIES]},
          identity: 'Chant Agent <agent@chant.invalid>', service_identity: 'Chant Server <server@chant.invalid>',
          agent_signing: inherit, sign: null, worktree: {setup: null, include: [], keep: []},
          retention: {runs_age_seconds: 2592000, runs_bytes: 5368709120, runs_count: 100000, events_age_seconds: 2592000,
          events_count: 1000000, refs_age_seconds: null, refs_count: 1000, every_seconds: 600},
          floors: {disk_bytes: 2147483648, disk_percent: 5, memory_bytes: 536870912, state_bytes: 268435456,
          ballast_bytes: 16777216, every_seconds: 5},
          redact: {env: ['*_KEY', '*_TOKEN', '*_SECRET'], values_from: [.env]}},
          approval: {rejection_action: manual, require_approval_for_agent_work: false},
          validation: {strict_output_validation: false}, lint: {thresholds: {complexity_criteria: 10, complexity_files: 5,
          complexity_words: 150, simple_criteria: 1, simple_files: 1, simple_words: 3}, disable: [complexity_words]}}
      type: object
      additionalProperties: false
      required: [version, project, target, service, defaults, agents, parallel, watch, server, approval, validation, lint]
      properties:
        parallel:
          description: The pause between two starts of runs of parallel orders.
          type: object
          additionalProperties: false
          required: [stagger_delay_ms, stagger_jitter_ms]
          properties:
            stagger_delay_ms: {type: integer}
            stagger_jitter_ms: {type: integer}
        watch:
          description: When failed runs are tried again.
          type: object
          additionalProperties: false
          required: [failure]
          properties:
            failure:
              type: object
              additionalProperties: false
              required: [max_retries, retry_delay_ms, backoff_multiplier, retryable_patterns]
              properties:
                max_retries: {type: integer}
                retry_delay_ms: {type: integer}
                backoff_multiplier: {type: number}
                retryable_patterns:
                  description: Empty for the texts of the rules.
                  type: array
                  items: {type: string}
        approval:
          description: The section `approval`.
          type: object
          additionalProperties: false
          required: [rejection_action, require_approval_for_agent_work]
          properties:
            rejection_action: {type: string, enum: [manual, dependency, group]}
            require_approval_for_agent_work: {type: boolean}
        validation:
          description: The section `validation`.
          type: object
          additionalProperties: false
          required: [strict_output_validation]
          properties:
            strict_output_validation: {type: boolean}
        lint:
          description: The section `lint`.
          type: object
          additionalProperties: false
          required: [thresholds, disable]
          properties:
            thresholds:
              type: object
              additionalProperties: false
              required: [complexity_criteria, complexity_files, complexity_words, simple_criteria, simple_files, simple_words]
              properties:
                complexity_criteria: {type: integer}
                complexity_files: {type: integer}
                complexity_words: {type: integer}
                simple_criteria: {type: integer}
                simple_files: {type: integer}
                simple_words: {type: integer}
            disable: {type: array, items: {type: string}}
        version:
          type: string
        project:
          description: The name, and the real path of `.chant`.
          type: object
          additionalProperties: false
          required: [name, path]
          properties:
            name: {type: string}
            path: {type: string}
        target:
          description: The branch that finished work goes to.
          type: string
        service:
          description: How the service was started.
          type: object
          required: [workers, queue_limit, state_dir, worktrees_dir, listen, hosts, port_file, on_stop,
            log_format, log_level]
          properties:
            workers: {type: integer}
            queue_limit: {type: integer}
            state_dir: {type: string}
            worktrees_dir: {type: string}
            listen: {type: string}
            hosts: {type: array, items: {type: string}}
            port_file: {type: [string, 'null']}
            on_stop: {type: string, enum: [detach, drain, stop]}
            log_format: {type: string, enum: [text, json]}
            log_level: {type: string}
        defaults:
          description: The section `defaults`.
          type: object
          additionalProperties: false
          required: [prompt, branch_prefix, model, split_model, main_branch, provider, rotation_strategy, prompt_extensions]
          properties:
            prompt: {type: string}
            branch_prefix: {type: string}
            model: {type: [string, 'null']}
            split_model: {type: [string, 'null']}
            main_branch: {type: [string, 'null']}
            provider: {type: string}
            rotation_strategy: {type: string, enum: [none, random, round-robin]}
            prompt_extensions: {type: array, items: {type: string}}
        agents:
          description: The agents that requests can name; the first is for those that name none.
          type: array
          items:
            type: object
            additionalProperties: false
            required: [name, provider, program, max_concurrent, weight]
            properties:
              name: {type: string}
              provider: {type: string}
              program: {type: [string, 'null'], description: The program alone; its arguments are not shown.}
              max_concurrent: {type: integer}
              weight: {type: integer}
        server:
          description: |
            The section `server`; durations in seconds. Of `agent_env.set` the names, of `worktree.setup` the program.
          type: object
          required: [limits, criteria, merge, uncommitted, keep_failed_seconds, commit_specs, agent_may_write, agent_env,
            identity, service_identity, agent_signing, sign, worktree, retention, floors, redact]
          properties:
            limits:
              type: object
              required: [wall_seconds, idle_seconds, stop_grace_seconds, setup_seconds, log_bytes, cost_usd]
              properties:
                wall_seconds: {type: number}
                idle_seconds: {type: number}
                stop_grace_seconds: {type: number}
                setup_seconds: {type: number}
                log_bytes: {type: integer}
                cost_usd: {type: [number, 'null']}
            criteria: {$ref: '#/components/schemas/CriteriaPolicy'}
            merge: {type: string, enum: [auto, manual]}
            uncommitted: {type: string, enum: [attention, commit, report]}
            keep_failed_seconds: {type: number}
            commit_specs: {type: boolean}
            agent_may_write: {type: array, items: {type: string}}
            agent_env:
              type: object
              additionalProperties: false
              required: [pass, set]
              properties:
                pass: {type: array, items: {type: string}}
                set: {type: array, items: {type: string}}
            identity: {type: string}
            service_identity: {type: string}
            agent_signing: {type: string, enum: [inherit, 'off']}
            sign: {type: [string, 'null']}
            worktree:
              type: object
              additionalProperties: false
              required: [setup, include, keep]
              properties:
                setup: {type: [string, 'null']}
                include: {type: array, items: {type: string}}
                keep: {type: array, items: {type: string}}
            retention:
              type: object
              additionalProperties: false
              required: [runs_age_seconds, runs_bytes, runs_count, events_age_seconds, events_count, refs_age_seconds,
                refs_count, every_seconds]
              properties:
                runs_age_seconds: {type: number}
                runs_bytes: {type: integer}
                runs_count: {type: integer}
                events_age_seconds: {type: number}
                events_count: {type: integer}
                refs_age_seconds: {type: [number, 'null']}
                refs_count: {type: integer}
                every_seconds: {type: number}
            floors:
              type: object
              additionalProperties: false
              required: [disk_bytes, disk_percent, memory_bytes, state_bytes, ballast_bytes, every_seconds]
              properties:
                disk_bytes: {type: integer}
                disk_percent: {type: integer}
                memory_bytes: {type: integer}
                state_bytes: {type: integer}
                ballast_bytes: {type: integer}
                every_seconds: {type: number}
            redact:
              type: object
              additionalProperties: false
              required: [env, values_from]
              properties:
                env: {type: array, items: {type: string}}
                values_from: {type: array, items: {type: string}}
    Status:
      examples:
        - {counts: {pending: 0, in_progress: 1, paused: 0, completed: 0, failed: 0, needs_attention: 0, cancelled: 0, ready: 0,
          unreadable: 1}, workers: {limit: 4, busy: 1}, queue: {length: 0, oldest_seconds: null}, repositories: [{path: /home/ana/greeter,
          target: main, holder: null, waiting: 0}], usage: [], storage: {runs: {count: 1, bytes: 24576, limits: {age_seconds: 2592000,
          bytes: 5368709120, count: 100000}}, events: {count: 14, oldest_at: '2026-08-01T12:00:00.000Z', limits: {age_seconds: 2592000,
          count: 1000000}}, refs: {count: 0, limits: {age_seconds: null, count: 1000}}, worktrees: {count: 1}, journal: {bytes: 86016},
          looked_at: '2026-08-01T12:00:00.000Z', disk: {worktrees: {free_bytes: 74088185856, total_bytes: 270583717888,
          floor_bytes: 13529185894}, state: {free_bytes: 74088185856, total_bytes: 270583717888, floor_bytes: 268435456}},
          memory: {available_bytes: 22953431040, floor_bytes: 536870912}, shortages: []}}
      type: object
      additionalProperties: false
      required: [counts, workers, queue, repositories, usage, storage]
      properties:
        counts:
          description: Active specs by status; `ready` of them can start; `unreadable` files have no status.
          type: object
          additionalProperties: false
          required:
            - pending
            - in_progress
            - paused
            - completed
            - failed
            - needs_attention
            - cancelled
            - ready
            - unreadable
          properties:
            pending: {$ref: '#/components/schemas/Count'}
            in_progress: {$ref: '#/components/schemas/Count'}
            paused: {$ref: '#/components/schemas/Count'}
            completed: {$ref: '#/components/schemas/Count'}
            failed: {$ref: '#/components/schemas/Count'}
            needs_attention: {$ref: '#/components/schemas/Count'}
            cancelled: {$ref: '#/components/schemas/Count'}
            ready: {$ref: '#/components/schemas/Count'}
            unreadable: {$ref: '#/components/schemas/Count'}
        workers:
          type: object
          additionalProperties: false
          required: [limit, busy]
          properties:
            limit: {$ref: '#/components/schemas/Count'}
            busy: {$ref: '#/components/schemas/Count'}
        queue:
          type: object
          additionalProperties: false
          required: [length, oldest_seconds]
          properties:
            length: {$ref: '#/components/schemas/Count'}
            oldest_seconds:
              description: How long the oldest queued run has waited; null when none waits.
              type: [number, 'null']
              minimum: 0
        repositories:
          type: array
          items:
            type: object
            additionalProperties: false
            required: [path, target, holder, waiting]
            properties:
              path:
                type: string
              target:
                description: The branch that finished work goes to; null in a repository without commits.
                type: [string, 'null']
              holder:
                description: Who is adding or removing a worktree now.
                type: [string, 'null']
              waiting:
                description: How many wait for that.
                type: integer
                minimum: 0
        usage:
          description: What the agents took on each of the last 31 days on which runs ended that say it, the newest first.
          type: array
          items:
            $ref: '#/components/schemas/DailyUsage'
        storage:
          $ref: '#/components/schemas/Storage'
    Storage:
      description: |
        What grows, with its limits (`server.retention`), and what is free, with its floors (`server.floors`). Beyond a limit
        the oldest goes that nothing needs: never a live run, the runs of an open order, a paused run, or what alone holds
        unfinished work.
      type: object
      additionalProperties: false
      required: [runs, events, refs, worktrees, journal, looked_at, disk, memory, shortages]
      properties:
        runs:
          description: Runs with their folders, which hold their logs.
          type: object
          additionalProperties: false
          required: [count, bytes, limits]
          properties:
            count: {$ref: '#/components/schemas/Count'}
            bytes: {$ref: '#/components/schemas/KnownSize'}
            limits:
              type: object
              additionalProperties: false
              required: [age_seconds, bytes, count]
              properties:
                age_seconds: {type: number, minimum: 0}
                bytes: {$ref: '#/components/schemas/Count'}
                count: {$ref: '#/components/schemas/Count'}
        events:
          type: object
          additionalProperties: false
          required: [count, oldest_at, limits]
          properties:
            count: {$ref: '#/components/schemas/Count'}
            oldest_at:
              type: [string, 'null']
              format: date-time
            limits:
              type: object
              additionalProperties: false
              required: [age_seconds, count]
              properties:
                age_seconds: {type: number, minimum: 0}
                count: {$ref: '#/components/schemas/Count'}
        refs:
          description: Refs below `refs/chant/kept` and `refs/chant/left`.
          type: object
          additionalProperties: false
          required: [count, limits]
          properties:
            count: {$ref: '#/components/schemas/KnownSize'}
            limits:
              type: object
              additionalProperties: false
              required: [age_seconds, count]
              properties:
                age_seconds:
                  description: Null where their age does not matter.
                  type: [number, 'null']
                  minimum: 0
                count: {$ref: '#/components/schemas/Count'}
        worktrees:
          type: object
          additionalProperties: false
          required: [count]
          properties:
            count: {$ref: '#/components/schemas/KnownSize'}
        journal:
          type: object
          additionalProperties: false
          required: [bytes]
          properties:
            bytes: {$ref: '#/components/schemas/Count'}
        looked_at:
          description: When runs' bytes, refs and worktrees were last counted; null, as they are, before the first time.
          type: [string, 'null']
          format: date-time
        disk:
          type: object
          additionalProperties: false
          required: [worktrees, state]
          properties:
            worktrees: {$ref: '#/components/schemas/Disk'}
            state: {$ref: '#/components/schemas/Disk'}
        memory:
          type: object
          additionalProperties: false
          required: [available_bytes, floor_bytes]
          properties:
            available_bytes: {$ref: '#/components/schemas/KnownSize'}
            floor_bytes: {$ref: '#/components/schemas/Count'}
        shortages:
          description: |
            What is below its floor: `disk` (of the worktrees) and `memory` make starts wait, `state` (the state folder's
            disk) makes the service refuse new runs with `disk-floor`.
          type: array
          items:
            type: object
            additionalProperties: false
            required: [what, detail]
            properties:
              what:
                type: string
                enum: [disk, memory, state]
              detail:
                type: string
    KnownSize:
      description: Null where it is not known.
      type: [integer, 'null']
      minimum: 0
    Disk:
      description: The file system of a folder.
      type: object
      additionalProperties: false
      required: [free_bytes, total_bytes, floor_bytes]
      properties:
        free_bytes: {$ref: '#/components/schemas/KnownSize'}
        total_bytes: {$ref: '#/components/schemas/KnownSize'}
        floor_bytes: {$ref: '#/components/schemas/Count'}
    Health:
      examples:
        - {status: ready}
      type: object
      additionalProperties: false
      required: [status]
      properties:
        status:
          type: string
          enum: [live, ready]
    Version:
      examples:
        - {name: chant-server, version: 0.2.0}
      type: object
      additionalProperties: false
      required: [name, version]
      properties:
        name:
          const: chant-server
        version:
          type: string

    Event:
      oneOf:
        - $ref: '#/components/schemas/SpecEvent'
        - $ref: '#/components/schemas/RunEvent'
        - $ref: '#/components/schemas/OrderEvent'
        - $ref: '#/components/schemas/ProcessEvent'
        - $ref: '#/components/schemas/ServiceEvent'
    SpecEvent:
      type: object
      additionalProperties: false
      required: [sequence, at, project, type, spec_id, change, from, to, by, revision]
      properties:
        sequence: {$ref: '#/components/schemas/Sequence'}
        at: {$ref: '#/components/schemas/Time'}
        project: {$ref: '#/components/schemas/EventProject'}
        type:
          const: spec.changed
        spec_id:
          $ref: '#/components/schemas/SpecID'
        change:
          type: string
          enum: [created, edited, removed, status]
        from:
          description: The status before, where it changed.
          type: [string, 'null']
        to:
          description: The status after, where it changed.
          type: [string, 'null']
        by:
          description: '`service`, or `outside`.'
          type: string
        revision:
          oneOf:
            - $ref: '#/components/schemas/Revision'
            - type: 'null'
    RunEvent:
      type: object
      additionalProperties: false
      required: [sequence, at, project, type, run_id, spec_id, order_id, attempt, state, stage, outcome, reason]
      properties:
        sequence: {$ref: '#/components/schemas/Sequence'}
        at: {$ref: '#/components/schemas/Time'}
        project: {$ref: '#/components/schemas/EventProject'}
        type:
          type: string
          enum: [run.queued, run.started, run.stage, run.settled]
        run_id:
          $ref: '#/components/schemas/RunID'
        spec_id:
          $ref: '#/components/schemas/SpecID'
        order_id:
          $ref: '#/components/schemas/OrderID'
        attempt:
          type: integer
          minimum: 1
        state:
          $ref: '#/components/schemas/RunState'
        stage:
          oneOf:
            - $ref: '#/components/schemas/Stage'
            - type: 'null'
        outcome:
          oneOf:
            - $ref: '#/components/schemas/RunOutcome'
            - type: 'null'
        reason:
          oneOf:
            - $ref: '#/components/schemas/RunReason'
            - type: 'null'
    OrderEvent:
      type: object
      additionalProperties: false
      required: [sequence, at, project, type, order_id, mode, ended, summary]
      properties:
        sequence: {$ref: '#/components/schemas/Sequence'}
        at: {$ref: '#/components/schemas/Time'}
        project: {$ref: '#/components/schemas/EventProject'}
        type:
          type: string
          enum: [order.created, order.settled]
        order_id:
          $ref: '#/components/schemas/OrderID'
        mode:
          $ref: '#/components/schemas/RunMode'
        ended:
          description: Null while it is open.
          oneOf:
            - $ref: '#/components/schemas/OrderEnding'
            - type: 'null'
        summary:
          oneOf:
            - $ref: '#/components/schemas/OrderSummary'
            - type: 'null'
    OrderSummary:
      description: How many of an order's specs ended in which way.
      type: object
      additionalProperties: false
      required: [completed, failed, needs_attention, skipped, cancelled, remaining_ready]
      properties:
        completed: {$ref: '#/components/schemas/Count'}
        failed: {$ref: '#/components/schemas/Count'}
        needs_attention: {$ref: '#/components/schemas/Count'}
        skipped: {$ref: '#/components/schemas/Count'}
        cancelled: {$ref: '#/components/schemas/Count'}
        remaining_ready: {$ref: '#/components/schemas/Count'}
    ProcessEvent:
      type: object
      additionalProperties: false
      required: [sequence, at, project, type, run_id, spec_id, pid, exit_code, signal, adopted]
      properties:
        sequence: {$ref: '#/components/schemas/Sequence'}
        at: {$ref: '#/components/schemas/Time'}
        project: {$ref: '#/components/schemas/EventProject'}
        type:
          type: string
          enum: [process.started, process.exited]
        run_id:
          $ref: '#/components/schemas/RunID'
        spec_id:
          $ref: '#/components/schemas/SpecID'
        pid:
          type: integer
          minimum: 1
        exit_code:
          type: [integer, 'null']
        signal:
          type: [integer, 'null']
        adopted:
          type: boolean
    ServiceEvent:
      type: object
      additionalProperties: false
      required: [sequence, at, project, type, version, mode]
      properties:
        sequence: {$ref: '#/components/schemas/Sequence'}
        at: {$ref: '#/components/schemas/Time'}
        project: {$ref: '#/components/schemas/EventProject'}
        type:
          type: string
          enum: [service.started, service.stopping]
        version:
          type: string
        mode:
          description: How it stops; null when it starts.
          oneOf:
            - type: string
              enum: [stop]
            - type: 'null'
    EventReset:
      description: The data of `event reset` in `/events`; null where the journal has no events.
      type: object
      additionalProperties: false
      required: [oldest, newest]
      properties:
        oldest:
          type: [integer, 'null']
        newest:
          type: [integer, 'null']

    LogRun:
      description: The data of `event run` in a log's stream.
      type: object
      additionalProperties: false
      required: [run_id]
      properties:
        run_id:
          $ref: '#/components/schemas/RunID'
    LogReset:
      description: The data of `event reset` in a log's stream.
      type: object
      additionalProperties: false
      required: [reason]
      properties:
        reason:
          description: |
            `beyond-end`: the log is shorter than the position. `other-view`: it is of another view. `other-log`: of
            a run that this log is not about. `log-gone`: of a run whose log is gone.
          type: string
          enum: [beyond-end, other-view, other-log, log-gone]
    LogEnd:
      description: The data of `event end`; of the file of all runs, all null where only the original has worked.
      type: object
      additionalProperties: false
      required: [run_id, outcome, reason]
      properties:
        run_id:
          oneOf:
            - $ref: '#/components/schemas/RunID'
            - type: 'null'
        outcome:
          oneOf:
            - $ref: '#/components/schemas/RunOutcome'
            - type: 'null'
        reason:
          oneOf:
            - $ref: '#/components/schemas/RunReason'
            - type: 'null'

    Complaint:
      type: object
      additionalProperties: false
      required: [pointer, detail]
      properties:
        pointer:
          description: Where it is; a JSON pointer into the body (`/labels/0`), or `?name` in the query.
          type: string
        detail:
          type: string
    Problem:
      description: |
        A problem document (RFC 9457). The members below `instance` come only with the names that the examples show
        them with.
      type: object
      additionalProperties: false
      required: [type, title, status, detail, instance]
      properties:
        type:
          description: '`/problems/<name>`.'
          type: string
          pattern: '^/problems/[a-z0-9-]+$'
        title:
          type: string
        status:
          description: The status of HTTP.
          type: integer
          minimum: 400
          maximum: 599
        detail:
          description: What happened, and what to do.
          type: string
        instance:
          description: The request's path.
          type: string
        errors:
          description: What is wrong with what was sent, each with its place.
          type: array
          items:
            $ref: '#/components/schemas/Complaint'
        candidates:
          description: The ids that fit.
          type: array
          items:
            $ref: '#/components/schemas/SpecID'
        run_id:
          $ref: '#/components/schemas/RunID'
        pid:
          type: [integer, 'null']
        blockers:
          type: array
          items:
            $ref: '#/components/schemas/Blocker'
        findings:
          description: What lint finds.
          type: array
          items:
            $ref: '#/components/schemas/Finding'
        by:
          type: [string, 'null']
        line:
          type: [integer, 'null']
        spec_status:
          $ref: '#/components/schemas/SpecStatus'
        allowed:
          description: |
            The statuses that the spec could go to, none where it lies in the archive; of a word on an approval, the words that
            could be said.
          type: array
          items:
            type: string
        supported:
          description: The providers that work, or the media types that the route reads.
          type: array
          items:
            type: string
        revision:
          description: The version that the spec is at; null where there is none.
          type: [string, 'null']
        files:
          description: The files that are in the way.
          type: array
          items:
            type: string
        skipped:
          description: The specs of an order that cannot be started, and why.
          type: array
          items:
            type: object
            additionalProperties: false
            required: [spec_id, reason, detail]
            properties:
              spec_id:
                $ref: '#/components/schemas/SpecID'
              reason:
                type: string
              detail:
                type: string
        spec_id:
          $ref: '#/components/schemas/SpecID'
        run:
          $ref: '#/components/schemas/Run'
        order:
          $ref: '#/components/schemas/Order'
        merge:
          $ref: '#/components/schemas/MergeReport'
        limit_fields:
          description: How many header fields a request may have.
          type: integer
        size:
          description: How many bytes the log has.
          type: integer
          minimum: 0
        limit_bytes:
          description: The largest body.
          type: integer
        column:
          description: Where in its line the body is broken.
          type: integer

  examples:
    precondition-failed:
      value:
        type: "/problems/precondition-failed"
        title: "The spec is at another version"
        status: 412
        detail: "2026-08-01-001-k3x is at revision 0123456789abcdef now."
        instance: "/specs/2026-08-01-001-k3x"
        revision: "0123456789abcdef"
    precondition-required:
      value:
        type: "/problems/precondition-required"
        title: "Say which version is replaced"
        status: 428
        detail: "2026-08-01-001-k3x is there already. Say by If-Match which version you replace (`*`: whichever it is)."
        instance: "/specs/2026-08-01-001-k3x"
        revision: "0123456789abcdef"
    changed-meanwhile:
      value:
        type: "/problems/changed-meanwhile"
        title: "The file was changed by someone else"
        status: 409
        detail: "Someone else kept changing 2026-08-01-001-k3x at the same moment."
        instance: "/specs/2026-08-01-001-k3x"
    illegal-transition:
      value:
        type: "/problems/illegal-transition"
        title: "The spec's status does not allow this"
        status: 409
        detail: "A spec that is pending cannot be made completed by an edit."
        instance: "/specs/2026-08-01-001-k3x"
        spec_status: pending
        allowed: [cancelled]
    checkout-dirty:
      value:
        type: "/problems/checkout-dirty"
        title: "Changes in the checkout are in the way"
        status: 409
        detail: "Somebody has staged or changed .chant/specs/2026-08-01-001-k3x.md. The edit was not made, since it could not be committed (server.commit_specs)."
        instance: "/specs/2026-08-01-001-k3x"
        files: [.chant/specs/2026-08-01-001-k3x.md]
    checkout-busy:
      value:
        type: "/problems/checkout-busy"
        title: "The checkout is in the middle of something"
        status: 409
        detail: "A merge is under way in /home/ann/project. Finish or abort it, then try again. The edit was not made, since it could not be committed (server.commit_specs)."
        instance: "/specs/2026-08-01-001-k3x"
    target-moving:
      value:
        type: "/problems/target-moving"
        title: "The target branch kept moving"
        status: 409
        detail: "The target main kept moving. The edit was not made, since it could not be committed (server.commit_specs)."
        instance: "/specs/2026-08-01-001-k3x"
    malformed-request:
      value:
        type: "/problems/malformed-request"
        title: "The request cannot be read"
        status: 400
        detail: "The body is no JSON: the text ends too early (line 1, column 9)."
        instance: "/specs/2026-08-01-001-k3x/work"
        line: 1
        column: 9
    bad-cursor:
      value:
        type: "/problems/bad-cursor"
        title: "The cursor does not fit"
        status: 400
        detail: "The cursor belongs to another list, or to another query. Ask for the first page again, without a cursor."
        instance: "/specs"
    bad-event-id:
      value:
        type: "/problems/bad-event-id"
        title: "The event id cannot be read"
        status: 400
        detail: "\"yesterday\" is no id that this stream gives."
        instance: "/events"
    spec-not-found:
      value:
        type: "/problems/spec-not-found"
        title: "There is no such spec"
        status: 404
        detail: "No spec has the id, or a part of it, \"099\"."
        instance: "/specs/099"
    run-not-found:
      value:
        type: "/problems/run-not-found"
        title: "There is no such run"
        status: 404
        detail: "The journal knows no run r01k0c8m4hde1rbxq2m7z5ya9wt."
        instance: "/runs/r01k0c8m4hde1rbxq2m7z5ya9wt"
    order-not-found:
      value:
        type: "/problems/order-not-found"
        title: "No order has this id"
        status: 404
        detail: "The journal knows no order o01k0c8m4hde1rbxq2m7z5ya9wt."
        instance: "/work/o01k0c8m4hde1rbxq2m7z5ya9wt"
    process-not-found:
      value:
        type: "/problems/process-not-found"
        title: "There is no such agent process"
        status: 404
        detail: "No agent process has the pid 4711."
        instance: "/processes/4711/stop"
    route-not-found:
      value:
        type: "/problems/route-not-found"
        title: "There is nothing at this path"
        status: 404
        detail: "There is nothing at /spec."
        instance: "/spec"
    method-not-allowed:
      value:
        type: "/problems/method-not-allowed"
        title: "The path does not have this method"
        status: 405
        detail: "/specs has no DELETE; it has GET, HEAD, OPTIONS, POST."
        instance: "/specs"
    log-gone:
      value:
        type: "/problems/log-gone"
        title: "The log was removed"
        status: 410
        detail: "The log of run r01k0c8m4hde1rbxq2m7z5ya9wt was removed."
        instance: "/runs/r01k0c8m4hde1rbxq2m7z5ya9wt/log"
    already-running:
      value:
        type: "/problems/already-running"
        title: "A run of this spec is live"
        status: 409
        detail: "Run r01k0c8m4hde1rbxq2m7z5ya9wt works on 2026-08-01-001-k3x already."
        instance: "/specs/2026-08-01-001-k3x/work"
        run_id: "r01k0c8m4hde1rbxq2m7z5ya9wt"
        pid: 4711
    not-ready:
      value:
        type: "/problems/not-ready"
        title: "The spec waits for other specs"
        status: 409
        detail: "2026-08-01-001-k3x waits for 2026-07-31-004-p0q."
        instance: "/specs/2026-08-01-001-k3x/work"
        blockers: [{"id": "2026-07-31-004-p0q", "why": "status"}]
    needs-approval:
      value:
        type: "/problems/needs-approval"
        title: "The spec's approval is open"
        status: 409
        detail: "2026-08-01-001-k3x waits for an approval."
        instance: "/specs/2026-08-01-001-k3x/work"
    approval-rejected:
      value:
        type: "/problems/approval-rejected"
        title: "The spec's approval was refused"
        status: 409
        detail: "2026-08-01-001-k3x was rejected by ann."
        instance: "/specs/2026-08-01-001-k3x/work"
        by: "ann"
    spec-unreadable:
      value:
        type: "/problems/spec-unreadable"
        title: "The spec's file cannot be read"
        status: 409
        detail: "The header never closes."
        instance: "/specs/2026-08-01-001-k3x/work"
        line: 1
    not-startable:
      value:
        type: "/problems/not-startable"
        title: "The spec's status does not allow a start"
        status: 409
        detail: "2026-08-01-001-k3x is completed."
        instance: "/specs/2026-08-01-001-k3x/work"
        spec_status: "completed"
        allowed: []
    prompt-missing:
      value:
        type: "/problems/prompt-missing"
        title: "There is no such prompt"
        status: 409
        detail: "There is no prompt \"careful\"."
        instance: "/specs/2026-08-01-001-k3x/work"
    agent-missing:
      value:
        type: "/problems/agent-missing"
        title: "The agent's program is not there"
        status: 409
        detail: "Agent main: the program ./agent.sh was not found."
        instance: "/specs/2026-08-01-001-k3x/work"
    provider-unsupported:
      value:
        type: "/problems/provider-unsupported"
        title: "The provider is not supported"
        status: 409
        detail: "Provider ollama is not run by this service; it runs claude, command, demo."
        instance: "/specs/2026-08-01-001-k3x/work"
        supported: ["claude", "command", "demo"]
    agent-refuses-root:
      value:
        type: "/problems/agent-refuses-root"
        title: "The agent does not run as root"
        status: 409
        detail: "Agent `main` is Claude Code, which refuses to work without asking for a service that runs as root. Run the service as another user; or set IS_SANDBOX=1 in its environment, if the machine is a sandbox; or give the agent's command a list of its own: --allowedTools."
        instance: "/specs/2026-08-01-001-k3x/work"
    target-missing:
      value:
        type: "/problems/target-missing"
        title: "The target branch does not exist"
        status: 409
        detail: "There is no branch main."
        instance: "/specs/2026-08-01-001-k3x/work"
    repository-empty:
      value:
        type: "/problems/repository-empty"
        title: "The repository has no commit"
        status: 409
        detail: "The repository has no commit to start from."
        instance: "/specs/2026-08-01-001-k3x/work"
    locked-by-other:
      value:
        type: "/problems/locked-by-other"
        title: "Another program works on the spec"
        status: 409
        detail: "Process 4711 holds the lock of 2026-08-01-001-k3x."
        instance: "/specs/2026-08-01-001-k3x/work"
        pid: 4711
    lint-failed:
      value:
        type: "/problems/lint-failed"
        title: "The spec has errors that lint finds"
        status: 409
        detail: "Spec 2026-08-01-001-k3x has 1 error: it has no title."
        instance: "/specs/2026-08-01-001-k3x/work"
        findings: [{"rule": "title", "severity": "error", "detail": "The spec has no title.",
          "suggestion": "Begin the body with a line such as `# What is to be done`."}]
    chant-watch-running:
      value:
        type: "/problems/chant-watch-running"
        title: "The command-line program watches this project"
        status: 409
        detail: "Process 4711 watches this project (chant watch)."
        instance: "/specs/2026-08-01-001-k3x/work"
        pid: 4711
    nothing-to-do:
      value:
        type: "/problems/nothing-to-do"
        title: "There is nothing to do"
        status: 409
        detail: "None of the 1 named specs can be started."
        instance: "/work"
        skipped: [{"spec_id": "2026-08-01-001-k3x", "reason": "not-ready",
          "detail": "2026-08-01-001-k3x waits for 2026-07-31-004-p0q."}]
    spec-ambiguous:
      value:
        type: "/problems/spec-ambiguous"
        title: "The id fits several specs"
        status: 409
        detail: "\"001\" fits 2 specs."
        instance: "/specs/001"
        candidates: ["2026-08-01-001-k3x", "2026-07-31-001-a9z"]
    spec-exists:
      value:
        type: "/problems/spec-exists"
        title: "A spec with this id exists"
        status: 409
        detail: "A spec 2026-08-01-001-k3x is there already."
        instance: "/specs"
    too-late:
      value:
        type: "/problems/too-late"
        title: "It has happened already"
        status: 409
        detail: "Run r01k0c8m4hde1rbxq2m7z5ya9wt has ended as completed."
        instance: "/runs/r01k0c8m4hde1rbxq2m7z5ya9wt/cancel"
    unexpected-outcome:
      value:
        type: "/problems/unexpected-outcome"
        title: "It ended in another way than expected"
        status: 409
        detail: "The run ended as failed (no-commits), and completed was expected."
        instance: "/specs/001/work?expect=completed"
    not-ours:
      value:
        type: "/problems/not-ours"
        title: "The process is not the service's"
        status: 409
        detail: "Process 4711 was started by the original chant program."
        instance: "/processes/4711/stop"
    process-changed:
      value:
        type: "/problems/process-changed"
        title: "The process belongs to another run"
        status: 409
        detail: "Process 4711 works for run r01k0c8m4hde1rbxq2m7z5ya9wt."
        instance: "/processes/4711/stop"
        run_id: "r01k0c8m4hde1rbxq2m7z5ya9wt"
    foreign-origin:
      value:
        type: "/problems/foreign-origin"
        title: "The request comes from a foreign page"
        status: 403
        detail: "The request comes from a page of another origin. Sec-Fetch-Site is “cross-site”."
        instance: "/specs"
    not-acceptable:
      value:
        type: "/problems/not-acceptable"
        title: "No form of the answer fits Accept"
        status: 406
        detail: "Accept names none of application/json, text/markdown."
        instance: "/specs/2026-08-01-001-k3x"
        supported: ["application/json", "text/markdown"]
    request-timeout:
      value:
        type: "/problems/request-timeout"
        title: "The request did not arrive in time"
        status: 408
        detail: "The request was not complete when its time was over."
        instance: "/specs"
    length-required:
      value:
        type: "/problems/length-required"
        title: "The length of the body is missing"
        status: 411
        detail: "PUT needs a body, and Content-Length to tell its end."
        instance: "/specs/2026-08-01-001-k3x"
    uri-too-long:
      value:
        type: "/problems/uri-too-long"
        title: "The target is too long"
        status: 414
        detail: "The target is longer than 8192 bytes."
        instance: "/specs"
        limit_bytes: 8192
    range-not-satisfiable:
      value:
        type: "/problems/range-not-satisfiable"
        title: "The range is not in the log"
        status: 416
        detail: "The log has 118 bytes, and the range begins behind them."
        instance: "/runs/r01k0c8m4hde1rbxq2m7z5ya9wt/log"
        size: 118
    expectation-failed:
      value:
        type: "/problems/expectation-failed"
        title: "The expectation is not one that can be met"
        status: 417
        detail: "The expectation “200-ok” is not known."
        instance: "/specs"
    unknown-host:
      value:
        type: "/problems/unknown-host"
        title: "The service is not known by this name"
        status: 421
        detail: "The service is not known as “example.org”; --host would make it so."
        instance: "/specs"
    headers-too-large:
      value:
        type: "/problems/headers-too-large"
        title: "The header is too large"
        status: 431
        detail: "The header is larger than 12288 bytes."
        instance: "/specs"
        limit_bytes: 12288
    payload-too-large:
      value:
        type: "/problems/payload-too-large"
        title: "The body is too large"
        status: 413
        detail: "The body is larger than 1048576 bytes."
        instance: "/specs"
        limit_bytes: 1048576
    unsupported-media-type:
      value:
        type: "/problems/unsupported-media-type"
        title: "The body's type is not supported"
        status: 415
        detail: "The body came as text/csv; this route reads application/json."
        instance: "/specs/2026-08-01-001-k3x/work"
        supported: ["application/json"]
    invalid-spec:
      value:
        type: "/problems/invalid-spec"
        title: "The spec is not valid"
        status: 422
        detail: "`epic` is no type of a spec. (line 2)"
        instance: "/specs"
        errors: [{"pointer": "", "detail": "`epic` is no type of a spec. (line 2)"}]
    invalid-id:
      value:
        type: "/problems/invalid-id"
        title: "The id is not valid"
        status: 422
        detail: "The id holds a control character."
        instance: "/specs/%07"
        errors: [{"pointer": "", "detail": "holds a control character"}]
    unknown-key:
      value:
        type: "/problems/unknown-key"
        title: "The request has a name that does not exist"
        status: 422
        detail: "/agnet is not known here; the nearest name is agent."
        instance: "/specs/2026-08-01-001-k3x/work"
        errors: [{"pointer": "/agnet", "detail": "is not known here; the nearest name is agent"}]
    invalid-value:
      value:
        type: "/problems/invalid-value"
        title: "A value cannot be used"
        status: 422
        detail: "?limit must be a whole number from 1 to 500."
        instance: "/specs"
        errors: [{"pointer": "?limit", "detail": "must be a whole number from 1 to 500"}]
    rate-limited:
      value:
        type: "/problems/rate-limited"
        title: "Too many requests"
        status: 429
        detail: "1000 streams are open."
        instance: "/events"
    internal-error:
      value:
        type: "/problems/internal-error"
        title: "The service has failed"
        status: 500
        detail: "The service has failed; its log has more under the request's id."
        instance: "/specs"
    not-implemented:
      value:
        type: "/problems/not-implemented"
        title: "The service cannot do this"
        status: 501
        detail: "The service does not know the method BREW."
        instance: "/specs"
    queue-full:
      value:
        type: "/problems/queue-full"
        title: "The queue is full"
        status: 503
        detail: "1000 runs wait already."
        instance: "/specs/2026-08-01-001-k3x/work"
    disk-floor:
      value:
        type: "/problems/disk-floor"
        title: "The disk is nearly full"
        status: 503
        detail: "New runs are refused: too little disk for the state folder (120 MiB free, 256 MiB needed, `server.floors.state`)."
        instance: "/specs/2026-08-01-001-k3x/work"
    stopping:
      value:
        type: "/problems/stopping"
        title: "The service is stopping"
        status: 503
        detail: "The service is stopping."
        instance: "/specs/2026-08-01-001-k3x/work"

"""###
}
