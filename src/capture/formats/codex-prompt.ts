const LONGEST = 65_536;
/** What the client puts into the user's mouth. */
const INJECTED =
  /^\s*(?:<(?:environment_context|user_instructions|permissions|turn_aborted|collaboration_mode|skill|personality_spec|user_shell_command|subagent_notification|model_switch|INSTRUCTIONS|app-context|apps_instructions)|# AGENTS\.md instructions)/i;
const REQUEST = '## My request for Codex:';

/** What the user wrote; null: nothing that a user wrote. Editors put the open files before the request. */
export function codexPrompt(text: string | null): string | null {
  const cut = text?.slice(0, LONGEST) ?? '';
  if (INJECTED.test(cut)) return null;
  const at = cut.startsWith('# Context from my IDE') ? cut.indexOf(REQUEST) : -1;
  return (at === -1 ? cut : cut.slice(at + REQUEST.length)).trim() || null;
}
