import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

/** The least that the SDK allows: one tool that answers at once and keeps nothing. What it costs is what the protocol costs. */

const server = new McpServer({ name: 'bare', version: '1.0.0' });
server.registerTool(
  'acknowledge',
  {
    title: 'Acknowledge',
    description: 'Takes any payload and answers with the number of its fields.',
    inputSchema: { payload: z.record(z.string(), z.unknown()) },
    outputSchema: { fields: z.number() },
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  },
  async ({ payload }) => {
    const fields = Object.keys(payload).length;
    return { content: [{ type: 'text', text: `${fields} fields` }], structuredContent: { fields } };
  },
);
await server.connect(new StdioServerTransport());
