/** Names that cross the contract. */

/** A tool: `mcp__server__tool`, `server/tool` and `MCP:server:tool` fit. */
export const TOOL_NAME = /^[A-Za-z0-9_./:@-]{1,128}$/;
export const TOOL_NAME_REMEDY = 'give 1 to 128 characters out of A-Z a-z 0-9 _ . / : @ -';

/** A session, an execution, a recommendation or an episode. */
export const LABEL = /^[ -~]{1,128}$/;
export const LABEL_REMEDY = 'give 1 to 128 printable ASCII characters';
