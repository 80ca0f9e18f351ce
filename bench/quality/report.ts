import type { Provenance } from './provenance.ts';
import { markdownSection, markdownTable, type Section } from './section.ts';

const HEAD = `# Does it learn? Results of bench/quality

Written by the bench itself; run it again instead of editing. Every figure of a table comes from one run, on the same decisions in the same order.

**Next tool**: sessions in a seeded order; before each successful call every entrant ranks the available tools, from the query and the session so far, then all of them learn from the call. hit@1, hit@3: share of the decisions, in per cent, whose tool came first, or among the first three; MRR: mean reciprocal rank, in per cent. Counted is the last half of the sessions; *repeats* and *others* are hit@1 where the tool called was, or was not, the one called just before; *cold* is the first tenth. 95 % intervals: bootstrap over sessions.

The source *demo* is the work of \`npm run demo\` on three real MCP servers (record-demo.ts). It is harder than it looks: half-way its reports move to another server, so that the same request has two right tools, and a seeded order mixes the time before with the time after.`;

/** The text of RESULTS.md. */
export function markdownReport(run: Provenance, sections: readonly Section[]): string {
  return `${[HEAD, markdownTable([['', ''], ...run]), ...sections.map(markdownSection)].join('\n\n')}\n`;
}
