/** The workflow across tools, for the model (at most 1,500 characters; clients cut at 2 KB). What single tools do stands in their descriptions. */
export const INSTRUCTIONS = `toolwise learns from outcomes which tool to call. It never calls tools itself: you report, it ranks.

For each step of a task:
1. recommend_tools with session_id, the query (the user's request or the sub-goal, in its own words) and available_tools (the names you may call). Take the best-ranked tool unless you know better; low support means little experience. Use select_tool instead only if it may try a less certain tool to learn.
2. suggest_parameters if you are unsure of the arguments.
3. Call the tool yourself.
4. record_execution, for failures too: same session_id and query, tool_name, success (did it do what was wanted?), execution_time_ms, arguments, error_message, available_tools, recommendation_id. Skipped calls teach nothing.
5. submit_feedback with the execution_id when the user shows how satisfied they are (1 to 5).

When the task is over: log_episode once with the session_id and the outcome (success, partial, failure). Sequences are learned only from episodes.

One session_id is one task of one user: choose it, keep it through all calls, take a new one for the next task. Previous tools and session length are known from it; do not pass them unless you skipped recording.

Register the tools you have once with register_tools, so that they can be recommended before their first call. Numbers are null where nothing was observed. An error names the field and the remedy: correct it and call again.`;
