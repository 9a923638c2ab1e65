extension ProblemName {
    /// The row of each name.
    ///
    /// Exhaustive: a new name does not compile until it has its row.
    var entry: Entry {
        switch self {
        case .malformedRequest:
            Entry(
                400,
                "The request cannot be read",
                """
                The request is broken as HTTP or as JSON: a path with an invalid escape, a header that is missing or \
                contradicts another, a body that is no JSON. The detail says what, and for JSON at which line and \
                column. Nothing was done. Correct the request and send it again.
                """
            )
        case .badEventID:
            Entry(
                400,
                "The event id cannot be read",
                """
                Last-Event-ID, or the value of ?after=, is no position that this stream has given out. Send the id \
                of the last event that you received, unchanged, or leave it out to begin where the stream begins by \
                itself.
                """
            )
        case .badCursor:
            Entry(
                400,
                "The cursor does not fit",
                """
                The value of ?cursor= was not given by this list, or by this list with another filter or order; only \
                limit may change from page to page. A list in an order other than that of ids keeps the order that it \
                began with, and very old ones are dropped. Ask for the first page again, without a cursor.
                """
            )
        case .foreignOrigin:
            Entry(
                403,
                "The request comes from a foreign page",
                """
                A browser sent this request for a page of another origin: Origin names another address than the \
                one that the request went to, or Sec-Fetch-Site says cross-site or same-site. Nothing was done. \
                Pages may use the service only from the address that it is reached at; programs leave both headers \
                out.
                """
            )
        case .specNotFound:
            Entry(
                404,
                "There is no such spec",
                """
                No spec, active or archived, has this id, and it is no abbreviation of one. GET /specs lists what \
                there is. An id may be shortened to its end as long as only one spec fits.
                """
            )
        case .runNotFound:
            Entry(
                404,
                "There is no such run",
                """
                The journal knows no run with this id. GET /runs lists the runs that it knows, and a spec's run_id \
                names its live or latest one.
                """
            )
        case .orderNotFound:
            Entry(
                404,
                "No order has this id",
                """
                The address names no order that the service knows. GET /work lists the orders; old ones go when their runs \
                do (see storage in GET /status).
                """
            )
        case .processNotFound:
            Entry(
                404,
                "There is no such agent process",
                """
                No agent process that is alive now has this pid. It may have ended since you saw it. GET /processes \
                lists what lives at the moment of the answer.
                """
            )
        case .routeNotFound:
            Entry(
                404,
                "There is nothing at this path",
                """
                The service has no route for this path. Paths have no slash at their end. GET /openapi.yaml \
                describes every route.
                """
            )
        case .methodNotAllowed:
            Entry(
                405,
                "The path does not have this method",
                """
                The path exists, but not with this method. The header Allow of the answer names the methods that it \
                has. Methods are written in capitals.
                """
            )
        case .notAcceptable:
            Entry(
                406,
                "No form of the answer fits Accept",
                """
                The header Accept names no media type in which this route answers, or refuses all of them with \
                q=0. Nothing was done. The member supported lists the types that there are; without Accept the \
                first of them is sent.
                """
            )
        case .requestTimeout:
            Entry(
                408,
                "The request did not arrive in time",
                """
                The header or the body of the request was not complete when its time was over, however lively the \
                connection was. Nothing was done. Send the request again in one go.
                """
            )
        case .lengthRequired:
            Entry(
                411,
                "The length of the body is missing",
                """
                The request is one that has a body, but neither Content-Length nor Transfer-Encoding says where it \
                ends. Nothing was done. Send Content-Length, which every client library does by itself.
                """
            )
        case .logGone:
            Entry(
                410,
                "The log was removed",
                """
                The run is known, but the file that held its output is not there any more. A run that is still under \
                way is not affected by that; what the agent has committed is in git.
                """
            )
        case .alreadyRunning:
            Entry(
                409,
                "A run of this spec is live",
                """
                A spec has at most one live run, and this one has it already. The member run_id names it. Follow it \
                at /runs/{run_id} and its log, or stop it with POST /runs/{run_id}/cancel, and start again when it \
                is settled.
                """
            )
        case .notReady:
            Entry(
                409,
                "The spec waits for other specs",
                """
                The spec, or its driver, depends on specs that are neither completed, cancelled nor archived, or on \
                some that do not exist, or stands in a circle of dependencies. The member blockers names each and \
                says why. Finish them first, correct depends_on, or start with {"skip": ["dependencies"]}.
                """
            )
        case .needsApproval:
            Entry(
                409,
                "The spec's approval is open",
                """
                The spec asks for an approval (approval.required) that it has not got. POST /specs/{id}/approve \
                with your name in by, or start with {"skip": ["approval"]}. A merge waits for the approval, too.
                """
            )
        case .approvalRejected:
            Entry(
                409,
                "The spec's approval was refused",
                """
                Somebody looked at the spec and rejected it; the member by says who. Change the spec so that it can \
                be approved, or start with {"skip": ["approval"]}.
                """
            )
        case .specUnreadable:
            Entry(
                409,
                "The spec's file cannot be read",
                """
                The file is there but cannot be read as a spec: its header is no YAML, never closes, or has an \
                unknown type or status. The members detail and line say where. The service never overwrites such a \
                file; correct it by hand and ask again.
                """
            )
        case .notStartable:
            Entry(
                409,
                "The spec's status does not allow a start",
                """
                Work starts on specs that are pending, paused, failed or need attention. This one is completed, \
                cancelled, or is marked in_progress without a run of the service. The members spec_status and allowed \
                say what it is and what can be done with it.
                """
            )
        case .promptMissing:
            Entry(
                409,
                "There is no such prompt",
                """
                The prompt that the request, the spec or the configuration names is not among the project's prompts \
                and is none of the built-in ones. Correct the name, or add the file to .chant/prompts.
                """
            )
        case .agentMissing:
            Entry(
                409,
                "The agent's program is not there",
                """
                The program that the configuration names for this agent was not found or may not be executed. \
                Install it, correct its name in the configuration, or choose another agent. chant-server check shows \
                what is found.
                """
            )
        case .providerUnsupported:
            Entry(
                409,
                "The provider is not supported",
                """
                The agent is configured with a provider that this version of the service does not run. The member \
                supported names those that work. Any program can be run through the provider command.
                """
            )
        case .targetMissing:
            Entry(
                409,
                "The target branch does not exist",
                """
                Finished work goes to the target branch, and there is no such branch: it was never made, or it was \
                deleted or renamed, perhaps during the run. A run's own branch and its commits are kept. Create the \
                branch again, or correct defaults.main_branch.
                """
            )
        case .repositoryEmpty:
            Entry(
                409,
                "The repository has no commit",
                """
                An agent works in a worktree of its own, and git can make one only from a commit. Make a first \
                commit in the repository and start again.
                """
            )
        case .lockedByOther:
            Entry(
                409,
                "Another program works on the spec",
                """
                The lock file of this spec belongs to another live process; the member pid names it. It is probably \
                the original chant program. Wait until it has ended, or end it, and start again.
                """
            )
        case .specAmbiguous:
            Entry(
                409,
                "The id fits several specs",
                """
                The shortened id is the end of more than one spec's id. The member candidates lists them. Repeat the \
                request with one of those.
                """
            )
        case .specExists:
            Entry(
                409,
                "A spec with this id exists",
                """
                A new spec was to be written, but a file with its name is there already. Nothing was overwritten. \
                Choose another id, or change the existing spec.
                """
            )
        case .changedMeanwhile:
            Entry(
                409,
                "The file was changed by someone else",
                """
                While the service was about to write the spec's file, someone else changed it. The other change was \
                kept and ours was not made. Read the spec again and repeat what you wanted to do.
                """
            )
        case .lintFailed:
            Entry(
                409,
                "The spec has errors that lint finds",
                """
                The spec's file can be read, but is not fit to be worked: it has no title, for example. The member findings names each rule with a sentence and a suggestion. Mend the file and start \
                the spec again.
                """
            )
        case .chantWatchRunning:
            Entry(
                409,
                "The command-line program watches this project",
                """
                A live `chant watch` finishes and merges specs of this project by itself, so the service starts no run \
                beside it. Stop the watch (its process id is in .chant/watch.pid and in the member pid), then start the \
                work again.
                """
            )
        case .nothingToDo:
            Entry(
                409,
                "There is nothing to do",
                """
                The order would not start a single spec. The member skipped names each spec that was looked at and why it \
                cannot run now; it is empty where no spec is ready, or where a driver has no members. For a merge or a \
                difference: no run of the spec has left commits, or a driver was named, whose members have them.
                """
            )
        case .illegalTransition:
            Entry(
                409,
                "The spec's status does not allow this",
                """
                A spec goes from one status to another by a fixed table, and this step is not in it. The members \
                spec_status and allowed say what the spec is now and which statuses it could go to; of a word on an \
                approval, which words could be said.
                """
            )
        case .unexpectedOutcome:
            Entry(
                409,
                "It ended in another way than expected",
                """
                The request named outcomes with ?expect=, and the run, order or merge ended with none of them. The \
                member run, order or merge is the whole object, so that its reason and evidence are at hand.
                """
            )
        case .tooLate:
            Entry(
                409,
                "It has happened already",
                """
                The run or the order is settled, or the work is already part of the target branch, so that it \
                cannot be stopped any more. GET /runs/{run} and GET /work/{order} show how it ended. To undo \
                finished work, revert its commit in git.
                """
            )
        case .notOurs:
            Entry(
                409,
                "The process is not the service's",
                """
                The process was started by the original chant program and not by this service, which therefore does \
                not stop it. Stop it where it was started.
                """
            )
        case .processChanged:
            Entry(
                409,
                "The process belongs to another run",
                """
                The pid is alive, but the process belongs to another run than the request names; the member run_id \
                tells which. Nothing was stopped. Look at GET /processes again.
                """
            )
        case .preconditionFailed:
            Entry(
                412,
                "The spec is at another version",
                """
                If-Match (or If-None-Match) names a version of the spec that it is not at; the member revision says which \
                one it is at, null that there is none. Nothing was written. Read the spec again, make the change on \
                what is there now, and send it with the new tag. Tags are compared by the part before the dot.
                """
            )
        case .preconditionRequired:
            Entry(
                428,
                "Say which version is replaced",
                """
                A PUT on a spec that exists needs If-Match with the spec's tag, so that nobody's edit is overwritten \
                unseen; the member revision says what it is now. `If-Match: *` overwrites knowingly. Nothing was written.
                """
            )
        case .payloadTooLarge:
            Entry(
                413,
                "The body is too large",
                """
                The body is larger than the service takes; the member limit_bytes says how many bytes it does take. \
                Nothing was done with it.
                """
            )
        case .uriTooLong:
            Entry(
                414,
                "The target is too long",
                """
                Path and query together are longer than the service reads. Nothing was done. Ids have at most 200 \
                bytes; filters that are that long can be given to several requests.
                """
            )
        case .unsupportedMediaType:
            Entry(
                415,
                "The body's type is not supported",
                """
                The route does not read bodies of this content type; the detail says which it reads. Send JSON with \
                Content-Type: application/json. From a browser the header is required, so that a foreign page cannot \
                act in your name.
                """
            )
        case .rangeNotSatisfiable:
            Entry(
                416,
                "The range is not in the log",
                """
                None of the ranges that Range asks for begins within the log. Content-Range tells how long it is. \
                Ask for a range that begins before its end, or without Range for the whole.
                """
            )
        case .expectationFailed:
            Entry(
                417,
                "The expectation is not one that can be met",
                """
                The header Expect asks for something other than 100-continue, which is the only expectation that \
                HTTP knows. Nothing was done. Leave the header out.
                """
            )
        case .unknownHost:
            Entry(
                421,
                "The service is not known by this name",
                """
                The host that the request names is neither a loopback name (localhost, 127.0.0.1, [::1]) nor one \
                that the service was given with --host. This keeps a page whose name was pointed at this machine \
                from using the service. Use a loopback name, or start the service with --host and the name.
                """
            )
        case .invalidSpec:
            Entry(
                422,
                "The spec is not valid",
                """
                The text that was sent is no spec that could be read again: the member errors names each finding. \
                Nothing was written. Correct the text and send it again.
                """
            )
        case .invalidID:
            Entry(
                422,
                "The id is not valid",
                """
                An id is a file name without its ending: 1 to 200 bytes of UTF-8 without a slash, a NUL or control \
                characters. Nothing was looked for.
                """
            )
        case .unknownKey:
            Entry(
                422,
                "The request has a name that does not exist",
                """
                A key of the body or a name in the query is none that this route knows. Such names are refused and \
                not ignored, so that a slip of the pen is not a silent surprise. The member errors lists each, with \
                the nearest known name where there is one.
                """
            )
        case .invalidValue:
            Entry(
                422,
                "A value cannot be used",
                """
                A value in the body or the query has the wrong type, is out of range, or is none of the words that \
                are known here. The member errors points at each: a JSON pointer into the body, or ?name for the \
                query. Nothing was done.
                """
            )
        case .rateLimited:
            Entry(
                429,
                "Too many requests",
                """
                The service holds as many open streams as it allows; the rest of its connections is kept for \
                ordinary requests. Close streams that nobody reads, and try again after the time in Retry-After. \
                As the end of a run: the agent's model, or what stands before it, refused with a rate limit or an \
                overload. The run's next_run tries again later by itself (watch.failure); without one the attempts \
                are used up, and the spec can be started again.
                """
            )
        case .headersTooLarge:
            Entry(
                431,
                "The header is too large",
                """
                The header fields of the request are larger, or more, than the service reads. Nothing was done. \
                The detail says which limit was reached; cookies of other services on the same host are the usual \
                cause.
                """
            )
        case .internalError:
            Entry(
                500,
                "The service has failed",
                """
                Something happened that the service does not expect: it is a fault of the service and not of the \
                request. Its log holds the details under the id in the answer's X-Request-Id. In a run, it means \
                that the run ended through such a fault; its branch is kept.
                """
            )
        case .notImplemented:
            Entry(
                501,
                "The service cannot do this",
                """
                The request uses a part of HTTP that the service does not have: an unknown method, or a transfer \
                coding other than chunked. Send it in another way.
                """
            )
        case .queueFull:
            Entry(
                503,
                "The queue is full",
                """
                As many runs are waiting as the service accepts, so it takes no further ones. Nothing was started. \
                Try again after the time in Retry-After, when some of them have been worked.
                """
            )
        case .diskFloor:
            Entry(
                503,
                "The disk is nearly full",
                """
                The file system of the service's state folder has less free room than its floor, so that no new runs \
                are taken: what is left is for the runs under way, to be settled. Nothing was started. Make room, or \
                lower server.floors.state; GET /status shows the figures below storage.
                """
            )
        case .stopping:
            Entry(
                503,
                "The service is stopping",
                """
                The service is about to end and takes no new requests. Try again after the time in Retry-After, when \
                it has been started again.
                """
            )
        // Reasons: what only a run can end with.
        case .noCommits:
            Entry(
                nil,
                "The agent committed nothing",
                """
                The agent ended well, but its branch has no commit beyond the point where it began, so there is \
                nothing to finish with. The spec is failed. Read the run's log; make the spec's task clearer, or \
                start it with {"allow_no_commits": true} if no change is what you expect.
                """
            )
        case .openCriteria:
            Entry(
                nil,
                "Acceptance criteria are open",
                """
                The agent ended well, but acceptance criteria are open; the member criteria names them. Nothing \
                was merged and the branch is kept. Tick what is done, in the spec or on the branch, and POST \
                /specs/{id}/merge; or start again from the branch, or with another criteria policy.
                """
            )
        case .uncommittedChanges:
            Entry(
                nil,
                "Changes were left uncommitted",
                """
                The agent ended and left changes of tracked files in its worktree that it did not commit; the \
                member files names them. They are kept, and nothing was merged. POST /specs/{id}/merge merges what \
                was committed without them; else commit them on the branch first, or start again.
                """
            )
        case .leftBranch:
            Entry(
                nil,
                "The agent left its branch",
                """
                The agent's worktree does not stand on the run's branch any more, and commits lie where it stands; \
                the member head names them. Both are kept. Look which commits are wanted and bring them onto the \
                branch, or start again.
                """
            )
        case .touchesChant:
            Entry(
                nil,
                "The work changes files below .chant",
                """
                The run's commits change files below .chant that agents may not change (server.agent_may_write); \
                the member files names them. Nothing was merged and the branch is kept. If the changes are wanted, \
                POST /specs/{id}/merge lets them through.
                """
            )
        case .mergeConflict:
            Entry(
                nil,
                "The work conflicts with the target",
                """
                The target branch has changed since the run began, in the same places as the run. The members \
                files, target_commits and run_commits say where. The branch is kept and the target is untouched. \
                POST /specs/{id}/merge tries again, with {"strategy": "rebase"} commit by commit; {"strategy": \
                "conflict-spec"} makes a spec of it that an agent can work. Or start again from the target.
                """
            )
        case .checkoutDirty:
            Entry(
                409,
                "Changes in the checkout are in the way",
                """
                The target branch is checked out, and files there that the work changes have changes of your own, \
                which are never touched; the member files names them. A run's branch is kept; an edit that was to be \
                committed (server.commit_specs) was not made. Commit or put away those changes, then start again, \
                merge the branch, or repeat the edit.
                """
            )
        case .checkoutBusy:
            Entry(
                409,
                "The checkout is in the middle of something",
                """
                A merge, rebase, bisect or the like of the target branch is under way in a checkout, so the branch \
                was not moved. A run's branch is kept; an edit that was to be committed (server.commit_specs) was not \
                made. Finish or abort what is under way there, then start again, merge the branch, or repeat the edit.
                """
            )
        case .targetMoving:
            Entry(
                409,
                "The target branch kept moving",
                """
                Each time the service was about to finish, someone else had moved the target branch; after five \
                rounds it gave up. A run's branch is kept; an edit that was to be committed was not made. Start \
                again, merge the branch, or repeat the edit when the target is quieter.
                """
            )
        case .awaitingMerge:
            Entry(
                nil,
                "The work waits to be merged",
                """
                The agent is done, and the run was to end there (merge: manual). The branch is kept. Look at GET \
                /specs/{id}/diff, and POST /specs/{id}/merge when you are content with it.
                """
            )
        case .awaitingApproval:
            Entry(
                nil,
                "The work waits for an approval",
                """
                The project asks for a person's approval of work that an agent made (approval.\
                require_approval_for_agent_work). The branch is kept and the spec has an open approval. Look at the work, \
                approve the spec, and merge it with POST /specs/{id}/merge.
                """
            )
        case .schemaMismatch:
            Entry(
                nil,
                "The agent's output does not fit its schema",
                """
                The spec names an output_schema, and the agent's output holds no JSON that is valid against it. The member \
                errors says what is wrong where. With validation.strict_output_validation the run needs a person; else it \
                is a warning.
                """
            )
        case .pause:
            Entry(
                nil,
                "The run was paused",
                """
                Somebody paused the spec: its agent was stopped, and its worktree is kept as it was. \
                POST /specs/{id}/resume goes on there.
                """
            )
        case .takeover:
            Entry(
                nil,
                "A person has taken the work over",
                """
                Somebody took the spec over: its agent was stopped, and its worktree is kept for the person. \
                POST /specs/{id}/resume goes on there, POST /specs/{id}/merge brings the branch to the target.
                """
            )
        case .specEdited:
            Entry(
                nil,
                "The spec was edited in a way that does not fit",
                """
                While the agent worked, someone edited the spec's file, and the agent changed the same lines, so the \
                two could not be merged. Both versions are kept: yours in the file, the agent's in the run's folder. \
                Decide, edit the spec, and start again.
                """
            )
        case .specGone:
            Entry(
                nil,
                "The spec's file was removed",
                """
                While the agent worked, the spec's file was removed or renamed. The service did not write it again. \
                The run's branch is kept with the agent's commits.
                """
            )
        case .worktreeFailed:
            Entry(
                nil,
                "The worktree could not be made",
                """
                An agent works in a git worktree of its own, and git could not make it, again after what the first \
                try had left was undone. The member stderr is what git said. Mend that, for instance a full disk or \
                a lock that was left behind, and start again.
                """
            )
        case .setupFailed:
            Entry(
                nil,
                "The set-up command failed",
                """
                Before the agent, the service runs the command of server.worktree.setup in the run's worktree. It \
                failed, took longer than limits.setup, or could not be started. The members code or signal say how \
                it ended, and stderr holds the end of its output, all of which is in the run's log. Mend the command \
                and start again; the worktree is kept for a while.
                """
            )
        case .agentStartFailed:
            Entry(
                nil,
                "The agent could not be started",
                """
                The agent's program was found, but the system would not run it: it may be no program for this \
                machine, or its interpreter may be missing. The detail is what the system said. Correct the agent's \
                configuration and start again.
                """
            )
        case .agentExit:
            Entry(
                nil,
                "The agent ended with an error",
                """
                The agent's program ended with an exit code other than 0, which the member code tells. Its commits, \
                if any, are kept on the branch. The end of the run's log usually says why. Start the spec again when \
                that is mended.
                """
            )
        case .agentRefusesRoot:
            Entry(
                409,
                "The agent does not run as root",
                """
                Claude Code refuses to work without asking when it is started as root. Run the service as another user. \
                In a container or another sandbox, set IS_SANDBOX=1 in the service's environment. Or give the agent's \
                command a list of what is allowed (--allowedTools) or a permission mode of its own.
                """
            )
        case .agentError:
            Entry(
                nil,
                "The agent says that it failed",
                """
                The agent ended and reported an error, which the members text, errors and api_status tell. Its commits, \
                if any, are kept on the branch. Start the spec again when that is mended.
                """
            )
        case .agentUnfinished:
            Entry(
                nil,
                "The agent ended without a result",
                """
                The agent's output ends without its last word, so it did not finish, whatever its exit code says: it \
                was interrupted, or it could not begin. The end of the run's log, below the line [stderr], usually says \
                why. Its commits, if any, are kept on the branch.
                """
            )
        case .costLimit:
            Entry(
                nil,
                "The agent reached its cost limit",
                """
                The agent's model calls cost what server.limits.cost_usd allows for one run, and it stopped. Its \
                commits, if any, are kept on the branch. Raise the limit, or make the spec smaller.
                """
            )
        case .agentKilled:
            Entry(
                nil,
                "The agent was killed",
                """
                The agent was ended by a signal, which the member signal tells, and not by the service: somebody \
                stopped it, the system ran out of memory, or it crashed. Its commits are kept on the branch. Start \
                the spec again.
                """
            )
        case .wallLimit:
            Entry(
                nil,
                "The run took too long",
                """
                The agent had not ended when the time for the whole run was over, and was stopped. Its commits are \
                kept on the branch. Raise limits.wall or send timeout_seconds if it needs longer, or split the spec.
                """
            )
        case .idleLimit:
            Entry(
                nil,
                "The agent stood still",
                """
                The agent wrote nothing and used almost no processor time for as long as limits.idle allows, and was \
                stopped. It may have waited for an answer that nobody could give. Its commits are kept on the \
                branch. Read the end of its log.
                """
            )
        case .logLimit:
            Entry(
                nil,
                "The agent wrote too much",
                """
                The agent's output grew over limits.log_bytes, and it was stopped. Its commits are kept on the \
                branch, and the output up to there is the run's log. Make it less talkative, or raise the limit.
                """
            )
        case .runCancelled:
            Entry(
                nil,
                "The run was stopped",
                """
                Somebody asked through the API to stop this run, or its process. The agent and all it had started \
                were stopped, and the spec went back to where it can be started again.
                """
            )
        case .specCancelled:
            Entry(
                nil,
                "The spec was cancelled",
                """
                The spec was cancelled, in its file or with POST /specs/{id}/cancel, so its run was stopped. \
                Nothing was merged and the branch is kept. POST /specs/{id}/reset puts the spec back to pending.
                """
            )
        case .serviceStopped:
            Entry(
                nil,
                "The service was stopped",
                """
                The service stopped while this run was live, and stopped its agent too. The spec is pending again, \
                and a new run was queued, which begins when the service does; the member next_run of the run names \
                it.
                """
            )
        case .supervisorLost:
            Entry(
                nil,
                "The run's supervisor is gone",
                """
                The small program that watches over the agent ended without leaving a record, so nobody knows how \
                the agent ended. What was left of it was stopped. The spec is pending again and a new run was \
                queued; the run's next_run names it.
                """
            )
        case .machineRestarted:
            Entry(
                nil,
                "The machine was restarted",
                """
                The machine was started anew while the agent worked, and there is no record of the agent's end. The \
                spec is pending again and a new run was queued; the run's next_run names it. What the agent had \
                committed is kept on its branch until that run starts, and as a ref below refs/chant/kept after it.
                """
            )
        case .diskFull:
            Entry(
                nil,
                "The disk is full",
                """
                A step of the run met a full disk, or the end of the user's share of it; the detail says where. The \
                spec is failed and its branch is kept. Make room, and start the spec again.
                """
            )
        case .interruptedTooOften:
            Entry(
                nil,
                "The spec was interrupted too often",
                """
                Runs of this spec were interrupted four times in one order, and no further one was queued. The spec \
                is failed. Find out what interrupts them, for instance a lack of memory or restarts of the service, \
                and start it again.
                """
            )
        }
    }
}
